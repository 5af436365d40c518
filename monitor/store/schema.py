"""Lay out the tables.

A run's rows carry its number; what is remembered between runs (``pages``, ``sightings``, ``entries``) carries the site,
but for ``verdicts``: those are about texts, wherever they stand.
Times are seconds since the epoch, UTC: they sort, subtract and mean the same in SQLite and PostgreSQL.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

PENDING, DONE = 0, 1
"""States of a target."""

metadata = MetaData()

BigId = BigInteger().with_variant(Integer, "sqlite")

runs = Table(
    "runs",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("site", String(255), nullable=False),
    Column("name", Text, nullable=False),
    Column("url", Text, nullable=False),
    Column("scope", String(16), nullable=False),
    Column("scheduled_for", Float),
    Column("started", Float, nullable=False),
    Column("finished", Float),
    Column("status", String(16), nullable=False),
    Column("reason", JSON, nullable=False),
    Column("engine", String(64), nullable=False),
    Column("owner", String(255), nullable=False),
    Column("heartbeat", Float, nullable=False),
    Column("pages", Integer, nullable=False, default=0),
    Column("requests", Integer, nullable=False, default=0),
    Column("links", Integer, nullable=False, default=0),
    Column("bytes", BigInteger, nullable=False, default=0),
    Column("facts", JSON, nullable=False),
    UniqueConstraint("site", "scope", "scheduled_for"),
)
"""One inspection each. ``engine`` names checks and settings; ``facts`` holds notices, tallies, columns, grades."""

Index("runs_by_site", runs.c.site, runs.c.scope, runs.c.started)

targets = Table(
    "targets",
    metadata,
    Column("run", BigId, primary_key=True),
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("url", Text, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("element", String(64), nullable=False),
    Column("depth", Integer, nullable=False),
    Column("parent", Integer, nullable=False),
    Column("state", Integer, nullable=False),
    Column("answer", JSON(none_as_null=True)),
)
"""The frontier and what became of it: every address that a run met. ``answer`` is kept where something is amiss."""

pages = Table(
    "pages",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("run", BigId, nullable=False),
    Column("title", Text, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("engine", String(64), nullable=False),
    Column("scripted", Integer, nullable=False),
    Column("anchors", Text, nullable=False),
    Column("fragments", Text, nullable=False),
    Column("references", LargeBinary, nullable=False),
    Column("findings", JSON, nullable=False),
    Column("facts", JSON(none_as_null=True)),
    Column("continues", Text),
    Column("repeats", Integer, nullable=False, server_default="0"),
)
"""What a page was when it was last read: enough to answer for it when the server says 304.

``facts`` are what the columns of the site need to know of it, null where nobody asked. ``continues`` is set on the
answer of a list's interface: the list page that it belongs to. ``repeats`` is 1 where a page said nothing new.
"""

Index("pages_by_run", pages.c.run, pages.c.url)

attachments = Table(
    "attachments",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("run", BigId, nullable=False),
    Column("etag", Text),
    Column("modified", Text),
    Column("length", Text),
    Column("digest", LargeBinary, nullable=False),
    Column("readable", Boolean, nullable=False),
    Column("engine", String(64), nullable=False),
)
"""What an attachment was when it was last downloaded; what the checks said of it is a verdict on its ``digest``."""

linked_hosts = Table(
    "linked_hosts",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("host", String(255), primary_key=True),
    Column("run", BigId, nullable=False),
)
"""Other hosts that the pages of a site link to, and the run that saw the link last."""

columns = Table(
    "columns",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("read", Float, nullable=False),
)
"""When each column was last read to its last page."""

items = Table(
    "items",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("url", Text, primary_key=True),
    Column("absent_at", Float),
)
"""Every item that a column ever listed, and when an inspection last read the column without finding it there.

Null where no inspection had read the column before: nothing is known of such an item.
"""

findings = Table(
    "findings",
    metadata,
    Column("run", BigId, primary_key=True),
    Column("fingerprint", String(32), primary_key=True),
    Column("check", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("baseline", String(16), nullable=False),
    Column("body", JSON, nullable=False),
    Column("suppressed", Boolean, nullable=False, server_default=false()),
)
"""What a run found; ``suppressed`` ones are false positives in the ledger, and no figure counts them."""


snapshots = Table(
    "snapshots",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("content_type", String(255), nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Pages as they were fetched, packed, each content once: ``digest`` names the bytes."""

