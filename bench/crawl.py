"""Measure the crawl and its link verdicts against other link checkers, on generated sites with ground truth.

    python bench/crawl.py --bench FOLDER [--tool lychee=PATH] [--tool scrapy=PYTHON] [--repeat 3] [--keep FOLDER]

FOLDER holds the generator, the server and the scorer (``sitegen.py``, ``siteserve.py``, ``peers.py``,
``sitehealth_jsonl.py``). Every measure runs all tools in turn, round after round, on the same machine and the same
server; what is printed are medians and the ratios of ours to each tool's. Trust CPU seconds and ratios; single wall
times depend on who else is awake. Where lychee is among the tools, its ratio is compared with that of
docs/performance.md, and a loss of more than a fifth makes it fail: so none goes unnoticed.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from measuring import PORTS, ROOT

LOST = 1.2
"""How much of the ratio to lychee may be lost before it counts as a loss: less comes and goes with the machine."""


class Measure(NamedTuple):
    """One row of the table: a site, how it is served, and how many requests at a time."""

    name: str
    site: tuple[str, ...]
    latency_ms: int
    concurrency: int
    peers: bool = True
    backend: str = "nginx"


MEASURES = (
    Measure("recall: 1,000 pages, every fault", ("--pages", "1000", "--profile", "full"), 0, 16),
    Measure("CPU: 1,000 pages", ("--pages", "1000", "--profile", "fast"), 0, 16),
    Measure("wall: 5,000 pages, 20 ms away", ("--pages", "5000", "--profile", "fast"), 20, 64),
    Measure("endless calendar", ("--pages", "100", "--trap"), 0, 16, peers=False),
    Measure("memory: 50,000 pages", ("--pages", "50000", "--profile", "fast"), 0, 64, peers=False, backend="python"),
)
"""nginx keeps every file it has served open, which ends at 20,000 files: the largest site is served by Python."""


def main() -> None:
    arguments = _arguments()
    folder = Path(arguments.keep or tempfile.mkdtemp(prefix="sitehealth-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    lost = False
    try:
        for measure in MEASURES:
            if not arguments.only or arguments.only in measure.name:
                rounds = _run(measure, arguments, folder)
                _print(measure, rounds)
                lost |= measure.name.startswith("CPU") and "lychee" in rounds and _is_loss(rounds)
    finally:
        if not arguments.keep:
            shutil.rmtree(folder, ignore_errors=True)
    sys.exit(int(lost))


def _is_loss(rounds: dict[str, list[dict]]) -> bool:
    """Return whether the ratio to lychee is worse than the one that is written down, and print both."""
    text = (ROOT / "docs" / "performance.md").read_text("utf-8")
    written = re.search(r"^\| lychee .*\| ([\d.]+) \|$", text, re.MULTILINE)
    if written is None:
        return False
    ratio = float(_ratio(rounds["ours"], rounds["lychee"], "cpu"))
    print(f"\nCPU, ours to lychee's: {ratio:.2f}; docs/performance.md says {written[1]}")
    return ratio > LOST * float(written[1])


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of the generator")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=PATH", help="a peer, as peers.py knows it")
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--only", help="measures whose name contains this")
    parser.add_argument("--keep", help="folder for sites and results; kept")
    return parser.parse_args()


def _run(measure: Measure, arguments: argparse.Namespace, folder: Path) -> dict[str, list[dict]]:
    """Return the results of every tool, a list of rounds each."""
    site = folder / "-".join(part.strip("-") for part in measure.site)
    if not site.exists():
        _call(arguments.bench / "sitegen.py", *measure.site, *PORTS, "--out", str(site), quiet=True)
    results = folder / f"{site.name}-{measure.latency_ms}.jsonl"
    results.unlink(missing_ok=True)
    sitehealth = shutil.which("sitehealth", path=str(Path(sys.executable).parent)) or "sitehealth"
    ours = (
        f"ours={sys.executable} {arguments.bench}/sitehealth_jsonl.py {sitehealth} {{url}} {{conc}} {{timeout}} {{out}}"
    )
    tools = arguments.tool if measure.peers else []
    names = ["ours", *(tool.partition("=")[0] for tool in tools)]
    options = [f"--site={site}", f"--latency-ms={measure.latency_ms}", f"--conc={measure.concurrency}"]
    options += [f"--repeat={arguments.repeat if measure.peers else 1}", f"--results={results}", f"--cmd={ours}"]
    options += [f"--backend={measure.backend}", f"--peers={','.join(names)}", "--limit=900"]
    _call(arguments.bench / "peers.py", *options, *(f"--tool={tool}" for tool in tools), quiet=True)
    rounds: dict[str, list[dict]] = {}
    for line in results.read_text("utf-8").splitlines():
        row = json.loads(line)
        rounds.setdefault(row["peer"], []).append(row)
    return rounds


def _call(script: Path, *options: str, quiet: bool) -> None:
    subprocess.run([sys.executable, str(script), *options], check=True, stdout=subprocess.DEVNULL if quiet else None)


def _print(measure: Measure, rounds: dict[str, list[dict]]) -> None:
    print(f"\n{measure.name} (latency {measure.latency_ms} ms, concurrency {measure.concurrency})\n")
    print("| tool | rounds | recall | false | sources named | pages/CPU-s | wall s | peak MiB | CPU ours/its |", end="")
    print(" wall ours/its |")
    print("| --- " * 10 + "|")
    for name, rows in rounds.items():
        last = rows[-1]
        ratios = [_ratio(rounds["ours"], rows, field) for field in ("cpu", "wall")]
        figures = (name, len(rows), last.get("recall"), last.get("false"), last.get("sources_named"))
        speed = (f"{last['pages'] / _median(rows, 'cpu'):.0f}", f"{_median(rows, 'wall'):.1f}")
        print(
            "|", " | ".join(map(str, (*figures, *speed, f"{_median(rows, 'rss_mib'):.0f}", *ratios))), "|", flush=True
        )


def _median(rows: list[dict], field: str) -> float:
    return statistics.median(row[field] for row in rows)


def _ratio(ours: list[dict], theirs: list[dict], field: str) -> str:
    """Return the median of the ratios round by round: both ran within a minute of each other."""
    return f"{statistics.median(a[field] / b[field] for a, b in zip(ours, theirs, strict=False)):.2f}"


if __name__ == "__main__":
    main()
