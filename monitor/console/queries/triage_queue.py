"""Show what waits for a judgement, one entry after the other: which is meant, what lies around it, how many remain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from monitor.console.queries.entry_lists import EntryFilter, FacetValue, offered
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryNeighbours, Facet, Visibility
from monitor.store.reading_store import ReadingStore
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import State
from reports.wording import Words

NARROWED_BY = (Facet.SITE, Facet.RULE)
"""What the queue can be narrowed by on its page; the address takes every facet."""


@dataclass(frozen=True, slots=True)
class TriageQueue:
    """An entry with its place in the queue; ``entry`` None where nothing waits.

    ``left`` counts the entries that wait, this one included if it still does.
    """

    entry: LedgerEntry | None
    around: EntryNeighbours
    left: int
    facets: Mapping[Facet, list[FacetValue]]


def waiting(wanted: EntryFilter, judged: Visibility) -> EntryFilter:
    """Return a filter's share of the queue: what is to be confirmed, and that the person may judge."""
    query = replace(wanted.query, visible=judged).choosing(Facet.STATE, [State.TO_CONFIRM.value])
    return replace(wanted, query=query, states=())


def triage_queue(  # noqa: PLR0913, PLR0917 - two of them say how things are called
    reading: ReadingStore,
    wanted: EntryFilter,
    number: int | None,
    today: date,
    say: Words,
    site_names: Mapping[str, str],
) -> TriageQueue:
    """Return the queue at an entry, or where ``number`` is None or no longer known, at its first."""
    browser = EntryBrowser(reading.engine)
    query = browser.located(wanted.query)
    entry = EntryStore(reading.engine).get([number]).get(number) if number is not None else None
    if entry is None:
        entry = next(iter(browser.page(query, wanted.order, 1).entries), None)
    counts = reading.counts.count(query, today)
    return TriageQueue(
        entry=entry,
        around=browser.neighbours(query, wanted.order, entry) if entry else EntryNeighbours(None, None),
        left=counts.total,
        facets={facet: list(offered(counts.facets[facet], facet, wanted, say, site_names)) for facet in NARROWED_BY},
    )
