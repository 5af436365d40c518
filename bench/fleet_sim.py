"""Simulate a quarter of a fleet: many sites, so many workers, failures, rounds spread over nights. Nobody is asked.

    python bench/fleet_sim.py [--workers 4,8,16] [--sites 13000] [--cores 2] [--concurrency 4] [--first] [--sizes FILE]

Rounds fall as ``schedule`` of docs/scaling.md has them (the project's calendars), are served in the order of the queue
(the project's priorities), one inspection of a host at a time, and are tried again when they fail (the project's
retries). What an inspection takes is reckoned from measured costs; the rest is drawn, the same in every run.

What is not measured is assumed, and named in ``ASSUMED``: how many pages sites have, above all. ``--sizes`` takes a
file with the number of pages of a site in each line, such as those of one's own store, in its place.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import mean, median, quantiles
from typing import NamedTuple
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))
from monitor.service.fleet.judge import PRIORITIES
from monitor.service.retries import retries_of
from monitor.settings.service import QuarterlySettings, ScheduleSettings, SiteScheduleSettings, WeeklySettings
from monitor.settings.site import CrawlSettings

HOUR, DAY = 3600.0, 86_400.0
DAYTIME = 8, 20
ZONE = ZoneInfo("Asia/Shanghai")
START, END = (datetime(2027, 1, 8, tzinfo=ZONE).timestamp(), datetime(2027, 4, 9, tzinfo=ZONE).timestamp())
"""A quarter of 13 weeks, from the first round of whole sites on."""

SCHEDULE = ScheduleSettings(
    weekly=WeeklySettings(weekday="saturday", time="20:00", nights=7),
    quarterly=QuarterlySettings(week="second", weekday="friday", time="20:00", nights=84),
    spread=600,
)
AT_ONCE = ScheduleSettings()
"""The defaults: all homepages on Monday, all whole sites on one Saturday of the quarter."""

# ---- what was measured (docs/performance.md, docs/operations.md, bench/fleet.py) ----------------------------------

FIRST_CPU = 51.5 / 332
"""CPU seconds of a page that was never read, with typos and language models: the first inspection of 332 pages."""
AGAIN_CPU = 2.14 / 332
"""The same of one that has not changed."""
HOMEPAGE_CPU = 2.5
"""CPU seconds of the inspection of a homepage."""
QUEUE_CPU = 0.002
"""CPU seconds of worker and server for a job's way through the queue."""
PAGE_KB, FINDING_KB, FAULT_KB, RUN_KB = 1.64, 0.7, 1.8, 5.3
"""Kilobytes in the store (docs/operations.md, "Disk"): a page with eight texts, once; a finding in each run; a
fault in the ledger, once; a run."""
CONNECTIONS_SCHEDULER, CONNECTIONS_WORKER = 31, 19

# ---- what is assumed ----------------------------------------------------------------------------------------------


class Level(NamedTuple):
    """Sites of one kind: their share of all, and the median of their pages."""

    name: str
    share: float
    pages: int


ASSUMED = """\
Sites by level: CNNIC's 45th report (14,474 sites in December 2019: 6.3 % of ministries, 82.1 % of cities and below)
and the State Council's count of June 2018 (portals and departments). Pages of a site: published nowhere; the medians
by level are ours, with the heavy tail (lognormal, sigma 1.2) that studies of national webs found, cut at
crawl.max_pages. A page: 60 KB, 1.3 requests at the site's own host; 3 % of pages are new in a quarter; 2 % of rounds
fail at first, of their retries half; a worker is killed once in 30 days, and its inspections wait for
engine.stalled_after."""

LEVELS = (
    Level("ministries", 0.063, 20_000),
    Level("provinces", 0.116, 10_000),
    Level("city portals", 0.025, 40_000),
    Level("city departments", 0.610, 2_500),
    Level("counties", 0.186, 12_000),
)
SIGMA, FEWEST = 1.2, 20
PAGE_BYTES, REQUESTS = 60_000, 1.3
NEW, FAILS, FAILS_AGAIN, KILLED = 0.03, 0.02, 0.5, 30 * DAY
FAULTS, HOMEPAGE_FAULTS = 0.1, 10
"""Findings a page, and of a homepage."""
HOMEPAGE_LINKS = 60
"""Requests of the inspection of a homepage."""
STALLED = 30.0


