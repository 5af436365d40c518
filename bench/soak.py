"""Let the daemon live through months in minutes: 200 sites, a compressed clock, and an eye on memory and lost rounds.

    python bench/soak.py [--sites 200] [--minutes 10] [--weeks 4]

One server on loopback plays every site: a small office each, at a path of its own, with a broken link and some pages.
The daemon is the real one but for its clock, which runs ``weeks`` weeks in ``minutes`` minutes. Printed at the end, and
exit code 1 where one is missed: every round served exactly once, memory flat (± 5 % between the second quarter and the
last), the slowest scrape under 200 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from monitor import logs, loop
from monitor.service.daemon import Daemon
from monitor.service.scheduler import Clock
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.schedules import ScheduleStore

WEEK = 7 * 86_400.0
PAGES = 4
"""Pages of a site beside its homepage."""
QUICK = {
    "delay": 0,
    "concurrency": 4,
    "second_look": False,
    "sitemap": False,
    "robots": False,
    "allow_private": True,
    "conditional": False,
}
EVERY = 1.0
"""Seconds between two looks at memory and two scrapes."""


class Look(NamedTuple):
    """What one look at the daemon saw."""

    at: float
    resident: int
    scrape: float
    size: int


async def serve(told: Connection) -> None:
    """Play the sites: ``/s7/`` is the homepage of the seventh."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
                path = head.split(" ", 2)[1]
                status, body = page(path)
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


def play(told: Connection) -> None:
    """Serve in a process of its own."""
    asyncio.run(serve(told))


def page(path: str) -> tuple[int, str]:
    """Return status and body of a path."""
    site, _, rest = path.strip("/").partition("/")
    if rest == "":
        links = "".join(f"<li><a href=/{site}/p{n}.html>通知 {n}</a></li>" for n in range(PAGES))
        return 200, f"<title>{site} 局</title><ul>{links}</ul><a href=/{site}/gone.html>旧闻</a>"
    if rest.startswith("p"):
        return 200, f"<title>{rest}</title><h1>关于开展{rest}工作的通知</h1><p>各科室：请于本周五前报送材料。</p>"
    return 404, "<title>404</title><h1>404</h1>"


def settings(folder: Path, port: int, sites: int) -> Settings:
    """Return the configuration of a daemon over all sites."""
    off = {name: {"run": False} for name in ("typos", "headers", "leaks", "tls", "injected-links")}
    return Settings.model_validate(
        {
            "sites": [
                {"id": f"s{n}", "url": f"http://127.0.0.1:{port}/s{n}/", "include": [f"/s{n}/"]} for n in range(sites)
            ],
            "store": {"url": f"sqlite:///{folder / 'store.db'}"},
            "daemon": {"listen": "127.0.0.1:0", "reports": str(folder / "reports"), "log": "json"},
            "crawl": QUICK,
            "checks": off,
            "schedule": {"spread": 600, "at_once": 4},
            "availability": {"every": 0},
            "report": {"formats": ["html"]},
        }
    )


async def live(daemon: Daemon, seconds: float, found: Connection) -> None:
    """Run the daemon for so long, and then until it has served what is due."""
    running = asyncio.create_task(daemon.run())
    await asyncio.sleep(1)
    host, port = daemon.server.address
    found.send((os.getpid(), f"http://{host}:{port}/metrics"))
    await asyncio.sleep(seconds)
    found.send("enough")
    daemon.scheduler.stop()
    while daemon.runner.active:
        await asyncio.wait([each.task for each in daemon.runner.active.values()])
    daemon.stop()
    await running


def look_on(told: Connection) -> None:
    """Scrape the daemon from a process of its own, as Prometheus does, and note what it holds of memory."""
    number, url = told.recv()
    looks = []
    while not told.poll(EVERY):
        began = time.perf_counter()
        request = urllib.request.Request(url, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(request) as answer:
            size = len(answer.read())
        looks.append(Look(time.time(), resident(number), time.perf_counter() - began, size))
    told.recv()
    told.send(looks)


def resident(number: int) -> int:
    """Return the bytes of memory that a process holds."""
    return int(Path(f"/proc/{number}/statm").read_text().split()[1]) * 4096


def verdict(store: Path, daemon: Daemon, first: float, last: float, looks: list[Look]) -> dict[str, object]:
    """Return the figures, with what is wrong under ``wrong``."""
    with Store(f"sqlite:///{store}") as opened:
        rows = opened.runs.latest(10_000_000)
        records = ScheduleStore(opened.engine).load().values()
    left_out = sum(record.skipped + record.missed for record in records)
    served = Counter((row.site, row.scope, row.scheduled_for) for row in rows)
    expected = {
        (*key, fire)
        for key, calendar in daemon.configuration.settings.calendars().items()
        for fire in calendar.between(first, last)
    }
    quarter = len(looks) // 4
    early, late = (
        statistics.median(look.resident for look in part) for part in (looks[quarter : 2 * quarter], looks[-quarter:])
    )
    scrapes = sorted(look.scrape for look in looks)
    figures: dict[str, object] = {
        "runs": len(rows),
        "rounds_expected": len(expected),
        "rounds_left_out_and_counted": left_out,
        "rounds_lost": len(expected - served.keys()) - left_out,
        "rounds_doubled": sum(count > 1 for count in served.values()),
        "statuses": Counter(row.status for row in rows),
        "resident_mib_second_quarter": round(early / 2**20, 1),
        "resident_mib_last_quarter": round(late / 2**20, 1),
        "memory_growth_percent": round(100 * (late / early - 1), 2),
        "scrape_ms_median": round(1000 * statistics.median(scrapes), 1),
        "scrape_ms_p99": round(1000 * scrapes[int(len(scrapes) * 0.99)], 1),
        "scrape_ms_slowest": round(1000 * scrapes[-1], 1),
        "scrape_kib": looks[-1].size // 1024,
        "store_bytes_per_run": store.stat().st_size // max(len(rows), 1),
    }
    wrong = [name for name in ("rounds_lost", "rounds_doubled") if figures[name]]
    wrong += ["failed"] if any(row.status != "complete" for row in rows) else []
    wrong += ["memory"] if abs(late / early - 1) > 0.05 else []
    wrong += ["scrape"] if scrapes[-1] > 0.2 else []
    return figures | {"wrong": wrong}


def main() -> None:
    """Soak and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sites", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--weeks", type=float, default=4)
    arguments = parser.parse_args()
    ours, theirs = multiprocessing.Pipe()
    multiprocessing.Process(target=play, args=(theirs,), daemon=True).start()
    port = ours.recv()
    watching, watched = multiprocessing.Pipe()
    multiprocessing.Process(target=look_on, args=(watched,), daemon=True).start()
    with tempfile.TemporaryDirectory(prefix="sitehealth-soak-") as name:
        folder = Path(name)
        sys.stderr = (folder / "log").open("w")
        logs.configure("json")
        clock = Clock(speed=arguments.weeks * WEEK / (arguments.minutes * 60))
        daemon = Daemon(settings(folder, port, arguments.sites), clock=clock)
        first = clock.now()
        loop.run(live(daemon, arguments.minutes * 60, watching))
        last = first + arguments.weeks * WEEK
        sys.stderr = sys.__stderr__
        figures = verdict(folder / "store.db", daemon, first, last, watching.recv())
    print(json.dumps(figures, indent=2))
    raise SystemExit(1 if figures["wrong"] else 0)


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    main()
