"""Write down what a site published in a year (信息发布统计), as an office states it in its annual openness report."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, BinaryIO

import xlsxwriter

from checks.columns.publication_counts import MONTHS, Publications, Row, by_type
from reports.safe import cell
from reports.wording import Words, words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from checks.model import ColumnType


QUARTERS = range(1, 5)
FIRST_MONTH, TOTAL = 2, 18
"""Columns of the sheet: name, type, twelve months, four quarters, total."""

HEADING_ROW = 2


def write_json(counted: Publications, site: str, language: str, out: BinaryIO) -> None:
    """Write the counts as one JSON object."""
    say = words(language)
    document = {
        "site": site,
        "year": counted.year,
        "columns": [_row(row) for row in counted.rows],
        "total": {key: value for key, value in _row(counted.total).items() if key not in {"name", "url", "type"}},
        "by_type": by_type(counted),
        "undated": counted.undated,
        "caveats": [text(say.language) for text in counted.caveats],
    }
    out.write(json.dumps(document, ensure_ascii=False, indent=2).encode("utf-8", "backslashreplace") + b"\n")


def _row(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "url": row.url,
        "type": row.type.value,
        "months": list(row.months),
        "quarters": list(row.quarters),
        "total": row.total,
    }


def write_xlsx(counted: Publications, site: str, language: str, out: BinaryIO) -> None:
    """Write the counts as a workbook: a row a column, totals, and a chart of the months and of the types."""
    say = words(language)
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        sheet, types = (book.add_worksheet(say(f"publications.{name}")) for name in ("sheet", "types"))
        bold = book.add_format({"bold": True, "font_size": 14})
        heading = book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#12335C", "border": 1})
        sheet.write_string(0, 0, f"{cell(site)} · {say('publications.title', year=counted.year)}", bold)
        last = _table(sheet, counted, heading, say)
        _notes(sheet, last + 2, counted, say)
        _chart(book, sheet, (sheet.get_name(), last, FIRST_MONTH, TOTAL - 5), last + 4 + len(counted.caveats), say)
        _types(book, types, by_type(counted), heading, say)


def _table(sheet: Worksheet, counted: Publications, heading: Format, say: Words) -> int:
    """Write the table and return the row of its totals."""
    months = [say("publications.month", n=number) for number in MONTHS]
    quarters = [say("publications.quarter", n=number) for number in QUARTERS]
    names = [say("columns.name"), say("columns.type"), *months, *quarters, say("publications.total")]
    sheet.write_row(HEADING_ROW, 0, names, heading)
    sheet.freeze_panes(HEADING_ROW + 1, 1)
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, TOTAL, 10)
    for number, row in enumerate(counted.rows, HEADING_ROW + 1):
        _line(sheet, number, row, (cell(row.name), say.label("column_type", row.type)))
    last = HEADING_ROW + 1 + len(counted.rows)
    _line(sheet, last, counted.total, (say("publications.total"), ""), heading)
    return last


def _line(sheet: Worksheet, number: int, row: Row, names: tuple[str, str], style: Format | None = None) -> None:
    sheet.write_row(number, 0, names, style)
    for at, count in enumerate((*row.months, *row.quarters, row.total), FIRST_MONTH):
        sheet.write_number(number, at, count, style)


def _notes(sheet: Worksheet, number: int, counted: Publications, say: Words) -> None:
    notes = [say("publications.note"), *(text(say.language) for text in counted.caveats)]
    if counted.undated:
        notes.append(say.count("publications.undated", counted.undated))
    for at, note in enumerate(notes, number):
        sheet.write_string(at, 0, cell(note))


def _chart(book: xlsxwriter.Workbook, sheet: Worksheet, place: tuple[str, int, int, int], row: int, say: Words) -> None:
    name, values, first, last = place
    chart = book.add_chart({"type": "column"})
    chart.add_series(
        {
            "name": say("publications.count"),
            "categories": [name, HEADING_ROW, first, HEADING_ROW, last],
            "values": [name, values, first, values, last],
            "fill": {"color": "#1A55A0"},
            "data_labels": {"value": True},
        }
    )
    chart.set_title({"name": say("publications.by_month")})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 320})
    sheet.insert_chart(row + 1, 0, chart)


def _types(
    book: xlsxwriter.Workbook, sheet: Worksheet, counts: dict[ColumnType, int], heading: Format, say: Words
) -> None:
    sheet.set_column(0, 0, 20)
    sheet.write_row(0, 0, [say("columns.type"), say("publications.count")], heading)
    for row, (kind, count) in enumerate(counts.items(), 1):
        sheet.write_string(row, 0, say.label("column_type", kind))
        sheet.write_number(row, 1, count)
    if counts:
        chart, name = book.add_chart({"type": "bar"}), sheet.get_name()
        series = {"categories": [name, 1, 0, len(counts), 0], "values": [name, 1, 1, len(counts), 1]}
        chart.add_series({**series, "name": say("publications.count"), "data_labels": {"value": True}})
        chart.set_title({"name": say("publications.by_type")})
        chart.set_legend({"none": True})
        chart.set_y_axis({"reverse": True})
        sheet.insert_chart(0, 3, chart)
