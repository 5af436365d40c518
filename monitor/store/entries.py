"""Keep the remediation ledger: entries and the history that they add up to.

An entry is only ever changed by rows of its history (``write_changes``), in one transaction with them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    update,
)

from checks.model import Confidence, Finding, Severity
from checks.reading.likely_repairs import REASONS
from monitor.store.codec import finding_from_json, finding_to_json
from monitor.store.database import Row, chunks
from monitor.store.findings import FindingRecord
from monitor.store.schema import entries, entry_history
from reports.remediation.entry import ChangeCause, FieldChange, Handling, LedgerEntry, Suggestion, applied
from reports.remediation.figures import EntrySketch
from reports.remediation.states import WORKING, State

ZONE = ZoneInfo("Asia/Shanghai")
"""Deadlines are days in China, wherever the server stands."""

READ_AT_ONCE = 1_000
"""Entries that are read from the store together."""


class ConflictError(RuntimeError):
    """Somebody changed an entry since it was read; ``numbers`` says which."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(map(str, numbers))}")
        self.numbers = tuple(numbers)


@dataclass(frozen=True, slots=True)
class LedgerFilter:
    """Which entries are wanted; what is left out does not matter. ``overdue`` asks for those late on that day.

    ``after`` and ``limit`` cut a page out of them, in the order of numbers.
    """

    site: str = ""
    states: tuple[State, ...] = ()
    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    department: str | None = None
    owner: str | None = None
    overdue: date | None = None
    numbers: tuple[int, ...] | None = None
    after: int = 0
    limit: int | None = None


