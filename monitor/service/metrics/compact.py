"""Show thousands of sites in few series: by name only the sites that an alert could be about, all others summed up.

Sums over all sites are the same as in full detail: the rest of every figure stands under the site ``(others)``. A site
without a series of some kind has nothing to say of that kind. What is in no rule and of no use as a sum (the next
round, the age of each column, names) is left out: `sitehealth status` and the reports have it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import product

from prometheus_client.core import Metric

from checks.model import Severity
from monitor.pages.urls import host_of
from monitor.service.metrics.families import RESULTS, build, counter, durations, gauge, time_to_close
from monitor.service.metrics.reading import StoreReading
from monitor.service.metrics.run_figures import RunFigures
from monitor.store.ledger.counts import Closings
from monitor.store.run_facts import PicturesRead
from monitor.store.schedules import Key
from reports.remediation.recheck_verdict import RecheckResult
from reports.remediation.states import State

OTHERS = "(others)"
"""The site under which stands what is not shown by site; no id has a bracket."""
ALL = "all"
"""What a label says instead of one of many values."""

# What a rule fires on, with some room before it: deploy/prometheus/rules/alerts.yml.
RATIO = 0.005
"""Share of broken links from which a site is named; the rule asks for 0.01."""
EXPIRES = 35 * 86_400.0
"""Seconds before the end of a certificate from which on it is named; the rule asks for 21 days."""
AVAILABLE = 0.99
"""Availability below which a site is named; the rule asks for 0.97."""
SEVERE = ("typos", "critical")
"""Family and severity of findings that are shown by site."""
UNTENDED = 9 * 86_400.0
"""Seconds without a post from which an account on new media is named; the rule asks for 12 days."""
URGENT = frozenset({"critical", "major"})
"""Severities whose overdue entries are shown by site."""


class Sums(defaultdict[tuple[str, ...], float]):
    """Numbers by labels, which are added up."""

    def __init__(self, start: Mapping[tuple[str, ...], float] | None = None) -> None:
        super().__init__(float, start or {})

    def add(self, numbers: Mapping[tuple[str, ...], float]) -> None:
        """Add numbers to those of the same labels."""
        for labels, number in numbers.items():
            self[labels] += number


def compact(reading: StoreReading) -> Iterator[Metric]:
    """Yield the metrics of the store, of which the alerts and the dashboard are made."""
    yield build()
    yield gauge("sites", [((), len(reading.sites))])
    yield durations(reading.durations)
    yield from _inspections(reading)
    yield from _links(reading)
    yield from _findings(reading)
    yield from _text(reading)
    yield gauge("stale_columns", [((site,), count) for site, count in reading.stale_columns() if count])
    yield from _security(reading)
    yield from _availability(reading)
    failing = {result.site for result in reading.configured_functions() if not result.works}
    yield gauge("probe_success", [((site, ALL), 0.0) for site in sorted(failing)])
    yield from _media(reading)
    yield from _ledger(reading)
    yield gauge("store_size_bytes", [((), reading.store_bytes)])


def _inspections(reading: StoreReading) -> Iterator[Metric]:
    ended, misfires = Sums(), Sums()
    for (_, scope), totals in reading.totals.items():
        ended.add({(OTHERS, scope, result): getattr(totals, result) for result in RESULTS})
    for key in reading.calendars:
        skipped, missed = reading.misfires.get(key, (0, 0))
        misfires.add({(OTHERS, key[1], "skipped"): skipped, (OTHERS, key[1], "missed"): missed})
    yield counter("inspections", ended.items())
    yield counter("scheduler_misfires", misfires.items())
    overdue = dict(_overdue(reading))
    yield gauge(
        "inspection_last_success_timestamp_seconds",
        [(key, reading.totals[key].last_success or 0.0 if key in reading.totals else 0.0) for key in overdue],
    )
    yield gauge("inspection_interval_seconds", overdue.items())
    failed = [(key, 0.0) for key, run in reading.last.items() if run.status == "failed"]
    yield gauge("inspection_last_success", failed)
    retries = [(key, retry.at) for key, retry in reading.retries.items() if key in reading.calendars]
    yield gauge("inspection_retry_timestamp_seconds", retries)
    faults = [(key, 1.0) for key, _, figures in reading.found() if figures.has_network_fault]
    yield gauge("inspection_network_fault", faults)
    unjudged = [(key, figures.unjudged) for key, _, figures in reading.found() if figures.unjudged]
    yield gauge("inspection_unjudged", unjudged)


def _overdue(reading: StoreReading) -> Iterator[tuple[Key, float]]:
    """Yield sites and scopes whose last good inspection is older than the interval, or never was, with the interval.

    Sites differ in when they start, not in the seconds between two rounds: these are worked out once a calendar.
    """
    intervals: dict[str, float] = {}
    for key, calendar in reading.calendars.items():
        spelled = str(calendar)
        if spelled not in intervals:
            following = calendar.next(reading.now)
            intervals[spelled] = calendar.next(following) - following
        totals = reading.totals.get(key)
        last = (totals.last_success if totals else None) or 0.0
        if reading.now - last > intervals[spelled]:
            yield key, intervals[spelled]


def _media(reading: StoreReading) -> Iterator[Metric]:
    """Yield accounts that were not updated for days, and those that could not be seen."""
    known = [((each.site, each.name), each) for each in reading.configured_accounts()]
    updates = [(key, each.updated) for key, each in known if each.updated is not None]
    untended = [(key, updated) for key, updated in updates if reading.now - updated > UNTENDED]
    yield gauge("media_last_post_timestamp_seconds", untended)
    yield gauge("media_unseen", [(key, 1.0) for key, each in known if each.is_unseen])


def _links(reading: StoreReading) -> Iterator[Metric]:
    pages, links, broken = Sums(), Sums(), Sums()
    for key, run, figures in reading.found():
        pages[OTHERS, key[1]] += run.pages
        if _is_named(key, figures):
            links[*key, ALL] = sum(figures.links.values())
            broken[*key, ALL, ALL] = figures.broken_links
        else:
            links.add({(OTHERS, key[1], kind): count for kind, count in figures.links.items()})
            broken.add({(OTHERS, key[1], *what): count for what, count in figures.broken.items()})
    yield gauge("pages", pages.items())
    yield gauge("links", links.items())
    yield gauge("broken_links", broken.items())


def _is_named(key: Key, figures: RunFigures) -> bool:
    """Return whether the broken links of a site are shown by its name: on a homepage, one is enough."""
    broken = figures.broken_links
    return bool(broken) and (key[1] == "homepage" or broken > RATIO * sum(figures.links.values()))


def _findings(reading: StoreReading) -> Iterator[Metric]:
    findings, failures = Sums(), Sums()
    others: dict[str, Sums] = {
        name: Sums() for name in ("suspected_findings", "findings_new", "findings_fixed", "findings_open")
    }
    for key, run, figures in reading.found():
        rest = (OTHERS, key[1])
        for what, count in figures.families.items():
            findings[*(key if what == SEVERE else rest), *what] += count
        if failed := sum(figures.failures.values()):
            failures[*key, ALL] = failed
        others["suspected_findings"][rest] += figures.suspected
        others["findings_new"][rest] += figures.new
        others["findings_fixed"][rest] += reading.fixed.get(run.id, 0)
        others["findings_open"][rest] += reading.open.get(key, 0)
    yield gauge("findings", findings.items())
    yield gauge("check_failures", failures.items())
    for name, sums in others.items():
        yield gauge(name, sums.items())


def _text(reading: StoreReading) -> Iterator[Metric]:
    sums = {"characters": Sums(), "seconds": Sums()}
    for key, _, figures in reading.found():
        for (check, what), number in figures.text.items():
            sums[what][OTHERS, key[1], check] += number
    for what, each in sums.items():
        yield gauge(f"text_check_{what}", each.items())
    for name in PicturesRead._fields:
        pictured = Sums()
        for key, _, figures in reading.found():
            if figures.pictures:
                pictured[OTHERS, key[1]] += getattr(figures.pictures, name)
        yield gauge(f"pictures_{name}", pictured.items())


def _security(reading: StoreReading) -> Iterator[Metric]:
    # A rule compares the score with that of two weeks before, so every site has its series.
    graded = reading.newest(lambda figures: figures.security)
    yield gauge("security_score", [((site,), points) for site, (_, (points, _)) in graded.items()])
    ends = reading.newest(lambda figures: figures.certificate_ends)
    soon = [
        ((site, host_of(run.url)), moment) for site, (run, moment) in ends.items() if moment - reading.now < EXPIRES
    ]
    yield gauge("tls_certificate_not_after_timestamp_seconds", soon)


def _availability(reading: StoreReading) -> Iterator[Metric]:
    low = {
        site: (1 - failed / probes, probes)
        for site, (probes, failed) in reading.availability.items()
        if probes and 1 - failed / probes < AVAILABLE
    }
    yield gauge("availability_ratio", [((site,), ratio) for site, (ratio, _) in low.items()])
    yield gauge("availability_probes", [((site,), float(probes)) for site, (_, probes) in low.items()])


def _ledger(reading: StoreReading) -> Iterator[Metric]:
    # A rule compares what is open with what was closed, so each of them has its series.
    entries = Sums({(OTHERS, state.value, severity.value): 0 for state, severity in product(State, Severity)})
    overdue, closings = Sums({(OTHERS, severity.value): 0 for severity in Severity}), Closings()
    for group in reading.ledger:
        entries[OTHERS, group.state, group.severity] += group.entries
        if group.overdue:
            overdue[group.site if group.severity in URGENT else OTHERS, group.severity] += group.overdue
    for each in reading.closings.values():
        closings.add(each.within, each.count, each.days)
    oldest = min((group.oldest for group in reading.ledger if group.is_open), default=reading.now)
    yield gauge("ledger_entries", entries.items())
    yield gauge("ledger_overdue", overdue.items())
    yield gauge("ledger_oldest_open_age_seconds", [((OTHERS,), reading.now - oldest)])
    yield time_to_close([(OTHERS, closings)])
    yield counter("ledger_rechecks", [((result.value,), reading.rechecks[result]) for result in RecheckResult])
