"""Reading workbooks: rows and values as Excel, WPS and LibreOffice write them; what is hostile is an error."""

# ruff: noqa: DTZ001 - spreadsheets know no time zones

from __future__ import annotations

import io
import zipfile
from datetime import datetime
from xml.parsers.expat import ExpatError

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from reports.workbooks.sheets import CellError, Formula, MergedRange
from reports.workbooks.workbook_reader import WorkbookReader
from reports.workbooks.xml_parts import WorkbookError

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def workbook(sheet: str, *, strings: str = "", book: str = "", main: str = MAIN) -> io.BytesIO:
    """A workbook of one sheet; ``sheet`` is what its worksheet element holds, ``strings`` the shared ones."""
    relations = "".join(
        f'<Relationship Id="r{at}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(
            (
                ("worksheet", "/xl/worksheets/sheet1.xml"),
                ("sharedStrings", "sharedStrings.xml"),
                ("styles", "styles.xml"),
            )
        )
    )
    looks = '<numFmts><numFmt numFmtId="170" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts>'
    looks += '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>'
    looks += "".join(["<cellXfs>", *[f'<xf numFmtId="{number}"/>' for number in (0, 14, 170, 31, 57)], "</cellXfs>"])
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{OFFICE}">{book}<sheets>'
        '<sheet name="表" sheetId="1" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}">{sheet}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{strings}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{looks}</styleSheet>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out


def cells(sheet: str, **options):
    (line,) = WorkbookReader(workbook(f"<sheetData>{sheet}</sheetData>", **options)).rows("表", 100, [])
    return line.cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c t="inlineStr"><is><t>整改中</t></is></c>', "整改中"),
        ('<c t="inlineStr"><is><r><t>整</t></r><r><t xml:space="preserve"> 改</t></r></is></c>', "整 改"),
        ('<c t="s"><v>0</v></c>', "共享"),
        ('<c t="s"><v>1</v></c>', "东京"),
        ("<c><v>12</v></c>", 12),
        ('<c t="n"><v>1.5E2</v></c>', 150),
        ("<c><v>0.25</v></c>", 0.25),
        ('<c t="b"><v>1</v></c>', True),
        ('<c t="e"><v>#REF!</v></c>', CellError("#REF!")),
        ('<c s="1"><v>46357</v></c>', datetime(2026, 12, 1)),
        ('<c s="2"><v>46357.5</v></c>', datetime(2026, 12, 1, 12)),
        ('<c s="3"><v>46357</v></c>', datetime(2026, 12, 1)),  # built in where the program speaks Chinese
        ('<c s="4"><v>46357</v></c>', datetime(2026, 12, 1)),
        ('<c s="9"><v>46357</v></c>', 46357),  # a look that is missing
        ('<c s="1"><v>0.5</v></c>', 0.5),
        ('<c s="1"><v>99999999</v></c>', 99999999.0),
        ('<c t="d"><v>2026-12-01T00:00:00</v></c>', datetime(2026, 12, 1)),
        ('<c t="d"><v>12:30:00</v></c>', "12:30:00"),
        ("<c><v>no number</v></c>", "no number"),
        ('<c t="str"><f>A1&amp;"x"</f><v>x</v></c>', Formula('=A1&"x"')),
        ('<c><f t="shared" si="0"/><v>3</v></c>', Formula("=")),
        ('<c s="9"><v>3</v></c>', 3),
    ],
)
def test_a_cell_is_read_as_it_was_meant(cell, value):
    shared = "<si><t>共享</t></si><si><t>东京</t><rPh sb='0' eb='2'><t>トウキョウ</t></rPh></si>"
    read = cells(f"<row>{cell}</row>", strings=shared).get(0)
    assert (read, type(read)) == (value, type(value))


def test_cells_and_rows_stand_where_they_say_or_after_the_one_before():
    rows = '<row><c t="str"><v>甲</v></c></row><row r="5"><c r="C5"><v>1</v></c><c><v>2</v></c></row>'
    lines = list(WorkbookReader(workbook(f"<sheetData>{rows}</sheetData>")).rows("表", 100, []))
    assert [(line.number, line.cells) for line in lines] == [(1, {0: "甲"}), (5, {2: 1, 3: 2})]


def test_columns_beyond_those_asked_for_are_left_out():
    sheet = '<sheetData><row><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row></sheetData>'
    (line,) = WorkbookReader(workbook(sheet)).rows("表", 10, [])
    assert line.cells == {0: 1}


def test_days_of_macintosh_workbooks_count_from_1904():
    day = '<row><c s="1"><v>44895</v></c></row>'
    assert cells(day, book='<workbookPr date1904="1"/>') == {0: datetime(2026, 12, 1)}


def test_the_strict_namespace_is_read_too():
    assert cells("<row><c><v>1</v></c></row>", main=STRICT) == {0: 1}


def test_merged_ranges_are_told_at_the_end():
    merged: list[MergedRange] = []
    sheet = '<sheetData/><mergeCells><mergeCell ref="B2:C4"/><mergeCell ref="3:4"/></mergeCells>'
    assert list(WorkbookReader(workbook(sheet)).rows("表", 10, merged)) == []
    assert merged == [MergedRange(2, 4, 1, 2), MergedRange(3, 4, 0, 16_383)]


@pytest.mark.parametrize(
    ("sheet", "error"),
    [
        ("<sheetData><row>", ExpatError),
        ('<sheetData><row><c t="s"><v>7</v></c></row></sheetData>', IndexError),
        ("<mergeCells>" + '<mergeCell ref="A1:A2"/>' * 20_001 + "</mergeCells>", WorkbookError),
    ],
)
def test_what_is_broken_is_an_error(sheet, error):
    with pytest.raises(error):
        list(WorkbookReader(workbook(sheet)).rows("表", 10, []))


def test_entities_are_refused():
    file = workbook("<sheetData/>")
    with zipfile.ZipFile(file, "a") as archive:
        names = archive.namelist()
    bomb = (
        '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>' + f'<worksheet xmlns="{MAIN}">&b;</worksheet>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(out, "w") as new:
        for name in names:
            new.writestr(name, bomb if "sheet1" in name else old.read(name))
    with pytest.raises(WorkbookError, match="entities"):
        list(WorkbookReader(out).rows("表", 10, []))


VALUES = st.one_of(
    st.none(),
    st.text(max_size=20).filter(lambda text: text and not ILLEGAL_CHARACTERS_RE.search(text) and text[0] != "="),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.datetimes(datetime(1950, 1, 1), datetime(2100, 1, 1)).map(lambda moment: moment.replace(microsecond=0)),
)


@settings(max_examples=60, deadline=None)
@given(rows=st.lists(st.lists(VALUES, max_size=5), max_size=5), mac=st.booleans())
def test_what_openpyxl_writes_is_read_as_openpyxl_reads_it(rows, mac):
    book = openpyxl.Workbook()
    if mac:
        book.epoch = CALENDAR_MAC_1904
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    read = {line.number: line.cells for line in WorkbookReader(out).rows("Sheet", 100, [])}
    for number, row in enumerate(openpyxl.load_workbook(out).active.iter_rows(values_only=True), 1):
        expected = {at: value for at, value in enumerate(row) if value is not None}
        assert {at: value for at, value in read.get(number, {}).items() if value is not None} == expected
