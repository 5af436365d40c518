"""Measure what a crawl costs by the size of its site: the graph must be straight, and memory must not grow with pages.

    python bench/growth.py [--bench FOLDER] [--pages 1000 2000 5000 10000 20000] [--out growth.svg]

Sites of these sizes are generated and inspected for their links, one after the other; of each the CPU seconds and the
memory are printed, the CPU milliseconds of one page more, and how far each size is off the straight line through all.
The graph has both.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pygal
from measuring import Cost, cost_of, inspecting, make_site, serving
from pygal.style import CleanStyle

WIDTH, HEIGHT = 900, 420


class Point(NamedTuple):
    """What the inspection of a site with so many pages cost."""

    pages: int
    cost: Cost


def main() -> None:
    options = arguments()
    points = []
    for pages in options.pages:
        with tempfile.TemporaryDirectory(prefix="sitehealth-growth-") as name:
            points.append(measured(pages, Path(name), options.bench))
        size, cost = points[-1]
        print(
            f"{size:>7,} pages: {cost.cpu:7.2f} CPU s, {cost.mib:4.0f} MiB, load {os.getloadavg()[0]:.1f}", flush=True
        )
    slope, start = statistics.linear_regression([each.pages for each in points], [each.cost.cpu for each in points])
    print(f"a page costs {1000 * slope:.2f} CPU ms, the start {start:.2f} CPU s")
    for pages, cost in points:
        print(f"{pages:>7,} pages: {100 * (cost.cpu / (start + slope * pages) - 1):+.0f} % off the line")
    if options.out:
        options.out.write_text(drawn(points), "utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of sitegen.py")
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 2000, 5000, 10_000, 20_000])
    parser.add_argument("--out", type=Path, help="an SVG with the graph")
    return parser.parse_args()


def measured(pages: int, folder: Path, bench: Path) -> Point:
    """Inspect a site of so many pages. nginx keeps every file open that it served, so Python serves the large ones."""
    site = make_site(bench, pages, folder / "site")
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    with serving(bench, site, "python"):
        command = inspecting(f"{manifest['meta']['origin']}/", folder, "--checks", "links")
        return Point(len(manifest["pages"]), cost_of(command))


def drawn(points: Sequence[Point]) -> str:
    """Return the graph as SVG: CPU seconds on the left, memory on the right."""
    most = max(cost.mib for _, cost in points)
    chart = pygal.XY(
        width=WIDTH, height=HEIGHT, style=CleanStyle, x_title="pages", y_title="CPU s", js=(), truncate_legend=-1,
        x_value_formatter=lambda value: f"{value:,.0f}", value_formatter=lambda value: f"{value:,.0f}",
        include_x_axis=True, secondary_range=(0, most * 1.1),
    )  # fmt: skip
    chart.add("CPU seconds", [(pages, cost.cpu) for pages, cost in points])
    chart.add("MiB", [(pages, cost.mib) for pages, cost in points], secondary=True)
    return str(chart.render(is_unicode=True))


if __name__ == "__main__":
    main()
