"""Parse the rows of a sheet of an xlsx workbook (ECMA-376, part 1, 18.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import from_excel

from reports.workbooks.xml_parts import PartReader, WorkbookError, local_name

ROWS, COLUMNS = 1_048_576, 16_384
"""What a sheet has (Excel specifications and limits)."""

MERGED_RANGES = 20_000
"""Merged ranges of a sheet that are read; nobody merges more by hand."""


class Formula(str):
    """What stands in a cell in the place of a value: nobody can say what it came to when somebody looked at it."""

    __slots__ = ()


class CellError(str):
    """What a program shows in the place of a value, such as #N/A: a formula or a link came to nothing."""

    __slots__ = ()


Content = str | int | float | bool | datetime | None


class SheetLine(NamedTuple):
    """A row of a sheet that has cells: its number, from 1 on, and their contents by column, from 0 on."""

    number: int
    cells: dict[int, Content]


class MergedRange(NamedTuple):
    """Cells that are one for the eye; all but the first are empty. Rows count from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


class CellValues:
    """What the cells of a workbook hold: ``texts`` are shared, ``dates`` says which looks show a number as a date."""

    def __init__(self, texts: Sequence[str], dates: Sequence[bool], epoch: datetime) -> None:
        self._texts, self._dates, self._epoch = texts, dates, epoch

    def value(self, kind: str, style: str, text: str) -> Content:
        """Return the content of a cell as it was meant. ``kind`` and ``style`` are its attributes t and s."""
        if kind == "s":
            return self._texts[int(text)]
        if kind == "n":
            return self._number(style, text)
        if kind == "b":
            return text == "1"
        if kind == "d":
            return _iso_time(text)
        return CellError(text) if kind == "e" else text

    def _number(self, style: str, text: str) -> Content:
        if not text.strip():
            return None
        try:
            number = float(text)
        except ValueError:
            return text
        look = int(style)
        if look < len(self._dates) and self._dates[look]:
            return self._date(number)
        return int(number) if number.is_integer() else number

    def _date(self, number: float) -> Content:
        """Return a serial number as a time; what is none, such as a time of day, stays a number."""
        try:
            moment = from_excel(number, self._epoch)
        except (ValueError, OverflowError):
            return number
        return moment if isinstance(moment, datetime) else number


def _iso_time(text: str) -> datetime | str:
    """Return a time as strict workbooks write it; a time of day, which is no date, stays a text."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return text


class SheetParser(PartReader):
    """The rows of a sheet as they end; each begins where its attribute r says, or after the one before."""

    def __init__(self, values: CellValues, columns: int, merged: list[MergedRange]) -> None:
        self.lines: list[SheetLine] = []
        self._values, self._columns, self._merged = values, columns, merged
        self._kinds: dict[str, str] = {}
        self._column_of: dict[str, int] = {"": -1}
        self._row = 0
        self._cells: dict[int, Content] = {}
        self._column = -1
        self._kind = self._style = ""
        self._pieces: list[str] = []
        self._collects = self._aloud = False
        self._formula: list[str] | None = None
        self._in_formula = False
        self._starts: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row,
            "c": self._start_cell,
            "v": self._start_content,
            "t": self._start_content,
            "f": self._start_formula,
            "rPh": self._start_aloud,
            "mergeCell": self._merge,
        }
        self._ends: dict[str, Callable[[], None]] = {
            "row": self._end_row,
            "c": self._end_cell,
            "v": self._end_content,
            "t": self._end_content,
            "f": self._end_formula,
            "rPh": self._end_aloud,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Note that an element begins: of a row, a cell, its content or formula, a merged range."""
        kind = self._kinds.get(name) or self._kinds.setdefault(name, local_name(name))
        handler = self._starts.get(kind)
        if handler is not None:
            handler(attributes)

    def end(self, name: str) -> None:
        """Note that an element ends: a cell is complete then, and a row."""
        handler = self._ends.get(self._kinds[name])
        if handler is not None:
            handler()

    def text(self, text: str) -> None:
        """Note text between tags, where it is the content of a cell."""
        if self._collects:
            self._pieces.append(text)
        elif self._in_formula and self._formula is not None:
            self._formula.append(text)

    def _start_row(self, attributes: dict[str, str]) -> None:
        self._row = int(attributes.get("r", self._row + 1))
        self._cells, self._column = {}, -1

    def _end_row(self) -> None:
        if self._cells:
            self.lines.append(SheetLine(self._row, self._cells))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        letters = attributes.get("r", "").rstrip("0123456789")
        if not letters:
            self._column += 1
        elif letters in self._column_of:
            self._column = self._column_of[letters]
        else:
            self._column = self._column_of[letters] = column_index_from_string(letters) - 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "0")
        self._pieces, self._formula = [], None

    def _end_cell(self) -> None:
        if self._column >= self._columns:
            return
        if self._formula is not None:
            self._cells[self._column] = Formula(f"={''.join(self._formula)}")
            return
        text = "".join(self._pieces)
        if text or self._kind != "n":
            self._cells[self._column] = self._values.value(self._kind, self._style, text) if text else None

    def _start_content(self, _: dict[str, str]) -> None:
        self._collects = not self._aloud

    def _end_content(self) -> None:
        self._collects = False

    def _start_formula(self, _: dict[str, str]) -> None:
        self._formula, self._in_formula = [], True

    def _end_formula(self) -> None:
        self._in_formula = False

    def _start_aloud(self, _: dict[str, str]) -> None:
        self._aloud = True

    def _end_aloud(self) -> None:
        self._aloud = False

    def _merge(self, attributes: dict[str, str]) -> None:
        if len(self._merged) >= MERGED_RANGES:
            raise WorkbookError(f"a sheet has more than {MERGED_RANGES} merged ranges")
        # Whole rows or columns have no bounds on one side: they reach as far as a sheet does.
        first_column, first_row, last_column, last_row = range_boundaries(attributes.get("ref", ""))
        rows = first_row or 1, last_row or ROWS
        self._merged.append(MergedRange(*rows, (first_column or 1) - 1, (last_column or COLUMNS) - 1))
