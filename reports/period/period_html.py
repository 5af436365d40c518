"""Write the report of a period as one HTML page, in the design and under the policy of the report of a run."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from checks.model import Severity
from reports import outline
from reports.charts.drawing import Series, bars, columns
from reports.charts.painting import Caption
from reports.charts.selection import Chart
from reports.gathering import gathered
from reports.html import page_environment
from reports.model import Status
from reports.period import period_groups, period_ranking, period_words
from reports.wording import Words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.gathering import Alike
    from reports.period.period_report import PeriodReport, SiteInPeriod
    from reports.period.period_words import FigureTable

SHOWN = 500
"""Open faults listed; the spreadsheet has all."""

SITES_SHOWN, OF_A_SITE = 50, 8
"""Sites whose worst faults are listed, and how many of each."""

DRAWN = 10
"""Bars of a chart at most; the table has the rest."""


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the report as one self-contained page."""
    say = words(language)
    page = page_environment(say.language).get_template("period.html.jinja").render(_view(report, say))
    out.write(page.encode())


def _view(report: PeriodReport, say: Words) -> dict[str, object]:
    """Name what the template shows; it computes nothing itself."""
    rows = [] if report.sites else [row for _, row in period_ranking.open_rows(report)]
    tables = period_words.tables(report, say)
    shares = _shares(report)
    return {
        "report": report,
        "title": period_words.title(report, say),
        "subject": period_words.subject(report, say),
        "period": period_words.period_name(report.period, say),
        "notes": period_words.notes(report, say),
        "summary": period_words.summary(report, say),
        "headings": lambda table: period_words.headings(table, say),
        "written": period_words.written,
        "tables": tables,
        "charts": [chart for chart in _charts(report, tables[1], say) if chart],
        "rows": rows[:SHOWN],
        "more": report.unlisted + sum(row.count for row in rows[SHOWN:]),
        "ranking": period_ranking,
        "groups": period_groups,
        "shares": shares,
        "unfolded": {share.place for share in shares},
        "more_sites": max(sum(bool(site.counts.open) for site in report.sites) - SITES_SHOWN, 0),
    }


class SiteShown(NamedTuple):
    """A site of many with the worst of what is open there; ``more`` are left out. ``place`` is that in the ranking."""

    place: int
    site: SiteInPeriod
    rows: Sequence[Alike]
    more: int


def _shares(report: PeriodReport) -> list[SiteShown]:
    """Return the first sites of the ranking that have something open, each with its worst."""
    ranked = [(place, site) for place, site in enumerate(report.sites, 1) if site.counts.open]
    shown = []
    for place, site in ranked[:SITES_SHOWN]:
        rows = gathered(outline.worst_first(report.findings(site.id)))[:OF_A_SITE]
        shown.append(SiteShown(place, site, rows, site.counts.open - sum(row.count for row in rows)))
    return shown


def _charts(report: PeriodReport, families: FigureTable, say: Words) -> tuple[Chart | None, ...]:
    drawn = _months(report, say), _families(families, say)
    return (_sites(report, say), *drawn) if report.sites else (*drawn, _runs(report, say))


def _sites(report: PeriodReport, say: Words) -> Chart | None:
    """Draw what is open of the sites that have most of it; nothing for fewer than two."""
    table = period_words.by_site(report, say)
    return _open_chart("chart-sites", say("period.open_by_site"), table, say)


def _months(report: PeriodReport, say: Words) -> Chart | None:
    """Draw what was found and closed in each month; nothing for fewer than two."""
    if len(report.months) < 2:
        return None
    caption = Caption("chart-months", say("period.by_month"), period_words.summary(report, say))
    labels = [period_words.month_name(month) for month, _ in report.months]
    found = Series(say("period.found"), "major", tuple(counts.found or None for _, counts in report.months))
    closed = Series(say("period.closed"), "good", tuple(counts.closed or None for _, counts in report.months))
    table = tuple(
        (label, f"{counts.found:,}", f"{counts.closed:,}")
        for label, (_, counts) in zip(labels, report.months, strict=True)
    )
    head = (say("period.month"), say("period.found"), say("period.closed"))
    return Chart(caption, columns(caption, labels, _drawable([found, closed]), beside=True), head, table)


def _families(table: FigureTable, say: Words) -> Chart | None:
    """Draw what is open of each family, and how much of it is late; nothing for fewer than two."""
    return _open_chart("chart-families", say("period.open_by_family"), table, say)


def _open_chart(name: str, title: str, table: FigureTable, say: Words) -> Chart | None:
    open_rows = sorted(((label, counts) for label, counts in table.parts if counts.open), key=lambda row: -row[1].open)
    if len(open_rows) < 2:
        return None
    drawn = open_rows[:DRAWN]
    caption = Caption(name, title, say("period.as_of_today"))
    late = Series(say("ledger.overdue"), "critical", tuple(counts.overdue or None for _, counts in drawn))
    in_time = Series(say("charts.in_time"), "minor", tuple(counts.open - counts.overdue or None for _, counts in drawn))
    table_rows = tuple((label, f"{counts.open:,}", f"{counts.overdue:,}") for label, counts in open_rows)
    drawing = bars(caption, [label for label, _ in drawn], _drawable([late, in_time]))
    return Chart(caption, drawing, (table.name, say("period.open"), say("period.overdue")), table_rows)


def _runs(report: PeriodReport, say: Words) -> Chart | None:
    """Draw what each inspection that saw the site found, by severity; nothing for fewer than two."""
    seen = [run.point for run in report.runs if run.point.status is not Status.FAILED]
    if len(seen) < 2:
        return None
    caption = Caption("chart-runs", say("charts.runs"), say.count("period.runs_seen", len(seen)))
    series = [
        Series(say.label("severity", each), each, tuple(point.confirmed.get(each) or None for point in seen))
        for each in Severity
    ]
    table = tuple(
        (say.moment(point.when), *(f"{point.confirmed.get(each, 0):,}" for each in Severity)) for point in seen
    )
    head = (say("charts.run"), *(say.label("severity", each) for each in Severity))
    labels = [f"{point.when:%m-%d}" for point in seen]
    return Chart(caption, columns(caption, labels, _drawable(series)), head, table)


def _drawable(series: Sequence[Series]) -> list[Series]:
    """Return the series that have a value at all; a chart needs one."""
    return [each for each in series if any(each.values)] or list(series[:1])
