"""Keep who changed what, and from where. Rows are added and read; nothing changes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import Engine, delete, insert, select

from monitor.store.schema import audit_log


class NewAuditEntry(NamedTuple):
    """A change to be kept: when (seconds since the epoch), who, from which address and by which channel, what."""

    at: float
    who: str
    address: str
    channel: str
    action: str
    object: str
    before: str
    after: str


class AuditRecord(NamedTuple):
    """A change as it is kept, with its number."""

    number: int
    entry: NewAuditEntry


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditFilter:
    """What is wanted of the log; what is None asks for nothing. ``before`` is the number that a page ended with."""

    who: str | None = None
    since: float | None = None
    action: str | None = None
    before: int | None = None
    limit: int = 100


class AuditStore:
    """The table of the audit log."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, entry: NewAuditEntry) -> None:
        """Keep a change."""
        with self.engine.begin() as connection:
            connection.execute(insert(audit_log).values(entry._asdict()))

    def select(self, wanted: AuditFilter) -> list[AuditRecord]:
        """Return changes, the newest first. An action ends in a dot to ask for all that begin so."""
        if "\0" in f"{wanted.who}{wanted.action}":  # in no row; PostgreSQL takes no text that holds one
            return []
        column = audit_log.c
        where = [] if wanted.who is None else [column.who == wanted.who]
        where += [] if wanted.since is None else [column.at >= wanted.since]
        where += [] if wanted.before is None else [column.id < wanted.before]
        if wanted.action is not None:
            is_family = wanted.action.endswith(".")
            where.append(
                column.action.startswith(wanted.action, autoescape=True)
                if is_family
                else column.action == wanted.action
            )
        statement = select(audit_log).where(*where).order_by(column.id.desc()).limit(wanted.limit)
        with self.engine.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        return [AuditRecord(row["id"], NewAuditEntry(*(row[name] for name in NewAuditEntry._fields))) for row in rows]

    def forget(self, before: float) -> int:
        """Drop changes of before a moment; return how many."""
        with self.engine.begin() as connection:
            return connection.execute(delete(audit_log).where(audit_log.c.at < before)).rowcount
