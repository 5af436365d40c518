"""Keep what people may want to hear of: written where it happens, read when messages are made of it.

The functions ``record_…`` write in a transaction of the caller's: whatever undoes what happened undoes its event too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from sqlalchemy import Connection, Engine, RowMapping, delete, or_, select, update

from monitor.store.database import chunks, insert_missing
from monitor.store.schema import events, runs
from reports.remediation.entry import FieldChange

Facts = Mapping[str, str | int | float]
"""What an event says of itself, by kind: ``entry``; ``numbers`` and ``moment``; ``reason``, ``since`` and ``until``."""


class EventKind(StrEnum):
    """What happened."""

    RUN = "run"
    """A run has ended, however: ``run`` is its number."""
    RECHECK = "recheck"
    """A recheck has seen a fault gone: ``facts["entry"]``."""
    STATES = "states"
    """States of entries were changed by no run: ``facts`` has their ``numbers``, and the ``moment``."""
    WEEK = "week"
    """The moment of the week has come at which the weekly messages go out."""
    STORE_BACK = "store-back"
    """The store answers again: ``facts`` has ``reason``, and ``since`` and ``until`` in seconds since the epoch."""


class EventRecord(Struct, frozen=True):
    """An event as it is stored; ``at`` is in seconds since the epoch. ``is_announced``: its messages at once exist.

    ``scope`` is that of its run, "" for an event of another kind.
    """

    id: int
    key: str
    kind: EventKind
    run: int | None
    at: float
    facts: Facts
    is_announced: bool
    scope: str = ""


def record_end_of_run(connection: Connection, run: int, at: float) -> None:
    """Keep that a run has ended, once."""
    _record(connection, f"run-{run}", EventKind.RUN, at, run=run)


def record_recheck(connection: Connection, site: str, entry: int, revision: int, at: float) -> None:
    """Keep that a recheck has seen the fault of an entry gone; ``revision`` tells one time from the next."""
    facts: Facts = {"site": site, "entry": entry}
    _record(connection, f"recheck-{entry}-{revision}", EventKind.RECHECK, at, facts)


def record_state_changes(connection: Connection, rows: Iterable[FieldChange]) -> None:
    """Keep that rows of the history changed states; those that a run caused go with the end of that run."""
    by_moment: dict[float, list[int]] = {}
    for row in rows:
        if row.field == "state" and row.run is None:
            by_moment.setdefault(row.at.timestamp(), []).append(row.number)
    for moment, numbers in by_moment.items():
        for chunk in chunks(numbers):
            facts: Facts = {"numbers": " ".join(map(str, chunk)), "moment": moment}
            _record(connection, f"states-{chunk[0]}-{moment}", EventKind.STATES, moment, facts)


def _record(  # noqa: PLR0913, PLR0917 - the columns of an event
    connection: Connection, key: str, kind: EventKind, at: float, facts: Facts | None = None, run: int | None = None
) -> None:
    row = {"key": key, "kind": kind.value, "run": run, "at": at, "facts": dict(facts or {})}
    insert_missing(connection, events, [row], "key")


class EventStore:
    """The table of events."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def record(self, key: str, kind: EventKind, at: float, facts: Facts | None = None) -> None:
        """Keep an event of the daemon's own, once."""
        with self.engine.begin() as connection:
            _record(connection, key, kind, at, facts)

    def knows(self, key: str) -> bool:
        """Return whether an event of that key was ever kept."""
        with self.engine.connect() as connection:
            return connection.execute(select(events.c.id).where(events.c.key == key)).first() is not None

    def pending(self) -> list[EventRecord]:
        """Return what some message is still to be made of, the oldest first."""
        is_pending = or_(events.c.digested.is_(None), events.c.announced.is_(None))
        with self.engine.connect() as connection:
            joined = events.outerjoin(runs, events.c.run == runs.c.id)
            statement = select(events, runs.c.scope).select_from(joined).where(is_pending).order_by(events.c.id)
            return [_event(row) for row in connection.execute(statement).mappings()]

    def forget(self, before: float) -> None:
        """Drop events that happened before a moment, whatever became of them."""
        with self.engine.begin() as connection:
            connection.execute(delete(events).where(events.c.at < before))


def mark_announced(connection: Connection, number: int, now: float) -> None:
    """Keep that the messages at once of an event are written."""
    connection.execute(update(events).where(events.c.id == number).values(announced=now))


def mark_digested(connection: Connection, numbers: Sequence[int], now: float) -> None:
    """Keep that some events need no further message."""
    for chunk in chunks(numbers):
        connection.execute(update(events).where(events.c.id.in_(chunk)).values(announced=now, digested=now))


def _event(row: RowMapping) -> EventRecord:
    kept = {name: row[name] for name in ("id", "key", "run", "at", "facts")}
    is_announced, scope = row["announced"] is not None, row["scope"] or ""
    return EventRecord(**kept, kind=EventKind(row["kind"]), is_announced=is_announced, scope=scope)
