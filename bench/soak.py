"""Let the daemon live through months in minutes, with things going wrong, and account for every round.

    python bench/soak.py [--sites 200] [--minutes 10] [--weeks 4] [--trouble 0] [--postgresql] [--looks FILE]

One server on loopback plays every site: a small office each, at a path of its own, with a broken link and some pages.
The daemon is the real one but for its clock, which runs ``weeks`` weeks in ``minutes`` minutes; what it stores has the
time of that clock. Every ``trouble`` seconds something goes wrong: the sites answer 503, the store is moved away and
back (SQLite), cut off or restarted (PostgreSQL); as often the store is backed up, by SQLite's own interface or pg_dump.
Findings and reports are kept for 30 days, so that pruning has work.

Printed at the end, with a table of memory, threads, files and store over time, and exit code 1 where one is missed:
every round served or left out with a reason, none twice, none failed for good; nothing kept past its time, and the last
backup a whole store; memory flat (± 5 % between the second quarter and the last), the slowest scrape under 200 ms.
``--looks`` keeps every look as it is made; ``bench/soak_graph.py`` draws them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import multiprocessing
import os
import re
import sqlite3
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from types import ModuleType
from typing import NamedTuple

import psycopg

sys.path.insert(0, str(Path(__file__).parents[1]))
from monitor import logs, loop
from monitor.inspection import attachments, checking
from monitor.output import report_list
from monitor.rounds import Calendar
from monitor.service.daemon import Daemon
from monitor.service.memory import share_one_heap
from monitor.service.scheduler import Clock
from monitor.settings.site import Settings
from monitor.store import Store, events
from monitor.store import runs as run_store
from monitor.store.crawl import frontier
from monitor.store.run_facts import RunFacts
from monitor.store.runs import RunRecord
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.statistics import SUCCESSES
from monitor.store.upkeep import back_up
from tests.monitor.postgresql import Server
from tests.monitor.postgresql import server as postgresql
from tests.monitor.round_ledger import RoundLedger, account
from tests.monitor.service.faults import move

DAY, WEEK = 86_400.0, 7 * 86_400.0
KEPT = 30
"""Days for which findings and reports are kept."""
LATE = 2
"""Days after which something that is past its time must be gone: upkeep comes once a day."""
PAGES = 4
"""Pages of a site beside its homepage."""
QUICK = {
    "delay": 0,
    "concurrency": 4,
    "retries": 0,
    "second_look": False,
    "sitemap": False,
    "robots": False,
    "allow_private": True,
    "conditional": False,
}
EVERY = 1.0
"""Seconds between two looks at memory and two scrapes."""
AWAY = 0.5
"""Seconds for which sites or the store are away."""
LINES = 12
"""Of the table."""
MB = 1e6

Trouble = Callable[[], Awaitable[None]]


class Look(NamedTuple):
    """What one look at the daemon saw; memory and store are in bytes, the scrape in seconds.

    ``findings`` and ``free`` (bytes of the store that hold nothing any more) are those of the last look that could ask.
    """

    at: float
    resident: int
    threads: int
    files: int
    store: float
    log: int
    runs: int
    findings: int
    free: int
    reports: int
    scrape: float
    size: int


class ScheduleTime:
    """Stands for the module ``time`` where the daemon asks it for the date: the clock of the schedule answers."""

    def __init__(self, clock: Clock) -> None:
        self.time = clock.now

    def __getattr__(self, name: str) -> object:
        return getattr(time, name)


DATED: tuple[ModuleType, ...] = (run_store, events, frontier, checking, attachments, report_list)
"""What notes when something was. Without the schedule's time there, every finding of a soak would be of today."""


