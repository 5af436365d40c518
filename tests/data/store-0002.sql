BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY);
INSERT INTO "alembic_version" VALUES('0002');
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
CREATE TABLE findings (
	run INTEGER NOT NULL, 
	fingerprint VARCHAR(32) NOT NULL, 
	"check" VARCHAR(64) NOT NULL, 
	rule VARCHAR(64) NOT NULL, 
	severity VARCHAR(16) NOT NULL, 
	confidence VARCHAR(16) NOT NULL, 
	baseline VARCHAR(16) NOT NULL, 
	body JSON NOT NULL, 
	PRIMARY KEY (run, fingerprint)
);
INSERT INTO "findings" VALUES(1,'12d83727a96a3a8f243a68308e704da4','links','broken-link','critical','suspected','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "confidence": "suspected", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.006}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(1,'039eb6d22b339d1f303318a1469a38ea','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(1,'6b63d0d728430cc129bf298cf33c7512','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(2,'12d83727a96a3a8f243a68308e704da4','links','broken-link','critical','suspected','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "confidence": "suspected", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.005}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(2,'a392fe08fcb1a35d54f111c1aaeed444','links','broken-link','major','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/a", "key": "http://www.qinghe.gov.cn/deep", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "target": {"url": "http://www.qinghe.gov.cn/deep", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/deep", "status": 404, "elapsed": 0.001}], "referrers": [["http://www.qinghe.gov.cn/a", "\u5230 /deep"]], "referrer_count": 1, "href": "/deep", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": false, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(2,'039eb6d22b339d1f303318a1469a38ea','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.008}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(2,'6b63d0d728430cc129bf298cf33c7512','links','broken-link','critical','confirmed','new','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(3,'12d83727a96a3a8f243a68308e704da4','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.006}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(3,'039eb6d22b339d1f303318a1469a38ea','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.008}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(4,'12d83727a96a3a8f243a68308e704da4','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "findings" VALUES(4,'039eb6d22b339d1f303318a1469a38ea','links','broken-link','critical','confirmed','unchanged','{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.009}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
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
CREATE TABLE ledger (
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
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','homepage','039eb6d22b339d1f303318a1469a38ea','broken-link','links',1.79598028747072911261e+09,1.79598030709330320356e+09,3,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.008}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','homepage','12d83727a96a3a8f243a68308e704da4','broken-link','links',1.79598028747072911261e+09,1.79598030709330320356e+09,3,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.006}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','homepage','6b63d0d728430cc129bf298cf33c7512','broken-link','links',1.79598028747072911261e+09,1.79598028747072911261e+09,1,1,1.79598030709330320356e+09,3,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','site','039eb6d22b339d1f303318a1469a38ea','broken-link','links',1.79598029687200403219e+09,1.79598031584331107139e+09,4,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/gone", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/gone", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/gone", "status": 404, "elapsed": 0.009}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /gone"], ["http://www.qinghe.gov.cn/a", "\u5230 /gone"]], "referrer_count": 2, "href": "/gone", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','site','12d83727a96a3a8f243a68308e704da4','broken-link','links',1.79598029687200403219e+09,1.79598031584331107139e+09,4,2,NULL,NULL,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/503", "params": {"status": 503, "detail": "", "host": "127.0.0.1"}, "variant": "http-5xx", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/503", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}, {"url": "http://www.qinghe.gov.cn/503", "status": 503, "elapsed": 0.001}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /503"]], "referrer_count": 1, "href": "/503", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "\u6e05\u6cb3\u53bf\u4eba\u6c11\u653f\u5e9c", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','site','6b63d0d728430cc129bf298cf33c7512','broken-link','links',1.79598029687200403219e+09,1.79598029687200403219e+09,2,1,1.79598031584331107139e+09,4,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/", "key": "http://www.qinghe.gov.cn/soon", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "severity": "critical", "target": {"url": "http://www.qinghe.gov.cn/soon", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/soon", "status": 404, "elapsed": 0.003}], "referrers": [["http://www.qinghe.gov.cn/", "\u5230 /soon"]], "referrer_count": 1, "href": "/soon", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": true, "others": [], "other_count": 0}, "placeless": true}');
INSERT INTO "ledger" VALUES('www.qinghe.gov.cn','site','a392fe08fcb1a35d54f111c1aaeed444','broken-link','links',1.79598029687200403219e+09,1.79598029687200403219e+09,2,1,1.79598031584331107139e+09,4,'{"rule": "broken-link", "url": "http://www.qinghe.gov.cn/a", "key": "http://www.qinghe.gov.cn/deep", "params": {"status": 404, "detail": "", "host": "127.0.0.1"}, "variant": "http-404", "target": {"url": "http://www.qinghe.gov.cn/deep", "kind": "page", "internal": true, "looks": [{"url": "http://www.qinghe.gov.cn/deep", "status": 404, "elapsed": 0.001}], "referrers": [["http://www.qinghe.gov.cn/a", "\u5230 /deep"]], "referrer_count": 1, "href": "/deep", "element": "a[href]", "fragment": null, "scripted": false, "soft_404": [], "sniffed": null, "wall": null, "title": "404", "homepage": false, "others": [], "other_count": 0}, "placeless": true}');
CREATE TABLE linked_hosts (
	site VARCHAR(255) NOT NULL, 
	scope VARCHAR(16) NOT NULL, 
	host VARCHAR(255) NOT NULL, 
	run INTEGER NOT NULL, 
	PRIMARY KEY (site, scope, host)
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
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/',3,'清河县人民政府',NULL,NULL,X'B0FD2B814E9C0E831F4C67D576737BC8','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E56D24F54D251CA282929B0D2D7373432D7330042432B630B635343B05441627A2A50C5D38E0D0A207E5E694E8E8E52627446516A5AAC52AC0ED080F4FC3C900A1C664065918D81086131A9383F3F0FB749505964932042584C323530C66D104412D91CB0089A31B100D72B52AC','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/a',3,'清河县人民政府',NULL,NULL,X'B112AE80A57E8E08BC173306807D5BB4','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E56D24FCFCF4B55D251CA282929B0D2D7373432D7330042432B630B635343986C41623A48D1D38E0D0A50A1BCD29C1C1DA5C4E88CA2D4B458A5581DA04929A9A905B84D82CA229B04114233291600C9AA2CE0','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/',4,'清河县人民政府',NULL,NULL,X'B0FD2B814E9C0E831F4C67D576737BC8','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E56D24F54D251CA282929B0D2D7373432D7330042432B630B635343B05441627A2A50C5D38E0D0A207E5E694E8E8E52627446516A5AAC52AC0ED080F4FC3C900A1C664065918D81086131A9383F3F0FB749505964932042584C323530C66D104412D91CB0089A31B100D72B52AC','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/a',4,'清河县人民政府',NULL,NULL,X'B112AE80A57E8E08BC173306807D5BB4','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E56D24FCFCF4B55D251CA282929B0D2D7373432D7330042432B630B635343986C41623A48D1D38E0D0A50A1BCD29C1C1DA5C4E88CA2D4B458A5581DA04929A9A905B84D82CA229B04114233291600C9AA2CE0','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','homepage','http://www.qinghe.gov.cn/soon',3,'清河县人民政府',NULL,NULL,X'146FFB9BF72C580C56538EB63C7BEEF0','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E0500011500B9','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/deep',4,'清河县人民政府',NULL,NULL,X'146FFB9BF72C580C56538EB63C7BEEF0','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E0500011500B9','[]',NULL,NULL,0);
INSERT INTO "pages" VALUES('www.qinghe.gov.cn','site','http://www.qinghe.gov.cn/soon',4,'清河县人民政府',NULL,NULL,X'146FFB9BF72C580C56538EB63C7BEEF0','e893047cd732e9d479aa584b4396339d',0,'','',X'78018B8E0500011500B9','[]',NULL,NULL,1);
CREATE TABLE probe_results (
	site VARCHAR(255) NOT NULL, 
	probe VARCHAR(255) NOT NULL, 
	tried FLOAT NOT NULL, 
	seconds FLOAT NOT NULL, 
	since FLOAT NOT NULL, 
	finding JSON, 
	PRIMARY KEY (site, probe)
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
INSERT INTO "runs" VALUES(1,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','homepage',NULL,1.79598028127182698246e+09,1.7959802874867286682e+09,'complete','["", ""]','e893047cd732e9d479aa584b4396339d','',1.79598028745359253885e+09,2,11,6,1302,'{"checks": [{"id": "links", "subjects": 3, "findings": 3, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 5}}');
INSERT INTO "runs" VALUES(2,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','site',NULL,1.79598029067298245431e+09,1.79598029689236164088e+09,'complete','["", ""]','e893047cd732e9d479aa584b4396339d','',1.79598029685022592539e+09,2,13,7,1382,'{"checks": [{"id": "links", "subjects": 4, "findings": 4, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 6}}');
INSERT INTO "runs" VALUES(3,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','homepage',NULL,1.79598030087965250013e+09,1.79598030710224461554e+09,'complete','["", ""]','e893047cd732e9d479aa584b4396339d','',1.79598030707745337486e+09,3,11,6,1386,'{"checks": [{"id": "links", "subjects": 2, "findings": 2, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 5}}');
INSERT INTO "runs" VALUES(4,'www.qinghe.gov.cn','','http://www.qinghe.gov.cn/','site',NULL,1795980309.63069,1.79598031586464214328e+09,'complete','["", ""]','e893047cd732e9d479aa584b4396339d','',1.79598031582192587847e+09,4,13,7,1550,'{"checks": [{"id": "links", "subjects": 2, "findings": 2, "errors": 0, "failed": []}, {"id": "spaces", "subjects": 0, "findings": 0, "errors": 0, "failed": []}], "links": {"page": 6}}');
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
COMMIT;
