"""Show every figure of every site: what is zero is shown as zero."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import product

from prometheus_client.core import InfoMetricFamily, Metric

from checks import RULES
from checks.model import Kind, Severity
from monitor.pages.urls import host_of
from monitor.service.metrics.families import RESULTS, SCOPES, build, counter, durations, gauge, time_to_close
from monitor.service.metrics.reading import StoreReading
from monitor.service.metrics.run_figures import ColumnAge, RunFigures
from monitor.store.ledger.counts import Closings
from monitor.store.run_facts import PicturesRead
from monitor.store.schedules import Key
from monitor.store.statistics import LastRun
from reports.remediation.recheck_verdict import RecheckResult
from reports.remediation.states import State

KNOWN_FINDINGS = {(rule.family, rule.severity.value) for rule in RULES.values()}
"""Families and severities that a finding may have."""


def full(reading: StoreReading) -> Iterator[Metric]:
    """Yield every metric of the store."""
    yield build()
    yield gauge("sites", [((), len(reading.sites))])
    yield _sites(reading)
    yield from _inspections(reading)
    yield durations(reading.durations)
    yield from _rounds(reading)
    yield from _sizes(reading)
    yield from _findings(reading)
    yield from _columns(reading)
    yield from _security(reading)
    yield from _availability(reading)
    yield from _functions(reading)
    yield from _media(reading)
    yield from _ledger(reading)
    yield gauge("store_size_bytes", [((), reading.store_bytes)])


def _sites(reading: StoreReading) -> Metric:
    about = InfoMetricFamily("sitehealth_site", "The sites that are looked after.", labels=["site"])
    for site in reading.settings.sites:
        about.add_metric([site.key], {"name": site.name or site.key, "url": site.url})
    return about


def _inspections(reading: StoreReading) -> Iterator[Metric]:
    keys = [(site, scope) for site in reading.sites for scope in SCOPES]
    totals = reading.totals
    ended = (
        ((*key, result), getattr(totals[key], result) if key in totals else 0) for key in keys for result in RESULTS
    )
    yield counter("inspections", ended)
    for name in ("last_success", "last_run"):
        moments = [(key, getattr(totals[key], name) or 0.0 if key in totals else 0.0) for key in keys]
        yield gauge(f"inspection_{name}_timestamp_seconds", moments)
    outcome = [(key, float(reading.last[key].status != "failed")) for key in keys if key in reading.last]
    yield gauge("inspection_last_success", outcome)
    faults = [(key, float(figures.has_network_fault)) for key, _, figures in reading.found()]
    yield gauge("inspection_network_fault", faults)
    yield gauge("inspection_unjudged", [(key, figures.unjudged) for key, _, figures in reading.found()])


def _rounds(reading: StoreReading) -> Iterator[Metric]:
    calendars = reading.calendars
    following = {key: calendar.next(reading.now) for key, calendar in calendars.items()}
    yield gauge("inspection_next_run_timestamp_seconds", following.items())
    intervals = [(key, calendars[key].next(moment) - moment) for key, moment in following.items()]
    yield gauge("inspection_interval_seconds", intervals)
    retries = [(key, retry.at) for key, retry in reading.retries.items() if key in calendars]
    yield gauge("inspection_retry_timestamp_seconds", retries)
    misfires = (
        ((*key, reason), count)
        for key in calendars
        for reason, count in zip(("skipped", "missed"), reading.misfires.get(key, (0, 0)), strict=True)
    )
    yield counter("scheduler_misfires", misfires)


def _sizes(reading: StoreReading) -> Iterator[Metric]:
    yield gauge("pages", [(key, run.pages) for key, run, _ in reading.found()])
    links: dict[tuple[str, ...], float] = {}
    broken: dict[tuple[str, ...], float] = {}
    for key, _, figures in reading.found():
        links |= {(*key, kind): count for kind, count in {Kind.PAGE.value: 0, **figures.links}.items()}
        broken[*key, Kind.PAGE.value, "http-404"] = 0
        broken |= {(*key, *what): count for what, count in figures.broken.items()}
    yield gauge("links", links.items())
    yield gauge("broken_links", broken.items())
    for name in ("characters", "seconds"):
        read = (
            ((*key, check), number)
            for key, _, of in reading.found()
            for (check, what), number in of.text.items()
            if what == name
        )
        yield gauge(f"text_check_{name}", read)
    for name in PicturesRead._fields:
        pictured = [(key, getattr(of.pictures, name)) for key, _, of in reading.found() if of.pictures]
        yield gauge(f"pictures_{name}", pictured)


def _findings(reading: StoreReading) -> Iterator[Metric]:
    sure = (
        ((*key, *what), figures.families.get(what, 0))
        for key, _, figures in reading.found()
        for what in KNOWN_FINDINGS | figures.families.keys()
    )
    yield gauge("findings", sure)
    figures: dict[str, Callable[[Key, LastRun, RunFigures], int]] = {
        "suspected_findings": lambda _key, _run, figures: figures.suspected,
        "findings_new": lambda _key, _run, figures: figures.new,
        "findings_fixed": lambda _key, run, _figures: reading.fixed.get(run.id, 0),
        "findings_open": lambda key, _run, _figures: reading.open.get(key, 0),
    }
    for name, figure in figures.items():
        yield gauge(name, [(key, figure(key, run, of)) for key, run, of in reading.found()])
    failures = (((*key, check), count) for key, _, of in reading.found() for check, count in of.failures.items())
    yield gauge("check_failures", failures)


def _columns(reading: StoreReading) -> Iterator[Metric]:
    oldest: dict[tuple[str, ...], ColumnAge] = {}
    for (site, scope), _, figures in reading.found():
        # Of columns of one name, the one that was updated longest ago.
        for column in sorted(figures.columns, key=lambda each: -each.newest) if scope == "site" else ():
            oldest[site, column.name] = column
    yield gauge("column_last_update_timestamp_seconds", [(key, column.newest) for key, column in oldest.items()])
    yield gauge("column_max_age_seconds", [(key, column.limit) for key, column in oldest.items()])
    yield gauge("stale_columns", [((site,), count) for site, count in reading.stale_columns()])


def _security(reading: StoreReading) -> Iterator[Metric]:
    graded = reading.newest(lambda figures: figures.security)
    yield gauge("security_score", [((site,), points) for site, (_, (points, _)) in graded.items()])
    grades = InfoMetricFamily("sitehealth_security_grade", "Grade of the security headers, A+ to F.", labels=["site"])
    for site, (_, (_, grade)) in graded.items():
        grades.add_metric([site], {"grade": grade})
    yield grades
    scores = reading.newest(lambda figures: figures.points)
    yield gauge("score_points", [((site,), points) for site, (_, points) in scores.items()])
    ends = reading.newest(lambda figures: figures.certificate_ends)
    moments = [((site, host_of(run.url)), moment) for site, (run, moment) in ends.items()]
    yield gauge("tls_certificate_not_after_timestamp_seconds", moments)


def _availability(reading: StoreReading) -> Iterator[Metric]:
    known = reading.availability
    ratio = [((site,), 1 - failed / probes) for site, (probes, failed) in known.items() if probes]
    yield gauge("availability_ratio", ratio)
    yield gauge("availability_probes", [((site,), known.get(site, (0, 0))[0]) for site in reading.sites])


def _functions(reading: StoreReading) -> Iterator[Metric]:
    results = [((each.site, each.probe), each) for each in reading.configured_functions()]
    yield gauge("probe_success", [(key, float(result.works)) for key, result in results])
    yield gauge("probe_duration_seconds", [(key, result.seconds) for key, result in results])
    yield gauge("probe_last_run_timestamp_seconds", [(key, result.tried) for key, result in results])


def _media(reading: StoreReading) -> Iterator[Metric]:
    known = list(reading.configured_accounts())
    updates = [((each.site, each.name), each.updated) for each in known if each.updated is not None]
    yield gauge("media_last_post_timestamp_seconds", updates)
    yield gauge("media_unseen", [((each.site, each.name), float(each.is_unseen)) for each in known])


def _ledger(reading: StoreReading) -> Iterator[Metric]:
    zeros = product(reading.sites, State, Severity)
    entries = Counter[tuple[str, ...]]({(site, state.value, severity.value): 0 for site, state, severity in zeros})
    overdue = Counter[tuple[str, ...]](
        {(site, severity.value): 0 for site, severity in product(reading.sites, Severity)}
    )
    oldest = dict.fromkeys(reading.sites, reading.now)
    for group in reading.ledger:
        entries[group.site, group.state, group.severity] += group.entries
        overdue[group.site, group.severity] += group.overdue
        if group.is_open:
            oldest[group.site] = min(oldest[group.site], group.oldest)
    yield gauge("ledger_entries", entries.items())
    yield gauge("ledger_overdue", overdue.items())
    ages = [((site,), reading.now - first_seen) for site, first_seen in oldest.items()]
    yield gauge("ledger_oldest_open_age_seconds", ages)
    yield time_to_close((site, reading.closings.get(site, Closings())) for site in reading.sites)
    yield counter("ledger_rechecks", [((result.value,), reading.rechecks[result]) for result in RecheckResult])
