"""Make the rows of the ledger's spreadsheet: entries with what the store knows around them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_context import last_looks, page_titles, site_facts
from reports.remediation.entry import LedgerEntry
from reports.remediation.ledger_row import LedgerRow, SiteFacts


class LedgerRows:
    """The rows of one workbook; what is known of a site is read once for all of them."""

    def __init__(self, entries: EntryStore) -> None:
        self._entries, self._engine = entries, entries.engine
        self._sites: dict[str, SiteFacts] = {}

    def get(self, numbers: Sequence[int], first: int = 1) -> list[LedgerRow]:
        """Return the rows of entries, in the order of ``numbers`` and counted from ``first``."""
        known = self._entries.get(numbers)
        entries = [known[number] for number in numbers if number in known]
        self._learn_sites(entries)
        titles = self._titles(entries)
        looks = last_looks(self._engine, [entry.number for entry in entries if entry.closed or entry.bounced])
        return [
            LedgerRow(
                entry=entry,
                site=self._sites[entry.site],
                page_title=titles.get((entry.site, entry.page), ""),
                look=looks.get(entry.number),
                at=at,
            )
            for at, entry in enumerate(entries, first)
        ]

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
