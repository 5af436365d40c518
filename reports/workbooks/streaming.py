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
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date, datetime, tzinfo
from functools import lru_cache
from itertools import islice
from typing import IO, BinaryIO, NamedTuple

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from reports.safe import cell

ROWS = 1_048_576
"""What a sheet holds, its headings included (Excel specifications and limits)."""

COMPRESSION = 2
"""Of the archive. Level 3 takes a quarter more time and saves nothing (35 MB of a ledger), level 6, the usual one, more
than twice the time, for 15 % of the bytes."""

WRITTEN_AT_ONCE, WAITING = 100, 4
"""Rows that are compressed together, and how many such pieces wait for it: a thread compresses, and lets the next rows
be made meanwhile, since zlib gives the interpreter free."""

LINE_HEIGHT = 13.5
"""Points of a line of text in a font of 10."""

MOST_LINES = 20
"""Lines of the tallest row; Excel allows 409 points."""

NARROWER = 1.05
"""How much of a column's width is lost where lines break; cells are written in a smaller font than columns count in."""

WIDEST = 2
"""Digits that the widest character takes."""

REMEMBERED, REMEMBERED_CHARACTERS = 500, 80
"""Values of a column whose XML is remembered, the first that it has, and how long their texts are at most."""

REMEMBERED_GROUPS, GROUP_CHARACTERS = 1_000, 4_000
"""Groups of cells that are remembered at once (then all are forgotten, and those that repeat are soon there again), and
how much XML each is at most: 4 MB together."""

REMEMBERED_DATES = 2_000

YOUNG = 50_000
"""New objects after which the garbage collector looks at them: a thousand rows of a ledger; Python's own is 700."""

ROW_MARK = b"\0"
"""What stands for the number of its row in a cell that is remembered: no text of a sheet has it (``cell``)."""

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


Group = tuple[CellValue, ...]
"""The values of cells that stand side by side, in many rows the same ones: they are written once and remembered.

Groups that are equal are written alike, so all times in them are of one zone.
"""

Row = Sequence[CellValue | Styled | Group]


class LongSheet(NamedTuple):
    """The rows to stream into a sheet. ``widths`` are those of the columns that must be read in full, 0 for others.

    Rows get the height that their wrapped texts need there: LibreOffice and printing give every row one line otherwise.
    ``spans`` says how many columns each item of a row fills, where some are groups; without it each is one cell.
    """

    rows: Iterable[Row]
    widths: Sequence[int] = ()
    spans: Sequence[int] = ()


class SheetForm(NamedTuple):
    """What rows of a sheet are encoded by: numbers of the samples' looks, and ``widths`` and ``spans`` as in LongSheet.

    It can be sent to another process, and the rows be encoded there.
    """

    styles: Sequence[str]
    widths: Sequence[int] = ()
    spans: Sequence[int] = ()


class EncodedSheet(NamedTuple):
    """A long sheet whose rows come as XML, in pieces that ``encode_rows`` made."""

    pieces: Callable[[SheetForm], Iterable[bytes]]
    widths: Sequence[int] = ()
    spans: Sequence[int] = ()


class SheetFullError(ValueError):
    """There are more rows than a sheet holds."""


