"""Read mutated input until something raises, or the inputs are through: whole pages, or one reader at a time.

Usage: python bench/fuzz.py [--inputs 100000] [--first 0] [--corpus FOLDER ...] [--keep FOLDER]
       python bench/fuzz.py --layers urls,http [--inputs 100000] [--first 0]

Pages go through every check and every report, some dozen a second; a layer (``tests/fuzz/layers.py``: addresses,
charsets, HTTP, robots.txt, sitemaps, style sheets, scripts, dates, hosts, reports) takes hundreds to ten thousands.

Prints the number of inputs, each distinct exception with the number of the first input that raised it (`--first N
--inputs 1` shows it whole), the slowest inputs in CPU seconds, and the peak of memory. An input is made from its
number alone, so a finding can be repeated anywhere; `--corpus` adds pages to start from, and so makes other inputs.
Exit code 1 when anything raised or an input took more than 10 CPU seconds.
"""

from __future__ import annotations

import argparse
import heapq
import resource
import sys
import time
import traceback
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.fuzz.layers import LAYERS, small_input
from tests.fuzz.mutate import document
from tests.fuzz.pipeline import Pipeline, seeds

REPORT_EVERY = 200
"""Inputs whose findings make one report; writing ten reports takes as long as reading some dozen pages."""

TELL_EVERY = 10_000
MOST_SECONDS = 10.0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--corpus", type=Path, action="append", default=[], help="folder of pages to start from")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that raised")
    parser.add_argument("--layers", help=f"readers to take one at a time, or all: {', '.join(LAYERS)}")
    given = parser.parse_args()
    if given.layers:
        names = list(LAYERS) if given.layers == "all" else given.layers.split(",")
        unknown = [name for name in names if name not in LAYERS]
        if unknown:
            parser.error(f"no such layer: {', '.join(unknown)}")
        return max([_read_layer(name, given) for name in names])
    return _read_pages(given)


def _read_layer(name: str, given: argparse.Namespace) -> int:
    """Read the inputs of one layer, and return the exit code."""
    layer, raised = LAYERS[name], Counter[str]()
    slowest, began = [(0.0, given.first)], time.process_time()
    for number in range(given.first, given.first + given.inputs):
        data, chance = small_input(number, layer)
        before = time.process_time()
        try:
            layer.read(data, chance)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            _tell(number, error, raised, whole=given.inputs == 1)
            _keep(given.keep, number, data)
        spent = time.process_time() - before
        if spent > slowest[0][0]:
            slowest = [(round(spent, 2), number)]
    print(f"{name}: {given.inputs / (time.process_time() - began):,.0f} inputs a CPU second; ", end="")
    _sum_up(given.inputs, raised, slowest)
    return 1 if raised or slowest[0][0] > MOST_SECONDS else 0


def _read_pages(given: argparse.Namespace) -> int:
    """Read whole pages through everything, and return the exit code."""
    documents, pipeline = seeds(*given.corpus), Pipeline()
    raised: Counter[str] = Counter()
    slowest: list[tuple[float, int]] = []
    for number in range(given.first, given.first + given.inputs):
        body, kind = document(number, documents)
        began = time.process_time()
        try:
            pipeline.read(body, kind)
            if (number + 1) % REPORT_EVERY == 0:
                pipeline.report()
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            _tell(number, error, raised, whole=given.inputs == 1)
            _keep(given.keep, number, body)
            pipeline.facts, pipeline.findings = [], []
        heapq.heappush(slowest, (round(time.process_time() - began, 2), number))
        if len(slowest) > 5:
            heapq.heappop(slowest)
        if (number + 1 - given.first) % TELL_EVERY == 0:
            _sum_up(number + 1 - given.first, raised, slowest)
    if given.inputs < REPORT_EVERY:
        pipeline.report()
    _sum_up(given.inputs, raised, slowest)
    return 1 if raised or max(slowest)[0] > MOST_SECONDS else 0


def _tell(number: int, error: Exception, raised: Counter[str], *, whole: bool) -> None:
    """Count an exception by the place that raised it, and print it when it is a new one."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno} ({frame.name})"
    raised[place] += 1
    if whole:
        traceback.print_exception(error)
    elif raised[place] == 1:
        print(f"input {number}: {place}: {str(error)[:200]}", flush=True)


def _keep(folder: Path | None, number: int, body: bytes) -> None:
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.html").write_bytes(body)


def _sum_up(inputs: int, raised: Counter[str], slowest: list[tuple[float, int]]) -> None:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    worst = ", ".join(f"{seconds} s (input {number})" for seconds, number in sorted(slowest, reverse=True))
    print(
        f"{inputs:,} inputs, {raised.total():,} exceptions of {len(raised)} kinds; slowest {worst}; peak {peak} MiB",
        flush=True,
    )


if __name__ == "__main__":
    sys.exit(main())