async def serve(told: Connection, is_away: Synchronized[int]) -> None:
    """Play the sites: ``/s7/`` is the homepage of the seventh."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                status, body = (503, "") if is_away.value else page(head.split(" ", 2)[1])
                data = body.encode()
                writer.write(
                    f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n"
                    f"Content-Length: {len(data)}\r\n\r\n".encode()
                    + (b"" if head.startswith("HEAD") else data)
                )
                await writer.drain()
        except (OSError, EOFError, asyncio.CancelledError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=512)
    told.send(server.sockets[0].getsockname()[1])
    await server.serve_forever()


def play(told: Connection, is_away: Synchronized[int]) -> None:
    """Serve in a process of its own."""
    asyncio.run(serve(told, is_away))


def page(path: str) -> tuple[int, str]:
    """Return status and body of a path."""
    site, _, rest = path.strip("/").partition("/")
    if rest == "":
        links = "".join(f"<li><a href=/{site}/p{n}.html>通知 {n}</a></li>" for n in range(PAGES))
        return 200, f"<title>{site} 局</title><ul>{links}</ul><a href=/{site}/gone.html>旧闻</a>"
    if rest.startswith("p"):
        return 200, f"<title>{rest}</title><h1>关于开展{rest}工作的通知</h1><p>各科室：请于本周五前报送材料。</p>"
    return 404, "<title>404</title><h1>404</h1>"


def settings(folder: Path, store: str, port: int, sites: int) -> Settings:
    """Return the configuration of a daemon over all sites."""
    off = {name: {"run": False} for name in ("typos", "headers", "leaks", "tls", "injected-links")}
    return Settings.model_validate(
        {
            "sites": [
                {"id": f"s{n}", "url": f"http://127.0.0.1:{port}/s{n}/", "include": [f"/s{n}/"]} for n in range(sites)
            ],
            "store": {"url": store, "check_every": 1, "retry_every": 0.1},
            "daemon": {"listen": "127.0.0.1:0", "reports": str(folder / "reports"), "log": "json"},
            "crawl": QUICK,
            "checks": off,
            "schedule": {"spread": 600, "at_once": 4},
            "retention": {"findings": KEPT, "reports": KEPT, "verdicts": 100},
            "availability": {"every": 0},
            "report": {"formats": ["html"]},
        }
    )


# ---- what goes wrong ------------------------------------------------------------------------------


def troubles(store: Path | Server, is_away: Synchronized[int]) -> Iterator[tuple[str, Trouble]]:
    """Yield by name what goes wrong, one after the other, for ever."""

    async def sites_away() -> None:
        is_away.value = 1
        await asyncio.sleep(AWAY)
        is_away.value = 0

    kinds: dict[str, Trouble] = {"sites away": sites_away}
    if isinstance(store, Server):
        dump = store.folder / "backup.dump"
        kinds |= {"cut off": in_thread(store.cut_off), "restarted": in_thread(store.restart)}
        kinds |= {"backed up": in_thread(lambda: store.dump(dump))}
    else:
        aside = store.with_name("aside.db")

        async def moved_away() -> None:
            move(store, aside)
            await asyncio.sleep(AWAY)
            move(aside, store)

        backup = store.with_name("backup.db")
        kinds |= {"moved away": moved_away, "backed up": in_thread(lambda: back_up(f"sqlite:///{store}", backup))}
    yield from itertools.cycle(kinds.items())


def in_thread(call: Callable[[], object]) -> Trouble:
    """Return the same to be awaited."""

    async def done() -> None:
        await asyncio.to_thread(call)

    return done


async def go_wrong(every: float, kinds: Iterator[tuple[str, Trouble]], count: Counter[str]) -> None:
    """Have one thing go wrong every so many seconds; cancel to end."""
    for name, trouble in kinds:
        await asyncio.sleep(every)
        await asyncio.shield(trouble())
        count[name] += 1


# ---- the daemon, and who watches it ----------------------------------------------------------------


async def live(
    daemon: Daemon, seconds: float, found: Connection, trouble: Callable[[], Awaitable[None]]
) -> tuple[float, float]:
    """Run the daemon for so long, and then until it has served what is due; return the span of its schedule."""
    running = asyncio.create_task(daemon.run())
    await asyncio.sleep(0)
    first = min(record.since for record in ScheduleStore(daemon.store.engine).load().values())
    await asyncio.sleep(1)
    host, port = daemon.server.address
    found.send((os.getpid(), f"http://{host}:{port}/metrics"))
    going_wrong = asyncio.create_task(trouble())
    await asyncio.sleep(seconds)
    going_wrong.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await going_wrong
    await asyncio.sleep(2 * AWAY)  # what was away is found again
    found.send("enough")
    daemon.scheduler.stop()
    end = daemon.scheduler.clock.now()
    daemon.runner.look()
    while daemon.runner.active:
        await asyncio.wait([each.task for each in daemon.runner.active.values()])
    daemon.stop()
    await running
    return first, end


@dataclass(frozen=True)
class Watched:
    """Where to look: the URL of the store, the folder of reports, and a file that keeps the looks."""

    url: str
    reports: Path
    looks: Path

    def count(self) -> Counted:
        """Ask the store. Raises an error of its driver where it does not answer."""
        if not self.url.startswith("sqlite"):
            with psycopg.connect(self.url.replace("+psycopg", "")) as connection:
                return Counted(*connection.execute(OF_POSTGRESQL).fetchone())
        path = self.url.removeprefix("sqlite:///")
        # Opened to write, a file that was moved away would be there again, empty.
        with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            findings, free = connection.execute(OF_SQLITE).fetchone()
        return Counted(findings, free, Path(f"{path}-wal").stat().st_size)


class Counted(NamedTuple):
    """What the store says of itself: findings, bytes that hold nothing any more, and bytes of its log."""

    findings: int
    free: int
    log: int


OF_SQLITE = (
    "SELECT (SELECT count(*) FROM findings), freelist_count * page_size FROM pragma_freelist_count, pragma_page_size"
)
OF_POSTGRESQL = (
    "SELECT (SELECT count(*) FROM findings), "
    "(SELECT sum(n_dead_tup * pg_total_relation_size(relid) / greatest(n_live_tup + n_dead_tup, 1))::bigint "
    "FROM pg_stat_user_tables), (SELECT sum(size)::bigint FROM pg_ls_waldir())"
)
"""Dead rows are reckoned at the mean size of their table's rows."""


