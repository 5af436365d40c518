"""Change entries of the ledger within a transaction of the caller's.

An entry is only ever changed by rows of its history (``write_changes``), in one transaction with them. What a run saw
of it (``mark_seen``) is no change: nobody decided it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct
from sqlalchemy import Connection, func, select

from checks.model import Finding
from monitor.store.database import Row, in_parts, insert_rows, one_of, update_rows
from monitor.store.events import record_state_changes
from monitor.store.findings import FindingRecord
from monitor.store.json_text import JsonText
from monitor.store.ledger.entry_rows import (
    change_from_row,
    entry_from_row,
    handling_row,
    history_row,
    new_entry_row,
)
from monitor.store.ledger.entry_texts import add_texts, renew_notes, renew_texts
from monitor.store.ledger.sightings import mark_open
from monitor.store.schema import entries, entry_history
from reports.remediation.entry import FieldChange, Handling, LedgerEntry, applied, replay
from reports.remediation.states import State


class ConflictError(RuntimeError):
    """Somebody changed an entry since it was read; ``numbers`` says which."""

    def __init__(self, numbers: Sequence[int]) -> None:
        super().__init__(f"changed meanwhile: {', '.join(map(str, numbers))}")
        self.numbers = tuple(numbers)


def load_entries(connection: Connection, site: str, fingerprints: Iterable[str]) -> dict[str, LedgerEntry]:
    """Return the entries of a site by fingerprint; on PostgreSQL they are locked until the transaction ends.

    SQLite has one writer: a transaction that has written already is the only one that can change them.
    """
    found = {}
    is_wanted = one_of(connection, entries.c.fingerprint)
    statement = select(entries).where(entries.c.site == site, is_wanted).with_for_update()
    for some in in_parts(connection, fingerprints):
        for row in connection.execute(statement, some).mappings():
            found[row["fingerprint"]] = entry_from_row(row)
    return found


def load_histories(connection: Connection, numbers: Iterable[int]) -> dict[int, list[FieldChange]]:
    """Return the histories of entries by number, oldest row first; an entry that has none has an empty one."""
    wanted = list(numbers)
    found: dict[int, list[FieldChange]] = {number: [] for number in wanted}
    is_wanted = one_of(connection, entry_history.c.number)
    statement = select(entry_history).where(is_wanted).order_by(entry_history.c.id)
    for some in in_parts(connection, wanted):
        for row in connection.execute(statement, some).mappings():
            found[row["number"]].append(change_from_row(row))
    return found


class NewEntry(Struct, frozen=True):
    """A fault that has no entry yet, the first rows of its history, and the judgement that it is none, by its id.

    ``body`` is the finding's JSON. The rows are not numbered: the store gives the number.
    """

    found: FindingRecord
    body: JsonText
    history: Sequence[FieldChange]
    suppression: int | None = None


def open_entries(connection: Connection, site: str, run: int, opened: Sequence[NewEntry], now: float) -> None:
    """Open entries as their first rows of history make them, and write those."""
    if not opened:
        return
    # Numbers come in order, so those of new entries are above all that are there. RETURNING would have SQLAlchemy write
    # statements of thousands of parameters.
    last = connection.execute(select(func.max(entries.c.number))).scalar() or 0
    common = {"site": site, "last_run": run, "first_seen": now, "last_seen": now}
    insert_rows(connection, entries, [_opened_row(each) | common for each in opened])
    numbered = select(entries.c.fingerprint, entries.c.number).where(entries.c.number > last, entries.c.site == site)
    numbers = {row.fingerprint: row.number for row in connection.execute(numbered)}
    rows = [
        history_row(row._replace(number=numbers[each.found.fingerprint])) for each in opened for row in each.history
    ]
    insert_rows(connection, entry_history, rows)
    add_texts(connection, ((numbers[each.found.fingerprint], each.body) for each in opened))


def _opened_row(opened: NewEntry) -> Row:
    handling = replay(opened.history)
    judged = opened.suppression if handling.state is State.FALSE_POSITIVE else None
    return (
        new_entry_row(opened.found, opened.body)
        | handling_row(handling)
        | {"suppression": judged, "hidden": int(judged is not None)}
    )


class SightedEntry(Struct, frozen=True):
    """What a run saw of the entry ``number``; ``is_hidden`` as a false positive."""

    number: int
    finding: Finding
    body: JsonText
    is_hidden: bool


def mark_seen(connection: Connection, run: int, now: float, found: Sequence[SightedEntry]) -> None:
    """Keep what a run saw of known entries."""
    rows: list[Row] = [
        {
            "number": each.number,
            "last_seen": now,
            "last_run": run,
            "hidden": int(each.is_hidden),
            "severity": each.finding.weight.value,
            "confidence": each.finding.confidence.value,
            "body": each.body,
        }
        for each in found
    ]
    update_rows(connection, entries, rows, key="number", added={"hidden"})
    renew_texts(connection, ((row["number"], row["body"]) for row in rows))


def write_changes(
    connection: Connection,
    read: Mapping[int, Handling],
    changes: Iterable[FieldChange],
    suppression_of: Mapping[int, int] | None = None,
) -> None:
    """Add rows to the history, and make the entries what they then add up to. Raises ConflictError.

    ``read`` are the entries as they were read. ``suppression_of`` numbers the remembered judgement behind a false
    positive.
    """
    rows = list(changes)
    if not rows:
        return
    present = {number: read[number] for number in dict.fromkeys(row.number for row in rows)}
    for row in rows:
        present[row.number] = applied(present[row.number], row)
    insert_rows(connection, entry_history, [history_row(row) for row in rows])
    _refuse_conflicts(connection, read, present)
    changed = [
        _changed_row(number, read[number], handling, (suppression_of or {}).get(number))
        for number, handling in present.items()
    ]
    update_rows(connection, entries, changed, key="number", added={"revision"})
    record_state_changes(connection, rows)
    noted = {row.number for row in rows if row.field == "note"}
    renew_notes(connection, {number: present[number].note for number in noted})
    _look_for_again(connection, read, present)


def _look_for_again(connection: Connection, read: Mapping[int, Handling], present: Mapping[int, Handling]) -> None:
    """Have runs look again for false positives that are none any more.

    A run that saw one gone has let it rest, and left its state to people: without this no run would ever close it.
    """
    for number, handling in present.items():
        before = read[number]
        if not isinstance(before, LedgerEntry) or before.state is not State.FALSE_POSITIVE:
            continue
        if handling.state not in {State.FALSE_POSITIVE, State.CLOSED}:
            mark_open(connection, before.site, [before.fingerprint])


def _refuse_conflicts(connection: Connection, read: Mapping[int, Handling], present: Iterable[int]) -> None:
    """Raise ConflictError where an entry is not as it was read; from here on nobody else can change them."""
    changed = []
    # A row of the history has just been written, so SQLite has its one writer; PostgreSQL locks the rows.
    is_present = one_of(connection, entries.c.number)
    statement = select(entries.c.number, entries.c.revision).where(is_present).with_for_update()
    for some in in_parts(connection, present):
        rows = connection.execute(statement, some)
        changed += [row.number for row in rows if row.revision != _revision(read[row.number])]
    if changed:
        raise ConflictError(changed)


def _revision(read: Handling) -> int:
    return read.revision if isinstance(read, LedgerEntry) else 0


def _changed_row(number: int, read: Handling, handling: Handling, suppression: int | None) -> Row:
    known = read.suppression if isinstance(read, LedgerEntry) else None
    remembered = (suppression or known) if handling.state is State.FALSE_POSITIVE else None
    return {"number": number, "suppression": remembered, "revision": 1, **handling_row(handling)}
