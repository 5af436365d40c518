"""Draw what a soak looked at: memory, threads and open files, the store and its log, what is kept.

    python bench/soak_graph.py LOOKS [LOOKS] --weeks 52 --out soak.svg

``LOOKS`` are files of ``bench/soak.py --looks``; of two, one is SQLite's and one PostgreSQL's, named by ``--names``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pygal
from pygal.style import CleanStyle

MB = 1e6
WIDTH, HEIGHT = 900, 260
POINTS = 300
"""Of a line: each the largest of its span, so that no peak is lost."""

PANELS = {
    "memory, MB": {"resident": MB},
    "threads and open files": {"threads": 1, "files": 1},
    "store, MB": {"store": MB, "free": MB, "log": MB},
    "kept: findings and reports": {"findings": 1, "reports": 1},
}


def points(looks: Sequence[dict[str, float]], name: str, unit: float, weeks: float) -> Iterator[tuple[float, float]]:
    """Yield week and value."""
    size = max(1, len(looks) // POINTS)
    for start in range(0, len(looks), size):
        yield weeks * start / len(looks), max(look[name] for look in looks[start : start + size]) / unit


def draw(files: Sequence[Path], names: Sequence[str], weeks: float) -> str:
    """Return an SVG with the panels one below the other."""
    several = len(files) > 1
    drawn = []
    for number, (title, series) in enumerate(PANELS.items()):
        chart = pygal.XY(
            width=WIDTH, height=HEIGHT, title=title, dots_size=0, style=CleanStyle, include_x_axis=True,
            x_title="week" if number == len(PANELS) - 1 else None, js=(), truncate_legend=-1,
            x_value_formatter=lambda value: f"{value:.0f}",
        )  # fmt: skip
        for file, name in zip(files, names, strict=True):
            looks = [json.loads(line) for line in file.read_text("ascii").splitlines()]
            for key, unit in series.items():
                chart.add(f"{key}, {name}" if several else key, list(points(looks, key, unit, weeks)))
        svg = chart.render(is_unicode=True).partition("?>")[2]
        drawn.append(f'<g transform="translate(0 {number * HEIGHT})">{sized(svg)}</g>')
    size = f'width="{WIDTH}" height="{HEIGHT * len(PANELS)}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>{"".join(drawn)}</svg>'


def sized(svg: str) -> str:
    """Give a nested picture its size, which pygal leaves to the page."""
    return svg.replace("<svg ", f'<svg width="{WIDTH}" height="{HEIGHT}" ', 1)


def main() -> None:
    """Draw."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("looks", type=Path, nargs="+")
    parser.add_argument("--names", nargs="+", default=["SQLite", "PostgreSQL"])
    parser.add_argument("--weeks", type=float, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    drawn = draw(arguments.looks, arguments.names[: len(arguments.looks)], arguments.weeks)
    arguments.out.write_text(drawn, "utf-8")


if __name__ == "__main__":
    main()
