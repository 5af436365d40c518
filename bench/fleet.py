"""Measure a fleet on this machine: what the queue costs, and whether disturbances change what is found.

Usage: bench/fleet.py queue|workers|spread|disturbed [--sites N] [--pages N] [--seconds N]

``queue``: 13,000 jobs are put in, and some of them taken and ended, with nothing to do in them.
``workers``: sites of much text, inspected by one worker on one core, by two on two, and by the local engine on one, in
turns: how many times the inspections of one two do, and what the fleet costs in CPU time. Needs a quiet machine of two
cores.
``spread``: one site of much text, inspected by a worker on one core, and by the same with a second one on another core
that reads texts for it, in turns. Needs a quiet machine of two cores as well.
``disturbed``: sites are inspected while a worker is killed every five seconds, PostgreSQL restarted twice (once as by
a power cut), the leading scheduler stopped for a minute and killed, and a worker's line to the database cut for half
a minute (``tests/monitor/disturbance.py``); then the same undisturbed, and both are compared. With 60 sites it takes
some seven minutes.

Needs PostgreSQL (tools/install-debian.sh postgresql). CPU seconds are those of this machine: say its load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.judge import address_of
from monitor.service.fleet.queueing import job_of, put_in
from monitor.store import Store
from monitor.store.database import driver_connection, driver_parameters
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore
from tests.monitor.daemons import FEW
from tests.monitor.disturbance import WORKERS, Disturbance, Timing
from tests.monitor.fleet import PAGES, SETTINGS, Fleet, Province, fleet, html
from tests.monitor.postgresql import Server, server
from tests.server.site import Exchange, Handler

MANY = 13_000
TAKEN = 1_000
ROUNDS = 2


def cpu_of(process: int) -> float:
    """Return the processor time of a process and of all that it started, in seconds."""
    below: dict[int, list[int]] = {}
    spent: dict[int, float] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = stat.read_text("ascii", "replace").rpartition(") ")[2].split()
            number = int(stat.parent.name)
            below.setdefault(int(fields[1]), []).append(number)
            spent[number] = sum(int(fields[index]) for index in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")
    waiting, seconds = [process], 0.0
    while waiting:
        each = waiting.pop()
        seconds += spent.get(each, 0.0)
        waiting += below.get(each, [])
    return seconds


def cpu(postgresql: Server) -> tuple[float, float]:
    """Return the processor time that this process used so far, and that the server's connections did, in seconds."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    with postgresql.connect() as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()").fetchall()
    return used.ru_utime + used.ru_stime, sum(cpu_of(row[0]) for row in rows)


def spent(postgresql: Server, before: tuple[float, float], times: int = 1) -> str:
    ours, servers = (1000 * (now - then) / times for now, then in zip(cpu(postgresql), before, strict=True))
    return f"{ours:.1f} CPU ms of ours and {servers:.1f} of the server"


def queue() -> None:
    with server() as postgresql, Store(postgresql.url) as store:
        prepare(FleetTables(store.engine))
        jobs = [job_of((f"site{number}", "homepage"), f"host{number}", "judge", fire=1.0) for number in range(MANY)]
        began, before = time.monotonic(), cpu(postgresql)
        with driver_connection(store.engine) as connection:
            count = put_in(jobs, connection)
        print(f"{count} jobs put in: {time.monotonic() - began:.2f} s, {spent(postgresql, before)}")
        began, before = time.monotonic(), cpu(postgresql)
        active = JobStore(store.engine, 30).active()
        print(f"{len(active)} jobs read: {time.monotonic() - began:.2f} s, {spent(postgresql, before)}")
        asyncio.run(take(store, postgresql))


async def take(store: Store, postgresql: Server) -> None:
    connector = PsycopgConnector(kwargs=driver_parameters(store.engine), min_size=1, max_size=1)
    await connector.open_async()
    manager = JobManager(connector)
    worker = await manager.register_worker()
    queues = [address_of("homepage", "judge")]
    began, before = time.monotonic(), cpu(postgresql)
    for _ in range(TAKEN):
        job = await manager.fetch_job(queues, worker)
        await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)
    took = 1000 * (time.monotonic() - began) / TAKEN
    print(f"{TAKEN} jobs taken and ended among {MANY}: {took:.1f} ms each, {spent(postgresql, before, TAKEN)}")
    await connector.close_async()


