"""Write the report as an Excel workbook: an overview, the findings, the pages that refer to them, what was fixed.

Made to be filtered, sorted and passed on: one row a finding, real dates, frozen headings. Every text is written as a
string, so nothing of the site is ever a formula; only http and https addresses of pages become links. Rows leave
memory as they are written, and a sheet that is full goes on on another.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, BinaryIO

import xlsxwriter

from reports import facts, finding_rows, verdict
from reports.causes import Cause, Causes
from reports.gathering import Alike, gathered
from reports.outline import by_severity, standing, worst_first
from reports.safe import cell
from reports.wording import Words, words
from reports.workbooks.native_charts import ChartStack
from reports.workbooks.overview_tables import write_spreads
from reports.workbooks.short_sheets import SEVERITIES, Sheet, Styles, naive
from reports.workbooks.streaming import CellValue, write_workbook
from reports.workbooks.tables import CellLook, Table, TableCell, TableColumn, TableSheet

if TYPE_CHECKING:
    from checks.model import Referrer
    from checks.scoring.sheet import Deduction, Score, Veto
    from reports.model import Entry, Report

Part = TableSheet[Any] | Callable[[xlsxwriter.Workbook, Styles], None]
"""A sheet of the workbook: a long one, or what lays out a short one."""

TONES = {"stale": "critical", "blank": "critical", "warning": "major", "needs-rendering": "minor"}
"""How a status of a column is coloured: as a finding that bad."""


def write(report: Report, language: str, out: BinaryIO) -> None:
    """Write the workbook."""
    say = words(language)
    entries = worst_first(report.findings)
    parts: list[Part] = [lambda book, styles: _overview(book, Sheet(book, say("sheet.overview"), styles), report, say)]
    parts += _findings(say("sheet.findings"), report, entries, say).sheets()
    parts += _wordings(entries, say).sheets()
    parts += _referrers(entries, report.titles, say).sheets()
    parts += _findings(say("sheet.fixed"), report, worst_first(report.fixed), say).sheets()
    if report.columns:
        parts.append(lambda book, styles: _columns(Sheet(book, say("sheet.columns"), styles), report, say))
    if score := report.score:
        parts.append(lambda book, styles: _score_sheet(Sheet(book, say("sheet.score"), styles), score, say))
        parts += _behind(report, score, say).sheets()
    write_workbook(
        out,
        lambda book: _lay_out(book, report, parts, say),
        {at: part.rows() for at, part in enumerate(parts) if isinstance(part, TableSheet)},
    )


def _lay_out(book: xlsxwriter.Workbook, report: Report, parts: Iterable[Part], say: Words) -> None:
    book.set_properties({"title": f"{cell(report.run.site)} {say('frame.title')}", "created": naive(report.run.when)})
    styles = Styles.of(book)
    for part in parts:
        if isinstance(part, TableSheet):
            part.lay_out(book, styles.looks, styles.heading)
        else:
            part(book, styles)


CHART_COLUMN = 8
"""The column of the overview at which its charts begin."""


def _overview(book: xlsxwriter.Workbook, sheet: Sheet, report: Report, say: Words) -> None:
    sheet.sheet.set_column(0, 0, 22)
    sheet.sheet.set_column(1, 1, 28)
    sheet.sheet.set_column(2, 6, 16)
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
    sheet.row += 1
    charts = ChartStack(book, sheet, CHART_COLUMN)
    write_spreads(sheet, charts, report, say)
    sheet.end(charts.row)


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
    if report.letterhead.office:
        yield say("letterhead.office"), report.letterhead.office
    if report.letterhead.contact:
        yield say("letterhead.contact"), report.letterhead.contact
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


FIRST = ("id", "severity", "message", "page_title", "page", "region", "link_text", "target", "context", "suggestion")
"""Columns that a person needs to mend a fault; with those of who mends it they are on paper."""

WHO = ("department", "owner", "deadline", "overdue", "state")

PRINTED = (*FIRST, *WHO)


def _findings(name: str, report: Report, entries: Sequence[Entry], say: Words) -> Table[Alike]:
    by_key = {column.key: column for column in finding_rows.COLUMNS}
    ordered = [by_key.pop(key) for key in PRINTED] + list(by_key.values())
    return Table(
        name,
        [
            TableColumn(say("table.number"), 6),
            *(TableColumn(say(f"table.{column.key}"), column.width) for column in ordered),
        ],
        gathered(entries),
        lambda number, same: _finding(number, finding_rows.FindingRow(same, report.run, say, report.is_first), ordered),
        address=(1 + PRINTED.index("page"), lambda same: facts.place(same.first.finding)),
        printed=1 + len(PRINTED),
    )


def _finding(
    number: int, row: finding_rows.FindingRow, columns: Iterable[finding_rows.FindingColumn]
) -> list[CellValue | TableCell]:
    cells: list[CellValue | TableCell] = [number]
    for column in columns:
        value, look = column.value(row), _look(column.key, row)
        cells.append(value if look is None else TableCell(value, look))
    return cells


def _look(key: str, row: finding_rows.FindingRow) -> CellLook | None:
    """Return the look of a cell that says how bad or how late something is, None for any other."""
    if key == "severity":
        return SEVERITIES[row.finding.weight]
    return CellLook.LATE if key in {"deadline", "overdue"} and row.same.overdue else None


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


def _wordings(entries: Sequence[Entry], say: Words) -> Table[Alike]:
    """Return what is wrong with wordings, a row each, however many places have it."""
    return Table(
        say("sheet.wordings"),
        [TableColumn(say(f"table.{key}"), width) for key, width in WORDING_COLUMNS.items()],
        [same for same in gathered(entries) if same.first.finding.text],
        lambda _, same: _wording(same, say),
    )


def _wording(same: Alike, say: Words) -> list[CellValue | TableCell]:
    finding = same.first.finding
    return [
        finding.text.wrong if finding.text else "",
        facts.remedy(finding, say.language),
        same.count,
        same.page_count,
        finding.rule.title(say.language),
        say.label("severity", finding.weight),
        say.label("confidence", finding.confidence),
        facts.wording(finding),
        _listed(same, say),
        same.first.number,
    ]


def _listed(same: Alike, say: Words) -> str:
    """Return some pages of a wording, a line each, and how many more there are."""
    pages = same.pages[:PAGES_LISTED]
    more = same.page_count - len(pages)
    return "\n".join([*pages, *([say.count("finding.more_pages", more)] if more > 0 else [])])


REFERRER_COLUMNS = {"id": 13, "target": 50, "page_title": 30, "referrer": 60, "link_text": 30, "region": 14}


class Referring(Collection[tuple["Entry", "Referrer"]]):
    """The pages that refer to findings, each with its finding: a report may have a hundred for each."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        """Hold the findings; their referrers are in them."""
        self._entries = entries

    def __len__(self) -> int:
        return sum(len(facts.referrers(entry.finding)) for entry in self._entries)

    def __iter__(self) -> Iterator[tuple[Entry, Referrer]]:
        return ((entry, each) for entry in self._entries for each in facts.referrers(entry.finding))

    def __contains__(self, pair: object) -> bool:
        return any(each == pair for each in self)


def _referrers(entries: Sequence[Entry], titles: Mapping[str, str], say: Words) -> Table[tuple[Entry, Referrer]]:
    return Table(
        say("sheet.referrers"),
        [TableColumn(say(f"table.{key}"), width) for key, width in REFERRER_COLUMNS.items()],
        Referring(entries),
        lambda _, pair: _referrer(*pair, titles, say),
    )


def _referrer(entry: Entry, page: Referrer, titles: Mapping[str, str], say: Words) -> list[CellValue | TableCell]:
    region = say.label("region", page.region) if page.region else ""
    return [entry.number, facts.target_url(entry.finding), titles.get(page.url, ""), page.url, page.text, region]


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


BEHIND_COLUMNS = {"score.item": 36, "table.id": 13, "score.name": 36, "table.message": 60, "summary.url": 60}


def _behind(report: Report, score: Score, say: Words) -> Table[tuple[Veto | Deduction, Cause]]:
    """Return everything behind the lines of the score, a row each, so that a deduction can be checked and filtered."""
    causes = Causes(report, say)
    lines: tuple[Veto | Deduction, ...] = (*score.veto, *score.items)
    return Table(
        say("sheet.behind"),
        [TableColumn(say(key), width) for key, width in BEHIND_COLUMNS.items()],
        [(line, cause) for line in lines for cause in causes.of(line.behind)],
        lambda _, each: [each[0].title(say.language), each[1].number, each[1].name, each[1].fault, each[1].url],
        address=(4, lambda each: each[1].url),
    )
