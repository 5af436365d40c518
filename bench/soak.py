"""Let the daemon live through months in minutes, with things going wrong, and account for every round.

    python bench/soak.py [--sites 200] [--minutes 10] [--weeks 4] [--trouble 0] [--postgresql]

One server on loopback plays every site: a small office each, at a path of its own, with a broken link and some pages.
The daemon is the real one but for its clock, which runs ``weeks`` weeks in ``minutes`` minutes. Every ``trouble``
seconds something goes wrong: the sites answer 503, the store is moved away and back (SQLite), cut off or restarted
(PostgreSQL); a SQLite store is backed up as often. Findings and reports are kept for 30 days, so that pruning has work.

Printed at the end, with a table of memory, threads, files and store over time, and exit code 1 where one is missed:
every round served or left out with a reason, none twice, none failed for good; memory flat (± 5 % between the second
quarter and the last), the slowest scrape under 200 ms.
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
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
from monitor import logs, loop
from monitor.rounds import Calendar
from monitor.service.daemon import Daemon
from monitor.service.memory import share_one_heap
from monitor.service.scheduler import Clock
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.runs import RunRecord
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.upkeep import back_up
from tests.monitor.postgresql import Server
from tests.monitor.postgresql import server as postgresql
from tests.monitor.round_ledger import RoundLedger, account
from tests.monitor.service.faults import move

WEEK = 7 * 86_400.0
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
    """What one look at the daemon saw; memory and store are in bytes, the scrape in seconds."""

    at: float
    resident: int
    threads: int
    files: int
    store: float
    log: int
    runs: int
    scrape: float
    size: int


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
            "retention": {"findings": 30, "reports": 30, "verdicts": 100},
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
        kinds |= {"cut off": in_thread(store.cut_off), "restarted": in_thread(store.restart)}
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


async def live(daemon: Daemon, seconds: float, found: Connection, trouble: Callable[[], Awaitable[None]]) -> float:
    """Run the daemon for so long, and then until it has served what is due; return the last moment of its schedule."""
    running = asyncio.create_task(daemon.run())
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
    return end


def look_on(told: Connection, log: Path) -> None:
    """Scrape the daemon from a process of its own, as Prometheus does, and note what it holds."""
    number, url = told.recv()
    looks = []
    while not told.poll(EVERY):
        began = time.perf_counter()
        request = urllib.request.Request(url)
        with urllib.request.urlopen(request) as answer:
            body = answer.read().decode()
        took = time.perf_counter() - began
        looks.append(look(number, body, log)._replace(scrape=took, size=len(body)))
    told.recv()
    told.send(looks)


def look(number: int, metrics: str, log: Path) -> Look:
    """Return what a process holds (proc(5)), and what its metrics say."""
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
        log.stat().st_size if log.exists() else 0,
        sum(map(int, map(float, runs))),
        0.0,
        0,
    )


def table(looks: Sequence[Look], weeks: float) -> Iterator[str]:
    """Yield what was seen over time, as a table in Markdown."""
    yield "| week | runs | memory, MB | threads | files | store, MB | its log, MB |"
    yield "| ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
    for number in range(1, LINES + 1):
        seen = looks[len(looks) * number // LINES - 1]
        yield (
            f"| {weeks * number / LINES:.0f} | {seen.runs} | {seen.resident / MB:.0f} | {seen.threads} | {seen.files} "
            f"| {seen.store / MB:.1f} | {seen.log / MB:.1f} |"
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
    watching, watched = multiprocessing.Pipe()
    multiprocessing.Process(target=look_on, args=(watched, folder / "store.db-wal"), daemon=True).start()
    clock, happened = Clock(speed=arguments.weeks * WEEK / (arguments.minutes * 60)), Counter[str]()
    with store_of(folder, is_postgresql=arguments.postgresql) as (url, store):
        daemon = Daemon(settings(folder, url, port, arguments.sites), clock=clock)

        async def trouble() -> None:
            if arguments.trouble:
                await go_wrong(arguments.trouble, troubles(store, is_away), happened)

        first = clock.now()
        end = loop.run(live(daemon, arguments.minutes * 60, watching, trouble))
        ledgers, rows = accounts(url, dict(daemon.configuration.settings.calendars()), first, end)
    looks = watching.recv()
    return verdict(ledgers, rows, looks) | {"trouble": happened, "table": list(table(looks, arguments.weeks))}


def main() -> None:
    """Soak and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--weeks", type=float, default=4)
    parser.add_argument("--trouble", type=float, default=0, help="seconds between two things that go wrong; 0: none")
    parser.add_argument("--postgresql", action="store_true", help="keep the store in a PostgreSQL of its own")
    parser.add_argument("--log", type=Path, help="where the daemon's log is kept")
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
