"""Measure one daemon over many sites: its start, `sitehealth status`, a scrape, and memory.

    python bench/scale.py [--sites 13000] [--sites-from yaml|csv|sql]

Makes a configuration and a store in a temporary folder in which every round of every site has been served, with
findings on every site, broken links on two homepages of five, stale columns on every fifth site; starts the real
daemon over it, and prints the processor seconds until it is ready and until it shows the store's metrics, its
resident memory, seconds and size of a scrape, and the processor seconds of `status`.
Nothing is inspected and nobody is asked: there is no network in it.
"""

from __future__ import annotations

import argparse
import csv
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1]))
from checks.model import ColumnStatus, ColumnType
from checks.scoring.sheet import Score
from monitor.output.publish import file_of
from monitor.settings.config_file import load
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.run_facts import RunFacts, TextRead, facts_to_json
from monitor.store.schema import findings, runs
from monitor.store.site_query import ask_sites
from monitor.store.statistics import Statistics
from reports.model import ColumnSummary, Security
from tests.monitor.daemons import COMMAND, Daemon

OPENMETRICS, OF_STORE = "application/openmetrics-text; version=1.0.0", "sitehealth_sites "
SETTLED = 5.0
"""Seconds after which the daemon has given back what its first work (metrics, list of reports) took for a moment."""
ENDLESS = 600.0
"""Seconds after which a daemon that is not ready has failed."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=13_000)
    parser.add_argument("--sites-from", choices=["yaml", "csv", "sql"], default="yaml", help="where the sites stand")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        daemon = Daemon(folder, listed(folder, options.sites, options.sites_from))
        daemon.write(schedule={}, checks={})
        print(loading(daemon.config), flush=True)
        fill(daemon.config)
        for line in figures(daemon):
            print(line, flush=True)


def listed(folder: Path, count: int, kind: str) -> dict[str, object]:
    """Write sites in 31 provinces of eleven cities as a list of a kind; return the section that names it."""
    rows = [(f"http://s{n}.example.cn/", f"省{n % 31}", f"市{n % 341}") for n in range(count)]
    if kind == "csv":
        with (folder / "sites.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("url", "province", "city"), *rows])
        return {"sites": [], "sites_from": [{"csv": "sites.csv"}]}
    if kind == "sql":
        with sqlite3.connect(folder / "sites.db") as connection:
            connection.execute("CREATE TABLE site (url, province, city)")
            connection.executemany("INSERT INTO site VALUES (?, ?, ?)", rows)
        connection.close()
        return {
            "sites": [],
            "sites_from": [{"database": f"sqlite:///{folder}/sites.db", "query": "SELECT * FROM site"}],
        }
    return {"sites": [{"url": url, "group": f"{province}/{city}"} for url, province, city in rows]}


def loading(config: Path) -> str:
    """Return what it costs to load the configuration, in a process of its own."""
    program = (
        "import resource, sys, time; from pathlib import Path;"
        "from monitor.settings.config_file import load; from monitor.store.site_query import ask_sites;"
        "began = time.process_time(); sites = load(Path(sys.argv[1]), (), ask_sites).sites;"
        "most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6;"
        "print(f'{len(sites)} sites load in {time.process_time() - began:.1f} CPU s, {most:.0f} MB at most')"
    )
    return subprocess.check_output([sys.executable, "-c", program, config], text=True).strip()


def fill(config: Path) -> None:
    """Serve the last round of every site and scope, as complete runs with findings."""
    settings = load(config, (), ask_sites)
    now = time.time()
    rows = [
        {
            "id": number,
            "site": site,
            "name": "",
            "url": f"http://{site}/",
            "scope": scope,
            "engine": "",
            "scheduled_for": calendar.latest(now),
            "started": now - 7200,
            "heartbeat": now - 3600,
            "finished": now - 3600,
            "status": "complete",
            "pages": 100,
            "links": 1000,
            "requests": 1100,
            "bytes": 10_000_000,
            "owner": "",
            "reason": ["", ""],
            "facts": facts_to_json(facts(number, scope)),
        }
        for number, ((site, scope), calendar) in enumerate(settings.calendars().items(), 1)
    ]
    found = [row for run in rows for row in findings_of(run["id"], run["scope"])]
    with Store(settings.store.url.get_secret_value()) as store, store.engine.begin() as connection:
        connection.execute(insert(runs), rows)
        connection.execute(insert(findings), found)
    publish_nothing(settings)


def publish_nothing(settings: Settings) -> None:
    """Put an empty file in the place of every report, or the daemon writes them all: it makes up for what it lost."""
    folder = Path(settings.daemon.reports)
    with Store(settings.store.url.get_secret_value()) as store:
        for run in Statistics(store.engine).latest().values():
            for name in settings.report.formats:
                path = folder / file_of(run, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch()


def facts(number: int, scope: str) -> RunFacts:
    """Return what a run learned beside its findings."""
    updated = datetime.now(UTC).date() - timedelta(days=40 if number % 10 < 2 else 4)
    column = ColumnSummary("通知公告", "http://a.cn/", ColumnType.NOTICE, 1, updated, 14, ColumnStatus.FRESH)
    columns = tuple(replace(column, name=f"栏目 {n}") for n in range(30)) if scope == "site" else ()
    return RunFacts(
        links={"page": 900, "image": 100},
        columns=columns,
        text={"typos": TextRead(100_000, 2.0)},
        security=Security(75, "B"),
        score=Score("census-2015", 92.5),
        certificate_not_after=time.time() + 200 * 86_400,
    )


def findings_of(number: int, scope: str) -> Iterator[dict[str, object]]:
    """Yield three findings of a run, one of them a broken link; of homepages only two in five have one."""
    broken = scope == "site" or number % 10 in {1, 3, 5, 7}
    rules = ["missing-description", "stale-column", *(["broken-link"] if broken else [])]
    for rule in rules:
        variant = {"variant": "http-404"} if rule == "broken-link" else {}
        yield {
            "run": number,
            "fingerprint": rule,
            "check": "links",
            "rule": rule,
            "severity": "major",
            "confidence": "confirmed",
            "baseline": "unchanged",
            "body": {"rule": rule, "target": {"kind": "page"}, **variant},
        }


def figures(daemon: Daemon) -> Iterator[str]:
    """Yield a line for every figure."""
    daemon.start(wait=False)
    try:
        daemon.until(daemon.ready, "ready", ENDLESS)
        yield f"ready after {daemon.cpu_seconds():.1f} CPU s"
        daemon.until(lambda: OF_STORE in daemon.get("/metrics", Accept=OPENMETRICS)[1], "measured", ENDLESS)
        yield f"metrics shown after {daemon.cpu_seconds():.1f} CPU s"
        for which in ("a", "another"):
            before, began = daemon.cpu_seconds(), time.monotonic()
            size = len(daemon.get("/metrics", Accept=OPENMETRICS)[1])
            took = time.monotonic() - began
            yield f"{which} scrape: {took:.2f} s, {daemon.cpu_seconds() - before:.2f} CPU s, {size / 1e6:.1f} MB"
        index = daemon.folder / "reports" / "index.html"
        daemon.until(index.exists, "listed", ENDLESS)
        time.sleep(SETTLED)
        yield f"resident: {memory(daemon, 'VmRSS'):.0f} MB, {memory(daemon, 'VmHWM'):.0f} MB at most"
    finally:
        daemon.stop()
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([COMMAND, "status", "--config", str(daemon.config)], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    yield f"status: {after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime:.1f} CPU s"


def memory(daemon: Daemon, which: str) -> float:
    """Return a figure of the process's memory in MB: VmRSS is what it holds, VmHWM the most it held (proc(5))."""
    lines = Path(f"/proc/{daemon.process.pid}/status").read_text("ascii").splitlines()
    return int(next(line for line in lines if line.startswith(which)).split()[1]) * 1024 / 1e6


if __name__ == "__main__":
    main()