class EntryStore:
    """The table of entries and the table of their history."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def select(self, wanted: LedgerFilter) -> Iterator[LedgerEntry]:
        """Yield the entries of a filter by number; no connection is open between two pages of them."""
        last, left = wanted.after, wanted.limit
        while left is None or left > 0:
            size = READ_AT_ONCE if left is None else min(READ_AT_ONCE, left)
            rows = self._read(matching(replace(wanted, after=last)).order_by(entries.c.number).limit(size))
            yield from map(entry_from_row, rows)
            if len(rows) < size:
                return
            last = rows[-1]["number"]
            left = None if left is None else left - len(rows)

    def count(self, wanted: LedgerFilter) -> int:
        """Return how many entries a filter has, whatever its page."""
        conditions = _conditions(replace(wanted, after=0))
        with self.engine.connect() as connection:
            return connection.execute(select(func.count()).select_from(entries).where(*conditions)).scalar_one()

    def get(self, numbers: Iterable[int]) -> dict[int, LedgerEntry]:
        """Return entries by their numbers, without those that are not there."""
        found = (
            row for chunk in chunks(numbers) for row in self._read(select(entries).where(entries.c.number.in_(chunk)))
        )
        return {entry.number: entry for entry in map(entry_from_row, found)}

    def load(self, site: str, fingerprints: Iterable[str]) -> dict[str, LedgerEntry]:
        """Return the entries of a site by fingerprint."""
        with self.engine.connect() as connection:
            return load_entries(connection, site, fingerprints)

    def closed_by(self, run: int) -> list[LedgerEntry]:
        """Return the entries that a run verified to be gone, as they are now."""
        closing = entry_history.c.run == run, entry_history.c.field == "state", entry_history.c.after == State.CLOSED
        numbers = select(entry_history.c.number).where(*closing)
        rows = self._read(select(entries).where(entries.c.number.in_(numbers)).order_by(entries.c.number))
        return [entry_from_row(row) for row in rows]

    def responsible(self, site: str = "") -> tuple[list[str], list[str]]:
        """Return the departments and the owners that entries name, in the order of their names."""
        return self._distinct(entries.c.department, site), self._distinct(entries.c.owner, site)

    def _distinct(self, column: Column[str], site: str) -> list[str]:
        statement = select(column).where(column != "").distinct().order_by(column)
        if site:
            statement = statement.where(entries.c.site == site)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def history(self, number: int) -> list[FieldChange]:
        """Return the history of an entry, oldest row first."""
        statement = select(entry_history).where(entry_history.c.number == number).order_by(entry_history.c.id)
        with self.engine.connect() as connection:
            return [change_from_row(row) for row in connection.execute(statement).mappings()]

    def with_ended_terms(self, today: date) -> Iterator[LedgerEntry]:
        """Yield the entries whose judgement ended before a day."""
        for row in self._read(select(entries).where(entries.c.until < today.isoformat())):
            yield entry_from_row(row)

    def sketches(self, site: str = "") -> Iterator[EntrySketch]:
        """Yield what figures need of the entries of a site, or of all."""
        of_site = [entries.c.site == site] if site else []
        columns = [entries.c[name] for name in ("number", "family", "department", "severity", "state", "deadline")]
        moved = select(entry_history.c.number, entry_history.c.at, entry_history.c.before, entry_history.c.after).where(
            entry_history.c.field == "state", or_(entry_history.c.after == "closed", entry_history.c.before == "closed")
        )
        closings: dict[int, list[datetime]] = {}
        returns: dict[int, list[datetime]] = {}
        with self.engine.connect() as connection:
            for number, at, _, after in connection.execute(moved):
                (closings if after == State.CLOSED else returns).setdefault(number, []).append(moment(at))
            rows = connection.execute(select(*columns, entries.c.first_seen).where(*of_site)).mappings().all()
        for row in rows:
            number = row["number"]
            yield EntrySketch(
                family=row["family"],
                department=row["department"],
                severity=row["severity"],
                state=State(row["state"]),
                deadline=_day(row["deadline"]),
                first_seen=moment(row["first_seen"]),
                closings=tuple(closings.get(number, ())),
                returns=tuple(returns.get(number, ())),
            )

    def hidden_by(self, suppression: int) -> dict[int, LedgerEntry]:
        """Return the false positives behind which a remembered judgement stands, by number."""
        where = entries.c.suppression == suppression, entries.c.state == State.FALSE_POSITIVE
        return {row["number"]: entry_from_row(row) for row in self._read(select(entries).where(*where))}

    def write(
        self,
        read: Mapping[int, LedgerEntry],
        changes: Iterable[FieldChange],
        suppression_of: Mapping[int, int] | None = None,
    ) -> None:
        """Write rows of history and what they make of the entries: all or nothing. Raises ConflictError."""
        with self.engine.begin() as connection:
            write_changes(connection, read, changes, suppression_of)

    def _read(self, statement: Select[Any]) -> Sequence[RowMapping]:
        with self.engine.connect() as connection:
            return connection.execute(statement).mappings().all()


def matching(wanted: LedgerFilter) -> Select[Any]:
    """Return the statement that selects what a filter asks for."""
    return select(entries).where(*_conditions(wanted))


def _conditions(wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    column = entries.c
    if wanted.site:
        yield column.site == wanted.site
    for name, values in (("state", wanted.states), ("rule", wanted.rules), ("severity", wanted.severities)):
        if values:
            yield column[name].in_([str(value) for value in values])
    for name, text in (("department", wanted.department), ("owner", wanted.owner)):
        if text is not None:
            yield column[name] == text
    if wanted.overdue is not None:
        yield and_(column.deadline < wanted.overdue.isoformat(), column.state.in_([str(state) for state in WORKING]))
    if wanted.numbers is not None:
        yield column.number.in_(wanted.numbers)
    if wanted.after:
        yield column.number > wanted.after


def load_entries(connection: Connection, site: str, fingerprints: Iterable[str]) -> dict[str, LedgerEntry]:
    """Return the entries of a site by fingerprint; on PostgreSQL they are locked until the transaction ends.

    SQLite has one writer: a transaction that has written already is the only one that can change them.
    """
    found = {}
    for chunk in chunks(fingerprints):
        statement = select(entries).where(entries.c.site == site, entries.c.fingerprint.in_(chunk)).with_for_update()
        for row in connection.execute(statement).mappings():
            found[row["fingerprint"]] = entry_from_row(row)
    return found


def insert_entries(
    connection: Connection, site: str, run: int, found: Sequence[FindingRecord], now: float
) -> dict[str, int]:
    """Open entries for faults that have none; return their numbers by fingerprint.

    They have no history yet: the caller writes its first rows in the same transaction.
    """
    if not found:
        return {}
    common = {"site": site, "last_run": run, "first_seen": now, "last_seen": now}
    rows = [_new_row(each) | common for each in found]
    connection.execute(insert(entries), rows)
    numbers: dict[str, int] = {}
    for chunk in chunks(row["fingerprint"] for row in rows):
        statement = select(entries.c.fingerprint, entries.c.number).where(
            entries.c.site == site, entries.c.fingerprint.in_(chunk)
        )
        numbers |= {row.fingerprint: row.number for row in connection.execute(statement)}
    return numbers


def _new_row(found: FindingRecord) -> dict[str, Any]:
    finding = found.finding
    return {
        "fingerprint": found.fingerprint,
        "check": found.check,
        "rule": finding.rule.id,
        "family": finding.rule.family,
        "severity": finding.weight.value,
        "confidence": finding.confidence.value,
        "hidden": 0,
        "revision": 0,
        "body": finding_to_json(finding),
        **handling_row(Handling()),
    }


def mark_seen(connection: Connection, run: int, now: float, found: Sequence[tuple[int, Finding, bool]]) -> None:
    """Keep what a run saw of known entries (number, finding, whether it was hidden as a false positive)."""
    if not found:
        return
    column = entries.c
    statement = (
        update(entries)
        .where(column.number == bindparam("_number"))
        .values(
            last_seen=now,
            last_run=run,
            hidden=column.hidden + bindparam("_hidden"),
            severity=bindparam("_severity"),
            confidence=bindparam("_confidence"),
            body=bindparam("_body"),
        )
    )
    connection.execute(
        statement,
        [
            {
                "_number": number,
                "_hidden": int(hidden),
                "_severity": finding.weight.value,
                "_confidence": finding.confidence.value,
                "_body": finding_to_json(finding),
            }
            for number, finding, hidden in found
        ],
    )


def write_changes(
    connection: Connection,
    read: Mapping[int, Handling],
    changes: Iterable[FieldChange],
    suppression_of: Mapping[int, int] | None = None,
) -> None:
    """Add rows to the history, and make the entries what they then add up to. Raises ConflictError.

    ``read`` are the entries as they were read: LedgerEntry, or Handling for one that has just been opened.
    ``suppression_of`` numbers the remembered judgement behind a false positive.
    """
    rows = list(changes)
    if not rows:
        return
    present = {number: read[number] for number in dict.fromkeys(row.number for row in rows)}
    for row in rows:
        present[row.number] = applied(present[row.number], row)
    connection.execute(insert(entry_history), [_history_row(row) for row in rows])
    _refuse_conflicts(connection, read, present)
    connection.execute(
        update(entries).where(entries.c.number == bindparam("_number")).values(revision=entries.c.revision + 1),
        [
            _changed_row(number, read[number], handling, (suppression_of or {}).get(number))
            for number, handling in present.items()
        ],
    )


def _refuse_conflicts(connection: Connection, read: Mapping[int, Handling], present: Iterable[int]) -> None:
    """Raise ConflictError where an entry is not as it was read; from here on nobody else can change them."""
    changed = []
    for chunk in chunks(present):
        # A row of the history has just been written, so SQLite has its one writer; PostgreSQL locks the rows.
        statement = select(entries.c.number, entries.c.revision).where(entries.c.number.in_(chunk)).with_for_update()
        changed += [row.number for row in connection.execute(statement) if row.revision != _revision(read[row.number])]
    if changed:
        raise ConflictError(changed)


def _revision(read: Handling) -> int:
    return read.revision if isinstance(read, LedgerEntry) else 0


def _changed_row(number: int, read: Handling, handling: Handling, suppression: int | None) -> Row:
    known = read.suppression if isinstance(read, LedgerEntry) else None
    remembered = (suppression or known) if handling.state is State.FALSE_POSITIVE else None
    return {"_number": number, "suppression": remembered, **handling_row(handling)}


def handling_row(handling: Handling) -> dict[str, Any]:
    """Return what was decided about a fault as columns of its row."""
    return {
        "state": handling.state.value,
        "department": handling.department,
        "owner": handling.owner,
        "deadline": handling.deadline.isoformat() if handling.deadline else None,
        "estimated": handling.estimated,
        "until": handling.until.isoformat() if handling.until else None,
        "reason": handling.reason,
        "note": handling.note,
        "closed": handling.closed.timestamp() if handling.closed else None,
        "reopened": handling.reopened,
        "bounced": handling.bounced,
    }


def _history_row(change: FieldChange) -> dict[str, Any]:
    return change._asdict() | {"at": change.at.timestamp(), "cause": change.cause.value}


def change_from_row(row: RowMapping) -> FieldChange:
    """Return a row of the history as a value."""
    fields = {name: row[name] for name in FieldChange._fields}
    return FieldChange(**fields | {"at": moment(row["at"]), "cause": ChangeCause(row["cause"])})


def moment(seconds: float) -> datetime:
    """Return seconds since the epoch as a time in China."""
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZONE)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def entry_from_row(row: RowMapping) -> LedgerEntry:
    """Return an entry as a value."""
    finding = finding_from_json(row["body"])
    return LedgerEntry(
        number=row["number"],
        site=row["site"],
        fingerprint=row["fingerprint"],
        check=row["check"],
        finding=finding,
        severity=Severity(row["severity"]),
        confidence=Confidence(row["confidence"]),
        state=State(row["state"]),
        department=row["department"],
        owner=row["owner"],
        deadline=_day(row["deadline"]),
        estimated=row["estimated"],
        until=_day(row["until"]),
        reason=row["reason"],
        note=row["note"],
        first_seen=moment(row["first_seen"]),
        last_seen=moment(row["last_seen"]),
        last_run=row["last_run"],
        closed=None if row["closed"] is None else moment(row["closed"]),
        reopened=row["reopened"],
        bounced=row["bounced"],
        hidden=row["hidden"],
        suppression=row["suppression"],
        suggestions=tuple(Suggestion(repair.url, REASONS[repair.reason]) for repair in finding.repairs),
        revision=row["revision"],
    )
