"""Make one entry of each site and fault out of the two scopes' histories, and keep what each scope saw as sightings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

from checks import RULES
from checks.model import Confidence
from reports.remediation.entry import ChangeCause
from reports.remediation.states import State, entering_state

revision = "0003"
down_revision = "0002"

AT_ONCE = 500
"""Entries that are written together."""

BigId = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Rename ``ledger``, make the new tables, and fill them. Entries that were open get a term at their next look."""
    tables = sa.inspect(op.get_bind()).get_table_names()
    if "ledger" not in tables:
        return  # revision 0001 has just made today's tables
    op.rename_table("ledger", "sightings")
    op.create_index("sightings_by_fixed_run", "sightings", ["fixed_run"])
    entries, history = _entries(), _history()
    _suppressions()
    _carry_over(op.get_bind(), entries, history)


def _entries() -> sa.Table:
    text = [sa.Column(name, sa.String(255), nullable=False) for name in ("site", "department", "owner")]
    words = [sa.Column(name, sa.String(64), nullable=False) for name in ("check", "rule", "family")]
    short = [sa.Column(name, sa.String(16), nullable=False) for name in ("severity", "confidence", "state")]
    counts = [sa.Column(n, sa.Integer, nullable=False) for n in ("reopened", "bounced", "hidden", "revision")]
    made = op.create_table(
        "entries",
        sa.Column("number", BigId, primary_key=True, autoincrement=True),
        sa.Column("fingerprint", sa.String(32), nullable=False),
        *text,
        *words,
        *short,
        sa.Column("deadline", sa.String(10)),
        sa.Column("estimated", sa.Boolean, nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("first_seen", sa.Float, nullable=False),
        sa.Column("last_seen", sa.Float, nullable=False),
        sa.Column("last_run", BigId, nullable=False),
        sa.Column("closed", sa.Float),
        *counts,
        sa.Column("suppression", BigId),
        sa.Column("body", sa.JSON, nullable=False),
        sa.UniqueConstraint("site", "fingerprint"),
        sqlite_autoincrement=True,
    )
    for name in ("state", "severity", "rule", "department", "owner", "deadline", "until"):
        op.create_index(f"entries_by_{name}", "entries", [name])
    op.create_index("entries_by_site", "entries", ["site", "state"])
    return made


def _history() -> sa.Table:
    made = op.create_table(
        "entry_history",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("number", BigId, nullable=False),
        sa.Column("at", sa.Float, nullable=False),
        sa.Column("cause", sa.String(16), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("run", BigId),
        sa.Column("field", sa.String(16), nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_index("entry_history_by_number", "entry_history", ["number", "id"])
    op.create_index("entry_history_by_run", "entry_history", ["run"])
    return made


def _suppressions() -> None:
    texts = [
        sa.Column(name, sa.Text, nullable=False)
        for name in ("wrong", "right", "host", "rule", "pattern", "author", "reason")
    ]
    op.create_table(
        "suppressions",
        sa.Column("id", BigId, primary_key=True, autoincrement=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("site", sa.String(255), nullable=False),
        *texts,
        sa.Column("made", sa.Float, nullable=False),
        sa.Column("until", sa.String(10)),
        sa.Column("configured", sa.Boolean, nullable=False),
        sa.Column("hidden", sa.Integer, nullable=False),
        sa.Column("last_hidden", sa.Float),
        sa.Column("ended", sa.Float),
        sqlite_autoincrement=True,
    )


def _carry_over(connection: sa.Connection, entries: sa.Table, history: sa.Table) -> None:
    old = sa.Table("sightings", sa.MetaData(), autoload_with=connection)
    body = sa.type_coerce(old.c.body, sa.JSON).label("body")
    columns = [column for column in old.c if column.name != "body"]
    statement = sa.select(*columns, body).order_by(old.c.site, old.c.fingerprint, old.c.last_seen)
    number, rows, changes = 0, [], []
    for _, sightings in groupby(
        connection.execute(statement).mappings().all(), lambda r: (r["site"], r["fingerprint"])
    ):
        number += 1
        entry = _entry(list(sightings))
        rows.append(entry["row"] | {"number": number})
        changes += [change | {"number": number} for change in entry["changes"]]
        if len(rows) == AT_ONCE:
            _write(connection, (entries, rows), (history, changes))
            rows, changes = [], []
    _write(connection, (entries, rows), (history, changes))
    if connection.dialect.name == "postgresql" and number:
        connection.execute(
            sa.text("SELECT setval(pg_get_serial_sequence('entries', 'number'), :last)"), {"last": number}
        )


def _write(connection: sa.Connection, *batches: tuple[sa.Table, list[dict[str, Any]]]) -> None:
    for table, rows in batches:
        if rows:
            connection.execute(sa.insert(table), rows)


def _entry(sightings: Sequence[sa.RowMapping]) -> dict[str, Any]:
    """Return the row and the history of one fault; ``sightings`` are what its scopes saw, the latest last."""
    newest = sightings[-1]
    rule = RULES.get(newest["rule"])
    first = min(sighting["first_seen"] for sighting in sightings)
    ended = [sighting for sighting in sightings if sighting["fixed"] is not None]
    closed = max(ended, key=lambda sighting: sighting["fixed"]) if len(ended) == len(sightings) else None
    confidence = Confidence(newest["body"].get("confidence", "confirmed"))
    state = State.CLOSED if closed else entering_state(confidence)
    row = {name: newest[name] for name in ("site", "fingerprint", "check", "rule", "last_seen", "last_run", "body")}
    row |= dict.fromkeys(("department", "owner", "reason", "note"), "")
    row |= dict.fromkeys(("reopened", "bounced", "hidden", "revision"), 0)
    row |= dict.fromkeys(("deadline", "until", "suppression"))
    row |= {
        "family": rule.family if rule else "retired",
        "severity": newest["body"].get("severity") or (rule.severity.value if rule else "minor"),
        "confidence": confidence.value,
        "state": state.value,
        "estimated": False,
        "first_seen": first,
        "closed": closed["fixed"] if closed else None,
    }
    return {"row": row, "changes": list(_changes(entering_state(confidence), first, closed))}


def _changes(entered: State, first: float, closed: sa.RowMapping | None) -> Iterator[dict[str, Any]]:
    common = {"cause": ChangeCause.MIGRATION.value, "by": "", "field": "state", "why": ""}
    yield common | {"at": first, "run": None, "before": "", "after": entered.value}
    if closed is not None:
        run = {"at": closed["fixed"], "run": closed["fixed_run"]}
        yield common | run | {"before": entered.value, "after": State.CLOSED.value}