def write_workbook(
    out: BinaryIO,
    lay_out: Callable[[xlsxwriter.Workbook], None],
    long_sheets: Mapping[int, LongSheet | EncodedSheet],
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
        with _seldom_looked_for_garbage():
            for name, sheet in parts.items():
                with archive.open(name, "w") as part:
                    _write_sheet(part, layout.read(name).decode(), sheet)


@contextmanager
def _seldom_looked_for_garbage() -> Iterator[None]:
    """Keep the garbage collector from looking again and again at rows, which make many objects that die by themselves.

    Without this an export of 20,000 entries takes a quarter more CPU.
    """
    before = gc.get_threshold()
    gc.set_threshold(YOUNG, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def settle_heap() -> None:
    """Tell the garbage collector that what is there stays, and that rows make many objects, which die by themselves."""
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)


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


def _write_sheet(part: IO[bytes], xml: str, long: LongSheet | EncodedSheet) -> None:
    """Write the XML of a sheet: what is laid out above the samples, the rows, and what is laid out below.

    Laid-out rows below the samples are left out as well: XlsxWriter writes a cell for every link.
    """
    sheet = SHEET.fullmatch(xml)
    if sheet is None:
        raise RuntimeError("XlsxWriter lays sheets out in another way than this version knows")
    headings, samples = LAID_OUT_ROW.findall(sheet["rows"])[:2]
    part.write((sheet["head"] + sheet["views"] + headings).encode())
    form = SheetForm(STYLE.findall(samples), long.widths, long.spans)
    pieces = long.pieces(form) if isinstance(long, EncodedSheet) else _pieces(form, long.rows)
    with ThreadPoolExecutor(1, "sheet") as compression:
        written: deque[Future[int]] = deque()
        for piece in pieces:
            written.append(compression.submit(part.write, piece))
            if len(written) > WAITING:
                written.popleft().result()
        for each in written:
            each.result()
    part.write(sheet["tail"].encode())


def _pieces(form: SheetForm, rows: Iterable[Row]) -> Iterator[bytes]:
    encoder, waiting = RowEncoder(form), iter(rows)
    while piece := encoder.piece(islice(waiting, WRITTEN_AT_ONCE)):
        yield piece


def encode_rows(form: SheetForm, first: int, rows: Iterable[Row]) -> bytes:
    """Return rows of a sheet as XML, the first of them in row ``first`` (2 is below the headings).

    Raises SheetFullError.
    """
    return RowEncoder(form, first).piece(rows)


class RowEncoder:
    """The rows of a sheet as XML, from ``first`` on."""

    def __init__(self, form: SheetForm, first: int = 2) -> None:
        self.row = first - 1
        self._looks = [f'" s="{style}"' for style in form.styles]
        widths = [*form.widths, *[0] * len(form.styles)]
        mark = ROW_MARK.decode()
        columns = [
            _Column(f'<c r="{xl_col_to_name(at)}{mark}', look, widths[at]) for at, look in enumerate(self._looks)
        ]
        self._items: list[_Column | _Columns] = []
        at = 0
        for span in form.spans or [1] * len(columns):
            self._items.append(_Columns(columns[at : at + span]) if span > 1 else columns[at])
            at += span
        self._known = [item.known for item in self._items]

    def piece(self, rows: Iterable[Row]) -> bytes:
        """Return the next rows, as a file has them. Raises SheetFullError."""
        return b"".join(map(self.encode, rows))

    def encode(self, values: Row) -> bytes:
        """Return the next row. An empty value makes no cell, and has the looks of its column. Raises SheetFullError."""
        self.row += 1
        if self.row > ROWS:
            raise SheetFullError(f"a sheet holds {ROWS - 1:,} rows")
        cells, most, at = [b""], 1, -1
        for known, value in zip(self._known, values, strict=False):
            at += 1
            xml, lines = known.get(value) or self._new(at, value)
            cells.append(xml)
            if lines > most:  # noqa: PLR1730 - for each cell of a ledger: max() would cost 3 % of an export
                most = lines
        cells[0] = ROW_STARTS[min(most, MOST_LINES)]
        cells.append(b"</row>")
        return b"".join(cells).replace(ROW_MARK, b"%d" % self.row)

    def _new(self, at: int, value: CellValue | Styled | Group) -> _Encoded:
        item = self._items[at]
        if isinstance(value, Styled):
            return item.styled(value, self._looks[value.sample])
        return item.encoded(value)


_Encoded = tuple[bytes, int]
"""Cells as XML, with ROW_MARK for the number of their row, and how many lines their texts take.

In bytes from here on: rows of Chinese are half as long so, and joined and numbered in a fifth less time.
"""

NO_CELL: _Encoded = (b"", 1)


def _row_start(lines: int) -> bytes:
    """Return how a row begins that is as high as some lines; rows of one line have the height of all."""
    return b'<row r="%s"%s>' % (ROW_MARK, f' ht="{lines * LINE_HEIGHT + 3:g}"'.encode() if lines > 1 else b"")


ROW_STARTS = tuple(map(_row_start, range(MOST_LINES + 1)))
"""How rows begin, by their lines."""


class _Column:
    """A column of cells: the beginning of their XML and its looks; ``width`` is 0 where texts may be cut."""

    def __init__(self, start: str, look: str, width: int) -> None:
        self._start, self._look, self._width = start, look, width
        self.known: dict[object, _Encoded] = {None: NO_CELL, "": NO_CELL}

    def encoded(self, value: CellValue | Group) -> _Encoded:
        """Return a cell; what short texts and whole numbers make is remembered, for they stand in many rows."""
        if value is None or value == "":
            return NO_CELL
        if isinstance(value, tuple):
            raise TypeError("a single column takes no group of values")
        if not isinstance(value, str):
            return f"{self._start}{self._look}{_content(value)}".encode(), 1
        width, lines = self._width, 1
        if width and (len(value) * WIDEST > width or "\n" in value):
            lines = _lines(value, width)
        made = f"{self._start}{self._look}{_text(value)}".encode(), lines
        if len(value) <= REMEMBERED_CHARACTERS and len(self.known) < REMEMBERED:
            self.known[value] = made
        return made

    def styled(self, value: Styled, look: str) -> _Encoded:
        """Return a cell with the looks of another sample; it is there even where it is empty."""
        text, width = value.value, self._width
        lines = _lines(text, width) if width and isinstance(text, str) else 1
        return f"{self._start}{look}{_content(text)}".encode(), lines


class _Columns:
    """Columns that stand side by side and whose cells come as a group."""

    def __init__(self, columns: Sequence[_Column]) -> None:
        self._columns = columns
        self.known: dict[object, _Encoded] = {}

    def encoded(self, group: CellValue | Group) -> _Encoded:
        """Return the cells of a group; those of no more than some kilobytes are remembered."""
        if not isinstance(group, tuple):
            raise TypeError("a span of several columns takes a group of values")
        cells = [column.encoded(value) for column, value in zip(self._columns, group, strict=True)]
        made = b"".join([xml for xml, _ in cells]), max(lines for _, lines in cells)
        if len(made[0]) <= GROUP_CHARACTERS:
            if len(self.known) == REMEMBERED_GROUPS:
                self.known.clear()
            self.known[group] = made
        return made

    def styled(self, value: Styled, look: str) -> _Encoded:
        """Refuse a look of its own for several cells."""
        raise TypeError(f"a span of several columns takes a group of values, not {value} in {look}")


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


@lru_cache(REMEMBERED_DATES)
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
    if "&" in text:
        text = text.replace("&", "&amp;")
    if "<" in text or ">" in text:
        text = text.replace("<", "&lt;").replace(">", "&gt;")
    space = ' xml:space="preserve"' if text[0].isspace() or text[-1].isspace() else ""
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'
