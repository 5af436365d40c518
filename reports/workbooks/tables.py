"""Lay out long tables of a report: headings, looks, links, paper; what one sheet cannot hold goes on on another."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import IntEnum
from itertools import islice
from typing import TYPE_CHECKING, Generic, NamedTuple, TypeVar

from reports.safe import cell, web_address
from reports.workbooks.streaming import ROWS, CellValue, LongSheet, Styled

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

T = TypeVar("T")

LINKS = 20_000
"""Addresses made clickable on a sheet; Excel stops at 65,530 and slows down long before."""

LINK_CHARACTERS = 2_079
"""The longest address that Excel follows."""

SHEET_ROWS = ROWS - 1
"""What a sheet holds below its headings."""

A4 = 9
MARGIN = 0.4
"""Inches at the edges of the paper."""


class CellLook(IntEnum):
    """The looks of cells in a table, in the order of their samples behind the columns."""

    TEXT = 0
    MOMENT = 1
    DAY = 2
    LATE = 3
    LINK = 4
    CRITICAL = 5
    MAJOR = 6
    MINOR = 7


class TableCell(NamedTuple):
    """A value that does not look like others of its type."""

    value: CellValue
    look: CellLook


class TableColumn(NamedTuple):
    """A heading, and the width of its column in characters."""

    heading: str
    width: int


@dataclass(slots=True)
class Table(Generic[T]):
    """A long sheet: a row for each of ``items``, made by ``cells`` from its position, from 1 on, and the item.

    ``items`` are iterated over more than once, and need not be in memory.

    ``address`` is the column of an address that people open, and how to get it from an item. ``printed`` is how many
    columns are on paper (None: all).
    """

    name: str
    columns: Sequence[TableColumn]
    items: Collection[T]
    cells: Callable[[int, T], Sequence[CellValue | TableCell]]
    address: tuple[int, Callable[[T], str]] | None = None
    printed: int | None = None

    def sheets(self) -> Iterator[TableSheet[T]]:
        """Yield the sheets that it takes: one, or as many as hold its rows."""
        for number, first in enumerate(range(0, max(len(self.items), 1), SHEET_ROWS), 1):
            yield TableSheet(self, f"{self.name} {number}" if number > 1 else self.name, first)


class TableSheet(Generic[T]):
    """One sheet of a table: its rows from the item at ``first`` on."""

    def __init__(self, table: Table[T], name: str, first: int) -> None:
        self._table, self.name = table, name
        self._linked: set[int] = set()
        self._first = first
        self._length = min(SHEET_ROWS, len(table.items) - first)

    def lay_out(self, book: Workbook, looks: Sequence[Format], heading: Format) -> None:
        """Add the sheet to a workbook: all but its rows."""
        sheet = book.add_worksheet(self.name)
        columns = self._table.columns
        for at, column in enumerate(columns):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, column.heading, heading)
        for at, look in enumerate((*[looks[CellLook.TEXT]] * len(columns), *looks)):
            sheet.write_blank(1, at, None, look)
        self._lay_out_links(sheet, looks[CellLook.TEXT])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, self._length, len(columns) - 1)
        lay_out_paper(sheet, self.name)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, max(self._length, 1), (self._table.printed or len(columns)) - 1)

    def _lay_out_links(self, sheet: Worksheet, text: Format) -> None:
        if self._table.address is None:
            return
        column, address = self._table.address
        left = LINKS
        for row, item in enumerate(self._items(), 1):
            url = address(item)
            target = web_address(url)
            if target and len(target) <= LINK_CHARACTERS:
                # Of the cell nothing stays but the link: it is a sample, or stands below the samples.
                sheet.write_url(row, column, target, text, cell(url))
                self._linked.add(row)
                left -= 1
            if not left:
                return

    def rows(self) -> LongSheet:
        """Return the rows to stream."""
        return LongSheet(self._rows(), [column.width for column in self._table.columns[: self._table.printed]])

    def _rows(self) -> Iterator[list[CellValue | Styled]]:
        samples = len(self._table.columns)
        for row, item in enumerate(self._items(), 1):
            cells = [self._styled(value, samples) for value in self._table.cells(self._first + row, item)]
            if self._table.address and row in self._linked:
                column, address = self._table.address
                cells[column] = Styled(address(item), samples + CellLook.LINK)
            yield cells

    def _items(self) -> Iterator[T]:
        return islice(self._table.items, self._first, self._first + self._length)

    @staticmethod
    def _styled(value: CellValue | TableCell, samples: int) -> CellValue | Styled:
        if isinstance(value, TableCell):
            return Styled(value.value, samples + value.look)
        if isinstance(value, datetime):
            return Styled(value, samples + CellLook.MOMENT)
        return Styled(value, samples + CellLook.DAY) if isinstance(value, date) else value


def lay_out_paper(sheet: Worksheet, title: str, right: str = "") -> None:
    """Print a sheet on A4, landscape, one page wide, as many pages as it takes; ``right`` in their top corner."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(MARGIN, MARGIN, 0.6, 0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_header(f"&L{title.replace('&', '&&')}&R{right}")
    sheet.set_footer("&C&P / &N")
