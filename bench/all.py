"""Measure what people wait for, against peers where there are any, and write the table to docs/performance.md.

    make bench BENCH=all ARGS="--tool lychee=PATH [--rounds 3] [--pages 1000 5000] [--texts FOLDER] [--only NAME]"

Every row is a whole command, timed from outside: processor seconds of it and of its children, wall seconds, and the
memory of its largest process. The commands of a row take turns, round after round, so that a ratio holds although the
machine is shared; what is written are medians, and beside each what the table said before, so that what a change
costs is seen. The server's own time is not counted. ``--texts`` is a folder of ``.txt.xz`` files with official writing,
a paragraph a line; without it the typo rows are left out.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

from measuring import ROOT, Cost, cost_of, inspecting, make_site, serving

TABLE = ROOT / "docs" / "performance.md"
SITEHEALTH = [sys.executable, "-m", "monitor"]
PARAGRAPHS = 1700
"""Characters of the document that is proofread; a page of text has twice as many."""


@dataclass
class Case:
    """One row: what is measured, and the command; ``{out}`` is a folder of its own, or that of the row before."""

    name: str
    command: Sequence[str]
    goes_on: bool = False
    """Whether it works on what the row before left in its folder."""
    versus: str = ""
    """The name of the row that this one is compared with."""
    costs: list[Cost] = field(default_factory=list)

    def median(self) -> Cost:
        """Return the medians of what it cost."""
        return Cost(*map(statistics.median, zip(*self.costs, strict=True)))


def main() -> None:
    options = arguments()
    load = os.getloadavg()[0]
    chosen: list[Case] = []
    with tempfile.TemporaryDirectory(prefix="sitehealth-bench-") as name:
        for group in groups(Path(name), options):
            with group as cases:
                wanted = [case for case in cases if not options.only or options.only in case.name]
                measure(wanted, options.rounds, Path(name) / "run")
            chosen += wanted
    table = written(chosen, options, (load, os.getloadavg()[0]))
    print(table)
    if not options.only:
        TABLE.write_text(table, "utf-8")


def measure(cases: Sequence[Case], rounds: int, folder: Path) -> None:
    """Run the commands of some rows in turns."""
    for number in range(rounds):
        for case in cases:
            if not case.goes_on:
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
            case.costs.append(cost_of([part.replace("{out}", str(folder)) for part in case.command]))
            print(f"round {number + 1}: {case.name}: {case.costs[-1].cpu:.2f} CPU s", flush=True)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of sitegen.py")
    parser.add_argument("--texts", type=Path, help="folder of .txt.xz files with official writing")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=PATH", help="lychee=PATH")
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 5000], help="pages of the generated sites")
    parser.add_argument("--text-pages", type=int, default=332, help="pages of the site with official writing")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="rows whose name contains this; nothing is written then")
    return parser.parse_args()


# ---- what is measured ----------------------------------------------------------------------------


def groups(folder: Path, options: argparse.Namespace) -> Iterator[AbstractContextManager[list[Case]]]:
    """Yield the rows that are measured together, each while its sites are served."""
    for pages in options.pages:
        yield links_of_a_site(make_site(options.bench, pages, folder / f"site-{pages}"), folder, options)
    if options.texts:
        yield texts(folder, options)


@contextmanager
def links_of_a_site(site: Path, folder: Path, options: argparse.Namespace) -> Iterator[list[Case]]:
    """Serve a generated site, and give the rows about its links."""
    with serving(options.bench, site):
        yield list(link_cases(site, folder, options))


@contextmanager
def texts(folder: Path, options: argparse.Namespace) -> Iterator[list[Case]]:
    """Serve pages of official writing, and give the rows about them."""
    paragraphs = cycle(read_paragraphs(options.texts))
    sites = (("one", 0, 28301), ("many", options.text_pages, 28302))
    servers = [serve_folder(write_pages(folder / name, paragraphs, count), port) for name, count, port in sites]
    try:
        yield list(text_cases(folder, paragraphs, options.text_pages))
    finally:
        for process in servers:
            process.terminate()
            process.wait()


def link_cases(site: Path, folder: Path, options: argparse.Namespace) -> Iterator[Case]:
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    origin, pages = manifest["meta"]["origin"], manifest["pages"]
    name = f"links only, {len(pages):,} pages"
    yield Case(name, inspecting(f"{origin}/", "{out}", "--checks", "links"))
    tools = dict(tool.split("=", 1) for tool in options.tool)
    if "lychee" in tools:
        listed = folder / "pages.txt"
        listed.write_text("\n".join(origin + quote(page) for page in pages), "utf-8")
        limits = "--max-concurrency 16 --host-concurrency 16 --host-request-interval 0ms --max-retries 0 --timeout 5"
        command = [tools["lychee"], "--files-from", str(listed), *limits.split(), "--include-fragments", "-n", "-qq"]
        yield Case(f"lychee {version_of(tools['lychee'])}, handed the same {len(pages):,}", command, versus=name)


def text_cases(folder: Path, paragraphs: Iterator[str], pages: int) -> Iterator[Case]:
    document = folder / "document.txt"
    document.write_text("\n".join(taken(paragraphs, PARAGRAPHS // 3)), "utf-8")
    size = document.stat().st_size
    yield Case(f"proofread of {size / 1000:.1f} kB", [*SITEHEALTH, "proofread", str(document)])
    yield Case("inspect of one page, links only", inspecting("http://127.0.0.1:28301/", "{out}", "--checks", "links"))
    yield Case("inspect of one page", inspecting("http://127.0.0.1:28301/", "{out}"))
    many = "http://127.0.0.1:28302/"
    yield Case(f"first inspection, {pages} pages of 3,400 characters", inspecting(many, "{out}"))
    yield Case("second inspection, nothing changed", inspecting(many, "{out}"), goes_on=True)


def read_paragraphs(folder: Path) -> list[str]:
    texts = (lzma.decompress(path.read_bytes()).decode() for path in sorted(folder.glob("*.txt.xz")))
    lines = (line.strip() for text in texts for line in text.splitlines())
    return list(dict.fromkeys(line for line in lines if len(line) > 15))[::7]


def taken(paragraphs: Iterator[str], characters: int) -> Iterator[str]:
    """Yield paragraphs of so many characters together."""
    while characters > 0:
        paragraph = next(paragraphs)
        characters -= len(paragraph)
        yield paragraph


def write_pages(folder: Path, paragraphs: Iterator[str], count: int) -> Path:
    """Write a homepage that leads to so many pages; every page has 3,400 characters and a menu."""
    folder.mkdir()
    menu = "".join(f'<li><a href="/{n}.html">第{n}页</a></li>' for n in range(count))
    for name in ("index", *range(count)):
        text = "".join(f"<p>{each}</p>" for each in taken(paragraphs, 2 * PARAGRAPHS))
        head = f'<!doctype html><html lang="zh"><head><meta charset="utf-8"><title>{name}</title></head>'
        links = menu if name == "index" else '<li><a href="/">首页</a></li>'
        (folder / f"{name}.html").write_text(f"{head}<body><ul>{links}</ul>{text}</body></html>", "utf-8")
    return folder


def serve_folder(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", str(folder)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


# ---- writing -------------------------------------------------------------------------------------


def written(cases: Sequence[Case], options: argparse.Namespace, load: tuple[float, float]) -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    by_name = {case.name: case for case in cases}
    before = cpu_before()
    lines = [
        "# Performance",
        "",
        "Written by `make bench BENCH=all`; medians of whole commands that take turns. On a shared machine trust the",
        "ratios and the processor seconds, not the wall. “Before” is what the table said before, on whatever machine.",
        "",
        f"- {datetime.now(UTC).date()}, commit {commit}, Python {platform.python_version()}, {processor()}",
        f"- {options.rounds} rounds; load {load[0]:.1f} before, {load[1]:.1f} after, on {os.cpu_count()} cores",
        "",
        "| what | CPU s | before | wall s | peak MiB | CPU, ours to its |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for case in cases:
        cost = case.median()
        figures = f"{cost.cpu:.2f} | {before.get(case.name, '')} | {cost.wall:.1f} | {cost.mib:.0f}"
        lines.append(f"| {case.name} | {figures} | {ratio(by_name.get(case.versus), case)} |")
    return "\n".join(lines) + "\n"


def cpu_before() -> dict[str, str]:
    """Return the CPU seconds of the table as it is, by the names of its rows."""
    rows = re.findall(r"^\| ([^|]+?) \| ([\d.]+) \|", TABLE.read_text("utf-8"), re.MULTILINE) if TABLE.exists() else ()
    return dict(rows)


def ratio(ours: Case | None, its: Case) -> str:
    """Return the median of the ratios round by round."""
    if ours is None:
        return ""
    return f"{statistics.median(a.cpu / b.cpu for a, b in zip(ours.costs, its.costs, strict=True)):.2f}"


def version_of(tool: str) -> str:
    done = subprocess.run([tool, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
