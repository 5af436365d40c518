BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO "alembic_version" VALUES('0012');
CREATE TABLE api_tokens (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	hash VARCHAR(64) NOT NULL, 
	user INTEGER NOT NULL, 
	label VARCHAR(128) NOT NULL, 
	scopes JSON NOT NULL, 
	made FLOAT NOT NULL, 
	expires FLOAT NOT NULL, 
	used FLOAT, 
	address VARCHAR(64) NOT NULL, 
	revoked FLOAT, 
	UNIQUE (hash)
);
CREATE TABLE attachments (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	url TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	etag TEXT, 
	modified TEXT, 
	length TEXT, 
	digest BLOB NOT NULL, 
	readable BOOLEAN NOT NULL, 
	engine VARCHAR(64) NOT NULL, 
	PRIMARY KEY (site, scope, url)
);
CREATE TABLE audit_log (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	at FLOAT NOT NULL, 
	who VARCHAR(128) NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	channel VARCHAR(16) NOT NULL, 
	action VARCHAR(64) NOT NULL, 
	object TEXT NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL
);
CREATE TABLE availability (
	site VARCHAR(255) NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	probes INTEGER NOT NULL, 
	failures INTEGER NOT NULL, 
	PRIMARY KEY (site, day)
);
CREATE TABLE columns (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	url TEXT NOT NULL, 
	read FLOAT NOT NULL, 
	PRIMARY KEY (site, scope, url)
);
CREATE TABLE devices (
	hash VARCHAR(64) NOT NULL, 
	user INTEGER NOT NULL, 
	used FLOAT NOT NULL, 
	PRIMARY KEY (hash)
);
CREATE TABLE entries (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	site VARCHAR(255) NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	"check" VARCHAR(64) NOT NULL, 
	rule VARCHAR(64) NOT NULL, 
	family VARCHAR(64) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	confidence VARCHAR(16) NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	department VARCHAR(255) NOT NULL, 
	owner VARCHAR(255) NOT NULL, 
	deadline VARCHAR(10), 
	estimated BOOLEAN NOT NULL, 
	until VARCHAR(10), 
	reason TEXT NOT NULL, 
	note TEXT NOT NULL, 
	first_seen FLOAT NOT NULL, 
	last_seen FLOAT NOT NULL, 
	last_run INTEGER NOT NULL, 
	closed FLOAT, 
	reopened INTEGER NOT NULL, 
	bounced INTEGER NOT NULL, 
	hidden INTEGER NOT NULL, 
	suppression INTEGER, 
	revision INTEGER NOT NULL, 
	body JSON NOT NULL, remark TEXT DEFAULT '' NOT NULL, mended VARCHAR(10), 
	UNIQUE (site, fingerprint)
);
INSERT INTO "entries" VALUES(1,'www.qinghe.gov.cn','76cc856a7bc8a9c05c3937188cb33946','links','broken-link','links','critical','confirmed','closed','','','2026-12-01',0,NULL,'','',1.79600317040406179426e+09,1.79600317886961078641e+09,2,1.79600318913085389141e+09,0,0,0,NULL,2,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.02}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}','',NULL);
INSERT INTO "entries" VALUES(2,'www.qinghe.gov.cn','920d46771966963d10636e770ab383c0','links','broken-link','links','critical','confirmed','to-verify','信息中心','','2026-12-01',0,NULL,'','下周换新系统',1.79600317040406179426e+09,1796003200.38717,4,NULL,0,0,0,NULL,3,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.056}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}','','2026-11-18');
INSERT INTO "entries" VALUES(3,'www.qinghe.gov.cn','7f873203e38e49877b3cef47287647c9','links','broken-link','links','major','confirmed','closed','','','2026-12-07',0,NULL,'','',1.79600317886961078641e+09,1.79600317886961078641e+09,2,1796003200.38717,0,0,0,NULL,2,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/a", "key": "http://www.qinghe.gov.cn/deep", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "target": {"url": "http://www.qinghe.gov.cn/deep", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/deep", "status": 404, "elapsed": 0.018}], "referrers": [["http://www.qinghe.gov.cn/a", "\u5230 /deep"]], "referrer_count": 1, "href": "/deep", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": false, "others": [], "other_count": 0}, "placeless": true}','',NULL);
INSERT INTO "entries" VALUES(4,'www.qinghe.gov.cn','b26deea759f07ff1e62fd4ff1358b05f','homepage','stale-homepage','freshness','critical','suspected','to-confirm','','',NULL,0,NULL,'','',1.79600317886961078641e+09,1796003200.38717,4,NULL,0,0,0,NULL,1,'{"rule": "stale-homepage", "url": "http://www.qinghe.gov.cn/", "key": "", "params": {}, "variant": "undated", "confidence": "suspected"}','',NULL);
CREATE TABLE entry_history (
	id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	at FLOAT NOT NULL, 
	cause VARCHAR(16) NOT NULL, 
	"by" TEXT NOT NULL, 
	run INTEGER, 
	field VARCHAR(16) NOT NULL, 
	"before" TEXT NOT NULL, 
	"after" TEXT NOT NULL, 
	why TEXT NOT NULL, 
	PRIMARY KEY (id)
);
INSERT INTO "entry_history" VALUES(1,1,1.79600317040406203266e+09,'run','',1,'state','','to-fix','');
INSERT INTO "entry_history" VALUES(2,1,1.79600317040406203266e+09,'assignment','',1,'deadline','','2026-12-01','');
INSERT INTO "entry_history" VALUES(3,2,1.79600317040406203266e+09,'run','',1,'state','','to-fix','');
INSERT INTO "entry_history" VALUES(4,2,1.79600317040406203266e+09,'assignment','',1,'deadline','','2026-12-01','');
INSERT INTO "entry_history" VALUES(5,3,1.7960031788696110248e+09,'run','',2,'state','','to-fix','');
INSERT INTO "entry_history" VALUES(6,3,1.7960031788696110248e+09,'assignment','',2,'deadline','','2026-12-07','');
INSERT INTO "entry_history" VALUES(7,4,1.7960031788696110248e+09,'run','',2,'state','','to-confirm','');
INSERT INTO "entry_history" VALUES(8,1,1.79600318913085389141e+09,'run','',3,'state','to-fix','closed','复查时已不存在');
INSERT INTO "entry_history" VALUES(9,3,1796003200.38717,'run','',4,'state','to-fix','closed','复查时已不存在');
INSERT INTO "entry_history" VALUES(10,2,1.79600326801657605166e+09,'person','值班',NULL,'state','to-fix','fixing','');
INSERT INTO "entry_history" VALUES(11,2,1.79600326801657605166e+09,'person','值班',NULL,'department','','信息中心','');
INSERT INTO "entry_history" VALUES(12,2,1.79600326801657605166e+09,'person','值班',NULL,'note','','下周换新系统','');
INSERT INTO "entry_history" VALUES(13,2,1795000000.0,'person','张三',NULL,'state','fixing','to-verify','');
CREATE TABLE entry_texts (
	number INTEGER NOT NULL, 
	text TEXT NOT NULL, 
	note TEXT DEFAULT '' NOT NULL, 
	PRIMARY KEY (number)
);
INSERT INTO "entry_texts" VALUES(1,'broken-link
http://www.qinghe.gov.cn/
http://www.qinghe.gov.cn/soon
127.0.0.1
http-404
critical
page
到 /soon
/soon
a[href]
清河县人民政府','');
INSERT INTO "entry_texts" VALUES(2,'broken-link
http://www.qinghe.gov.cn/
http://www.qinghe.gov.cn/gone
127.0.0.1
http-404
critical
page
到 /gone
http://www.qinghe.gov.cn/a
x
/gone
a[href]
清河县人民政府','下周换新系统');
INSERT INTO "entry_texts" VALUES(3,'broken-link
http://www.qinghe.gov.cn/a
http://www.qinghe.gov.cn/deep
127.0.0.1
http-404
page
到 /deep
/deep
a[href]
清河县人民政府','');
INSERT INTO "entry_texts" VALUES(4,'stale-homepage
http://www.qinghe.gov.cn/
undated
suspected','');
CREATE TABLE events (
	id INTEGER NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	run INTEGER, 
	at FLOAT NOT NULL, 
	facts JSON NOT NULL, 
	announced FLOAT, 
	digested FLOAT, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "events" VALUES(1,'week-2026-12-07','week',NULL,1796605200.0,'{}',1796605200.0,1796605200.0);
CREATE TABLE finding_pictures (
	run INTEGER NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	digest BLOB NOT NULL, 
	PRIMARY KEY (run, fingerprint, kind)
);
CREATE TABLE findings (
	run INTEGER NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	"check" VARCHAR(64) NOT NULL, 
	rule VARCHAR(64) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	confidence VARCHAR(16) NOT NULL, 
	baseline VARCHAR(16) NOT NULL, 
	body JSON NOT NULL, 
	suppressed BOOLEAN DEFAULT 0 NOT NULL, 
	PRIMARY KEY (run, fingerprint)
);
INSERT INTO "findings" VALUES(1,'920d46771966963d10636e770ab383c0','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.004}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(1,'76cc856a7bc8a9c05c3937188cb33946','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.004}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(2,'7f873203e38e49877b3cef47287647c9','links','broken-link','major','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/a", "key": "http://www.qinghe.gov.cn/deep", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "target": {"url": "http://www.qinghe.gov.cn/deep", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/deep", "status": 404, "elapsed": 0.018}], "referrers": [["http://www.qinghe.gov.cn/a", "\u5230 /deep"]], "referrer_count": 1, "href": "/deep", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": false, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(2,'920d46771966963d10636e770ab383c0','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.021}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(2,'76cc856a7bc8a9c05c3937188cb33946','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.02}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(2,'b26deea759f07ff1e62fd4ff1358b05f','homepage','stale-homepage','critical','suspected','new','{"rule": "stale-homepage", "url": "http://www.qinghe.gov.cn/", "key": "", "params": {}, "variant": "undated", "confidence": "suspected"}',0);
INSERT INTO "findings" VALUES(3,'920d46771966963d10636e770ab383c0','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(4,'920d46771966963d10636e770ab383c0','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.056}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}',0);
INSERT INTO "findings" VALUES(4,'b26deea759f07ff1e62fd4ff1358b05f','homepage','stale-homepage','critical','suspected','unchanged','{"rule": "stale-homepage", "url": "http://www.qinghe.gov.cn/", "key": "", "params": {}, "variant": "undated", "confidence": "suspected"}',0);
CREATE TABLE items (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	url TEXT NOT NULL, 
	absent_at FLOAT, 
	PRIMARY KEY (site, scope, url)
);
CREATE TABLE languages (
	site VARCHAR(255) NOT NULL, 
	body BLOB NOT NULL, 
	texts INTEGER NOT NULL, 
	PRIMARY KEY (site)
);
CREATE TABLE linked_hosts (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (site, scope, host)
);
CREATE TABLE login_attempts (
	"key" VARCHAR(64) NOT NULL, 
	failures INTEGER NOT NULL, 
	last FLOAT NOT NULL, 
	until FLOAT NOT NULL, 
	PRIMARY KEY ("key")
);
CREATE TABLE media_accounts (
	site VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	newest FLOAT, 
	title TEXT NOT NULL, 
	looked FLOAT NOT NULL, 
	unseen_since FLOAT, 
	PRIMARY KEY (site, name)
);
CREATE TABLE media_notes (
	site VARCHAR(255) NOT NULL, 
	name VARCHAR(255) NOT NULL, 
	day VARCHAR(10) NOT NULL, 
	"by" VARCHAR(128) NOT NULL, 
	at FLOAT NOT NULL, 
	PRIMARY KEY (site, name)
);
CREATE TABLE messages (
	id INTEGER NOT NULL, 
	"key" VARCHAR(255) NOT NULL, 
	target VARCHAR(255) NOT NULL, 
	occasion VARCHAR(32) NOT NULL, 
	created FLOAT NOT NULL, 
	due FLOAT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	attempts INTEGER NOT NULL, 
	owner VARCHAR(255) NOT NULL, 
	claimed FLOAT, 
	ended FLOAT, 
	error TEXT NOT NULL, 
	remaining JSON, 
	body JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE ("key")
);
INSERT INTO "messages" VALUES(1,'week-2026-12-07/office','office','weekly-digest',1796605200.0,1796605200.0,'waiting',0,'',NULL,NULL,'',NULL,'{"subject": "\u6bcf\u5468\u6458\u8981"}');
CREATE TABLE page_snapshots (
	run INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	digest BLOB NOT NULL, 
	fetched FLOAT NOT NULL, 
	PRIMARY KEY (run, url)
);
CREATE TABLE pages (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	url TEXT NOT NULL, 
	run INTEGER NOT NULL, 
	title TEXT NOT NULL, 
	etag TEXT, 
	modified TEXT, 
	digest BLOB NOT NULL, 
	engine VARCHAR(64) NOT NULL, 
	scripted INTEGER NOT NULL, 
	anchors TEXT NOT NULL, 
	fragments TEXT NOT NULL, 
	"references" BLOB NOT NULL, 
	findings JSON NOT NULL, 
	facts JSON, 
	continues TEXT, 
	repeats INTEGER DEFAULT '0' NOT NULL, 
	PRIMARY KEY (site, scope, url)
);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/',3,'清河县人民政府',NULL,NULL,X'4E2CC21FC23E1C129FD8E34A5DD40FE0','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E56D24F54D251CA282929B0D2D7373432D7330042432B430B734363B05441627A2A500550555E694E0E90119D51949A16AB14AB03D49B9E9F0792C4A11D2A0B35E169C70605A8062C2615E7E7E7E136092A8B6C124408CDA45800F5903D39','[]','{"url": "http://www.qinghe.gov.cn/", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "sections": [["\u5230 /gone", "http://www.qinghe.gov.cn/gone"], ["\u5230 /soon", "http://www.qinghe.gov.cn/soon"]], "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]], "listing": {"form": "markup", "items": [], "following": [], "needs_rendering": ""}}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/a',3,'清河县人民政府',NULL,NULL,X'20DCF4176A41DFD9B41A395D767DF118','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E56D24FCFCF4B55D251CA282929B0D2D7373432D7330042432B430B734363986C41623A485185924E5E694E8E8E52627446516A5AAC52AC0ED08494D4D402DC264065A1263CEDD8A000D58066522C0000A52943','[]','{"url": "http://www.qinghe.gov.cn/a", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]]}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/',4,'清河县人民政府',NULL,NULL,X'4E2CC21FC23E1C129FD8E34A5DD40FE0','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E56D24F54D251CA282929B0D2D7373432D7330042432B430B734363B05441627A2A500550555E694E0E90119D51949A16AB14AB03D49B9E9F0792C4A11D2A0B35E169C70605A8062C2615E7E7E7E136092A8B6C124408CDA45800F5903D39','[]','{"url": "http://www.qinghe.gov.cn/", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "sections": [["\u5230 /gone", "http://www.qinghe.gov.cn/gone"], ["\u5230 /soon", "http://www.qinghe.gov.cn/soon"]], "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]], "listing": {"form": "markup", "items": [], "following": [], "needs_rendering": ""}}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/a',4,'清河县人民政府',NULL,NULL,X'20DCF4176A41DFD9B41A395D767DF118','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E56D24FCFCF4B55D251CA282929B0D2D7373432D7330042432B430B734363986C41623A485185924E5E694E8E8E52627446516A5AAC52AC0ED08494D4D402DC264065A1263CEDD8A000D58066522C0000A52943','[]','{"url": "http://www.qinghe.gov.cn/a", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]]}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/soon',3,'清河县人民政府',NULL,NULL,X'05EC80F3291DE67538F238EFDFFAE32D','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E0500011500B9','[]','{"url": "http://www.qinghe.gov.cn/soon", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]]}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/soon',4,'清河县人民政府',NULL,NULL,X'05EC80F3291DE67538F238EFDFFAE32D','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E0500011500B9','[]','{"url": "http://www.qinghe.gov.cn/soon", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]]}',NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/deep',4,'清河县人民政府',NULL,NULL,X'05EC80F3291DE67538F238EFDFFAE32D','c9c15a7235fdfa372be750f43f280fb6',0,'','',X'78018B8E0500011500B9','[]','{"url": "http://www.qinghe.gov.cn/deep", "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "meta_faults": [["SiteName", "missing", ""], ["SiteDomain", "missing", ""], ["SiteIDCode", "missing", ""]]}',NULL,1);
CREATE TABLE pictures (
	digest BLOB NOT NULL, 
	body BLOB NOT NULL, 
	PRIMARY KEY (digest)
);
CREATE TABLE probe_results (
	site VARCHAR(255) NOT NULL, 
	probe VARCHAR(255) NOT NULL, 
	tried FLOAT NOT NULL, 
	seconds FLOAT NOT NULL, 
	since FLOAT NOT NULL, 
	finding JSON, 
	PRIMARY KEY (site, probe)
);
CREATE TABLE recovery_codes (
	user INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (user, hash)
);
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	site VARCHAR(255) NOT NULL, 
	name TEXT NOT NULL, 
	url TEXT NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	scheduled_for FLOAT, 
	started FLOAT NOT NULL, 
	finished FLOAT, 
	status VARCHAR(16) NOT NULL, 
	reason JSON NOT NULL, 
	engine VARCHAR(64) NOT NULL, 
	owner VARCHAR(255) NOT NULL, 
	heartbeat FLOAT NOT NULL, 
	pages INTEGER NOT NULL, 
	requests INTEGER NOT NULL, 
	links INTEGER NOT NULL, 
	bytes BIGINT NOT NULL, 
	facts JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (site, scope, scheduled_for)
);
INSERT INTO "runs" VALUES(1,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','homepage',NULL,1.79600317014642262458e+09,1.79600317046328854554e+09,'complete','["", ""]','c9c15a7235fdfa372be750f43f280fb6','vm/20636@3856569',1.79600317040406179426e+09,2,6,4,692,'{"checks": [{"id": "links", "subjects": 2, "findings": 2, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "half-width", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "hijacked-links", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "mixed-content", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "libraries", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "privacy", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "document-privacy", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "homepage", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "freshness", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "dates", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "speed", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "identity", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "meta", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "charset", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "templates", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "sources", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "publication", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "columns", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "interpretation", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "letters", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "guides", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "probes", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "ipv6", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 4}, "front": {"digest": "cae66941d9efbd404e4d88758ea67670", "changed": null}, "homepages": ["http://www.qinghe.gov.cn/"]}');
INSERT INTO "runs" VALUES(2,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','site',NULL,1.79600317851480150224e+09,1.7960031789429483414e+09,'complete','["", ""]','c9c15a7235fdfa372be750f43f280fb6','vm/20696@3857407',1.79600317886961078641e+09,2,8,5,886,'{"checks": [{"id": "links", "subjects": 3, "findings": 3, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "half-width", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "hijacked-links", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "mixed-content", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "libraries", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "privacy", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "document-privacy", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "homepage", "subjects": 1, "findings": 1, "errors": 0, "failed": []}, {"id": "freshness", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "dates", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "speed", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "identity", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "meta", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "charset", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "templates", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "sources", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "publication", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "columns", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "interpretation", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "letters", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "guides", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "probes", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "ipv6", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 5}, "front": {"digest": "cae66941d9efbd404e4d88758ea67670", "changed": null}, "homepages": ["http://www.qinghe.gov.cn/"]}');
INSERT INTO "runs" VALUES(3,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','homepage',NULL,1.796003188602682352e+09,1.79600318927178144454e+09,'complete','["", ""]','c9c15a7235fdfa372be750f43f280fb6','vm/20854@3858211',1.79600318913085436824e+09,3,5,4,605,'{"checks": [{"id": "links", "subjects": 1, "findings": 1, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "half-width", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "hijacked-links", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "mixed-content", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "libraries", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "privacy", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "document-privacy", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "homepage", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "freshness", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "dates", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "speed", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "identity", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "meta", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "charset", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "templates", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "sources", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "publication", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "columns", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "interpretation", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "letters", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "guides", "subjects": 2, "findings": 0, "errors": 0, "failed": []}, {"id": "probes", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "ipv6", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 4}, "front": {"digest": "cae66941d9efbd404e4d88758ea67670", "changed": null}, "homepages": ["http://www.qinghe.gov.cn/"]}');
INSERT INTO "runs" VALUES(4,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','site',NULL,1.79600319972733139988e+09,1.79600320052757620814e+09,'complete','["", ""]','c9c15a7235fdfa372be750f43f280fb6','vm/20993@3859323',1796003200.38717,4,6,5,712,'{"checks": [{"id": "links", "subjects": 1, "findings": 1, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "half-width", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "hijacked-links", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "mixed-content", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "libraries", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "privacy", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "document-privacy", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "homepage", "subjects": 1, "findings": 1, "errors": 0, "failed": []}, {"id": "freshness", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "dates", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "speed", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "identity", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "meta", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "charset", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "templates", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "sources", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "publication", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "columns", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "interpretation", "subjects": 1, "findings": 0, "errors": 0, "failed": []}, {"id": "letters", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "guides", "subjects": 3, "findings": 0, "errors": 0, "failed": []}, {"id": "probes", "subjects": 0, "findings": 0, "errors": 0, "failed": []}, {"id": "ipv6", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 5}, "front": {"digest": "cae66941d9efbd404e4d88758ea67670", "changed": null}, "homepages": ["http://www.qinghe.gov.cn/"]}');
CREATE TABLE saved_views (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user INTEGER NOT NULL, 
	name VARCHAR(128) NOT NULL, 
	"query" TEXT NOT NULL, 
	shared BOOLEAN NOT NULL, 
	made FLOAT NOT NULL, 
	UNIQUE (user, name)
);
CREATE TABLE schedules (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	calendar TEXT NOT NULL, 
	since FLOAT NOT NULL, 
	owed FLOAT, 
	skipped INTEGER NOT NULL, 
	missed INTEGER NOT NULL, 
	PRIMARY KEY (site, scope)
);
CREATE TABLE sessions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	hash VARCHAR(64) NOT NULL, 
	user INTEGER NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	made FLOAT NOT NULL, 
	used FLOAT NOT NULL, 
	address VARCHAR(64) NOT NULL, 
	agent VARCHAR(255) NOT NULL, 
	UNIQUE (hash)
);
CREATE TABLE sightings (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	rule VARCHAR(64) NOT NULL, 
	"check" VARCHAR(64) NOT NULL, 
	first_seen FLOAT NOT NULL, 
	last_seen FLOAT NOT NULL, 
	last_run INTEGER NOT NULL, 
	runs INTEGER NOT NULL, 
	fixed FLOAT, 
	fixed_run INTEGER, 
	body JSON NOT NULL, 
	PRIMARY KEY (site, scope, fingerprint)
);
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','homepage','76cc856a7bc8a9c05c3937188cb33946','broken-link','links',1.79600317040406179426e+09,1.79600317040406179426e+09,1,1,1.79600318913085436824e+09,3,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.004}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','homepage','920d46771966963d10636e770ab383c0','broken-link','links',1.79600317040406179426e+09,1.79600318913085436824e+09,3,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','site','76cc856a7bc8a9c05c3937188cb33946','broken-link','links',1.79600317886961078641e+09,1.79600317886961078641e+09,2,1,1.79600318913085436824e+09,3,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.02}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','site','7f873203e38e49877b3cef47287647c9','broken-link','links',1.79600317886961078641e+09,1.79600317886961078641e+09,2,1,1796003200.38717,4,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/a", "key": "http://www.qinghe.gov.cn/deep", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "target": {"url": "http://www.qinghe.gov.cn/deep", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/deep", "status": 404, "elapsed": 0.018}], "referrers": [["http://www.qinghe.gov.cn/a", "\u5230 /deep"]], "referrer_count": 1, "href": "/deep", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": false, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','site','920d46771966963d10636e770ab383c0','broken-link','links',1.79600317886961078641e+09,1796003200.38717,4,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.056}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "x"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "sightings" VALUES('www.qinghe.gov.cn','site','b26deea759f07ff1e62fd4ff1358b05f','stale-homepage','homepage',1.79600317886961078641e+09,1796003200.38717,4,2,NULL,NULL,'{"rule": "stale-homepage", "url": "http://www.qinghe.gov.cn/", "key": "", "params": {}, "variant": "undated", "confidence": "suspected"}');
CREATE TABLE snapshots (
	digest BLOB NOT NULL, 
	content_type VARCHAR(255) NOT NULL, 
	body BLOB NOT NULL, 
	PRIMARY KEY (digest)
);
CREATE TABLE suppressions (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR(16) NOT NULL, 
	site VARCHAR(255) NOT NULL, 
	wrong TEXT NOT NULL, 
	"right" TEXT NOT NULL, 
	host TEXT NOT NULL, 
	rule TEXT NOT NULL, 
	pattern TEXT NOT NULL, 
	author TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	made FLOAT NOT NULL, 
	until VARCHAR(10), 
	configured BOOLEAN NOT NULL, 
	hidden INTEGER NOT NULL, 
	last_hidden FLOAT, 
	ended FLOAT
);
CREATE TABLE targets (
	run INTEGER NOT NULL, 
	id INTEGER NOT NULL, 
	url TEXT NOT NULL, 
	kind VARCHAR(16) NOT NULL, 
	element VARCHAR(64) NOT NULL, 
	depth INTEGER NOT NULL, 
	parent INTEGER NOT NULL, 
	state INTEGER NOT NULL, 
	answer JSON, 
	PRIMARY KEY (run, id)
);
CREATE TABLE users (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	name VARCHAR(64) NOT NULL, 
	full_name VARCHAR(128) NOT NULL, 
	password TEXT, 
	rights JSON NOT NULL, 
	departments JSON NOT NULL, 
	made FLOAT NOT NULL, 
	disabled FLOAT, 
	logged_in FLOAT, 
	totp_offer TEXT, 
	totp_secret TEXT, 
	totp_step BIGINT NOT NULL, 
	subject VARCHAR(255), 
	UNIQUE (name), 
	UNIQUE (subject)
);
CREATE TABLE verdicts (
	"check" VARCHAR(64) NOT NULL, 
	version VARCHAR(64) NOT NULL, 
	hash BLOB NOT NULL, 
	findings JSON NOT NULL, 
	used FLOAT NOT NULL, 
	PRIMARY KEY ("check", version, hash)
);
CREATE INDEX runs_by_site ON runs (site, scope, started);
CREATE INDEX pages_by_run ON pages (run, url);
CREATE INDEX sightings_by_fixed_run ON sightings (fixed_run);
CREATE INDEX entries_by_until ON entries (until);
CREATE INDEX entries_by_rule ON entries (rule);
CREATE INDEX entries_by_state ON entries (state);
CREATE INDEX entries_by_deadline ON entries (deadline);
CREATE INDEX entries_by_department ON entries (department);
CREATE INDEX entries_by_owner ON entries (owner);
CREATE INDEX entries_by_severity ON entries (severity);
CREATE INDEX entries_by_site ON entries (site, state);
CREATE INDEX entry_history_by_run ON entry_history (run);
CREATE INDEX entry_history_by_number ON entry_history (number, id);
CREATE INDEX events_by_digested ON events (digested);
CREATE INDEX messages_by_state ON messages (state, due);
CREATE INDEX sessions_by_user ON sessions (user);
CREATE INDEX devices_by_user ON devices (user);
CREATE INDEX login_attempts_by_until ON login_attempts (until);
CREATE INDEX api_tokens_by_user ON api_tokens (user);
CREATE INDEX audit_log_by_at ON audit_log (at);
CREATE INDEX audit_log_by_who ON audit_log (who, id);
CREATE INDEX page_snapshots_by_digest ON page_snapshots (digest);
CREATE INDEX finding_pictures_by_digest ON finding_pictures (digest);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',4);
COMMIT;