page_snapshots = Table(
    "page_snapshots",
    metadata,
    Column("run", BigId, primary_key=True),
    Column("url", Text, primary_key=True),
    Column("digest", LargeBinary, nullable=False),
    Column("fetched", Float, nullable=False),
)
"""Which content a page with faults had in a run."""

Index("page_snapshots_by_digest", page_snapshots.c.digest)

pictures = Table(
    "pictures",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Pictures that are evidence of findings, WebP, each content once: ``digest`` names the bytes."""

finding_pictures = Table(
    "finding_pictures",
    metadata,
    Column("run", BigId, primary_key=True),
    Column("fingerprint", String(32), primary_key=True),
    Column("kind", String(16), primary_key=True),
    Column("digest", LargeBinary, nullable=False),
)
"""Which pictures a run has of a finding; ``kind`` is a PictureKind."""

Index("finding_pictures_by_digest", finding_pictures.c.digest)

sightings = Table(
    "sightings",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("fingerprint", String(32), primary_key=True),
    Column("rule", String(64), nullable=False),
    Column("check", String(64), nullable=False),
    Column("first_seen", Float, nullable=False),
    Column("last_seen", Float, nullable=False),
    Column("last_run", BigId, nullable=False),
    Column("runs", Integer, nullable=False),
    Column("fixed", Float),
    Column("fixed_run", BigId),
    Column("body", JSON, nullable=False),
)
"""What the runs of each scope saw of every fault: ``fixed`` is when a look of any scope verified that it was gone, null
while open, and ``fixed_run`` the run that did, null for a recheck. The fault itself, and what people decided about it,
is an entry.
"""

Index("sightings_by_fixed_run", sightings.c.fixed_run)

entries = Table(
    "entries",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=True),
    Column("site", String(255), nullable=False),
    Column("fingerprint", String(32), nullable=False),
    Column("check", String(64), nullable=False),
    Column("rule", String(64), nullable=False),
    Column("family", String(64), nullable=False),
    Column("severity", String(16), nullable=False),
    Column("confidence", String(16), nullable=False),
    Column("state", String(16), nullable=False),
    Column("department", String(255), nullable=False),
    Column("owner", String(255), nullable=False),
    Column("deadline", String(10)),
    Column("estimated", Boolean, nullable=False),
    Column("until", String(10)),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("remark", Text, nullable=False, server_default=""),
    Column("mended", String(10)),
    Column("first_seen", Float, nullable=False),
    Column("last_seen", Float, nullable=False),
    Column("last_run", BigId, nullable=False),
    Column("closed", Float),
    Column("reopened", Integer, nullable=False),
    Column("bounced", Integer, nullable=False),
    Column("hidden", Integer, nullable=False),
    Column("suppression", BigId),
    Column("revision", Integer, nullable=False),
    Column("body", JSON, nullable=False),
    UniqueConstraint("site", "fingerprint"),
    sqlite_autoincrement=True,
)
"""The remediation ledger: one row for each site and fault. What people see of it is ``LedgerEntry``.

Everything from ``state`` to ``note``, ``closed``, ``reopened`` and ``bounced`` is what ``entry_history`` adds up to.
``revision`` grows with every change: a writer names the one that it read.
"""

for _name in ("state", "severity", "rule", "department", "owner", "deadline", "until"):
    Index(f"entries_by_{_name}", entries.c[_name])
Index("entries_by_site", entries.c.site, entries.c.state)

entry_texts = Table(
    "entry_texts",
    metadata,
    Column("number", BigId, primary_key=True, autoincrement=False),
    Column("text", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
)
"""What entries are searched by: every text of ``entries.body`` once, and the note. A search reads a fifth as much."""

entry_history = Table(
    "entry_history",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("number", BigId, nullable=False),
    Column("at", Float, nullable=False),
    Column("cause", String(16), nullable=False),
    Column("by", Text, nullable=False),
    Column("run", BigId),
    Column("field", String(16), nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("why", Text, nullable=False),
)
"""Every change of every entry, oldest first; rows are only ever added."""

Index("entry_history_by_number", entry_history.c.number, entry_history.c.id)
Index("entry_history_by_run", entry_history.c.run)

suppressions = Table(
    "suppressions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("kind", String(16), nullable=False),
    Column("site", String(255), nullable=False),
    Column("wrong", Text, nullable=False),
    Column("right", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("pattern", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("made", Float, nullable=False),
    Column("until", String(10)),
    Column("configured", Boolean, nullable=False),
    Column("hidden", Integer, nullable=False),
    Column("last_hidden", Float),
    Column("ended", Float),
    sqlite_autoincrement=True,
)
"""Judgements that are remembered beyond their entry; ``ended`` is when somebody took one back, null while it holds."""

verdicts = Table(
    "verdicts",
    metadata,
    Column("check", String(64), primary_key=True),
    Column("version", String(64), primary_key=True),
    Column("hash", LargeBinary, primary_key=True),
    Column("findings", JSON, nullable=False),
    Column("used", Float, nullable=False),
)
"""What a check said about a text, by the text's hash: the same text is never judged twice by one version."""

picture_readings = Table(
    "picture_readings",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("version", String(255), nullable=False),
    Column("lines", JSON, nullable=False),
    Column("used", Float, nullable=False),
)
"""What was read from a picture or scan, by the digest of its file, and by which engine."""

languages = Table(
    "languages",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("body", LargeBinary, nullable=False),
    Column("texts", Integer, nullable=False),
)
"""How each site writes: the runs of characters in its texts, packed, and how many texts they were counted in."""

schedules = Table(
    "schedules",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("scope", String(16), primary_key=True),
    Column("calendar", Text, nullable=False),
    Column("since", Float, nullable=False),
    Column("owed", Float),
    Column("skipped", Integer, nullable=False, default=0),
    Column("missed", Integer, nullable=False, default=0),
)
"""The rounds that are in force, spelled out, and since when: what fell before ``since`` is settled.

``owed`` is a round before ``since`` that nobody has served yet: the one before a new site came, the last of a replaced
calendar, one that still waits for its turn while a later one was skipped. ``skipped`` counts rounds that fell while the
last one still ran, ``missed`` those that fell while nobody was there and that a later one stood in for.
"""

availability = Table(
    "availability",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("probes", Integer, nullable=False),
    Column("failures", Integer, nullable=False),
)
"""How often a homepage was asked whether it opens, and did not, by day (Beijing time)."""

probe_results = Table(
    "probe_results",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("probe", String(255), primary_key=True),
    Column("tried", Float, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("since", Float, nullable=False),
    Column("finding", JSON(none_as_null=True)),
)
"""What came of a configured probe when it was last tried: ``finding`` is null where the function works.

``since`` is when it was first seen as it is now, working or failing. What went before is Prometheus's to keep.
"""

media_accounts = Table(
    "media_accounts",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("newest", Float),
    Column("title", Text, nullable=False),
    Column("looked", Float, nullable=False),
    Column("unseen_since", Float),
)
"""The last look at an account on new media: its newest post, and since when its feed does not open (null: it does)."""

media_notes = Table(
    "media_notes",
    metadata,
    Column("site", String(255), primary_key=True),
    Column("name", String(255), primary_key=True),
    Column("day", String(10), nullable=False),
    Column("by", String(128), nullable=False),
    Column("at", Float, nullable=False),
)
"""The day on which an account was last updated as a person entered it, for accounts that no feed tells of."""

events = Table(
    "events",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("run", BigId),
    Column("at", Float, nullable=False),
    Column("facts", JSON, nullable=False),
    Column("announced", Float),
    Column("digested", Float),
)
"""What people may want to hear of, written in the transaction that it happened in: the end of a run, a fault that a
recheck saw gone, a day of the week, trouble of the daemon. ``announced`` is when its messages at once were written,
``digested`` when it went into a digest; null until then. ``key`` is the same for the same happening.
"""

Index("events_by_digested", events.c.digested)

messages = Table(
    "messages",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("key", String(255), nullable=False, unique=True),
    Column("target", String(255), nullable=False),
    Column("occasion", String(32), nullable=False),
    Column("created", Float, nullable=False),
    Column("due", Float, nullable=False),
    Column("state", String(16), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("owner", String(255), nullable=False),
    Column("claimed", Float),
    Column("ended", Float),
    Column("error", Text, nullable=False),
    Column("remaining", JSON(none_as_null=True)),
    Column("body", JSON, nullable=False),
)
"""The outbox: one message to one target each. ``owner`` is the process that sends it, empty while nobody does.

``remaining`` are the recipients who have not got it yet, null where nobody has. ``key`` names target and event, and is
never written twice.
"""

Index("messages_by_state", messages.c.state, messages.c.due)

users = Table(
    "users",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", String(128), nullable=False),
    Column("password", Text),
    Column("rights", JSON, nullable=False),
    Column("departments", JSON, nullable=False),
    Column("made", Float, nullable=False),
    Column("disabled", Float),
    Column("logged_in", Float),
    Column("totp_offer", Text),
    Column("totp_secret", Text),
    Column("totp_step", BigInteger, nullable=False),
    Column("subject", String(255), unique=True),
    sqlite_autoincrement=True,
)
"""Who may use the console. ``password`` is an argon2id hash, null where nobody can log in by one.

``rights`` lists scope, name and role of each right. ``disabled`` and ``logged_in`` are moments. ``totp_offer`` is a
secret that is not confirmed yet, ``totp_step`` the last time step of a code that was taken. ``subject`` is who a
provider of single sign-on says it is. Users are disabled and never deleted: what they did stays theirs.
"""

sessions = Table(
    "sessions",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("user", BigId, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("made", Float, nullable=False),
    Column("used", Float, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(255), nullable=False),
    sqlite_autoincrement=True,
)
"""Who is logged in. ``hash`` is the SHA-256 of what the cookie holds; ``kind`` tells a session from a password that
still waits for its code.
"""

Index("sessions_by_user", sessions.c.user)

devices = Table(
    "devices",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("user", BigId, nullable=False),
    Column("used", Float, nullable=False),
)
"""Browsers that a user has logged in with before, by the SHA-256 of a cookie."""

Index("devices_by_user", devices.c.user)

recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("user", BigId, primary_key=True),
    Column("hash", String(64), primary_key=True),
)
"""What lets a user in once who has lost the device that shows codes."""

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("key", String(64), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last", Float, nullable=False),
    Column("until", Float, nullable=False),
)
"""Failures in a row by what they have in common, hashed: account and address, account and device, address, account.

Until ``until`` no further attempt is looked at.
"""

Index("login_attempts_by_until", login_attempts.c.until)

api_tokens = Table(
    "api_tokens",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("hash", String(64), nullable=False, unique=True),
    Column("user", BigId, nullable=False),
    Column("label", String(128), nullable=False),
    Column("scopes", JSON, nullable=False),
    Column("made", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("used", Float),
    Column("address", String(64), nullable=False),
    Column("revoked", Float),
    sqlite_autoincrement=True,
)
"""What programs show in a user's place; ``used`` and ``address`` are of the last time. ``hash`` is SHA-256."""

Index("api_tokens_by_user", api_tokens.c.user)

saved_views = Table(
    "saved_views",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("user", BigId, nullable=False),
    Column("name", String(128), nullable=False),
    Column("query", Text, nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("made", Float, nullable=False),
    UniqueConstraint("user", "name"),
    sqlite_autoincrement=True,
)
"""Filters of the ledger by the names that people gave them; ``query`` is that of the address."""

audit_log = Table(
    "audit_log",
    metadata,
    Column("id", BigId, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False),
    Column("who", String(128), nullable=False),
    Column("address", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("action", String(64), nullable=False),
    Column("object", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    sqlite_autoincrement=True,
)
"""Who changed what, from where; rows are only ever added, and dropped when ``retention.audit`` is over."""

Index("audit_log_by_at", audit_log.c.at)
Index("audit_log_by_who", audit_log.c.who, audit_log.c.id)
