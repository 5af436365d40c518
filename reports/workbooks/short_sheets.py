"""Lay out the short sheets of a workbook, from the top down, in looks that all its sheets share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from reports.safe import cell, web_address
from reports.workbooks.tables import LINK_CHARACTERS, LINKS, CellLook, lay_out_paper

if TYPE_CHECKING:
    import xlsxwriter
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

PAGE = 90
"""Rows that can be read on one page of paper: with charts beside them, lines are some 2 mm high then."""

Value = str | float | date | None
"""What a cell holds; a moment is a date as well. None is an empty cell, of which a chart draws nothing."""

SEVERITIES = {"critical": CellLook.CRITICAL, "major": CellLook.MAJOR, "minor": CellLook.MINOR}
"""How a finding looks, by how bad it is."""


def naive(moment: datetime) -> datetime:
    """Return a moment without its time zone, which a cell cannot hold."""
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
    severity: dict[str, Format]
    looks: tuple[Format, ...]

    @classmethod
    def of(cls, book: xlsxwriter.Workbook) -> Styles:
        """Register the looks with a workbook."""
        base = {"valign": "top", "text_wrap": True, "font_size": 10, "border": 1, "border_color": "#D9D9D9"}
        moment = {**base, "num_format": "yyyy-mm-dd hh:mm", "align": "left"}
        day = {**base, "num_format": "yyyy-mm-dd", "align": "left"}
        options: dict[CellLook, dict[str, object]] = {
            CellLook.TEXT: {**base},
            CellLook.MOMENT: moment,
            CellLook.DAY: day,
            CellLook.LATE: {**day, "bold": True, "font_color": "#B3261E"},
            CellLook.LINK: {**base, "font_color": "#1A55A0", "underline": 1},
            CellLook.CRITICAL: {**base, "bold": True, "font_color": "#B3261E"},
            CellLook.MAJOR: {**base, "bold": True, "font_color": "#9A5B00"},
            CellLook.MINOR: {**base, "bold": True, "font_color": "#3D5A80"},
        }
        looks = tuple(book.add_format(options[look]) for look in CellLook)
        heading = {**base, "bold": True, "font_color": "#FFFFFF", "bg_color": "#12335C"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 16}),
            plain=book.add_format({"font_size": 10}),
            strong=book.add_format({"bold": True, "font_size": 12, "font_color": "#B3261E"}),
            heading=book.add_format(heading),
            text=looks[CellLook.TEXT],
            link=looks[CellLook.LINK],
            moment=looks[CellLook.MOMENT],
            severity={severity: looks[look] for severity, look in SEVERITIES.items()},
            looks=looks,
        )


class Sheet:
    """A sheet that is written from the top down, a row at a time."""

    def __init__(self, book: xlsxwriter.Workbook, name: str, styles: Styles) -> None:
        """Start at the first row."""
        self.sheet: Worksheet = book.add_worksheet(name)
        lay_out_paper(self.sheet, name)
        self.styles = styles
        self.row = 0
        self.links = 0

    def line(self, *values: Value, style: Format | None = None) -> None:
        """Write one row and go to the next."""
        for column, value in enumerate(values):
            self.write(column, value, style)
        self.row += 1

    def end(self, row: int = 0) -> None:
        """Have the sheet printed on one page, where that can be read; ``row`` is where its charts end, if beneath.

        A sheet that is a little longer than a page would be cut through a table or a chart.
        """
        if max(self.row, row) <= PAGE:
            self.sheet.fit_to_pages(1, 1)

    def headings(self, names: Sequence[str], widths: Sequence[int]) -> None:
        """Write the row of headings, freeze it and set the widths of the columns, in characters."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)
        self.line(*names, style=self.styles.heading)
        self.sheet.freeze_panes(1, 0)

    def write(self, column: int, value: Value, style: Format | None = None) -> None:
        """Write one cell of the current row, as what it is: a moment, a day, a number, or else a string."""
        if isinstance(value, datetime):
            self.sheet.write_datetime(self.row, column, naive(value), style or self.styles.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(self.row, column, value, style or self.styles.looks[CellLook.DAY])
        elif value is None:
            self.sheet.write_blank(self.row, column, None, style or self.styles.text)
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