def look_on(told: Connection, watched: Watched) -> None:
    """Scrape the daemon from a process of its own, as Prometheus does, and note what it holds."""
    number, url = told.recv()
    counted, looks = Counted(0, 0, 0), []
    with watched.looks.open("w", buffering=1) as kept:
        while not told.poll(EVERY):
            began = time.perf_counter()
            with urllib.request.urlopen(url) as answer:
                body = answer.read().decode()
            took = time.perf_counter() - began
            with contextlib.suppress(sqlite3.Error, psycopg.Error, OSError):  # the store is away
                counted = watched.count()
            looks.append(look(number, body, watched.reports, counted)._replace(scrape=took, size=len(body)))
            kept.write(json.dumps(looks[-1]._asdict()) + "\n")
    told.recv()
    told.send(looks)


def look(number: int, metrics: str, reports: Path, counted: Counted) -> Look:
    """Return what a process holds (proc(5)), and what its metrics and its store say."""
    status = Path(f"/proc/{number}/status").read_text("ascii")
    resident, threads = (int(re.search(rf"{name}:\s+(\d+)", status)[1]) for name in ("VmRSS", "Threads"))
    store = re.search(r"^sitehealth_store_size_bytes (\S+)", metrics, re.MULTILINE)
    runs = re.findall(r"^sitehealth_inspections_total\S+ (\S+)", metrics, re.MULTILINE)
    return Look(
        time.time(),
        resident * 1024,
        threads,
        sum(1 for _ in Path(f"/proc/{number}/fd").iterdir()),
        float(store[1]) if store else 0.0,
        counted.log,
        sum(map(int, map(float, runs))),
        counted.findings,
        counted.free,
        sum(1 for _ in reports.glob("*/*.html")),
        0.0,
        0,
    )


