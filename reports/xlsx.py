"""Write the report as an Excel workbook: an overview, the findings, the pages that refer to them, what was fixed.

Made to be filtered, sorted and passed on: one row a finding, real dates, frozen headings. Every text is written as a
string, so nothing of the site is ever a formula; only http and https addresses of pages become links. Rows leave
memory as they are written (XlsxWriter's constant_memory).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from reports import facts, finding_rows, verdict
from reports.causes import Causes
from reports.gathering import Alike, gathered
from reports.outline import by_severity, standing, worst_first
from reports.safe import cell, web_address
from reports.wording import Words, words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from checks.scoring.sheet import Deduction, Score, Veto
    from reports.model import Entry, Report

ROWS = 1_048_575
"""What a sheet holds below its heading (Excel specifications and limits)."""

LINKS = 20_000
"""Addresses made clickable on a sheet; Excel stops at 65,530 and slows down long before."""

LINK_CHARACTERS = 2_079
"""The longest address that Excel follows."""

Value = finding_rows.Value | float

TONES = {"stale": "critical", "blank": "critical", "warning": "major", "needs-rendering": "minor"}
"""How a status of a column is coloured: as a finding that bad."""

REFERRER_COLUMNS = ("id", "target", "referrer", "link_text")
WIDTHS = {"id": 13, "target": 50, "referrer": 60, "link_text": 30}


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the workbook."""
    say = words(language)
    options = {"constant_memory": True, "remove_timezone": True}
    with xlsxwriter.Workbook(out, options) as book:
        book.set_properties(
            {"title": f"{cell(report.run.site)} {say('frame.title')}", "created": _naive(report.run.when)}
        )
        styles = Styles.of(book)
        _overview(Sheet(book.add_worksheet(say("sheet.overview")), styles), report, say)
        _findings(Sheet(book.add_worksheet(say("sheet.findings")), styles), report, worst_first(report.findings), say)
        _wordings(Sheet(book.add_worksheet(say("sheet.wordings")), styles), report, say)
        _referrers(Sheet(book.add_worksheet(say("sheet.referrers")), styles), report, say)
        _findings(Sheet(book.add_worksheet(say("sheet.fixed")), styles), report, worst_first(report.fixed), say)
        if report.columns:
            _columns(Sheet(book.add_worksheet(say("sheet.columns")), styles), report, say)
        if report.score:
            _score_sheet(Sheet(book.add_worksheet(say("sheet.score")), styles), report.score, say)
            _behind(Sheet(book.add_worksheet(say("sheet.behind")), styles), report, report.score, say)


def _naive(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Styles:
    """The looks of cells."""

    title: Format
    plain: Format
    strong: Format
    heading: Format
    text: Format
    link: Format
    moment: Format
    day: Format
    late: Format
    severity: dict[str, Format]

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> Styles:
        """Register the looks with a workbook."""
        base = {"valign": "top", "text_wrap": True, "font_size": 10}
        tones = {"critical": "#B3261E", "major": "#9A5B00", "minor": "#3D5A80"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 16}),
            plain=book.add_format({"font_size": 10}),
            strong=book.add_format({"bold": True, "font_size": 12, "font_color": "#B3261E"}),
            heading=book.add_format(
                {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#12335C", "border": 1}
            ),
            text=book.add_format(base),
            link=book.add_format({**base, "font_color": "#1A55A0", "underline": 1}),
            moment=book.add_format({**base, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}),
            day=book.add_format({**base, "num_format": "yyyy-mm-dd", "align": "left"}),
            late=book.add_format(
                {**base, "num_format": "yyyy-mm-dd", "align": "left", "bold": True, "font_color": "#B3261E"}
            ),
            severity={
                name: book.add_format({**base, "bold": True, "font_color": tone}) for name, tone in tones.items()
            },
        )


