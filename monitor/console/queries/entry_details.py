"""Show one entry: the fault with its evidence, what was decided, and how all of that came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.console.queries.entry_lists import titles_of
from monitor.output.snapshots import page_fault, snapshot
from monitor.store import Store
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.pictures import PictureStore
from monitor.store.reading_store import ReadingStore
from monitor.store.snapshots import SnapshotStore
from reports import facts
from reports.picture import Picture
from reports.remediation.entry import ChangeCause, FieldChange, LedgerEntry

UNSHOWN = frozenset({"estimated"})
"""Fields of the history that say nothing to people by themselves."""


@dataclass(frozen=True, slots=True)
class ChangeGroup:
    """What one person, look or date changed at one moment."""

    at: datetime
    cause: ChangeCause
    by: str
    run: int | None
    why: str
    rows: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class EntryDetails:
    """An entry, the title of its page, its history with the newest first, and who is named in entries of its site.

    ``snapshot`` is where in the page as it was fetched the fault is marked; "" where that page was not kept.
    ``pictures`` show the fault as the run that last found it saw it.
    """

    entry: LedgerEntry
    title: str
    history: tuple[ChangeGroup, ...]
    departments: tuple[str, ...]
    owners: tuple[str, ...]
    snapshot: str
    pictures: tuple[Picture, ...]


def entry_details(reading: ReadingStore, number: int) -> EntryDetails | None:
    """Return an entry, None where there is none of that number."""
    entries = EntryStore(reading.engine)
    entry = entries.get([number]).get(number)
    if entry is None:
        return None
    departments, owners = entries.responsible(LedgerFilter(site=entry.site))
    return EntryDetails(
        entry=entry,
        title=titles_of(reading, [entry]).get((entry.site, entry.page), ""),
        history=tuple(reversed(list(_grouped(entries.history(number))))),
        departments=tuple(departments),
        owners=tuple(owners),
        snapshot=_anchor(reading, entry),
        pictures=entry_pictures(reading, entry),
    )


def entry_pictures(reading: Store, entry: LedgerEntry) -> tuple[Picture, ...]:
    """Return the pictures of an entry that the run that last found it kept."""
    return PictureStore(reading.engine).of_finding(entry.last_run, entry.fingerprint)


def entry_snapshot(reading: ReadingStore, entry: LedgerEntry, language: str) -> bytes | None:
    """Return the page of an entry as the run that last found it fetched it, this fault marked; None if not kept.

    Other faults of the page are left unmarked: they may be of departments that the reader may not see.
    """
    page = facts.place(entry.finding)
    return snapshot(reading, entry.last_run, page, language, [entry.finding])


def _anchor(reading: ReadingStore, entry: LedgerEntry) -> str:
    page = facts.place(entry.finding)
    is_kept = SnapshotStore(reading.engine).has(entry.last_run, page)
    return page_fault(entry.finding).anchor if is_kept else ""


def _grouped(rows: list[FieldChange]) -> list[ChangeGroup]:
    """Return rows that were written together as one change."""
    groups: list[ChangeGroup] = []
    for row in rows:
        if row.field in UNSHOWN:
            continue
        last = groups[-1] if groups else None
        # What an assignment adds belongs to the change that called for it.
        is_same = last is not None and (row.at, row.run) == (last.at, last.run) and row.by in {last.by, ""}
        if last is not None and is_same:
            groups[-1] = ChangeGroup(last.at, last.cause, last.by, last.run, last.why, (*last.rows, row))
        else:
            groups.append(ChangeGroup(row.at, row.cause, row.by, row.run, row.why, (row,)))
    return groups
