"""Measure what a site takes on disk, and reckon what it comes to in a year.

    python bench/disk.py [--postgresql]

Three generated sites on loopback (few pages and few faults, more pages, more faults) are inspected three times each
by the real command; the store is packed and measured after each, and once more when everything but the last two runs
is past its time. Differences give the bytes of a page, a finding, a run and a report. Typos are not looked for, which
would take minutes; what is remembered of a text is stored and measured by itself. A year is 52 inspections of the
homepage and 4 of the whole site, everything of which is kept (``retention`` at its defaults), with a fault on every
tenth page, ten at most on the homepage, and eight texts of its own on each page.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import yaml
from sqlalchemy import create_engine, text

sys.path.insert(0, str(Path(__file__).parents[1]))
from monitor.store import Store
from monitor.store.memory.verdicts import VerdictStore
from monitor.store.upkeep import prune
from tests.monitor.daemons import COMMAND, QUICK
from tests.monitor.postgresql import server as postgresql
from tests.server.site import Exchange, Site

DAY = 86_400.0
MENU, TEXTS = 40, 8
"""Links in the menu of every page, and paragraphs of its own."""
WORDS = (
    "关于 开展 年度 工作 的 通知 各 科室 单位 请 按照 要求 于 本周五 前 报送 材料 并 做好 检查 落实 情况 汇总".split()
)
KB, MB = 1000.0, 1e6
VERDICTS = 2_000
"""On texts without a typo, which most are."""


class Kind(NamedTuple):
    """A generated site: pages beside its homepage, and broken links."""

    pages: int
    faults: int


FEW, MORE_PAGES, MORE_FAULTS = Kind(60, 10), Kind(300, 10), Kind(60, 110)


class Sizes(NamedTuple):
    """Bytes of the store after each of three runs, after pruning, and with verdicts on texts; of the last report."""

    first: int
    second: int
    third: int
    pruned: int
    texts: int
    report: int


def office(kind: Kind) -> Site:
    """Return a site: a homepage that links to every page, and pages that share the broken links among them."""
    menu = "".join(f"<li><a href=/p/{n % kind.pages}.html>栏目 {n}</a></li>" for n in range(MENU))

    def html(title: str, body: str) -> str:
        return f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>{title}</title><ul>{menu}</ul>{body}</html>"

    async def home(exchange: Exchange) -> None:
        links = "".join(f"<a href=/p/{n}.html>通知 {n}</a>" for n in range(kind.pages))
        await exchange.answer(html("某局", links), headers={"ETag": '"home"'})

    async def page(exchange: Exchange) -> None:
        number = int(exchange.last.removesuffix(".html"))
        chance = random.Random(number)
        paragraphs = ("".join(chance.choices(WORDS, k=30)) for _ in range(TEXTS))
        broken = "".join(f"<a href=/gone/{n}>附件 {n}</a>" for n in range(number, kind.faults, kind.pages))
        own = "".join(f"<p>{each}。</p>" for each in paragraphs) + broken
        # Only of a page that can be asked whether it has changed is anything remembered.
        await exchange.answer(html(f"通知 {number}", own), headers={"ETag": f'"{number}"'})

    return Site({"/": home, "/p/": page})


def measured(kind: Kind, url: str, folder: Path) -> Sizes:
    """Inspect a site three times, and measure."""
    folder.mkdir()
    config, out = folder / "config.yaml", folder / "reports"
    crawl = QUICK | {"concurrency": 16}
    config.write_text(
        yaml.safe_dump({"store": {"url": url}, "crawl": crawl, "checks": {"typos": {"run": False}}}), "utf-8"
    )
    sizes = []
    with office(kind).running() as site:
        command = [COMMAND, "inspect", f"{site.url}/", "--config", config, "--format", "html", "--out", out]
        for _ in range(3):
            subprocess.run(command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            sizes.append(packed(url))
    with Store(url) as store:
        ended = [run.status for run in store.runs.latest()]
        if ended != ["complete"] * 3:
            raise SystemExit(f"not measured: the runs ended {ended}")
        prune(store.engine, findings_days=365, verdicts_days=10_000, snapshots_days=365, now=time.time() + 400 * DAY)
    sizes.append(packed(url))
    with Store(url) as store:
        hashes = [hashlib.blake2b(str(n).encode(), digest_size=16).digest() for n in range(VERDICTS)]
        VerdictStore(store.engine).save("typos", "1", {key: [] for key in hashes}, time.time())
    report = max(path.stat().st_size for path in out.rglob("*.html"))
    return Sizes(*sizes, packed(url), report)


def packed(url: str) -> int:
    """Return the bytes of a store without what is free in it."""
    if url.startswith("sqlite"):
        path = Path(url.removeprefix("sqlite:///"))
        with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
            copy = path.with_name("packed.db")
            copy.unlink(missing_ok=True)
            connection.execute("VACUUM INTO ?", (str(copy),))
        return copy.stat().st_size
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("VACUUM FULL"))
        ours = "relkind = 'r' AND relnamespace = 'public'::regnamespace"
        tables = f"SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE {ours}"
        size = int(connection.execute(text(tables)).scalar_one())
    engine.dispose()
    return size


class Costs(NamedTuple):
    """Bytes of one of each."""

    page: float
    text: float
    finding: float
    entry: float
    run: float
    report: float
    report_of_finding: float

    def year(self, pages: int) -> float:
        """Return the bytes of a site and year."""
        faults, at_home = pages / 10, min(pages / 10, 10)
        runs = 56 * self.run + (4 * faults + 52 * at_home) * self.finding
        reports = 56 * self.report + (4 * faults + 52 * at_home) * self.report_of_finding
        return self.once(pages) + runs + reports

    def once(self, pages: int) -> float:
        """Return the bytes of what is kept once, however many years pass."""
        return pages * (self.page + TEXTS * self.text) + pages / 10 * self.entry


def costs(few: Sizes, pages: Sizes, faults: Sizes) -> Costs:
    """Return what differences say."""
    more = MORE_FAULTS.faults - FEW.faults
    finding = ((faults.third - faults.second) - (few.third - few.second)) / more
    run = few.third - few.second - FEW.faults * finding
    return Costs(
        page=(pages.first - few.first) / (MORE_PAGES.pages - FEW.pages),
        text=(few.texts - few.pruned) / VERDICTS,
        finding=finding,
        entry=(faults.first - few.first) / more - finding,
        run=run,
        report=few.report - FEW.faults * (faults.report - few.report) / more,
        report_of_finding=(faults.report - few.report) / more,
    )


def table(found: Costs) -> Iterator[str]:
    """Yield the figures as Markdown."""
    yield "| What | KB |"
    yield "| --- | ---: |"
    for name, size in found._asdict().items():
        yield f"| {name.replace('_', ' ')} | {size / KB:.2f} |"
    yield ""
    yield "| Pages of a site | a year, MB | each further year, MB |"
    yield "| ---: | ---: | ---: |"
    for pages in (100, 1_000, 5_000):
        first = found.year(pages)
        yield f"| {pages} | {first / MB:.1f} | {(first - found.once(pages)) / MB:.1f} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--postgresql", action="store_true", help="keep the stores in a PostgreSQL of its own")
    options = parser.parse_args()
    kinds = {"few": FEW, "pages": MORE_PAGES, "faults": MORE_FAULTS}
    sizes = {}
    with tempfile.TemporaryDirectory(prefix="sitehealth-disk-") as name:
        for key, kind in kinds.items():
            with contextlib.ExitStack() as stack:
                url = f"sqlite:///{name}/{key}.db"
                if options.postgresql:
                    url = stack.enter_context(postgresql()).url
                sizes[key] = measured(kind, url, Path(name) / key)
                print(key, sizes[key], file=sys.stderr, flush=True)
    print(*table(costs(**sizes)), sep="\n")


if __name__ == "__main__":
    main()
