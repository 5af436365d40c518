"""Show the store as Prometheus metrics: worked out at every scrape, so that they are right after a restart.

A site that is no longer configured leaves no series, and a figure that is zero is shown as zero. Labels name sites,
scopes, kinds and columns, never URLs. What a finished run found does not change, so it is counted once per run.
"""

from __future__ import annotations

import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from importlib.metadata import version
from typing import TypeVar
from zoneinfo import ZoneInfo

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from checks import RULES
from checks.links import DEAD_LINK_RULES
from checks.model import ColumnStatus, Kind
from monitor.pages.urls import host_of
from monitor.rounds import Calendar
from monitor.service.retries import retries_of
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.probe_results import ProbeRecord, ProbeStore
from monitor.store.run_facts import RunFacts
from monitor.store.runs import RunRecord
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.statistics import Statistics
from monitor.store.upkeep import size

T = TypeVar("T")

SCOPES = ("homepage", "site")
RESULTS = ("complete", "partial", "failed")
HOURS = (10, 60, 300, 900, 3600, 10_800, 21_600, 43_200)
"""Upper edges of the buckets of durations, in seconds."""

AVAILABILITY_DAYS = 7
ZONE = ZoneInfo("Asia/Shanghai")
ALL = "all"
"""What a label says in compact mode instead of one of many values."""


@dataclass(slots=True)
class Found:
    """What one run found, counted."""

    families: Counter[tuple[str, str]] = field(default_factory=Counter)
    links: Counter[tuple[str, str]] = field(default_factory=Counter)
    suspected: int = 0
    new: int = 0