@contextlib.contextmanager
def running(province: Province, postgresql: Server, name: str, **settings: object) -> Iterator[Fleet]:
    """Run a scheduler over sites and a database of its own; nobody works yet."""
    with postgresql.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"{postgresql.url.rpartition('/')[0]}/{name}"
    folder = Path(tempfile.mkdtemp(prefix="sitehealth-fleet-"))
    try:
        with province.running(), fleet(folder, url, province, **settings) as it:
            yield it
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def finished(it: Fleet, seconds: float) -> None:
    """Wait until all sites are inspected."""
    is_fleet = it.scheduler.settings["engine"]["kind"] == "procrastinate"

    def is_finished() -> bool:
        return it.scheduler.ended(len(it.province.sites)) and (not is_fleet or it.is_empty())

    it.scheduler.until(is_finished, "all inspected", seconds)


@dataclass
class Readings(Province):
    """Sites that are read rather than asked for: a page is quickly sent, and has a thousand words to be judged."""

    pages: int = PAGES

    def _of(self, name: str, _: Handler) -> Handler:
        bodies = {number: page_of(f"{name}/{number}") for number in range(self.pages)}
        first = html("".join(f"<a href=/p/{number}.html>第 {number} 页</a>" for number in range(self.pages)))

        async def handle(exchange: Exchange) -> None:
            last = exchange.last.removesuffix(".html")
            await exchange.answer(bodies[int(last)] if last else first)

        return handle


PARTS = (
    [
        "市住房和城乡建设局",
        "县人民政府办公室",
        "各乡镇街道",
        "市生态环境局",
        "行政审批服务中心",
        "项目建设单位",
        "县应急管理局",
    ],
    ["严格按照有关规定", "结合本地实际", "进一步强化责任意识", "会同有关部门", "坚持问题导向", "在全面调研的基础上"],
    ["扎实推进", "认真组织开展", "及时公开", "稳步实施", "统筹安排", "逐项落实", "全面完成"],
    [
        "老旧小区改造工程",
        "农村人居环境整治",
        "重点项目审批工作",
        "政务服务事项清单",
        "冬季安全生产检查",
        "惠民补贴发放",
    ],
    ["并按月报送进展情况", "确保各项任务如期完成", "切实维护群众合法权益", "接受社会各界监督", "不断提升服务水平"],
)


def page_of(name: str) -> str:
    """Return a page of sentences that no other page has, always the same for one name."""
    chosen = random.Random(name)
    said = [f"{'，'.join(chosen.choice(part) for part in PARTS)}（{chosen.randrange(10**9)}）。" for _ in range(60)]
    return html("".join(f"<p>{sentence}</p>" for sentence in said))


JUDGED = {"crawl": SETTINGS["crawl"] | {"delay": 0}, "checks": FEW | {"typos": {"run": True}}}


