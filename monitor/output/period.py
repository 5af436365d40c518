"""Build the report of a period from the ledger and the runs of a site, or of many."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from checks.model import Severity
from monitor.beijing import ZONE, beijing_time
from monitor.output.trend import points_of
from monitor.remediation.ledger import Ledger
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.statistics import Statistics
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.model import Scope
from reports.period.period_report import GroupInPeriod, Period, PeriodReport, PeriodRun, SiteInPeriod
from reports.remediation.entry import LedgerEntry
from reports.remediation.figures import EntryCounts, EntrySketch, figures_by, figures_of
from reports.remediation.states import WORKING

LISTED = 20_000
"""Open faults that a report of many sites lists, the worst: some 4 KB of memory each."""

NOTHING = EntryCounts()


class KnownSite(NamedTuple):
    """A site that a report of many has: its id, what the office calls it, and its homepage."""

    id: str
    name: str
    url: str


def newest_runs(store: Store) -> dict[str, int]:
    """Return the number of the newest run that ended of each site that was ever inspected, by the id of the site."""
    ended = Statistics(store.engine).latest().values()
    return {run.site: run.id for run in sorted(ended, key=lambda run: run.id)}


def known_sites(store: Store, configured: Iterable[KnownSite]) -> dict[str, KnownSite]:
    """Return all sites by their ids: those that are configured, and those that the store has runs or entries of."""
    found = {site.id: site for site in configured}
    newest = newest_runs(store)
    for site in sorted(store.runs.sites() - found.keys()):
        run = store.runs.load(newest[site]) if site in newest else None
        found[site] = KnownSite(site, (run.name if run else "") or site, run.url if run else "")
    return found


def build_period_report(
    store: Store, ledger: Ledger, site: str, period: Period, letterhead: Letterhead = NO_LETTERHEAD
) -> PeriodReport:
    """Return the report of a site that was inspected at least once. Raises KeyError for any other."""
    newest = store.runs.load(newest_runs(store)[site])
    sketches = list(ledger.entries.sketches(site))
    return PeriodReport(
        site=newest.name or site,
        url=newest.url,
        period=period,
        today=ledger.today,
        written=beijing_time(time.time()),
        figures=figures_of(sketches, period.start, period.end, ledger.today),
        months=tuple(_months(sketches, period, ledger)),
        runs=tuple(_runs(store, site, period)),
        entries=tuple(ledger.select(LedgerFilter(site=site, states=WORKING))),
        letterhead=letterhead,
    )


def build_report_of_sites(  # noqa: PLR0913 - what it is about, and in whose name
    store: Store,
    ledger: Ledger,
    sites: Mapping[str, KnownSite],
    period: Period,
    *,
    group: str = "",
    parts: Mapping[str, Collection[str]] = MappingProxyType({}),
    letterhead: Letterhead = NO_LETTERHEAD,
) -> PeriodReport:
    """Return the report of some sites, called ``group``, or of all; ``parts`` are the groups right below it.

    The figures of each site and of all together are counted from the same rows of the ledger, so that they add up.
    """
    sketches = [each for each in ledger.entries.sketches() if each.site in sites]
    counts = figures_by("site", sketches, period.start, period.end, ledger.today)
    critical = Counter(each.site for each in sketches if each.state in WORKING and each.severity == Severity.CRITICAL)
    of_sites = [
        SiteInPeriod(
            *site,
            counts=counts.get(site.id, NOTHING),
            critical=critical[site.id],
            runs=tuple(_runs(store, site.id, period)),
        )
        for site in sites.values()
    ]
    return PeriodReport(
        site=group,
        url="",
        period=period,
        today=ledger.today,
        written=beijing_time(time.time()),
        figures=figures_of(sketches, period.start, period.end, ledger.today),
        months=tuple(_months(sketches, period, ledger)),
        entries=tuple(islice(_worst_first(ledger, sites if group else ()), LISTED)),
        letterhead=letterhead,
        sites=tuple(sorted(of_sites, key=lambda site: (site.rank, site.name, site.id))),
        groups=tuple(_groups(of_sites, group, parts)),
    )


def _groups(sites: Iterable[SiteInPeriod], group: str, parts: Mapping[str, Collection[str]]) -> list[GroupInPeriod]:
    """Return the parts that have sites of the report, each by its own name; nothing where there is none beside another.

    Of a reader who may not see all sites, ``sites`` has those that it may, and no group is named in which it sees none.
    """
    by_id = {site.id: site for site in sites}
    found = []
    for path, members in parts.items():
        if seen := tuple(by_id[site] for site in members if site in by_id):
            found.append(GroupInPeriod(path.removeprefix(f"{group}/"), seen))
    grouped = {site.id for each in found for site in each.sites}
    if found and (rest := tuple(site for site in by_id.values() if site.id not in grouped)):
        found.append(GroupInPeriod("", rest))
    return sorted(found, key=lambda each: each.rank) if len(found) > 1 else []


def _worst_first(ledger: Ledger, sites: Collection[str]) -> Iterator[LedgerEntry]:
    """Yield what is open, the severe first, of some sites, or of all where none is named."""
    for severity in Severity:
        for site in sites or ("",):
            yield from ledger.select(LedgerFilter(site=site, states=WORKING, severities=(severity,)))


def _months(sketches: Collection[EntrySketch], period: Period, ledger: Ledger) -> Iterator[tuple[Period, EntryCounts]]:
    for month in period.months(until=ledger.today):
        yield month, figures_of(sketches, month.start, month.end, ledger.today).total


def _runs(store: Store, site: str, period: Period) -> list[PeriodRun]:
    """Return the runs that ended in a period, the oldest first."""
    start = datetime.combine(period.start, datetime.min.time(), ZONE).timestamp()
    end = datetime.combine(period.end, datetime.max.time(), ZONE).timestamp()
    rows = store.runs.ended_between(site, start, end)
    points = points_of(store, rows)
    return [PeriodRun(row.id, Scope(row.scope), point) for row, point in zip(rows, points, strict=True)]