class StoreCollector(Collector):
    """Collects for the sites of ``settings()``, which is asked at every scrape, as is ``calendars()``."""

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        calendars: Callable[[], dict[Key, Calendar]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._store, self._statistics = store, Statistics(store.engine)
        self._settings, self._calendars, self._now = settings, calendars, now
        self._found: dict[int, Found] = {}

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering does not read the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric."""
        settings = self._settings()
        sites = [site.key for site in settings.sites]
        compact = len(sites) > settings.daemon.compact_above
        yield from self._about(settings)
        yield from self._inspections(sites)
        yield from self._rounds()
        latest = {key: row for key, row in self._statistics.latest(successful=True).items() if key[0] in set(sites)}
        self._count(latest.values())
        yield from self._sizes(latest, compact=compact)
        yield from self._findings(latest, compact=compact)
        yield _failures(latest, compact=compact)
        yield from self._history(latest)
        yield from _columns(latest, self._now(), compact=compact)
        yield from _network(latest)
        yield from _security(latest)
        yield from self._availability(sites)
        yield from self._functions(settings, compact=compact)
        yield _gauge("store_size_bytes", "Bytes that the store takes on disk.", (), [((), size(self._store.engine))])

    # ---- about ------------------------------------------------------------------------------------

    def _about(self, settings: Settings) -> Iterator[Metric]:
        build = InfoMetricFamily("sitehealth_build", "The program.")
        build.add_metric([], {"version": version("sitehealth"), "python": platform.python_version()})
        yield build
        about = InfoMetricFamily("sitehealth_site", "The sites that are looked after.", labels=["site"])
        for site in settings.sites:
            about.add_metric([site.key], {"name": site.name or site.key, "url": site.url})
        yield about

    def _inspections(self, sites: list[str]) -> Iterator[Metric]:
        totals = {(row.site, row.scope): row for row in self._statistics.totals()}
        keys = [(site, scope) for site in sites for scope in SCOPES]
        ended = CounterMetricFamily(
            "sitehealth_inspections", "Inspections that ended.", labels=["site", "scope", "result"]
        )
        for site, scope in keys:
            row = totals.get((site, scope))
            for result in RESULTS:
                ended.add_metric([site, scope, result], getattr(row, result) if row else 0)
        yield ended
        yield self._durations()
        for name, what in (("success", "that saw the site"), ("run", "of any result")):
            moments = [(key, getattr(totals[key], f"last_{name}") or 0.0 if key in totals else 0.0) for key in keys]
            text = f"When the last inspection {what} ended, 0 where there was none."
            yield _gauge(f"inspection_last_{name}_timestamp_seconds", text, ("site", "scope"), moments)
        last = self._statistics.latest(successful=False)
        outcome = [(key, float(last[key].status != "failed")) for key in keys if key in last]
        yield _gauge("inspection_last_success", "Whether the last inspection saw the site.", ("site", "scope"), outcome)

    def _durations(self) -> Metric:
        family = HistogramMetricFamily(
            "sitehealth_inspection_duration_seconds", "Seconds that inspections took.", labels=["scope"]
        )
        known = self._statistics.durations(HOURS)
        for scope in SCOPES:
            counts, total = known.get(scope, ([0] * (len(HOURS) + 1), 0.0))
            edges = [*(str(float(edge)) for edge in HOURS), "+Inf"]
            family.add_metric([scope], list(zip(edges, counts, strict=True)), total)
        return family

    def _rounds(self) -> Iterator[Metric]:
        now, calendars = self._now(), self._calendars()
        following = {key: calendar.next(now) for key, calendar in calendars.items()}
        yield _gauge(
            "inspection_next_run_timestamp_seconds", "When the next round falls.", ("site", "scope"), following.items()
        )
        intervals = [(key, calendars[key].next(moment) - moment) for key, moment in following.items()]
        yield _gauge("inspection_interval_seconds", "Seconds between two rounds.", ("site", "scope"), intervals)
        retries = retries_of(ScheduleStore(self._store.engine).failed(), self._settings().schedule.retries)
        yield _gauge(
            "inspection_retry_timestamp_seconds",
            "When a round that failed is tried again.",
            ("site", "scope"),
            [(key, retry.at) for key, retry in retries.items() if key in calendars],
        )
        misfires = CounterMetricFamily(
            "sitehealth_scheduler_misfires",
            "Rounds without an inspection: skipped because the last one still ran, missed while nobody was there.",
            labels=["site", "scope", "reason"],
        )
        known = self._statistics.misfires()
        for key in calendars:
            for reason, count in zip(("skipped", "missed"), known.get(key, (0, 0)), strict=True):
                misfires.add_metric([*key, reason], count)
        yield misfires

    # ---- what was found ---------------------------------------------------------------------------

    def _count(self, rows: Iterable[RunRecord]) -> None:
        wanted = {row.id for row in rows}
        self._found = {number: found for number, found in self._found.items() if number in wanted}
        fresh = wanted - self._found.keys()
        self._found |= {number: Found() for number in fresh}
        for row in self._statistics.counted(fresh):
            found, rule = self._found[row.run], RULES.get(row.rule)
            family = rule.family if rule else "retired"
            found.new += row.new
            if row.confidence == "confirmed":
                found.families[family, row.severity] += row.places
            else:
                found.suspected += row.places
        for number, kind, reason, count in self._statistics.links(fresh, DEAD_LINK_RULES):
            self._found[number].links[kind, reason] += count

    def _sizes(self, latest: dict[Key, RunRecord], *, compact: bool) -> Iterator[Metric]:
        labels = ("site", "scope")
        yield _gauge("pages", "Pages that the last inspection read.", labels, [(k, r.pages) for k, r in latest.items()])
        links = Counter[tuple[str, ...]]()
        broken = Counter[tuple[str, ...]]()
        for key, row in latest.items():
            broken[*key, *((ALL, ALL) if compact else (Kind.PAGE.value, "http-404"))] += 0
            for kind, count in {Kind.PAGE.value: 0, **row.facts.links}.items():
                links[*key, ALL if compact else kind] += count
            for (kind, reason), count in self._found[row.id].links.items():
                broken[*key, ALL if compact else kind, ALL if compact else reason] += count
        yield _gauge("links", "Distinct addresses asked for, by kind.", (*labels, "kind"), links.items())
        text = "Links that certainly do not open, by kind of target and reason."
        yield _gauge("broken_links", text, (*labels, "kind", "reason"), broken.items())
        for place, (name, text) in enumerate(
            (("characters", "Characters of text"), ("seconds", "Seconds for the text"))
        ):
            read = [
                ((*key, check), figures[place])
                for key, row in latest.items()
                for check, figures in row.facts.text.items()
            ]
            yield _gauge(
                f"text_check_{name}", f"{text} that the last inspection gave to a check.", (*labels, "check"), read
            )

    def _findings(self, latest: dict[Key, RunRecord], *, compact: bool) -> Iterator[Metric]:
        known = {(ALL if compact else rule.family, rule.severity.value) for rule in RULES.values()}
        sure: Counter[tuple[str, ...]] = Counter()
        maybe: Counter[tuple[str, ...]] = Counter()
        for key, row in latest.items():
            sure.update({(*key, *pair): 0 for pair in known})
            for (family, severity), count in self._found[row.id].families.items():
                sure[*key, ALL if compact else family, severity] += count
            maybe[key] = self._found[row.id].suspected
        labels = ("site", "scope")
        text = "Confirmed findings of the last inspection."
        yield _gauge("findings", text, (*labels, "family", "severity"), sure.items())
        yield _gauge("suspected_findings", "Findings that a person has to look at.", labels, maybe.items())

    def _history(self, latest: dict[Key, RunRecord]) -> Iterator[Metric]:
        labels = ("site", "scope")
        fixed = self._statistics.fixed(row.id for row in latest.values())
        still = self._statistics.open()
        figures: tuple[tuple[str, str, Callable[[Key, RunRecord], int]], ...] = (
            ("new", "Findings that the last inspection saw for the first time, or again.", self._new),
            ("fixed", "Findings that the last inspection verified to be gone.", lambda _, row: fixed.get(row.id, 0)),
            ("open", "Faults that are known and not gone.", lambda key, _: still.get(key, 0)),
        )
        for name, text, figure in figures:
            yield _gauge(f"findings_{name}", text, labels, [(key, figure(key, row)) for key, row in latest.items()])

    def _new(self, _: Key, row: RunRecord) -> int:
        return self._found[row.id].new

    def _availability(self, sites: list[str]) -> Iterator[Metric]:
        today = datetime.fromtimestamp(self._now(), UTC).astimezone(ZONE).date()
        since = today - timedelta(days=AVAILABILITY_DAYS - 1)
        known = {
            site: row for site, row in self._statistics.availability(since.isoformat()).items() if site in set(sites)
        }
        text = f"Share of the probes of the last {AVAILABILITY_DAYS} days at which the homepage opened in time, 0 to 1."
        ratio = [((site,), 1 - failed / probes) for site, (probes, failed) in known.items() if probes]
        yield _gauge("availability_ratio", text, ("site",), ratio)
        probes = [((site,), known.get(site, (0, 0))[0]) for site in sites]
        yield _gauge("availability_probes", f"Probes of the last {AVAILABILITY_DAYS} days.", ("site",), probes)

    def _functions(self, settings: Settings, *, compact: bool) -> Iterator[Metric]:
        """Yield how the configured functions stood when they were last tried; of many sites, the worst of each."""
        known = ProbeStore(self._store.engine).load()
        tried: dict[tuple[str, str], list[ProbeRecord]] = {}
        for site in settings.sites:
            for name in (probe.name for probe in site.probes if (site.key, probe.name) in known):
                tried.setdefault((site.key, ALL if compact else name), []).append(known[site.key, name])
        figures: tuple[tuple[str, str, Callable[[list[ProbeRecord]], float]], ...] = (
            ("success", "Whether a function worked at its last try.", lambda of: all(each.works for each in of)),
            (
                "duration_seconds",
                "Seconds of the requests of the last try.",
                lambda of: max(each.seconds for each in of),
            ),
            (
                "last_run_timestamp_seconds",
                "When a function was last tried.",
                lambda of: min(each.tried for each in of),
            ),
        )
        for name, text, figure in figures:
            rows = [(key, float(figure(results))) for key, results in tried.items()]
            yield _gauge(f"probe_{name}", text, ("site", "probe"), rows)


def _failures(latest: dict[Key, RunRecord], *, compact: bool) -> Metric:
    """Count by check what could not be judged."""
    rows: Counter[tuple[str, ...]] = Counter()
    for key, row in latest.items():
        for tally in row.facts.checks:
            rows[*key, ALL if compact else tally.id] += tally.errors
    text = "Subjects of the last inspection on which a check itself failed, so that there is no verdict on them."
    return _gauge("check_failures", text, ("site", "scope", "check"), rows.items())


def _columns(latest: dict[Key, RunRecord], now: float, *, compact: bool) -> Iterator[Metric]:
    """Yield the freshness of the columns, as far as an inspection of the whole site knows them."""
    updated: dict[tuple[str, ...], float] = {}
    limits: dict[tuple[str, ...], float] = {}
    stale: dict[tuple[str, ...], float] = {}
    for (site, scope), row in latest.items():
        if scope != "site":
            continue
        columns = list(_read_columns(row))
        stale[site,] = sum(now - newest > limit for _, newest, limit in columns)
        for name, newest, limit in columns:
            updated[site, name] = min(newest, updated.get((site, name), newest))
            limits[site, name] = limit
    labels = ("site", "column")
    kept = {} if compact else updated
    yield _gauge("column_last_update_timestamp_seconds", "When a column was last updated.", labels, kept.items())
    yield _gauge(
        "column_max_age_seconds", "Seconds in which a column has to be updated.", labels, ((k, limits[k]) for k in kept)
    )
    yield _gauge("stale_columns", "Columns that are older than they may be.", ("site",), stale.items())


def _read_columns(row: RunRecord) -> Iterator[tuple[str, float, float]]:
    """Yield name, seconds since the epoch of the last update, and seconds in which the next is due."""
    for column in row.facts.columns:
        if column.newest is not None and column.limit_days and column.status is not ColumnStatus.EXEMPT:
            midnight = datetime.combine(column.newest, time_of_day.min, ZONE)
            yield column.name[:100], midnight.timestamp(), column.limit_days * 86_400.0


def _network(latest: dict[Key, RunRecord]) -> Iterator[Metric]:
    text = "Whether the last inspection could not judge external links, because our own network failed."
    yield _gauge(
        "inspection_network_fault",
        text,
        ("site", "scope"),
        [(key, float(row.facts.network_fault is not None)) for key, row in latest.items()],
    )


def _security(latest: dict[Key, RunRecord]) -> Iterator[Metric]:
    graded = _newest(latest, lambda facts: facts.security)
    points = [((site,), float(security.score)) for site, (_, security) in graded.items()]
    yield _gauge("security_score", "Points of the security headers, 0 to 135.", ("site",), points)
    grades = InfoMetricFamily("sitehealth_security_grade", "Grade of the security headers, A+ to F.", labels=["site"])
    for site, (_, security) in graded.items():
        grades.add_metric([site], {"grade": security.grade})
    yield grades
    scores = [((site,), score.points) for site, (_, score) in _newest(latest, lambda facts: facts.score).items()]
    yield _gauge("score_points", "Points by the official score sheet.", ("site",), scores)
    ends = [
        ((site, host_of(row.url)), moment)
        for site, (row, moment) in _newest(latest, lambda facts: facts.certificate_not_after).items()
    ]
    text = "When the certificate of a host ends."
    yield _gauge("tls_certificate_not_after_timestamp_seconds", text, ("site", "host"), ends)


def _newest(latest: dict[Key, RunRecord], fact: Callable[[RunFacts], T | None]) -> dict[str, tuple[RunRecord, T]]:
    """Return one fact of every site from the newest run that knows it: not every scope looks at everything."""
    known = sorted(latest.items(), key=lambda item: item[1].finished or 0.0)
    return {site: (row, value) for (site, _), row in known if (value := fact(row.facts)) is not None}


def _gauge(
    name: str, text: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], float]]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"sitehealth_{name}", text, labels=labels)
    for values, figure in rows:
        family.add_metric(values, figure)
    return family