def table(looks: Sequence[Look], weeks: float) -> Iterator[str]:
    """Yield what was seen over time, as a table in Markdown."""
    yield "| week | runs | memory, MB | threads | files | store, MB | of it free | its log, MB | findings | reports |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for number in range(1, LINES + 1):
        seen = looks[len(looks) * number // LINES - 1]
        yield (
            f"| {weeks * number / LINES:.0f} | {seen.runs} | {seen.resident / MB:.0f} | {seen.threads} | {seen.files} "
            f"| {seen.store / MB:.1f} | {seen.free / MB:.1f} | {seen.log / MB:.1f} | {seen.findings} | {seen.reports} |"
        )


# ---- what came of it -------------------------------------------------------------------------------


def accounts(
    url: str, calendars: dict[Key, Calendar], first: float, end: float
) -> tuple[list[RoundLedger], list[RunRecord]]:
    """Return the ledger of every site and scope, and all runs."""
    with Store(url) as opened:
        rows = opened.runs.latest(10_000_000)
        records = ScheduleStore(opened.engine).load()
    by_key: dict[Key, list[RunRecord]] = defaultdict(list)
    for row in rows:
        by_key[row.site, row.scope].append(row)
    return [account(calendars[key], records[key], by_key[key], first, end) for key in calendars], rows


def kept_too_long(rows: Sequence[RunRecord], end: float) -> int:
    """Return how many runs have their findings still, past their time and not among the last two of site and scope."""
    seen: Counter[Key] = Counter()
    late = 0
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        if row.status in SUCCESSES:
            seen[row.site, row.scope] += 1
        is_late = row.finished is not None and row.finished < end - (KEPT + LATE) * DAY
        late += is_late and row.facts != RunFacts() and (row.status not in SUCCESSES or seen[row.site, row.scope] > 2)
    return late


def runs_restored(store: Path | Server, folder: Path) -> int:
    """Put the last backup in place beside the store, open it, and return how many runs it knows; 0 without a backup."""
    url = f"sqlite:///{folder / 'backup.db'}"
    if isinstance(store, Server):
        if not (store.folder / "backup.dump").exists():
            return 0
        url = store.restore(store.folder / "backup.dump")
    elif not (folder / "backup.db").exists():
        return 0
    with Store(url) as opened:
        return len(opened.runs.latest(10_000_000))


def verdict(ledgers: Sequence[RoundLedger], rows: Sequence[RunRecord], looks: Sequence[Look]) -> dict[str, object]:
    """Return the figures, with what is wrong under ``wrong``."""
    quarter = len(looks) // 4
    early, late = (
        statistics.median(look.resident for look in part) for part in (looks[quarter : 2 * quarter], looks[-quarter:])
    )
    scrapes = sorted(look.scrape for look in looks)
    figures: dict[str, object] = {
        "runs": len(rows),
        "rounds_expected": sum(ledger.expected for ledger in ledgers),
        "rounds_left_out_and_counted": sum(ledger.left_out for ledger in ledgers),
        "rounds_lost": sum(abs(ledger.lost) for ledger in ledgers),
        "rounds_doubled": sum(ledger.doubled for ledger in ledgers),
        "rounds_failed": sum(ledger.failed for ledger in ledgers),
        "statuses": Counter(row.status for row in rows),
        "resident_mb_second_quarter": round(early / MB, 1),
        "resident_mb_last_quarter": round(late / MB, 1),
        "memory_growth_percent": round(100 * (late / early - 1), 2),
        "threads_at_most": max(look.threads for look in looks),
        "files_at_most": max(look.files for look in looks),
        "log_mb_at_most": round(max(look.log for look in looks) / MB, 1),
        "scrape_ms_median": round(1000 * statistics.median(scrapes), 1),
        "scrape_ms_p99": round(1000 * scrapes[int(len(scrapes) * 0.99)], 1),
        "scrape_ms_slowest": round(1000 * scrapes[-1], 1),
        "scrape_kb": looks[-1].size // 1000,
        "store_bytes_per_run": round(looks[-1].store / max(len(rows), 1)),
    }
    wrong = [name for name in ("rounds_lost", "rounds_doubled", "rounds_failed") if figures[name]]
    wrong += ["memory"] if abs(late / early - 1) > 0.05 else []
    wrong += ["scrape"] if scrapes[-1] > 0.2 else []
    return figures | {"wrong": wrong}


@contextlib.contextmanager
def store_of(folder: Path, *, is_postgresql: bool) -> Iterator[tuple[str, Path | Server]]:
    """Give the URL of a store, and what can happen to it."""
    if is_postgresql:
        with postgresql() as started:
            yield started.url, started
    else:
        yield f"sqlite:///{folder / 'store.db'}", folder / "store.db"


def soak(arguments: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Let the daemon live, and return what came of it, with the table of it."""
    ours, theirs = multiprocessing.Pipe()
    is_away = multiprocessing.Value("i", 0)
    multiprocessing.Process(target=play, args=(theirs, is_away), daemon=True).start()
    port = ours.recv()
    clock, happened = Clock(speed=arguments.weeks * WEEK / (arguments.minutes * 60)), Counter[str]()
    for module in DATED:
        module.time = ScheduleTime(clock)
    with store_of(folder, is_postgresql=arguments.postgresql) as (url, store):
        watching, watched = multiprocessing.Pipe()
        where = Watched(url, folder / "reports", arguments.looks or folder / "looks")
        multiprocessing.Process(target=look_on, args=(watched, where), daemon=True).start()
        daemon = Daemon(settings(folder, url, port, arguments.sites), clock=clock)

        async def trouble() -> None:
            if arguments.trouble:
                await go_wrong(arguments.trouble, troubles(store, is_away), happened)

        first, end = loop.run(live(daemon, arguments.minutes * 60, watching, trouble))
        ledgers, rows = accounts(url, dict(daemon.configuration.settings.calendars()), first, end)
        looks = watching.recv()
        figures = verdict(ledgers, rows, looks)
        late, restored = kept_too_long(rows, end), runs_restored(store, folder)
    figures |= {"runs_kept_too_long": late, "runs_in_last_backup": restored, "trouble": happened}
    figures["wrong"] += ["retention"] * bool(late) + ["backup"] * (happened["backed up"] > 0 and not restored)
    return figures | {"table": list(table(looks, arguments.weeks))}


def main() -> None:
    """Soak and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--weeks", type=float, default=4)
    parser.add_argument("--trouble", type=float, default=0, help="seconds between two things that go wrong; 0: none")
    parser.add_argument("--postgresql", action="store_true", help="keep the store in a PostgreSQL of its own")
    parser.add_argument("--log", type=Path, help="where the daemon's log is kept")
    parser.add_argument("--looks", type=Path, help="where every look is kept, a line of JSON each")
    arguments = parser.parse_args()
    share_one_heap()
    with tempfile.TemporaryDirectory(prefix="sitehealth-soak-") as name:
        folder = Path(name)
        sys.stderr = (arguments.log or folder / "log").open("w")
        logs.configure("json")
        figures = soak(arguments, folder)
        sys.stderr = sys.__stderr__
    lines = figures.pop("table")
    print(json.dumps(figures, indent=2))
    print(*lines, sep="\n")
    raise SystemExit(1 if figures["wrong"] else 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
