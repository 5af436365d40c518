"""Make the rows of the ledger's spreadsheet: entries with what the store knows around them, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import count, islice
from typing import TypeVar

from monitor.remediation.ledger import Ledger, LedgerFilter
from monitor.store.ledger.entry_context import called_mended, last_looks, page_titles, site_facts
from reports.remediation.entry import LedgerEntry
from reports.remediation.ledger_row import LedgerRow, SiteFacts
from reports.remediation.states import State

T = TypeVar("T")

MENDED = frozenset({State.TO_VERIFY, State.CLOSED})
"""States in which a fault may be mended: somebody says so, or a look has shown it."""

TOGETHER = 500
"""Entries whose surroundings are read together."""


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of at most so many."""
    waiting = iter(items)
    while batch := list(islice(waiting, size)):
        yield batch


class LedgerRows:
    """The rows of one workbook; what is known of a site is read once for all of them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger, self._engine = ledger, ledger.entries.engine
        self._sites: dict[str, SiteFacts] = {}

    def select(self, wanted: LedgerFilter) -> Iterator[LedgerRow]:
        """Yield the rows of a filter, counted from 1, in the order of the entries' numbers."""
        numbers = count(1)
        for entries in batches(self._ledger.select(wanted), TOGETHER):
            self._learn_sites(entries)
            titles = self._titles(entries)
            looks = last_looks(self._engine, [entry.number for entry in entries if entry.closed or entry.bounced])
            mended = called_mended(self._engine, [entry.number for entry in entries if entry.state in MENDED])
            for entry in entries:
                yield LedgerRow(
                    entry=entry,
                    site=self._sites[entry.site],
                    page_title=titles.get((entry.site, entry.page), ""),
                    look=looks.get(entry.number),
                    mended=mended.get(entry.number),
                    at=next(numbers),
                )

    def _titles(self, entries: Iterable[LedgerEntry]) -> dict[tuple[str, str], str]:
        """Return the titles of the pages of entries, by site and URL."""
        urls: defaultdict[str, set[str]] = defaultdict(set)
        for entry in entries:
            urls[entry.site].add(entry.page)
        return {
            (site, url): title
            for site, wanted in urls.items()
            for url, title in page_titles(self._engine, site, wanted).items()
        }

    def _learn_sites(self, entries: Iterable[LedgerEntry]) -> None:
        unknown = {entry.site for entry in entries} - self._sites.keys()
        if unknown:
            self._sites |= site_facts(self._engine, unknown)
