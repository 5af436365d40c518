"""Write workbooks with long sheets: XlsxWriter lays the workbook out, the rows of long sheets are streamed into it.

XlsxWriter takes 10 µs of CPU for a cell, even in its constant_memory mode (440,000 cells of a ledger, CPython 3.11),
and a cell written here a seventh of that. What XlsxWriter lays out is a workbook without its long rows: headings,
filters, links, print layout, protection. A long sheet is laid out as its headings and, below them, one row of
*samples*: cells that lend their looks to the streamed rows, by position, and are not part of the file.
"""

from __future__ import annotations

import gc
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import IO, BinaryIO, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reports.safe import cell

ROWS = 1_048_576
"""What a sheet holds, its headings included (Excel specifications and limits)."""

COMPRESSION = 3
"""Of the archive. Level 6, the usual one, takes twice the time and saves 15 % of the bytes (26 MB of a ledger)."""

WRITTEN_AT_ONCE = 100
"""Rows that are compressed together."""

LINE_HEIGHT = 13.5
"""Points of a line of text in a font of 10."""

MOST_LINES = 20
"""Lines of the tallest row; Excel allows 409 points."""

NARROWER = 1.05
"""How much of a column's width is lost where lines break; cells are written in a smaller font than columns count in."""

WIDEST = 2
"""Digits that the widest character takes."""

REMEMBERED, REMEMBERED_CHARACTERS = 2_000, 80
"""Texts of a sheet whose XML is remembered, and how long they are at most."""

DAY_ZERO = date(1899, 12, 30).toordinal()
"""Day 0 of the serial numbers of spreadsheets, so that all days from 1 March 1900 are right (ECMA-376, 18.17.4.1)."""

DAY_SECONDS = 86_400

ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
"""What a spreadsheet takes for the escape of a character (ECMA-376, 22.9.2.19) where a text means itself."""

CellValue = str | int | float | date | datetime | None


class Styled(NamedTuple):
    """A value with the looks of another sample than that of its own column: the one at position ``sample``."""

    value: CellValue
    sample: int


Row = Sequence[CellValue | Styled]


class LongSheet(NamedTuple):
    """The rows to stream into a sheet. ``widths`` are those of the columns that must be read in full, 0 for others.

    Rows get the height that their wrapped texts need there: LibreOffice and printing give every row one line otherwise.
    """

    rows: Iterable[Row]
    widths: Sequence[int] = ()


class SheetFullError(ValueError):
    """There are more rows than a sheet holds."""


def write_workbook(
    out: BinaryIO, lay_out: Callable[[xlsxwriter.Workbook], None], long_sheets: Mapping[int, LongSheet]
) -> None:
    """Write a workbook. ``long_sheets`` are streamed in the order of their positions in the workbook.

    Raises SheetFullError.
    """
    parts = {f"xl/worksheets/sheet{at + 1}.xml": long_sheets[at] for at in sorted(long_sheets)}
    with (
        zipfile.ZipFile(_laid_out(lay_out)) as layout,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=COMPRESSION) as archive,
    ):
        for name in layout.namelist():
            if name not in parts:
                # Not writestr, which would set the time: the same report is the same bytes.
                with archive.open(name, "w") as part:
                    part.write(layout.read(name))
        with _settled_heap():
            for name, sheet in parts.items():
                with archive.open(name, "w") as part:
                    _write_sheet(part, layout.read(name).decode(), sheet)


@contextmanager
def _settled_heap() -> Iterator[None]:
    """Keep what the program holds already from the garbage collector, which would look at it again and again.

    Without this an export of 20,000 entries takes 8 % more CPU.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def _laid_out(lay_out: Callable[[xlsxwriter.Workbook], None]) -> io.BytesIO:
    """Return the workbook without long rows. In constant_memory mode its texts stand in the cells, as ours do."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True, "remove_timezone": True}) as book:
        lay_out(book)
    # XlsxWriter's objects refer to each other: with 20,000 links they would hold 12 MB while the rows are written.
    # Taken apart here and not by gc.collect(), which looks at all objects of the process: 0.2 CPU s in one of 400 MB.
    for sheet in book.worksheets():
        vars(sheet).clear()
    return out


# ---- a long sheet --------------------------------------------------------------------------------

SHEET = re.compile(
    r"(?P<head>.*?)<dimension[^>]*/>(?P<views>.*<sheetData>)(?P<rows>.*)(?P<tail></sheetData>.*)", re.DOTALL
)
"""The XML of a sheet; its dimensions, which may be left out, are not known before its rows."""

LAID_OUT_ROW = re.compile(r"<row .*?</row>", re.DOTALL)
STYLE = re.compile(r'<c r="[A-Z]+\d+" s="(\d+)"')


