"""Measure what people wait for, against peers where there are any, and write the table to docs/performance.md.

    make bench BENCH=all ARGS="--tool lychee=PATH [--rounds 3] [--texts FOLDER] [--only NAME]"

Every row is a whole command, timed from outside: processor seconds of it and of its children, wall seconds, and the
memory of its largest process. The commands of a row take turns, round after round, so that a ratio holds although the
machine is shared; what is written are medians. The server's own time is not counted. ``--texts`` is a folder of
``.txt.xz`` files with official writing, a paragraph a line; without it the typo rows are left out.
"""

from __future__ import annotations

import argparse
import json
import lzma
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
PORTS = ("--port", "28080", "--tls-port", "28443", "--refused-port", "28099")
SITEHEALTH = [sys.executable, "-m", "monitor"]
FAST = "crawl.delay=0 crawl.retries=0 crawl.second_look=false crawl.robots=false crawl.concurrency=16".split()
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
    figures: list[tuple[float, float, float]] = field(default_factory=list)

    def median(self, column: int) -> float:
        """Return the median of processor seconds (0), wall seconds (1) or MiB (2)."""
        return statistics.median(row[column] for row in self.figures)


def main() -> None:
    options = arguments()
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory(prefix="sitehealth-bench-") as name:
        folder = Path(name)
        with serving(folder, options) as cases:
            chosen = [case for case in cases if not options.only or options.only in case.name]
            for number in range(options.rounds):
                for case in chosen:
                    case.figures.append(measured(case, folder / "run"))
                    print(f"round {number + 1}: {case.name}: {case.figures[-1][0]:.2f} CPU s", flush=True)
    table = written(chosen, options, (load, os.getloadavg()[0]))
    print(table)
    if not options.only:
        (ROOT / "docs" / "performance.md").write_text(table, "utf-8")


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--bench", type=Path, default=Path("../shared/bench"), help="folder of sitegen.py")
    parser.add_argument("--texts", type=Path, help="folder of .txt.xz files with official writing")
    parser.add_argument("--tool", action="append", default=[], metavar="NAME=PATH", help="lychee=PATH")
    parser.add_argument("--pages", type=int, default=1000, help="pages of the generated site")
    parser.add_argument("--text-pages", type=int, default=332, help="pages of the site with official writing")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="rows whose name contains this; nothing is written then")
    return parser.parse_args()


# ---- what is measured ----------------------------------------------------------------------------


@contextmanager
def serving(folder: Path, options: argparse.Namespace) -> Iterator[list[Case]]:
    """Make the sites, serve them, and give the rows."""
    site = folder / "site"
    size = ("--pages", str(options.pages), "--profile", "fast")
    command = [sys.executable, options.bench / "sitegen.py", *size, *PORTS, "--out", site]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    backend = "nginx" if shutil.which("nginx") else "python"
    server = subprocess.Popen(
        [sys.executable, options.bench / "siteserve.py", site, "--backend", backend], stdout=subprocess.PIPE, text=True
    )
    others = []
    try:
        server.stdout.readline()
        cases = list(link_cases(site, folder, options))
        if options.texts:
            paragraphs = cycle(read_paragraphs(options.texts))
            for name, count, port in (("one", 0, 28301), ("many", options.text_pages, 28302)):
                others.append(serve_folder(write_pages(folder / name, paragraphs, count), port))
            cases += text_cases(folder, paragraphs, options.text_pages)
        yield cases
    finally:
        for process in (server, *others):
            process.terminate()
            process.wait()


def inspecting(url: str, *more: str) -> list[str]:
    settings = [part for setting in FAST for part in ("--set", setting)]
    store = ["--set", "store.url=sqlite:///{out}/store.db", "--format", "json", "--out", "{out}/report.json"]
    return [*SITEHEALTH, "inspect", url, "--allow-private", *settings, *store, *more]


def link_cases(site: Path, folder: Path, options: argparse.Namespace) -> Iterator[Case]:
    manifest = json.loads((site / "manifest.json").read_text("utf-8"))
    origin, pages = manifest["meta"]["origin"], manifest["pages"]
    name = f"links only, {len(pages):,} pages"
    yield Case(name, inspecting(f"{origin}/", "--checks", "links"))
    tools = dict(tool.split("=", 1) for tool in options.tool)
    if "lychee" in tools:
        listed = folder / "pages.txt"
        listed.write_text("\n".join(origin + quote(page) for page in pages), "utf-8")
        limits = "--max-concurrency 16 --host-concurrency 16 --host-request-interval 0ms --max-retries 0 --timeout 5"
        command = [tools["lychee"], "--files-from", str(listed), *limits.split(), "--include-fragments", "-n", "-qq"]
        yield Case(f"lychee {version_of(tools['lychee'])}, handed the same pages", command, versus=name)


def text_cases(folder: Path, paragraphs: Iterator[str], pages: int) -> Iterator[Case]:
    document = folder / "document.txt"
    document.write_text("\n".join(taken(paragraphs, PARAGRAPHS // 3)), "utf-8")
    size = document.stat().st_size
    yield Case(f"proofread of {size / 1000:.1f} kB", [*SITEHEALTH, "proofread", str(document)])
    yield Case("inspect of one page, links only", inspecting("http://127.0.0.1:28301/", "--checks", "links"))
    yield Case("inspect of one page", inspecting("http://127.0.0.1:28301/"))
    many = "http://127.0.0.1:28302/"
    yield Case(f"first inspection, {pages} pages of 3,400 characters", inspecting(many))
    yield Case("second inspection, nothing changed", inspecting(many), goes_on=True)


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


# ---- measuring -----------------------------------------------------------------------------------


def measured(case: Case, folder: Path) -> tuple[float, float, float]:
    """Return processor seconds, wall seconds and peak memory (MiB, of the largest process) of a command."""
    if not case.goes_on:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
    command = [part.replace("{out}", str(folder)) for part in case.command]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # without its bytecode a start compiles every library again
    began = time.monotonic()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in {0, 1, 2}:
        raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}")
    return used.ru_utime + used.ru_stime, time.monotonic() - began, used.ru_maxrss / 1024


# ---- writing -------------------------------------------------------------------------------------


def written(cases: Sequence[Case], options: argparse.Namespace, load: tuple[float, float]) -> str:
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout.strip()
    by_name = {case.name: case for case in cases}
    lines = [
        "# Performance",
        "",
        "Written by `make bench BENCH=all`; medians of whole commands that take turns. On a shared machine trust the",
        "ratios and the processor seconds, not the wall.",
        "",
        f"- {datetime.now(UTC).date()}, commit {commit}, Python {platform.python_version()}, {processor()}",
        f"- {options.rounds} rounds; load {load[0]:.1f} before, {load[1]:.1f} after, on {os.cpu_count()} cores",
        "",
        "| what | CPU s | wall s | peak MiB | CPU, ours to its |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    for case in cases:
        figures = f"{case.median(0):.2f} | {case.median(1):.1f} | {case.median(2):.0f}"
        lines.append(f"| {case.name} | {figures} | {ratio(by_name.get(case.versus), case)} |")
    return "\n".join(lines) + "\n"


def ratio(ours: Case | None, its: Case) -> str:
    """Return the median of the ratios round by round."""
    if ours is None:
        return ""
    return f"{statistics.median(a[0] / b[0] for a, b in zip(ours.figures, its.figures, strict=True)):.2f}"


def version_of(tool: str) -> str:
    done = subprocess.run([tool, "--version"], check=True, capture_output=True, text=True)
    return done.stdout.split()[-1]


def processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    return next((line.split(": ", 1)[1] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
