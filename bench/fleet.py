"""Measure a fleet on this machine: what the queue costs, and whether disturbances change what is found.

Usage: bench/fleet.py queue|workers|spread|disturbed [--sites N] [--pages N] [--rounds N] [--delay N] [--seconds N]
       [--read]

``queue``: 13,000 jobs are put in, and some of them taken and ended, with nothing to do in them.
``workers``: sites of much text, inspected by one worker on one core, by two on two, and by the local engine on one, in
turns: how many times the inspections of one two do, and what each part of the fleet costs in CPU time, the sites' own
server apart. Scheduler and database share the two cores with the workers. With ``--delay 0`` an inspection computes all
the time; with more it waits between requests, as it does at real sites. Needs a quiet machine of two cores.
``spread``: one site of much text, inspected by a worker on one core, and by the same with a second one on another core
that reads texts for it, in turns. Needs a quiet machine of two cores as well.
``disturbed``: sites are inspected while a worker is killed every five seconds, PostgreSQL restarted twice (once as by
a power cut), the leading scheduler stopped for a minute and killed, and a worker's line to the database cut for half
a minute (``tests/monitor/disturbance.py``); then the same undisturbed, and both are compared. With 60 sites it takes
some seven minutes. With ``--read`` their texts and attachments are read as well, by workers that help one another.

Needs PostgreSQL (tools/install-debian.sh postgresql). CPU seconds are those of this machine: say its load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import multiprocessing
import os
import random
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import psycopg
from procrastinate.jobs import Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.judge import address_of
from monitor.service.fleet.queueing import job_of, put_in
from monitor.store import Store
from monitor.store.database import connect, driver_connection, driver_parameters
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore
from tests.monitor.daemons import FEW
from tests.monitor.disturbance import WORKERS, Disturbance, Timing
from tests.monitor.fleet import PAGES, SETTINGS, Fleet, Province, fleet, html
from tests.monitor.postgresql import Server, server
from tests.monitor.service.fleet.test_large_site import long_page
from tests.server.site import Exchange, Handler

MANY = 13_000
TAKEN = 1_000


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
    """Wait until all sites are inspected: twice a second by one connection, which costs next to nothing."""
    address = driver_parameters(connect(it.scheduler.store))
    end = time.monotonic() + seconds
    with psycopg.connect(**address, autocommit=True) as connection:
        while time.monotonic() < end:
            ended = connection.execute("SELECT count(*) FROM runs WHERE finished IS NOT NULL").fetchone()
            if ended is not None and ended[0] >= len(it.province.configured):
                return
            time.sleep(0.5)
    raise SystemExit(f"not all inspected in {seconds} s; log: {it.scheduler.log()[-3000:]}")


@dataclass
class Readings(Province):
    """Sites that are read rather than asked for: a page is quickly sent, and has a thousand words to be judged.

    They are served by a process of their own, ``server``.
    """

    pages: int = PAGES
    addresses: dict[str, str] = field(default_factory=dict)
    server: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[Readings]:
        """Serve the sites in a process of their own."""
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=serve, args=(self.count, self.pages, theirs), daemon=True)
        process.start()
        self.server = process.pid or 0
        self.addresses = ours.recv()
        try:
            yield self
        finally:
            ours.send("enough")
            process.join()

    @property
    def configured(self) -> list[dict[str, str]]:
        """The sites as config.yaml names them."""
        return [{"id": name, "url": url} for name, url in self.addresses.items()]

    @contextlib.contextmanager
    def serving(self) -> Iterator[None]:
        """Serve the sites in this process."""
        with super().running():
            yield

    def _of(self, name: str, _: Handler) -> Handler:
        bodies = {number: page_of(f"{name}/{number}") for number in range(self.pages)}
        first = html("".join(f"<a href=/p/{number}.html>第 {number} 页</a>" for number in range(self.pages)))

        async def handle(exchange: Exchange) -> None:
            last = exchange.last.removesuffix(".html")
            await exchange.answer(bodies[int(last)] if last else first)

        return handle


def serve(count: int, pages: int, pipe: Connection) -> None:
    """Be the process that serves sites, until something is said through the pipe, or it ends."""
    sites = Readings(count, names_processes=False, pages=pages)
    with sites.serving(), contextlib.suppress(EOFError):
        pipe.send({name: site.url for name, site in sites.sites.items()})
        pipe.recv()


WORDS = (
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
    said = [f"{'，'.join(chosen.choice(part) for part in WORDS)}（{chosen.randrange(10**9)}）。" for _ in range(60)]
    return html("".join(f"<p>{sentence}</p>" for sentence in said))


JUDGED = {"crawl": SETTINGS["crawl"] | {"delay": 0}, "checks": FEW | {"typos": {"run": True}}}


@dataclass(frozen=True)
class Turn:
    """What one turn took: seconds from the first request to the last word, and CPU seconds of each part."""

    span: float
    parts: dict[str, float]

    @property
    def ours(self) -> float:
        """CPU seconds of workers, scheduler and database."""
        return sum(seconds for part, seconds in self.parts.items() if part != "sites")

    def said(self) -> str:
        """Return it in words."""
        parts = ", ".join(f"{part} {seconds:.1f}" for part, seconds in self.parts.items())
        return f"{self.span:.1f} s, {self.ours:.1f} CPU s ({parts}); load {os.getloadavg()[0]:.1f}"


def turn_of(it: Fleet, postgresql: Server, begun: float, seconds: float) -> Turn:
    """Wait until all sites are inspected, and return what it took; ``begun`` is what the database had used before."""
    finished(it, seconds)
    rows = it.scheduler.rows()
    parts = {
        "workers": sum(cpu_of(worker.process.pid) for worker in it.workers.values()),
        "scheduler": cpu_of(it.scheduler.process.pid),
        "database": cpu_of(postgresql.process) - begun,
        "sites": cpu_of(it.province.server),
    }
    return Turn(max(row.finished for row in rows) - min(row.started for row in rows), parts)


def pinned(process: int, core: int) -> None:
    """Have a process, and all that it starts from now on, run on one core."""
    for thread in Path(f"/proc/{process}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {core})


def median(turns: Sequence[Turn]) -> tuple[float, float]:
    """Return the median span of turns, and that of their CPU seconds."""
    return statistics.median(turn.span for turn in turns), statistics.median(turn.ours for turn in turns)


def workers(sites: int, seconds: float, rounds: int, delay: float) -> None:
    """Compare one worker on one core, two on two, and the local engine on one, in turns."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    turns: dict[int, list[Turn]] = {0: [], 1: [], 2: []}
    with server() as postgresql:
        for number, count in enumerate((1, 2, 0) * rounds):
            engine = SETTINGS["engine"] if count else {"kind": "local"}
            crawl = SETTINGS["crawl"] | {"delay": delay}
            chosen = JUDGED | {
                "engine": engine,
                "crawl": crawl,
                "schedule": SETTINGS["schedule"] | {"at_once": 1},
            }
            begun = cpu_of(postgresql.process)
            with running(Readings(sites), postgresql, f"turn{number}", **chosen) as it:
                if not count:
                    pinned(it.scheduler.process.pid, cores[0])
                for each in range(count):
                    pinned(it.worker(f"w{each}", "--concurrency", "1", wait=False).process.pid, cores[each])
                turn = turn_of(it, postgresql, begun, seconds)
            turns[count].append(turn)
            print(f"{f'{count} worker(s)' if count else 'the local engine'}, {sites} sites: {turn.said()}", flush=True)
    (local, locally), (one, cost), (two, _) = (median(turns[count]) for count in (0, 1, 2))
    print(f"medians of {rounds}: the local engine {local:.1f} s, one worker {one:.1f} s, two {two:.1f} s")
    print(f"two workers do {one / two:.2f} times the inspections of one")
    print(f"one worker, its scheduler and the queue: {cost / locally - 1:+.1%} CPU beside the local engine")