def workers(sites: int, seconds: float) -> None:
    """Compare one worker on one core, two on two, and the local engine on one, in turns."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    spans: dict[int, list[float]] = {0: [], 1: [], 2: []}
    costs: dict[int, list[float]] = {0: [], 1: [], 2: []}
    with server() as postgresql:
        for turn, count in enumerate((1, 2, 0) * ROUNDS):
            engine = SETTINGS["engine"] if count else {"kind": "local"}
            chosen = JUDGED | {"engine": engine, "schedule": SETTINGS["schedule"] | {"at_once": 1}}
            begun = cpu_of(postgresql.process)
            with running(Readings(sites, names_processes=False), postgresql, f"turn{turn}", **chosen) as it:
                if not count:
                    os.sched_setaffinity(it.scheduler.process.pid, {cores[0]})
                for number in range(count):
                    made = it.worker(f"w{number}", "--concurrency", "1", wait=False)
                    os.sched_setaffinity(made.process.pid, {cores[number]})
                finished(it, seconds)
                rows = it.scheduler.rows()
                span = max(row.finished for row in rows) - min(row.started for row in rows)
                processes = [it.scheduler.process.pid, *(worker.process.pid for worker in it.workers.values())]
                used = sum(map(cpu_of, processes)) + cpu_of(postgresql.process) - begun
            spans[count].append(span)
            costs[count].append(used / sites)
            who = f"{count} worker(s)" if count else "the local engine"
            print(
                f"{who}, {sites} sites: {span:.1f} s, {used / sites:.2f} CPU s a site with scheduler and database; "
                f"load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    ratio = statistics.median(spans[1]) / statistics.median(spans[2])
    more = statistics.median(costs[1]) / statistics.median(costs[0]) - 1
    print(f"two workers do {ratio:.2f} times the inspections of one")
    print(f"one worker, its scheduler and the queue: {more:+.1%} CPU beside the local engine")


def spread(pages: int, seconds: float) -> None:
    """Compare a worker that reads the texts of one site by itself with one that another helps, in turns."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    spans: dict[bool, list[float]] = {False: [], True: []}
    costs: dict[bool, list[float]] = {False: [], True: []}
    with server() as postgresql:
        for turn, is_helped in enumerate((False, True) * ROUNDS):
            chosen = JUDGED | {"engine": SETTINGS["engine"] | {"help_after": 0}}
            begun = cpu_of(postgresql.process)
            with running(Readings(1, names_processes=False, pages=pages), postgresql, f"turn{turn}", **chosen) as it:
                for number, queue_ in enumerate(("texts", "site") if is_helped else ("site",)):
                    made = it.worker(queue_, "--concurrency", "1", "--queues", queue_, wait=False)
                    os.sched_setaffinity(made.process.pid, {cores[number if is_helped else 0]})
                finished(it, seconds)
                (row,) = it.scheduler.rows()
                processes = [it.scheduler.process.pid, *(worker.process.pid for worker in it.workers.values())]
                used = sum(map(cpu_of, processes)) + cpu_of(postgresql.process) - begun
            spans[is_helped].append(row.finished - row.started)
            costs[is_helped].append(used)
            print(
                f"{'helped' if is_helped else 'alone'}, {pages} pages: {spans[is_helped][-1]:.1f} s, {used:.1f} CPU s "
                f"with scheduler and database; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
    ratio = statistics.median(spans[False]) / statistics.median(spans[True])
    more = statistics.median(costs[True]) / statistics.median(costs[False]) - 1
    print(f"with a helper one site is read {ratio:.2f} times as fast, for {more:+.1%} CPU")


def outcomes(it: Fleet) -> dict[str, list[object]]:
    return {name: it.outcome(name) for name in it.province.sites}


def disturbed(sites: int, seconds: float) -> bool:
    """Inspect sites on a day on which everything happens, and on a calm one; return whether all is as it must be."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s: {what}", flush=True)

    with server() as postgresql:
        slow = SETTINGS["crawl"] | {"delay": 0.05}
        with running(Province(sites), postgresql, "disturbed", crawl=slow) as it:
            disturbance = Disturbance(it, postgresql, Timing(), say)
            took = disturbance.run(seconds)
            found = outcomes(it)
            pairs, runs = it.province.asked_at_once_by_two(), len(it.scheduler.rows())
            again, asked = disturbance.repeated(), len(it.province.asked)
            used = sum(cpu_of(each.process.pid) for each in (it.scheduler, *it.others))
        say(f"{runs} runs of {sites} sites in {took:.0f} s, {len(disturbance.killed)} workers killed")
        say(f"{asked} requests, of pages {len(again)} once more; {used:.1f} CPU s of schedulers")
        say(f"the oldest of them {max((age for _, age in again), default=0.0):.1f} s before its worker was lost")
        say(f"{len(pairs)} times a host was asked by two at once; load {os.getloadavg()[0]:.1f}")
        with running(Province(sites, names_processes=False), postgresql, "calm") as it:
            for number in range(WORKERS):
                it.worker(f"w{number}")
            finished(it, seconds)
            calm = outcomes(it)
    say("the same findings" if found == calm else "OTHER FINDINGS")
    return found == calm and not pairs and runs == sites


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["queue", "workers", "spread", "disturbed"])
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--pages", type=int, default=300, help="of the one site (spread)")
    parser.add_argument("--seconds", type=float, default=500, help="after which it is given up")
    given = parser.parse_args()
    if given.what == "queue":
        queue()
    elif given.what == "workers":
        workers(given.sites, given.seconds)
    elif given.what == "spread":
        spread(given.pages, given.seconds)
    else:
        sys.exit(0 if disturbed(given.sites, given.seconds) else 1)


if __name__ == "__main__":
    main()
