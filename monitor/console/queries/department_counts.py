"""Count the ledger by department: what each has to do, what of it is late, what waits to be looked at again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.store.ledger.entry_browsing import EntryQuery, Facet, Visibility
from monitor.store.reading_store import ReadingStore
from reports.remediation.states import WORKING, State


@dataclass(frozen=True, slots=True)
class DepartmentCount:
    """A department, "" for the rows that none has: open entries, and how many of these are critical, late, mended."""

    name: str
    open: int
    critical: int
    overdue: int
    to_verify: int


def department_counts(reading: ReadingStore, visible: Visibility, today: date) -> list[DepartmentCount]:
    """Return every department that somebody may see rows of, the latest first; counted from memory."""
    everything = EntryQuery(visible=visible)
    working = everything.choosing(Facet.STATE, [state.value for state in WORKING])
    queries = {
        "open": working,
        "critical": working.choosing(Facet.SEVERITY, ["critical"]),
        "overdue": EntryQuery(working.chosen, today, visible=visible),
        "to_verify": everything.choosing(Facet.STATE, [State.TO_VERIFY.value]),
    }
    counted = {name: reading.counts.count(query, today) for name, query in queries.items()}
    known = reading.counts.count(everything, today).facets[Facet.DEPARTMENT]
    counts = [
        DepartmentCount(name, **{key: each.facets[Facet.DEPARTMENT][name] for key, each in counted.items()})
        for name in known
    ]
    return sorted(counts, key=lambda each: (not each.name, -each.overdue, -each.critical, -each.open, each.name))


def rows_of(department: str, visible: Visibility) -> EntryQuery:
    """Return the query of what a department has to do; "" is every department that somebody may see rows of."""
    working = EntryQuery(visible=visible).choosing(Facet.STATE, [state.value for state in WORKING])
    return working.choosing(Facet.DEPARTMENT, [department]) if department else working