class Sheet:
    """A sheet that is written from the top down, a row at a time."""

    def __init__(self, sheet: Worksheet, styles: Styles) -> None:
        """Start at the first row."""
        self.sheet = sheet
        self.styles = styles
        self.row = 0
        self.links = 0

    def line(self, *values: Value, style: Format | None = None) -> None:
        """Write one row and go to the next."""
        for column, value in enumerate(values):
            self.write(column, value, style)
        self.row += 1

    def headings(self, names: Sequence[str], widths: Sequence[int]) -> None:
        """Write the row of headings, freeze it and set the widths of the columns, in characters."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.line(*names, style=self.styles.heading)
        self.sheet.freeze_panes(1, 0)

    def write(self, column: int, value: Value, style: Format | None = None) -> None:
        """Write one cell of the current row, as what it is: a moment, a day, a number, or else a string."""
        if isinstance(value, datetime):
            self.sheet.write_datetime(self.row, column, _naive(value), style or self.styles.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, style or self.styles.day)
        elif isinstance(value, int | float):
            self.sheet.write_number(self.row, column, value, style or self.styles.text)
        else:
            self.sheet.write_string(self.row, column, cell(value), style or self.styles.text)

    def address(self, column: int, url: str) -> None:
        """Write a URL in the current row: a link if it may be one and there are not too many, else a string."""
        target = web_address(url) if self.links < LINKS else None
        if target and len(target) <= LINK_CHARACTERS:
            self.links += 1
            self.sheet.write_url(self.row, column, target, self.styles.link, cell(url))
        else:
            self.sheet.write_string(self.row, column, cell(url), self.styles.text)


def _overview(sheet: Sheet, report: Report, say: Words) -> None:
    sheet.sheet.set_column(0, 0, 22)
    sheet.sheet.set_column(1, 4, 18)
    sheet.line(f"{report.run.site} · {say('frame.title')}", style=sheet.styles.title)
    sheet.line(verdict.headline(report, say), style=sheet.styles.strong)
    if why := verdict.shortfall(report, say):
        sheet.line(why, style=sheet.styles.plain)
    if vetoes := verdict.vetoes(report, say):
        sheet.line(f"{say('score.short')} {verdict.points(report, say)}", vetoes, style=sheet.styles.strong)
    sheet.row += 1
    for name, value in _run_facts(report, say):
        sheet.line(name, value)
    sheet.row += 1
    _severity_table(sheet, report, say)
    _change_table(sheet, report, say)
    _blind_spots(sheet, report, say)
    _score(sheet, report, say)


def _run_facts(report: Report, say: Words) -> Iterable[tuple[str, finding_rows.Value]]:
    run = report.run
    yield say("summary.url"), run.url
    yield say("summary.scope"), say.label("scope", run.scope)
    yield say("summary.status"), say.label("status", run.status)
    yield say("summary.started"), run.started
    yield say("summary.finished"), run.finished or say("frame.unknown")
    yield say("summary.pages"), run.pages
    yield say("summary.links"), run.links
    yield say("summary.run"), run.id
    if report.ledger:
        for name, count in report.ledger._asdict().items():
            yield f"{say('ledger.title')}{say('frame.colon')}{say(f'ledger.{name}')}", count


def _severity_table(sheet: Sheet, report: Report, say: Words) -> None:
    # Nothing is new where there is nothing to compare with.
    names = [
        "table.severity",
        "confidence.confirmed",
        "confidence.suspected",
        *(["baseline.new"] if report.previous else []),
    ]
    sheet.line(*map(say, names), style=sheet.styles.heading)
    for severity, counts in by_severity(report).items():
        values = (say.label("severity", severity), counts.confirmed, counts.suspected, counts.recent)
        sheet.line(*values[: len(names)])
    sheet.row += 1


def _change_table(sheet: Sheet, report: Report, say: Words) -> None:
    sheet.line(verdict.compared(report, say), style=sheet.styles.plain)
    if report.previous:
        for baseline, count in standing(report).items():
            sheet.line(say.label("baseline", baseline), count)
    sheet.row += 1


def _blind_spots(sheet: Sheet, report: Report, say: Words) -> None:
    spots = verdict.blind_spots(report, say)
    if spots:
        sheet.line(say("notices.title"), style=sheet.styles.heading)
    for sentence in spots:
        sheet.line(sentence, style=sheet.styles.plain)


def _score(sheet: Sheet, report: Report, say: Words) -> None:
    if report.score is None:
        return
    sheet.row += 1
    profile = say.label("profile", report.score.profile)
    sheet.line(say("score.title", profile=profile), report.score.points, style=sheet.styles.heading)
    for veto in report.score.veto:
        sheet.line(say("score.veto"), veto.title(say.language), veto.evidence(say.language))
    for item in report.score.items:
        sheet.line(item.title(say.language), item.points, item.count, item.basis(say.language))


def _findings(sheet: Sheet, report: Report, entries: Sequence[Entry], say: Words) -> None:
    names = [say("table.number"), *(say(f"table.{column.key}") for column in finding_rows.COLUMNS)]
    sheet.headings(names, [6, *(column.width for column in finding_rows.COLUMNS)])
    for number, same in enumerate(gathered(entries)[:ROWS], 1):
        _finding(sheet, number, finding_rows.FindingRow(same, report.run, say))
    sheet.sheet.autofilter(0, 0, max(sheet.row - 1, 0), len(finding_rows.COLUMNS))


def _finding(sheet: Sheet, number: int, row: finding_rows.FindingRow) -> None:
    sheet.write(0, number)
    for at, (column, value) in enumerate(zip(finding_rows.COLUMNS, row.values(), strict=True), 1):
        if column.key == "page":
            sheet.address(at, str(value))
        else:
            sheet.write(at, value, _tone(sheet.styles, column.key, row))
    sheet.row += 1


def _tone(styles: Styles, key: str, row: finding_rows.FindingRow) -> Format | None:
    """Return the look of a cell that says how bad or how late something is, None for any other."""
    if key == "severity":
        return styles.severity[row.finding.weight]
    return styles.late if key in {"deadline", "overdue"} and row.same.overdue else None


WORDING_COLUMNS = {
    "wrong": 18,
    "suggestion": 24,
    "places": 8,
    "pages": 8,
    "rule": 18,
    "severity": 8,
    "confidence": 8,
    "context": 50,
    "page_list": 60,
    "id": 13,
}
"""The columns of the sheet of wordings, and how wide they are, in characters."""

PAGES_LISTED = 20


def _wordings(sheet: Sheet, report: Report, say: Words) -> None:
    """Write what is wrong with wordings, a row each, however many places have it."""
    sheet.headings([say(f"table.{key}") for key in WORDING_COLUMNS], list(WORDING_COLUMNS.values()))
    for same in gathered(worst_first(report.findings)):
        finding = same.first.finding
        if finding.text is None:
            continue
        values: tuple[Value, ...] = (
            finding.text.wrong,
            facts.remedy(finding, say.language),
            same.count,
            same.page_count,
            finding.rule.title(say.language),
            say.label("severity", finding.weight),
            say.label("confidence", finding.confidence),
            facts.wording(finding),
            _listed(same, say),
            same.first.number,
        )
        for column, value in enumerate(values):
            sheet.write(column, value)
        sheet.row += 1
    sheet.sheet.autofilter(0, 0, max(sheet.row - 1, 0), len(WORDING_COLUMNS) - 1)


def _listed(same: Alike, say: Words) -> str:
    """Return some pages of a wording, a line each, and how many more there are."""
    pages = same.pages[:PAGES_LISTED]
    more = same.page_count - len(pages)
    return "\n".join([*pages, *([say.count("finding.more_pages", more)] if more > 0 else [])])


def _referrers(sheet: Sheet, report: Report, say: Words) -> None:
    sheet.headings([say(f"table.{key}") for key in REFERRER_COLUMNS], [WIDTHS[key] for key in REFERRER_COLUMNS])
    for entry in worst_first(report.findings):
        target = facts.target_url(entry.finding)
        for referrer in facts.referrers(entry.finding)[: ROWS - sheet.row]:
            sheet.write(0, entry.number)
            sheet.write(1, target)
            sheet.write(2, referrer.url)
            sheet.write(3, referrer.text)
            sheet.row += 1
    sheet.sheet.autofilter(0, 0, max(sheet.row - 1, 0), len(REFERRER_COLUMNS) - 1)


def _columns(sheet: Sheet, report: Report, say: Words) -> None:
    """Write the inventory of columns, the status in its colour."""
    names = ("name", "type", "items", "newest", "limit", "status")
    sheet.headings([*(say(f"columns.{name}") for name in names), say("summary.url")], [26, 14, 10, 14, 14, 24, 60])
    for column in report.columns:
        sheet.write(0, column.name)
        sheet.write(1, say.label("column_type", column.type))
        sheet.write(2, column.items)
        sheet.write(3, say.day(column.newest) if column.newest else "")
        sheet.write(4, column.limit_days)
        sheet.write(
            5, say.label("column_status", column.status), sheet.styles.severity.get(TONES.get(column.status, ""))
        )
        sheet.address(6, column.url)
        sheet.row += 1
    sheet.sheet.autofilter(0, 0, max(sheet.row - 1, 0), len(names))


def _score_sheet(sheet: Sheet, score: Score, say: Words) -> None:
    """Write the score sheet: what cost points and why, what is met of the vetoes, what a person must judge."""
    names = ("item", "deducted", "count", "evidence", "basis")
    sheet.headings([say(f"score.{name}") for name in names], [36, 10, 10, 60, 40])
    for item in score.items:
        basis = item.basis(say.language) + (f" {say('score.unverified')}" if item.unverified else "")
        sheet.line(item.title(say.language), item.points, item.count, item.evidence(say.language), basis)
    sheet.line(say("score.title", profile=say.label("profile", score.profile)), score.points, style=sheet.styles.strong)
    sheet.row += 1
    sheet.line(say("score.veto"), style=sheet.styles.heading)
    for veto in score.veto:
        sheet.line(veto.title(say.language), veto.id, "", veto.evidence(say.language))
    if not score.veto:
        sheet.line(say("score.no_veto"))
    sheet.row += 1
    sheet.line(say("score.unjudged"), style=sheet.styles.heading)
    for text in score.unjudged:
        sheet.line(text(say.language))


def _behind(sheet: Sheet, report: Report, score: Score, say: Words) -> None:
    """Write everything behind the lines of the score, a row each, so that a deduction can be checked and filtered."""
    names = ("score.item", "table.id", "score.name", "table.message", "summary.url")
    sheet.headings([say(name) for name in names], [36, 13, 36, 60, 60])
    causes = Causes(report, say)
    lines: tuple[Veto | Deduction, ...] = (*score.veto, *score.items)
    for line in lines:
        for cause in causes.of(line.behind)[: ROWS - sheet.row]:
            for at, value in enumerate((line.title(say.language), cause.number, cause.name, cause.fault)):
                sheet.write(at, value)
            sheet.address(4, cause.url)
            sheet.row += 1
    sheet.sheet.autofilter(0, 0, max(sheet.row - 1, 0), len(names) - 1)
