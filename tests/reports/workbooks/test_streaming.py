"""Workbooks with streamed rows: what XlsxWriter laid out stands around them, and every value is read back as it was."""

# ruff: noqa: DTZ001 - spreadsheets know no time zones

from __future__ import annotations

import gc
import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.workbooks import streaming
from reports.workbooks.streaming import LongSheet, SheetFullError, Styled, write_workbook


def lay_out(book):
    day, bold = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"bold": True})
    first, sheet = book.add_worksheet("概览"), book.add_worksheet("清单")
    first.write_string(0, 0, "概览")
    for at, heading in enumerate(("文字", "数", "日期")):
        sheet.write_string(0, at, heading, bold)
    for at, look in enumerate((None, None, day, bold)):
        sheet.write_blank(1, at, None, look or book.add_format())
    sheet.write_url(2, 0, "https://www.example.gov.cn/", bold, "链接")
    sheet.autofilter(0, 0, 2, 2)


def written(*rows, widths=()) -> io.BytesIO:
    out = io.BytesIO()
    write_workbook(out, lay_out, {1: LongSheet(rows, widths)})
    out.seek(0)
    return out


def sheet_of(file):
    return openpyxl.load_workbook(file).worksheets[1]


def test_rows_stand_below_the_headings_with_the_looks_of_their_samples():
    moment = datetime(2026, 11, 30, 9, 30)
    sheet = sheet_of(
        written(
            ("甲", 3, date(2026, 12, 1)),
            (Styled("乙", 3), 0.5, moment),
        )
    )
    assert [[cell.value for cell in row] for row in sheet.iter_rows(max_col=3)] == [
        ["文字", "数", "日期"],
        ["甲", 3, datetime(2026, 12, 1)],
        ["乙", 0.5, moment],
    ]
    assert [sheet.cell(row, 1).font.bold for row in (2, 3)] == [False, True]
    assert sheet.cell(2, 3).number_format == "yyyy-mm-dd"


def test_what_was_laid_out_around_the_rows_stays():
    file = written(("甲",), ("乙",))
    sheet = sheet_of(file)
    assert sheet.auto_filter.ref == "A1:C3"
    assert sheet["A3"].hyperlink.target == "https://www.example.gov.cn/"
    assert openpyxl.load_workbook(file).worksheets[0]["A1"].value == "概览"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "=1+1"),
        ("+86 10", "+86 10"),
        ("@SUM(A1)", "@SUM(A1)"),
        ("<b>&amp;</b>", "<b>&amp;</b>"),
        (" 前后空格 ", " 前后空格 "),
        ("一\r\n二\r三", "一\n二\n三"),
        ("\x1b[31m", "␛[31m"),
        ("\u202egpj.exe", "[U+202E]gpj.exe"),
        ("坏\ud800字", "坏[U+D800]字"),
        ("\U0001f600" * 3, "\U0001f600" * 3),
    ],
)
def test_a_text_is_a_string_that_shows_what_it_is(text, shown):
    cell = sheet_of(written((text,)))["A2"]
    assert (cell.value, cell.data_type) == (shown, "s")


@pytest.mark.parametrize("text", ["甲" * 40_000, "\U0001f600" * 20_000])
def test_a_text_that_no_cell_holds_is_cut_where_excel_counts(text):
    value = sheet_of(written((text,)))["A2"].value
    assert len(value.encode("utf-16-le")) // 2 <= 32_767
    assert value.endswith("…")
    assert text.startswith(value[:-1])


def test_text_like_an_escape_of_spreadsheets_is_escaped():
    with zipfile.ZipFile(written(("_x000D_",))) as archive:
        assert b"<t>_x005F_x000D_</t>" in archive.read("xl/worksheets/sheet2.xml")


def test_a_row_is_as_high_as_its_widest_text_needs():
    sheet = sheet_of(written(("一行",), ("很长的一段文字" * 10,), ("一\n二\n三",), widths=(10,)))
    heights = [sheet.row_dimensions[row].height for row in (2, 3, 4)]
    assert heights[0] is None
    assert heights[1] > heights[2] > 3 * 13


def test_more_rows_than_a_sheet_holds_are_an_error(monkeypatch):
    monkeypatch.setattr(streaming, "ROWS", 3)
    written(("甲",), ("乙",))
    with pytest.raises(SheetFullError, match="2 rows"):
        written(("甲",), ("乙",), ("丙",))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.one_of(st.text(max_size=50), st.integers(0, 10**6), st.dates(date(1950, 1, 1))), max_size=4))
def test_whatever_is_written_is_a_workbook_without_formulas(row):
    sheet = sheet_of(written(row))
    assert all(cell.data_type != "f" for each in sheet.iter_rows() for cell in each)


def test_a_group_of_cells_is_written_as_its_cells_would_be_alone():
    def parts(*rows, spans=()):
        out = io.BytesIO()
        write_workbook(out, lay_out, {1: LongSheet(rows, (0, 10, 10), spans)})
        with zipfile.ZipFile(out) as archive:
            return archive.read("xl/worksheets/sheet2.xml")

    cells = ("甲" * 12, None, date(2026, 12, 1)), ("甲" * 12, 3, date(2026, 12, 1)), ("", 3, date(2026, 12, 1))
    alone = parts(*[("题", *row[1:]) for row in cells])
    assert parts(*[("题", row[1:]) for row in cells], spans=(1, 2)) == alone
    assert parts(*[(row,) for row in cells], spans=(3,)) == parts(*cells)
    with pytest.raises(TypeError):
        parts(("甲", 3), spans=(1, 2))
    with pytest.raises(TypeError):
        parts((("甲", 3),))


def test_the_garbage_collector_is_left_as_it_was():
    """A daemon has thresholds of its own."""
    gc.collect()  # once it has looked, a loop that ran in a test before has its thresholds changed (monitor.garbage)
    before = gc.get_threshold()
    try:
        gc.set_threshold(1_234, 5, 6)
        written(("甲",))
        assert gc.get_threshold() == (1_234, 5, 6)
    finally:
        gc.set_threshold(*before)
