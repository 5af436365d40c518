"""Write the report of a period as an Excel workbook: figures with charts, inspections, and what is open, to filter."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

from checks.model import Severity
from reports import facts
from reports.finding_rows import COLUMNS, FindingRow, Value
from reports.gathering import Alike
from reports.model import Status
from reports.period import period_groups, period_ranking, period_words
from reports.safe import cell
from reports.wording import Words, words
from reports.workbooks.native_charts import ChartStack, DrawnTable
from reports.workbooks.short_sheets import Sheet, Styles, naive
from reports.workbooks.streaming import write_workbook
from reports.workbooks.tables import Table, TableColumn, TableSheet

if TYPE_CHECKING:
    from reports.period.period_report import PeriodReport

Part = TableSheet[Any] | Callable[[xlsxwriter.Workbook, Styles], None]
"""A sheet of the workbook: a long one, or what lays out a short one."""

OPEN_COLUMNS = (
    "id", "severity", "confidence", "message", "page", "target", "context", "suggestion",
    "department", "owner", "deadline", "overdue", "state", "family", "rule", "column", "first_seen", "last_seen",
)  # fmt: skip
"""Columns of what is open, those that a person needs first."""

PRINTED = 13

SERIES = {"found": "major", "closed": "good", "open": "minor"}
"""What charts draw of a table, and in which colour."""

DRAWN = 15
"""Sites that the chart of the ranking shows."""

CHART_COLUMN = len(period_words.COUNTS) + 2
"""The column beside the tables at which charts stand."""


def write(report: PeriodReport, language: str, out: BinaryIO) -> None:
    """Write the workbook."""
    say = words(language)
    ranked = (_groups, _ranking) if report.groups else (_ranking,)
    short = (*ranked, _figures) if report.sites else (_figures, _runs)
    parts: list[Part] = [*(partial(each, report, say) for each in short), *_open(report, say).sheets()]
    write_workbook(
        out,
        lambda book: _lay_out(book, report, parts, say),
        {at: part.rows() for at, part in enumerate(parts) if isinstance(part, TableSheet)},
    )


def _lay_out(book: xlsxwriter.Workbook, report: PeriodReport, parts: list[Part], say: Words) -> None:
    book.set_properties({"title": cell(period_words.title(report, say)), "created": naive(report.written)})
    styles = Styles.of(book)
    for part in parts:
        if isinstance(part, TableSheet):
            part.lay_out(book, styles.looks, styles.heading)
        else:
            part(book, styles)


def _groups(report: PeriodReport, say: Words, book: xlsxwriter.Workbook, styles: Styles) -> None:
    """Write how each group of sites stands, the worst first."""
    sheet = Sheet(book, say("period.groups"), styles)
    sheet.headings(period_groups.headings(say), [6, *(column.width for column in period_groups.COLUMNS)])
    for row in period_groups.rows(report, say):
        sheet.line(*row)


def _ranking(report: PeriodReport, say: Words, book: xlsxwriter.Workbook, styles: Styles) -> None:
    """Write how each site stands, the worst first, and draw what is open of the first of them beside it."""
    sheet = Sheet(book, say("period.ranking"), styles)
    headings = period_ranking.headings(say)
    sheet.headings(headings, [6, *(column.width for column in period_ranking.COLUMNS)])
    rows = period_ranking.rows(report, say)
    for row in rows:
        sheet.line(*row)
    keys = [column.key for column in period_ranking.COLUMNS]
    drawn = {1 + keys.index("period.open"): "minor", 1 + keys.index("period.overdue"): "critical"}
    charts = ChartStack(book, sheet, len(headings) + 1)
    drawn_sites = min(len(report.sites), DRAWN)
    charts.draw(DrawnTable(say("period.open_by_site"), 0, drawn_sites, drawn, names=1))
    sheet.end(charts.row)


def _figures(report: PeriodReport, say: Words, book: xlsxwriter.Workbook, styles: Styles) -> None:
    """Write a table for each way to divide the figures, and draw what was found and what is open beside them."""
    sheet = Sheet(book, say("period.figures"), styles)
    sheet.sheet.set_column(0, 0, 26)
    sheet.sheet.set_column(1, len(period_words.COUNTS), 12)
    sheet.line(period_words.title(report, say), style=sheet.styles.title)
    for note in (period_words.summary(report, say), *period_words.notes(report, say)):
        sheet.line(note, style=sheet.styles.plain)
    sheet.row += 1
    charts = ChartStack(book, sheet, CHART_COLUMN)
    for table in period_words.tables(report, say):
        first = sheet.row
        sheet.line(*period_words.headings(table, say), style=sheet.styles.heading)
        for label, counts in table.rows:
            values = (getattr(counts, each) for each in table.figures)
            sheet.line(label, *("—" if value is None else round(value, 1) for value in values))
        series = {1 + at: SERIES[figure] for at, figure in enumerate(table.figures) if figure in SERIES}
        charts.draw(DrawnTable(say("period.chart", part=table.name), first, len(table.parts), series))
        sheet.row += 1
    sheet.end(charts.row)


def _runs(report: PeriodReport, say: Words, book: xlsxwriter.Workbook, styles: Styles) -> None:
    sheet = Sheet(book, say("period.runs_sheet"), styles)
    severities = [say.label("severity", each) for each in Severity]
    what = [say("charts.run"), say("table.run"), say("summary.scope"), say("summary.status")]
    sheet.headings([*what, *severities, say("score.short")], [18, 10, 14, 14, 10, 10, 10, 10])
    for run in report.runs:
        point = run.point
        seen = point.status is not Status.FAILED
        counts = [point.confirmed.get(each, 0) if seen else "—" for each in Severity]
        status, scope = say.label("status", point.status), say.label("scope", run.scope)
        sheet.line(point.when, run.number, scope, status, *counts, "—" if point.score is None else point.score)


def _open(report: PeriodReport, say: Words) -> Table[tuple[str, Alike]]:
    """Return what is open as a table; that of many sites begins with their names."""
    by_key = {column.key: column for column in COLUMNS}
    columns = [by_key[key] for key in dict.fromkeys((*OPEN_COLUMNS, *report.letterhead.columns))]
    run = report.as_run()
    named = [TableColumn(say("period.site"), 16)] if report.sites else []

    def values(row: tuple[str, Alike]) -> list[Value]:
        site, same = row
        return [*([site] if named else []), *(column.value(FindingRow(same, run, say)) for column in columns)]

    return Table(
        say("period.open_list"),
        [*named, *(TableColumn(say(f"table.{column.key}"), column.width) for column in columns)],
        period_ranking.open_rows(report),
        lambda _, row: values(row),
        address=(len(named) + OPEN_COLUMNS.index("page"), lambda row: facts.place(row[1].first.finding)),
        printed=PRINTED + len(named),
    )
