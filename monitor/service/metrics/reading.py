"""Read from the store, in a handful of queries, everything that metrics are made of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeVar

from monitor.beijing import beijing_time
from monitor.rounds import Calendar
from monitor.service.metrics.run_figures import FigureCache, RunFigures
from monitor.service.retries import Retry, retries_of
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.ledger.counts import Closings, EntryGroup, LedgerCountCache
from monitor.store.media import MediaStanding, MediaStore
from monitor.store.probe_results import ProbeRecord, ProbeStore
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.statistics import LastRun, Statistics, Totals
from monitor.store.upkeep import size

T = TypeVar("T")

HOURS = (10, 60, 300, 900, 3600, 10_800, 21_600, 43_200)
"""Upper edges of the buckets of durations, in seconds."""

AVAILABILITY_DAYS = 7


@dataclass(slots=True)
class StoreReading:
    """What the store said at one moment about the sites that are configured; times are seconds since the epoch."""

    settings: Settings
    now: float
    calendars: Mapping[Key, Calendar]
    totals: dict[Key, Totals]
    last: dict[Key, LastRun]
    """The last run of any result."""
    seen: dict[Key, LastRun]
    """The last run that saw the site."""
    figures: dict[int, RunFigures]
    """Of the runs in ``seen``, by number."""
    open: dict[Key, int]
    fixed: dict[int, int]
    misfires: dict[Key, tuple[int, int]]
    retries: dict[Key, Retry]
    durations: dict[str, tuple[list[int], float]]
    availability: dict[str, tuple[int, int]]
    functions: dict[tuple[str, str], ProbeRecord]
    media: dict[tuple[str, str], MediaStanding]
    ledger: list[EntryGroup]
    closings: dict[str, Closings]
    """By site."""
    rechecks: Counter[str]
    """By result."""
    store_bytes: int
    sites: list[str] = field(init=False)

    def __post_init__(self) -> None:
        """List the sites in the order of the configuration."""
        self.sites = [site.key for site in self.settings.sites]

    def found(self) -> Iterator[tuple[Key, LastRun, RunFigures]]:
        """Yield what the last good inspection of every site and scope found."""
        for key, run in self.seen.items():
            yield key, run, self.figures[run.id]

    def newest(self, figure: Callable[[RunFigures], T | None]) -> dict[str, tuple[LastRun, T]]:
        """Return a figure of every site from the newest run that has it: not every scope looks at everything."""
        known = sorted(self.found(), key=lambda each: each[1].finished or 0.0)
        valued = ((key, run, figure(figures)) for key, run, figures in known)
        return {key[0]: (run, value) for key, run, value in valued if value is not None}

    def stale_columns(self) -> Iterator[tuple[str, int]]:
        """Yield every site whose columns a full inspection knows, with how many of them are overdue by now."""
        today = beijing_time(self.now).toordinal()
        for (site, scope), _, figures in self.found():
            if scope == "site":
                yield site, sum(day <= today for day in figures.deadlines)

    def configured_functions(self) -> Iterator[ProbeRecord]:
        """Yield the last result of every function that is configured and was tried."""
        for site in self.settings.sites:
            for probe in site.probes:
                if (result := self.functions.get((site.key, probe.name))) is not None:
                    yield result

    def configured_accounts(self) -> Iterator[MediaStanding]:
        """Yield how every account on new media stands that is configured and of which anything is known."""
        for site in self.settings.sites:
            for account in site.accounts:
                if (standing := self.media.get((site.key, account.name))) is not None:
                    yield standing


class StoreReader:
    """Reads for the sites of the settings that it is given."""

    def __init__(self, store: Store) -> None:
        self._engine = store.engine
        self._statistics = Statistics(store.engine)
        self._figures = FigureCache(self._statistics)
        self._ledger = LedgerCountCache(store.engine)

    def stamp(self) -> tuple[object, ...]:
        """Return what changes whenever a figure does, but for what changes with time alone."""
        return (*self._statistics.stamp(), self._ledger.stamp())

    def read(self, settings: Settings, calendars: Mapping[Key, Calendar], now: float, *, named: bool) -> StoreReading:
        """Return what the store says now; ``named``: columns with their names."""
        statistics, sites = self._statistics, {site.key for site in settings.sites}
        last = {key: run for key, run in statistics.latest().items() if key[0] in sites}
        seen = {key: run for key, run in statistics.latest_successes(last).items() if key[0] in sites}
        numbers = [run.id for run in seen.values()]
        schedules = ScheduleStore(self._engine)
        groups, counted = self._ledger.read(now)
        return StoreReading(
            settings=settings,
            now=now,
            calendars=calendars,
            totals={(row.site, row.scope): row for row in statistics.totals() if row.site in sites},
            last=last,
            seen=seen,
            figures=self._figures.of(numbers, named=named),
            open=statistics.open(),
            fixed=statistics.fixed(numbers),
            misfires=statistics.misfires(),
            retries=retries_of(schedules.failed(), settings.schedule.retries),
            durations=statistics.durations(HOURS),
            availability=self._availability(sites, now),
            functions=ProbeStore(self._engine).load(),
            media=MediaStore(self._engine).standings(),
            ledger=[group for group in groups if group.site in sites],
            closings={site: closings for site, closings in counted.closings.items() if site in sites},
            rechecks=_by_result(counted.rechecks, sites),
            store_bytes=size(self._engine),
        )

    def _availability(self, sites: set[str], now: float) -> dict[str, tuple[int, int]]:
        """Return probes and failures of every site over the last days, today included."""
        today = beijing_time(now).date()
        since = today - timedelta(days=AVAILABILITY_DAYS - 1)
        known = self._statistics.availability(since.isoformat())
        return {site: counts for site, counts in known.items() if site in sites}


def _by_result(rechecks: Counter[tuple[str, str]], sites: set[str]) -> Counter[str]:
    counts = Counter[str]()
    for (site, result), count in rechecks.items():
        counts[result] += count if site in sites else 0
    return counts
