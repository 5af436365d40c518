"""Draw the one chart of a notice as Office has it (DrawingML, ECMA-376, part 1, 21.2): bars that Word can restyle."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports.safe import one_line

COLOURS = ("B3261E", "C77700", "3D5A80", "6B7A8F")
"""Of the series, the worst first."""

CENTIMETRE = 360_000
"""English Metric Units."""


@dataclass(frozen=True, slots=True)
class Bars:
    """Stacked bars: a bar for each category, a part of it for each series; ``values`` are by series, then category."""

    title: str
    categories: tuple[str, ...]
    series: tuple[str, ...]
    values: tuple[tuple[int, ...], ...]

    @property
    def height(self) -> int:
        """How high the chart has to be, in English Metric Units."""
        return round((2.8 + 0.75 * len(self.categories)) * CENTIMETRE)


def chart_part(bars: Bars) -> bytes:
    """Return the part of a document that holds the chart."""
    series = list(zip(bars.series, COLOURS, bars.values, strict=False))
    return _environment().get_template("chart.xml.jinja").render(bars=bars, series=series).encode()


def inline_drawing(bars: Bars, relation: str) -> str:
    """Return the run of a paragraph that shows the chart behind a relation of the document."""
    return _environment().get_template("chart-drawing.xml.jinja").render(bars=bars, relation=relation)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: one_line(value) if isinstance(value, str) else value,
    )
