"""Draw charts that a spreadsheet owns, over cells of the sheet they stand on: who edits these sees them change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.workbook import Workbook

    from reports.workbooks.short_sheets import Sheet

COLOURS = {
    "critical": "#B3261E",
    "major": "#C77700",
    "minor": "#5B7FAE",
    "good": "#2F8F5B",
    "quiet": "#8A97A8",
    "line": "#1A55A0",
}
"""As the charts of the HTML report have them."""

WIDTH, HEIGHT = 560, 300
"""Pixels of a chart."""

ROWS = 16
"""Rows that a chart covers, with the space beneath it."""


class ChartKind(StrEnum):
    """How a table is drawn: what is compared as bars, what goes on in time as columns or as a line."""

    BARS = "bar"
    COLUMNS = "column"
    LINE = "line"


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """A table on a sheet: its headings in row ``heading``, ``length`` rows beneath, their names in column ``names``.

    ``series`` are the columns to draw, each with the name of its colour.
    """

    title: str
    heading: int
    length: int
    series: Mapping[int, str]
    kind: ChartKind = ChartKind.BARS
    stacked: bool = False
    names: int = 0


class ChartStack:
    """The charts of a sheet, one beneath the other in ``column``; the next would begin in ``row``."""

    def __init__(self, book: Workbook, sheet: Sheet, column: int, row: int = 2) -> None:
        self._book, self._sheet, self._column, self.row = book, sheet, column, row

    def draw(self, table: DrawnTable) -> None:
        """Add the chart of a table, nothing where there is but one thing to draw."""
        if table.length < 2:
            return
        self._sheet.sheet.insert_chart(self.row, self._column, self._chart(table))
        self.row += ROWS

    def _chart(self, table: DrawnTable) -> Chart:
        options = {"type": table.kind.value} | ({"subtype": "stacked"} if table.stacked else {})
        chart = self._book.add_chart(options)
        name, first, last = self._sheet.sheet.name, table.heading + 1, table.heading + table.length
        for column, tone in table.series.items():
            cells = {
                "categories": [name, first, table.names, last, table.names],
                "values": [name, first, column, last, column],
            }
            chart.add_series({"name": [name, table.heading, column], **cells, **_look(table.kind, COLOURS[tone])})
        _lay_out(chart, table)
        return chart


def _look(kind: ChartKind, colour: str) -> dict[str, object]:
    if kind is ChartKind.LINE:
        return {"line": {"color": colour, "width": 2.25}, "marker": {"type": "circle"}}
    return {"fill": {"color": colour}, "gap": 60}


def _lay_out(chart: Chart, table: DrawnTable) -> None:
    guides = {"visible": True, "line": {"color": "#D9D9D9"}}
    numbers = {"major_gridlines": guides, "num_format": "#,##0"}
    chart.set_title({"name": table.title, "name_font": {"size": 12}, "overlay": False})
    if table.kind is ChartKind.BARS:
        # "high": with the first row on top, the axis of numbers would stand above it.
        chart.set_x_axis({**numbers, "label_position": "high"})
        chart.set_y_axis({"reverse": True})
    else:
        chart.set_x_axis({"text_axis": True, "num_format": "mm-dd"})
        chart.set_y_axis(numbers)
    chart.set_legend({"position": "bottom"} if len(table.series) > 1 else {"none": True})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
