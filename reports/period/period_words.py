"""Say what all formats of a period's report say: its title, its days, its figures as rows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from checks.model import Severity
from reports.remediation.figures import EntryCounts

if TYPE_CHECKING:
    from reports.period.period_report import Period, PeriodReport
    from reports.wording import Words

COUNTS = ("found", "closed", "reopened", "open", "overdue", "median_days")
"""The figures of a row, in their order; names of ``EntryCounts``."""


FLOWS = ("found", "closed", "reopened", "median_days")
"""The figures that a part of the period has of its own; what is open is so today."""


@dataclass(frozen=True, slots=True)
class FigureTable:
    """Some of the figures by one thing, whose name is ``name``; the last row is the total."""

    name: str
    figures: tuple[str, ...]
    rows: tuple[tuple[str, EntryCounts], ...]

    @property
    def parts(self) -> tuple[tuple[str, EntryCounts], ...]:
        """The rows without the total."""
        return self.rows[:-1]


def period_name(period: Period, say: Words) -> str:
    """Return what people call the period: a quarter, or its days."""
    if period.quarter:
        return say("period.quarter", year=period.start.year, quarter=say.label("quarter", str(period.quarter)))
    return say("period.days", start=say.day(period.start), end=say.day(period.end))


def subject(report: PeriodReport, say: Words) -> str:
    """Return what the report is about: a site, a group of sites, or all of them."""
    return report.site or say("period.all_sites")


def title(report: PeriodReport, say: Words) -> str:
    """Return the heading of the report."""
    return say("period.title", site=subject(report, say), period=period_name(report.period, say))


def notes(report: PeriodReport, say: Words) -> list[str]:
    """Return what the reader has to know of the figures: of which day they are, and whether they may change."""
    sentences = [say("period.as_of", day=say.day(report.today))]
    if not report.is_over:
        sentences.append(say("period.not_over"))
    if report.sites:
        runs = say.count("period.inspected", len(report.all_runs))
        sentences.append(say.count("period.sites", len(report.sites), runs=runs))
    if not report.all_runs:
        sentences.append(say("period.no_runs"))
    if report.unlisted:
        sentences.append(say("period.cut", n=f"{len(report.entries):,}", rest=f"{report.unlisted:,}"))
    return sentences


def summary(report: PeriodReport, say: Words) -> str:
    """Return the figures of the whole as a sentence."""
    total = report.figures.total
    sentence = say("period.summary", **{name: written(total, name) for name in COUNTS})
    if total.median_days is None:
        return sentence
    return sentence + say("period.median", days=written(total, "median_days"))


def written(counts: EntryCounts, name: str) -> str:
    """Return a figure as text; a median of nothing is a dash."""
    value = getattr(counts, name)
    if value is None:
        return "—"
    return f"{value:,.1f}" if name == "median_days" else f"{value:,}"


def headings(table: FigureTable, say: Words) -> list[str]:
    """Return the names of the columns of a table."""
    return [table.name, *(say(f"period.{name}") for name in table.figures)]


def tables(report: PeriodReport, say: Words) -> list[FigureTable]:
    """Return the tables of figures: by severity, family, department and month."""
    figures = report.figures
    present = [name for name in Severity if name in figures.severities]
    parts = (
        ("table.severity", [(say.label("severity", name), figures.severities[name]) for name in present]),
        ("table.family", [(say.label("family", name), counts) for name, counts in figures.families.items()]),
        ("table.department", [(name or say("ledger.nobody"), counts) for name, counts in figures.departments.items()]),
    )
    total = (say("publications.total"), figures.total)
    made = [FigureTable(say(key), COUNTS, (*rows, total)) for key, rows in parts]
    months = [(month_name(month), counts) for month, counts in report.months]
    return [*made, FigureTable(say("period.month"), FLOWS, (*months, total))]


def by_site(report: PeriodReport, say: Words) -> FigureTable:
    """Return the figures of each site, the worst first, as the other tables have them."""
    sites = [(site.name, site.counts) for site in report.sites]
    return FigureTable(say("period.site"), COUNTS, (*sites, (say("publications.total"), report.figures.total)))


def month_name(period: Period) -> str:
    """Return a month as a label: ``2026-07``."""
    return f"{period.start:%Y-%m}"
