"""Draw bars, columns and lines: pygal does the geometry, ``painting`` makes of it what a page can hold.

pygal is pure Python, kept up, stacks bars and writes text as text.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from unicodedata import east_asian_width

import pygal
from markupsafe import Markup
from pygal.style import Style

from reports.charts.painting import TEXT, Caption, inlined
from reports.safe import clip, one_line

# pygal leaves a finder for its map plugins behind, which every later import would ask, in a way that Python 3.11 warns
# of. We draw no maps.
sys.meta_path[:] = [finder for finder in sys.meta_path if type(finder).__module__ != "pygal"]

WIDTH = 480
"""Units across. A phone shows it at three quarters, a desk at its size: the text can be read on both."""

BAR = 30
"""Height that one horizontal bar takes, with the space around it."""

NAME_CHARACTERS = 12
"""Characters of a label; the table beneath the picture has all of them."""

LABELLED = 12
"""Columns that each have a label and a number; of more, every so many-th is labelled."""

SMALLEST_NUMBERED = 0.08
"""Share of the longest bar from which on a part has room for its number."""


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of a chart: a value for each label, None where there is none."""

    name: str
    tone: str
    values: tuple[float | None, ...]


def bars(caption: Caption, labels: Sequence[str], series: Sequence[Series]) -> Markup:
    """Return horizontal bars, the first label on top, the series end to end in each."""
    labels, series = labels[::-1], [Series(each.name, each.tone, each.values[::-1]) for each in series]
    height = BAR * len(labels) + 70
    chart = pygal.HorizontalStackedBar(
        height=height, spacing=6, **_options(labels, show_x_labels=False, show_y_labels=True)
    )
    _fill(chart, labels, series)
    return inlined(chart.render_tree(), [each.tone for each in series], caption)


def columns(caption: Caption, labels: Sequence[str], series: Sequence[Series], *, beside: bool = False) -> Markup:
    """Return upright columns, the first label at the left, the series on top of each other in each.

    ``beside`` has them side by side: those that are no parts of one sum.
    """
    kind = pygal.Bar if beside else pygal.StackedBar
    chart = kind(height=210, spacing=8, **_options(()), **_thinned(labels))
    _fill(chart, labels, series)
    return inlined(chart.render_tree(), [each.tone for each in series], caption)


def line(caption: Caption, labels: Sequence[str], series: Series, top: float) -> Markup:
    """Return a line from 0 to ``top``, broken where there is no value, with the value at each point."""
    chart = pygal.Line(
        height=170,
        range=(0, top * 1.15),  # room for the number above the highest point
        allow_interruptions=True,
        show_legend=False,
        dots_size=4,
        **{**_options(()), **_thinned(labels), "margin_left": 24, "margin_right": 24},  # half of a label
    )
    _fill(chart, labels, [series])
    return inlined(chart.render_tree(), [series.tone], caption, is_line=True)


def _options(names: Sequence[str], **others: object) -> dict[str, object]:
    """Return what all charts have in common; ``names`` stand at the left, and pygal takes them for Latin letters."""
    missing = max((_width(_label(name)) - 0.6 * len(_label(name)) for name in names), default=0.0)
    sizes = dict.fromkeys(
        ("label_font_size", "major_label_font_size", "value_font_size", "legend_font_size", "title_font_size"), TEXT
    )
    return {
        "style": Style(background="transparent", plot_background="transparent", **sizes),
        "width": WIDTH,
        "margin": 8,
        "margin_left": 8 + round(missing * TEXT),
        "css": [],
        "js": [],
        "print_values": True,
        "print_zeroes": False,
        "legend_at_bottom": True,
        "truncate_label": -1,
        "legend_box_size": TEXT - 2,
        "show_y_labels": False,
        "show_y_guides": False,
        **others,
    }


def _width(text: str) -> float:
    return sum(1.0 if east_asian_width(character) in "WF" else 0.6 for character in text)


def _label(text: str) -> str:
    return clip(one_line(text), NAME_CHARACTERS)


def _thinned(labels: Sequence[str]) -> dict[str, object]:
    every = -(-len(labels) // LABELLED)
    return {"x_labels_major_every": every, "show_minor_x_labels": False} if every > 1 else {}


def _fill(chart: pygal.Graph, labels: Sequence[str], series: Sequence[Series]) -> None:
    chart.x_labels = [_label(label) for label in labels]
    chart.legend_at_bottom_columns = len(series)
    totals = [sum(each.values[at] or 0 for each in series) for at in range(len(labels))]
    room = SMALLEST_NUMBERED * max(totals, default=0) if len(labels) <= LABELLED or len(series) == 1 else float("inf")
    for each in series:
        chart.add(_label(each.name), [_value(value, room) for value in each.values])


def _value(value: float | None, room: float) -> object:
    if value is None:
        return None
    number = f"{value:g}" if value >= room else ""
    return {"value": value, "formatter": lambda _: number}
