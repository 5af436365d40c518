BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS api_tokens (
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
CREATE INDEX IF NOT EXISTS api_tokens_by_user ON api_tokens (user);
CREATE TABLE IF NOT EXISTS attachments (
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
CREATE TABLE IF NOT EXISTS audit_log (
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
CREATE INDEX IF NOT EXISTS audit_log_by_at ON audit_log (at);
CREATE INDEX IF NOT EXISTS audit_log_by_who ON audit_log (who, id);
CREATE TABLE IF NOT EXISTS availability (
	site VARCHAR(255) NOT NULL,
	day VARCHAR(10) NOT NULL,
	probes INTEGER NOT NULL,
	failures INTEGER NOT NULL,
	PRIMARY KEY (site, day)
);
CREATE TABLE IF NOT EXISTS columns (
	site VARCHAR(255) NOT NULL,
	scope VARCHAR(16) NOT NULL,
	url TEXT NOT NULL,
	read FLOAT NOT NULL,
	PRIMARY KEY (site, scope, url)
);
CREATE TABLE IF NOT EXISTS devices (
	hash VARCHAR(64) NOT NULL,
	user INTEGER NOT NULL,
	used FLOAT NOT NULL,
	PRIMARY KEY (hash)
);
CREATE INDEX IF NOT EXISTS devices_by_user ON devices (user);
CREATE TABLE IF NOT EXISTS entries (
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
	remark TEXT DEFAULT '' NOT NULL,
	mended VARCHAR(10),
	first_seen FLOAT NOT NULL,
	last_seen FLOAT NOT NULL,
	last_run INTEGER NOT NULL,
	closed FLOAT,
	reopened INTEGER NOT NULL,
	bounced INTEGER NOT NULL,
	hidden INTEGER NOT NULL,
	suppression INTEGER,
	revision INTEGER NOT NULL,
	body JSON NOT NULL,
	UNIQUE (site, fingerprint)
);
CREATE INDEX IF NOT EXISTS entries_by_deadline ON entries (deadline);
CREATE INDEX IF NOT EXISTS entries_by_department ON entries (department);
CREATE INDEX IF NOT EXISTS entries_by_owner ON entries (owner);
CREATE INDEX IF NOT EXISTS entries_by_rule ON entries (rule);
CREATE INDEX IF NOT EXISTS entries_by_severity ON entries (severity);
CREATE INDEX IF NOT EXISTS entries_by_site ON entries (site, state);
CREATE INDEX IF NOT EXISTS entries_by_state ON entries (state);
CREATE INDEX IF NOT EXISTS entries_by_until ON entries (until);
CREATE TABLE IF NOT EXISTS entry_history (
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
CREATE INDEX IF NOT EXISTS entry_history_by_number ON entry_history (number, id);
CREATE INDEX IF NOT EXISTS entry_history_by_run ON entry_history (run);
CREATE TABLE IF NOT EXISTS entry_texts (
	number INTEGER NOT NULL,
	text TEXT NOT NULL,
	note TEXT DEFAULT '' NOT NULL,
	PRIMARY KEY (number)
);
CREATE TABLE IF NOT EXISTS events (
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
CREATE INDEX IF NOT EXISTS events_by_digested ON events (digested);
CREATE TABLE IF NOT EXISTS finding_pictures (
	run INTEGER NOT NULL,
	fingerprint VARCHAR(32) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	digest BLOB NOT NULL,
	PRIMARY KEY (run, fingerprint, kind)
);
CREATE INDEX IF NOT EXISTS finding_pictures_by_digest ON finding_pictures (digest);
CREATE TABLE IF NOT EXISTS findings (
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
CREATE TABLE IF NOT EXISTS items (
	site VARCHAR(255) NOT NULL,
	scope VARCHAR(16) NOT NULL,
	url TEXT NOT NULL,
	absent_at FLOAT,
	PRIMARY KEY (site, scope, url)
);
CREATE TABLE IF NOT EXISTS languages (
	site VARCHAR(255) NOT NULL,
	body BLOB NOT NULL,
	texts INTEGER NOT NULL,
	PRIMARY KEY (site)
);
CREATE TABLE IF NOT EXISTS linked_hosts (
	site VARCHAR(255) NOT NULL,
	scope VARCHAR(16) NOT NULL,
	host VARCHAR(255) NOT NULL,
	run INTEGER NOT NULL,
	PRIMARY KEY (site, scope, host)
);
CREATE TABLE IF NOT EXISTS login_attempts (
	"key" VARCHAR(64) NOT NULL,
	failures INTEGER NOT NULL,
	last FLOAT NOT NULL,
	until FLOAT NOT NULL,
	PRIMARY KEY ("key")
);
CREATE INDEX IF NOT EXISTS login_attempts_by_until ON login_attempts (until);
CREATE TABLE IF NOT EXISTS media_accounts (
	site VARCHAR(255) NOT NULL,
	name VARCHAR(255) NOT NULL,
	newest FLOAT,
	title TEXT NOT NULL,
	looked FLOAT NOT NULL,
	unseen_since FLOAT,
	PRIMARY KEY (site, name)
);
CREATE TABLE IF NOT EXISTS media_notes (
	site VARCHAR(255) NOT NULL,
	name VARCHAR(255) NOT NULL,
	day VARCHAR(10) NOT NULL,
	"by" VARCHAR(128) NOT NULL,
	at FLOAT NOT NULL,
	PRIMARY KEY (site, name)
);
CREATE TABLE IF NOT EXISTS messages (
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
CREATE INDEX IF NOT EXISTS messages_by_state ON messages (state, due);
CREATE TABLE IF NOT EXISTS page_snapshots (
	run INTEGER NOT NULL,
	url TEXT NOT NULL,
	digest BLOB NOT NULL,
	fetched FLOAT NOT NULL,
	PRIMARY KEY (run, url)
);
CREATE INDEX IF NOT EXISTS page_snapshots_by_digest ON page_snapshots (digest);
CREATE TABLE IF NOT EXISTS pages (
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
CREATE INDEX IF NOT EXISTS pages_by_run ON pages (run, url);
CREATE TABLE IF NOT EXISTS picture_readings (
	digest BLOB NOT NULL,
	version VARCHAR(255) NOT NULL,
	lines JSON NOT NULL,
	used FLOAT NOT NULL,
	PRIMARY KEY (digest)
);
CREATE TABLE IF NOT EXISTS pictures (
	digest BLOB NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (digest)
);
CREATE TABLE IF NOT EXISTS probe_results (
	site VARCHAR(255) NOT NULL,
	probe VARCHAR(255) NOT NULL,
	tried FLOAT NOT NULL,
	seconds FLOAT NOT NULL,
	since FLOAT NOT NULL,
	finding JSON,
	PRIMARY KEY (site, probe)
);
CREATE TABLE IF NOT EXISTS recovery_codes (
	user INTEGER NOT NULL,
	hash VARCHAR(64) NOT NULL,
	PRIMARY KEY (user, hash)
);
CREATE TABLE IF NOT EXISTS runs (
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
CREATE INDEX IF NOT EXISTS runs_by_site ON runs (site, scope, started);
CREATE TABLE IF NOT EXISTS saved_views (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
	user INTEGER NOT NULL,
	name VARCHAR(128) NOT NULL,
	"query" TEXT NOT NULL,
	shared BOOLEAN NOT NULL,
	made FLOAT NOT NULL,
	UNIQUE (user, name)
);
CREATE TABLE IF NOT EXISTS schedules (
	site VARCHAR(255) NOT NULL,
	scope VARCHAR(16) NOT NULL,
	calendar TEXT NOT NULL,
	since FLOAT NOT NULL,
	owed FLOAT,
	skipped INTEGER NOT NULL,
	missed INTEGER NOT NULL,
	PRIMARY KEY (site, scope)
);
CREATE TABLE IF NOT EXISTS sessions (
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
CREATE INDEX IF NOT EXISTS sessions_by_user ON sessions (user);
CREATE TABLE IF NOT EXISTS sightings (
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
CREATE INDEX IF NOT EXISTS sightings_by_fixed_run ON sightings (fixed_run);
CREATE TABLE IF NOT EXISTS snapshots (
	digest BLOB NOT NULL,
	content_type VARCHAR(255) NOT NULL,
	body BLOB NOT NULL,
	PRIMARY KEY (digest)
);
CREATE TABLE IF NOT EXISTS suppressions (
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
CREATE TABLE IF NOT EXISTS targets (
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
CREATE TABLE IF NOT EXISTS users (
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
CREATE TABLE IF NOT EXISTS verdicts (
	"check" VARCHAR(64) NOT NULL,
	version VARCHAR(64) NOT NULL,
	hash BLOB NOT NULL,
	findings JSON NOT NULL,
	used FLOAT NOT NULL,
	PRIMARY KEY ("check", version, hash)
);
COMMIT;
