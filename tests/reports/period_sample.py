"""Reports of a period, made of the sample: of one site, and of many."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from msgspec import structs

from checks.model import Severity
from reports.model import Scope, Status, TrendPoint
from reports.period.period_report import GroupInPeriod, PeriodReport, PeriodRun, SiteInPeriod, quarter_of
from reports.remediation.entry import LedgerEntry
from reports.remediation.figures import EntrySketch, figures_of
from reports.remediation.states import State
from tests.factories import CHINA, MONDAY
from tests.reports.sample import sample

TODAY = date(2026, 10, 8)
QUARTER = quarter_of("2026Q3")


def ledger_entry(entry, number):
    """Return the entry of the ledger that a finding of the sample has."""
    finding = entry.finding
    return LedgerEntry(
        number=number,
        site="a",
        fingerprint=finding.fingerprint,
        check="links",
        finding=finding,
        severity=finding.weight,
        confidence=finding.confidence,
        state=State.TO_FIX,
        department=entry.department,
        deadline=entry.deadline,
        first_seen=entry.first_seen,
        last_seen=entry.last_seen,
        last_run=1,
    )


def sketch(entry):
    """Return what the figures need of an entry."""
    family, severity = entry.finding.rule.family, entry.severity
    return EntrySketch(family, entry.department, severity, entry.state, entry.deadline, entry.first_seen)


def period_of(findings, site="清河县人民政府", url="https://www.qinghe.gov.cn/", period=QUARTER):
    """Return the report of a period in which these faults are open, and one more was closed."""
    entries = tuple(ledger_entry(entry, number) for number, entry in enumerate(findings, 1))
    gone = EntrySketch("links", "信息中心", "major", State.CLOSED, None, MONDAY, (MONDAY + timedelta(days=3),))
    known = [*map(sketch, entries), gone]
    point = TrendPoint(MONDAY, Status.COMPLETE, {Severity.MAJOR: 12}, 1, 81.5, 1)
    failed = TrendPoint(MONDAY + timedelta(days=7), Status.FAILED)
    return PeriodReport(
        site=site,
        url=url,
        period=period,
        today=TODAY,
        written=MONDAY.astimezone(CHINA),
        figures=figures_of(known, period.start, period.end, TODAY),
        months=tuple((m, figures_of(known, m.start, m.end, TODAY).total) for m in period.months(TODAY)),
        runs=(PeriodRun(1, Scope.SITE, point), PeriodRun(2, Scope.SITE, failed), PeriodRun(3, Scope.SITE, point)),
        entries=entries,
    )


def site_in_period(name, known, points, critical=0):
    counts = figures_of([each for each in known if each.site == name], QUARTER.start, QUARTER.end, TODAY).total
    runs = tuple(PeriodRun(at, Scope.SITE, point) for at, point in enumerate(points, 1))
    return SiteInPeriod(name, f"{name}局", f"https://{name}.gov.cn/", counts, critical, runs)


@cache
def of_many(group=""):
    """Four sites: one is fine, one has a veto, one could not be inspected at last, one was not inspected at all."""
    entries = [ledger_entry(entry, number) for number, entry in enumerate(sample().findings, 1)]
    entries = [structs.replace(entry, site="ab"[number % 2]) for number, entry in enumerate(entries)]
    known = [sketch(entry)._replace(site=entry.site) for entry in entries]
    known += [EntrySketch("links", "", "major", State.CLOSED, None, MONDAY, (MONDAY + timedelta(days=3),), (), "c")]
    good, vetoed = TrendPoint(MONDAY, Status.COMPLETE, score=91.5), TrendPoint(MONDAY, Status.COMPLETE, {}, 0, 95.0, 2)
    failed = TrendPoint(MONDAY + timedelta(days=7), Status.FAILED)
    sites = [
        site_in_period("d", known, []),
        site_in_period("a", known, [good]),
        site_in_period("b", known, [good, vetoed], critical=1),
        site_in_period("c", known, [good, failed]),
    ]
    return replace(
        period_of(()),
        site=group,
        url="",
        figures=figures_of(known, QUARTER.start, QUARTER.end, TODAY),
        entries=tuple(entries),
        runs=(),
        sites=tuple(sorted(sites, key=lambda site: site.rank)),
    )


@cache
def of_groups():
    """The same sites in a province: two cities, one of which has no score, and a site of neither."""
    report = of_many("广东省")
    sites = {site.id: site for site in report.sites}
    groups = [
        GroupInPeriod("深圳市", (sites["a"], sites["b"])),
        GroupInPeriod("珠海市", (sites["d"],)),
        GroupInPeriod("", (sites["c"],)),
    ]
    return replace(report, groups=tuple(sorted(groups, key=lambda group: group.rank)))