def spread(pages: int, seconds: float, rounds: int) -> None:
    """Compare a worker that reads the texts of one site by itself with one that another helps, in turns."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    turns: dict[bool, list[Turn]] = {False: [], True: []}
    with server() as postgresql:
        for number, is_helped in enumerate((False, True) * rounds):
            chosen = JUDGED | {"engine": SETTINGS["engine"] | {"help_after": 0}}
            begun = cpu_of(postgresql.process)
            with running(Readings(1, pages=pages), postgresql, f"turn{number}", **chosen) as it:
                for core, queue_ in enumerate(("texts", "site") if is_helped else ("site",)):
                    made = it.worker(queue_, "--concurrency", "1", "--queues", queue_, wait=False)
                    pinned(made.process.pid, cores[core])
                turn = turn_of(it, postgresql, begun, seconds)
            turns[is_helped].append(turn)
            print(f"{'helped' if is_helped else 'alone'}, {pages} pages: {turn.said()}", flush=True)
    (alone, before), (helped, after) = median(turns[False]), median(turns[True])
    print(f"with a helper one site is read {alone / helped:.2f} times as fast, for {after / before - 1:+.1%} CPU")


READ = {
    "checks": FEW | {"typos": {"run": True, "models": "/nowhere"}},
    "engine": SETTINGS["engine"] | {"help_after": 0},
}


def outcomes(it: Fleet) -> dict[str, list[object]]:
    return {name: it.outcome(name) for name in it.province.sites}


def disturbed(sites: int, seconds: float, *, is_read: bool) -> bool:
    """Inspect sites on a day on which everything happens, and on a calm one; return whether all is as it must be."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s: {what}", flush=True)

    with server() as postgresql:
        slow = SETTINGS["crawl"] | {"delay": 0.05}
        chosen = READ if is_read else {}
        answer_page = long_page if is_read else None
        with running(Province(sites, answer_page=answer_page), postgresql, "disturbed", crawl=slow, **chosen) as it:
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
        calm_sites = Province(sites, names_processes=False, answer_page=answer_page)
        with running(calm_sites, postgresql, "calm", **chosen) as it:
            for number in range(WORKERS):
                it.worker(f"w{number}")
            finished(it, seconds)
            calm = outcomes(it)
    say("the same findings" if found == calm else "OTHER FINDINGS")
    for name in found:
        if found[name] != calm[name]:
            say(f"{name}: {found[name]} where a calm day has {calm[name]}")
    return found == calm and not pairs and runs == sites


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["queue", "workers", "spread", "disturbed"])
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--pages", type=int, default=300, help="of the one site (spread)")
    parser.add_argument("--rounds", type=int, default=3, help="of turns (workers, spread)")
    parser.add_argument("--delay", type=float, default=0.0, help="seconds between two requests to a site (workers)")
    parser.add_argument("--read", action="store_true", help="have texts and attachments read too (disturbed)")
    parser.add_argument("--seconds", type=float, default=500, help="after which it is given up")
    given = parser.parse_args()
    if given.what == "queue":
        queue()
    elif given.what == "workers":
        workers(given.sites, given.seconds, given.rounds, given.delay)
    elif given.what == "spread":
        spread(given.pages, given.seconds, given.rounds)
    else:
        sys.exit(0 if disturbed(given.sites, given.seconds, is_read=given.read) else 1)


if __name__ == "__main__":
    main()