@dataclass(frozen=True)
class Machines:
    """The workers: how many, the cores of each, and how many inspections it makes at a time."""

    workers: int
    cores: int
    concurrency: int

    @property
    def slots(self) -> int:
        """Inspections that all make at a time."""
        return self.workers * self.concurrency


@dataclass(frozen=True)
class Fleet:
    """The sites of a fleet by their pages, its schedule, and whether their pages were never read before."""

    pages: Sequence[int]
    schedule: ScheduleSettings
    is_first: bool


class Job(NamedTuple):
    """An inspection: ``ready`` is when it was put into the queue."""

    priority: int
    ready: float
    fire: float
    site: int
    scope: str


@dataclass
class Tally:
    """What happened: waits in seconds by scope, and the rest in numbers."""

    waits: dict[str, list[float]] = field(default_factory=lambda: {"homepage": [], "site": []})
    starts: Counter[int] = field(default_factory=Counter)
    requests: Counter[int] = field(default_factory=Counter)
    lasting: list[float] = field(default_factory=list)
    busy: float = 0.0
    cpu: float = 0.0
    pages: float = 0.0
    rounds: int = 0
    skipped: int = 0
    retried: int = 0
    failed: int = 0
    left: int = 0
    cut: int = 0
    deepest: int = 0


class Simulation:
    """One quarter of a fleet on machines."""

    def __init__(self, fleet: Fleet, machines: Machines) -> None:
        self.fleet, self.machines = fleet, machines
        self.random = random.Random(1)
        self.waiting: list[tuple[int, float, int, Job]] = []
        self.held: dict[int, deque[Job]] = {}
        self.under_way: set[int] = set()
        self.queued: set[tuple[int, str]] = set()
        self.ending: list[tuple[float, int, Job]] = []
        self.free = machines.slots
        self.tally = Tally()
        self.number = 0

    def run(self) -> Tally:
        """Live through the quarter, and until what was begun in it has ended."""
        arriving = sorted(self._rounds(), key=lambda job: job.ready)
        self.later: list[tuple[float, int, Job]] = []
        at = 0
        while at < len(arriving) or self.ending or self.later:
            now = min(
                arriving[at].ready if at < len(arriving) else float("inf"),
                self.ending[0][0] if self.ending else float("inf"),
                self.later[0][0] if self.later else float("inf"),
            )
            if now > END:
                break
            while self.ending and self.ending[0][0] <= now:
                self._end(now, heapq.heappop(self.ending)[2])
            while at < len(arriving) and arriving[at].ready <= now:
                self._arrive(arriving[at])
                at += 1
            while self.later and self.later[0][0] <= now:
                self._arrive(heapq.heappop(self.later)[2])
            self._hand_out(now)
            self.tally.deepest = max(self.tally.deepest, len(self.waiting))
        self.tally.left = len(self.waiting) + len(self.ending) + sum(map(len, self.held.values()))
        return self.tally

    def _rounds(self) -> Iterator[Job]:
        own = SiteScheduleSettings()
        for site in range(len(self.fleet.pages)):
            for scope, calendar in self.fleet.schedule.calendars(f"s{site}.gov.cn", own).items():
                for fire in calendar.between(START, END):
                    yield Job(-PRIORITIES[scope], fire, fire, site, scope)

    def _arrive(self, job: Job) -> None:
        if job.fire == job.ready:
            self.tally.rounds += 1
        if (job.site, job.scope) in self.queued:
            self.tally.skipped += 1
            return
        self.queued.add((job.site, job.scope))
        self._queue(job)

    def _queue(self, job: Job) -> None:
        self.number += 1
        heapq.heappush(self.waiting, (job.priority, job.ready, self.number, job))

    def _hand_out(self, now: float) -> None:
        while self.free and self.waiting:
            job = heapq.heappop(self.waiting)[3]
            if job.site in self.under_way:
                self.held.setdefault(job.site, deque()).append(job)
                continue
            self.free -= 1
            self.under_way.add(job.site)
            self.tally.waits[job.scope].append(now - job.ready)
            self.tally.starts[int((now - START) // HOUR)] += 1
            lasts = self._lasts(job, now)
            self.tally.busy += lasts
            self.number += 1
            heapq.heappush(self.ending, (now + lasts, self.number, job))

    def _lasts(self, job: Job, now: float) -> float:
        """Return how many seconds an inspection takes: its pauses at the site, or its share of the cores."""
        if job.scope == "homepage":
            cpu, requests, pages = HOMEPAGE_CPU, HOMEPAGE_LINKS, 1.0
        else:
            pages = self.fleet.pages[job.site]
            new = 1.0 if self.fleet.is_first else NEW
            cpu = pages * (AGAIN_CPU + new * FIRST_CPU)
            requests = pages * REQUESTS
        cpu += QUEUE_CPU
        self.tally.cpu += cpu
        self.tally.pages += pages
        beside = max(1.0, (self.machines.slots - self.free) / self.machines.workers)
        share = min(1.0, self.machines.cores / beside)
        # Pages are read by the one event loop of a worker, and judged by its other processes.
        lasts = max(requests * CrawlSettings().delay, pages * AGAIN_CPU * beside, cpu / share)
        limit = CrawlSettings().max_seconds
        self.tally.cut += lasts > limit
        killed = sum(self.random.random() < part for part in _parts(lasts / KILLED))
        lasts = min(lasts, limit) + killed * STALLED
        if job.scope == "site":
            self.tally.lasting.append(lasts)
        self._spread_requests(now, lasts, requests)
        return lasts

    def _spread_requests(self, now: float, lasts: float, requests: float) -> None:
        first, last = int((now - START) // HOUR), int((now + lasts - START) // HOUR)
        for hour in range(first, last + 1):
            self.tally.requests[hour] += int(requests / (last - first + 1))

    def _end(self, now: float, job: Job) -> None:
        self.free += 1
        self.under_way.discard(job.site)
        self.queued.discard((job.site, job.scope))
        for held in self.held.pop(job.site, ()):
            self._queue(held)
        tries = round((job.fire % 1.0) / 0.001)
        if self.random.random() < (FAILS_AGAIN if tries else FAILS):
            self._fail(now, job)

    def _fail(self, now: float, job: Job) -> None:
        key = (str(job.site), job.scope)
        retry = retries_of({key: (job.fire, now)}, self.fleet.schedule.retries).get(key)
        if retry is None:
            self.tally.failed += 1
            return
        self.tally.retried += 1
        self.number += 1
        again = job._replace(ready=retry.at, fire=retry.fire)
        heapq.heappush(self.later, (retry.at, self.number, again))


def _parts(expected: float) -> list[float]:
    """Return chances that come to an expected number of times."""
    whole = int(expected)
    return [1.0] * whole + [expected - whole]


def drawn_pages(sites: int) -> list[int]:
    """Return how many pages each site has, by the levels."""
    chance = random.Random(2)
    most = CrawlSettings().max_pages
    pages: list[int] = []
    for level in LEVELS:
        drawn = (level.pages * chance.lognormvariate(0, SIGMA) for _ in range(round(sites * level.share)))
        pages += [min(most, max(FEWEST, round(each))) for each in drawn]
    chance.shuffle(pages)
    return (pages * 2)[:sites]


def figures(tally: Tally, machines: Machines) -> Iterator[str]:
    span = END - START
    rate = tally.busy / (machines.slots * span)
    cores = tally.cpu / (machines.workers * machines.cores * span)
    open_hours = [count for hour, count in tally.starts.items() if hour < span / HOUR]
    yield (
        f"{machines.workers} workers of {machines.cores} cores, {machines.concurrency} inspections each: "
        f"{100 * rate:.0f} % of places busy, {100 * cores:.0f} % of cores"
    )
    for scope, waits in tally.waits.items():
        if waits:
            part = quantiles(waits, n=20)[-1] if len(waits) > 1 else waits[0]
            spans = f"{_span(median(waits))}, p95 {_span(part)}, at most {_span(max(waits))}"
            yield f"  {scope}: {len(waits):,} begun, waited {spans}"
    yield (
        f"  {tally.rounds:,} rounds, {tally.retried:,} retries, {tally.failed:,} failed for good, "
        f"{tally.skipped:,} skipped, {tally.left:,} not ended; queue at most {tally.deepest:,}"
    )
    yield (
        f"  busiest hour starts {max(open_hours)} against {mean(open_hours):.0f} in the mean one; "
        f"whole sites take {_span(median(tally.lasting))}, "
        f"the longest {_span(max(tally.lasting))}; {tally.cut} cut by crawl.max_seconds"
    )
    by_day = sum(count for hour, count in tally.requests.items() if DAYTIME[0] <= hour % 24 < DAYTIME[1])
    yield f"  {100 * by_day / sum(tally.requests.values()):.0f} % of the requests fall between 8:00 and 20:00"


def demands(tally: Tally, fleet: Fleet) -> Iterator[str]:
    """Yield what the quarter takes, however many workers there are, for 1,000 sites."""
    thousand = len(fleet.pages) / 1000
    span = END - START
    peak = max(tally.requests.values()) / HOUR * PAGE_BYTES * 8 / 1e6
    new = tally.pages * (1.0 if fleet.is_first else NEW)
    found = FAULTS * tally.pages + HOMEPAGE_FAULTS * tally.rounds
    store = new * (PAGE_KB + FAULTS * FAULT_KB) + found * FINDING_KB + tally.rounds * RUN_KB
    read, cores = tally.pages * PAGE_BYTES / 1e12, tally.cpu / span
    sizes = f"{mean(fleet.pages):,.0f} in the mean, {median(fleet.pages):,.0f} in the median"
    yield f"pages read: {tally.pages / 1e6:.1f} million; of a site {sizes}"
    yield f"for 1,000 sites: {tally.cpu / HOUR / thousand:,.0f} core hours, {cores / thousand:.2f} cores all the time"
    yield f"for 1,000 sites: {read / thousand:.2f} TB read, {store / 1e6 / thousand:.1f} GB in the store"
    yield f"busiest hour: {peak:,.0f} Mbit/s for all"


def limits(machines: Machines) -> Iterator[str]:
    connections = 2 * CONNECTIONS_SCHEDULER + machines.workers * CONNECTIONS_WORKER
    yield f"  connections: {connections} (max_connections is 100 where nobody raised it)"


def _span(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 90 * 60 else f"{seconds / HOUR:.1f} h"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=13_000)
    parser.add_argument("--workers", default="2,4,8,16,32", help="how many, or several numbers to compare")
    parser.add_argument("--cores", type=int, default=4, help="of each worker")
    parser.add_argument("--concurrency", type=int, default=16, help="inspections of each worker at a time")
    parser.add_argument("--first", action="store_true", help="no page was read before: the first quarter")
    parser.add_argument("--at-once", action="store_true", help="rounds as by default, not spread over nights")
    parser.add_argument("--sizes", type=Path, help="file with the number of pages of a site in each line")
    options = parser.parse_args()
    pages = [int(line) for line in options.sizes.read_text("utf-8").split()] if options.sizes else None
    fleet = Fleet(pages or drawn_pages(options.sites), AT_ONCE if options.at_once else SCHEDULE, options.first)
    print(ASSUMED)
    for count in map(int, options.workers.split(",")):
        machines = Machines(count, options.cores, options.concurrency)
        tally = Simulation(fleet, machines).run()
        for line in (*figures(tally, machines), *limits(machines)):
            print(line, flush=True)
    for line in demands(tally, fleet):
        print(line)


if __name__ == "__main__":
    main()