def _write_sheet(part: IO[bytes], xml: str, long: LongSheet) -> None:
    """Write the XML of a sheet: what is laid out above the samples, the rows, and what is laid out below.

    Laid-out rows below the samples are left out as well: XlsxWriter writes a cell for every link.
    """
    sheet = SHEET.fullmatch(xml)
    if sheet is None:
        raise RuntimeError("XlsxWriter lays sheets out in another way than this version knows")
    headings, samples = LAID_OUT_ROW.findall(sheet["rows"])[:2]
    part.write((sheet["head"] + sheet["views"] + headings).encode())
    encoder = RowEncoder(STYLE.findall(samples), long.widths)
    gathered: list[str] = []
    for row in long.rows:
        gathered.append(encoder.encode(row))
        if len(gathered) == WRITTEN_AT_ONCE:
            part.write("".join(gathered).encode())
            gathered.clear()
    part.write(("".join(gathered) + sheet["tail"]).encode())


class RowEncoder:
    """The rows of a sheet as XML, from the second on; ``styles`` are the numbers of the samples' looks."""

    def __init__(self, styles: Sequence[str], widths: Sequence[int] = ()) -> None:
        self.row = 1
        self._known: dict[str, str] = {}
        self._widths = [(at, width) for at, width in enumerate(widths) if width]
        self._styles = [f'" s="{style}"' for style in styles]
        self._columns = [(f'<c r="{xl_col_to_name(at)}', style) for at, style in enumerate(self._styles)]

    def encode(self, values: Row) -> str:
        """Return the next row. An empty value makes no cell, and has the looks of its column. Raises SheetFullError."""
        self.row += 1
        if self.row > ROWS:
            raise SheetFullError(f"a sheet holds {ROWS - 1:,} rows")
        row = str(self.row)
        cells = [f'<row r="{row}"{self._height(values)}>']
        for (start, own_style), value in zip(self._columns, values, strict=False):
            if type(value) is str:
                if value:
                    cells.append(f"{start}{row}{own_style}{self._known.get(value) or self._text(value)}")
            elif type(value) is int:
                cells.append(f"{start}{row}{own_style}><v>{value}</v></c>")
            elif isinstance(value, Styled):
                cells.append(f"{start}{row}{self._styles[value.sample]}{_content(value.value)}")
            elif value is not None:
                cells.append(f"{start}{row}{own_style}{_content(value)}")
        cells.append("</row>")
        return "".join(cells)

    def _text(self, value: str) -> str:
        """Return the content of a text, and remember it for the next rows: the same words stand in many of them."""
        content = _text(value)
        if len(value) <= REMEMBERED_CHARACTERS:
            if len(self._known) == REMEMBERED:
                self._known.clear()  # what repeats is there again some rows later
            self._known[value] = content
        return content

    def _height(self, values: Row) -> str:
        """Return the height of a row as an attribute: what its program works out anew when the row is edited."""
        lines = 1
        for at, width in self._widths:
            value = values[at]
            if type(value) is str and (len(value) * WIDEST > width * lines or "\n" in value):
                lines = max(lines, _lines(value, width))
        return f' ht="{min(lines, MOST_LINES) * LINE_HEIGHT + 3:g}"' if lines > 1 else ""


def _lines(text: str, width: int) -> int:
    """Return about how many lines a text takes in a column."""
    if "\n" in text:
        return sum(_lines(line, width) for line in text.split("\n"))
    return 1 + int(_digits(text) * NARROWER / width)


def _digits(text: str) -> int:
    """Return how wide a text is, in digits: a Chinese character takes two."""
    return len(text) if text.isascii() else len(text.encode("gb18030", "replace"))


def _content(value: CellValue) -> str:
    """Return the rest of a cell's XML, from its type on."""
    if isinstance(value, str):
        return _text(value) if value else "/>"
    if value is None:
        return "/>"
    if isinstance(value, date):
        return _date_content(value, getattr(value, "tzinfo", None))
    return f"><v>{value}</v></c>"


@lru_cache(REMEMBERED)
def _date_content(moment: date | datetime, _: tzinfo | None) -> str:
    """Return the content of a date; by its zone too, since times of one instant are equal in whatever zones."""
    return f"><v>{serial(moment):.15g}</v></c>"


def serial(moment: date | datetime) -> float:
    """Return the serial number of a day, or of a time on the clock of its own zone."""
    days = moment.toordinal() - DAY_ZERO
    if not isinstance(moment, datetime):
        return days
    return days + (moment.hour * 3_600 + moment.minute * 60 + moment.second) / DAY_SECONDS


def _text(value: str) -> str:
    """Return a text as a string that is never a formula; what cannot stand in XML is shown instead."""
    text = cell(value)
    if "_x" in text:
        text = ESCAPE_LIKE.sub("_x005F_", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'
