"""Measure a fleet on this machine: what the queue costs, and whether disturbances change what is found.

Usage: bench/fleet.py queue|workers|disturbed [--sites N] [--seconds N]

``queue``: 13,000 jobs are put in, and some of them taken and ended, with nothing to do in them.
``workers``: the same sites with one worker and with two, each with one inspection at a time, and their CPU time.
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
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
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
from tests.monitor.disturbance import WORKERS, Disturbance, Timing
from tests.monitor.fleet import SETTINGS, Fleet, Province, fleet
from tests.monitor.postgresql import Server, server

MANY = 13_000
TAKEN = 1_000


def cpu_of(process: int) -> float:
    """Return the processor time of a process and of its children that ended, in seconds."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(") ")[2].split()
    return sum(int(fields[index]) for index in (11, 12, 13, 14)) / os.sysconf("SC_CLK_TCK")


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
def running(sites: int, postgresql: Server, name: str, **settings: object) -> Iterator[Fleet]:
    """Run a scheduler over so many sites and a database of its own; nobody works yet."""
    with postgresql.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}")
    url = f"{postgresql.url.rpartition('/')[0]}/{name}"
    folder = Path(tempfile.mkdtemp(prefix="sitehealth-fleet-"))
    with Province(sites).running() as province, fleet(folder, url, province, **settings) as it:
        yield it


def finished(it: Fleet, seconds: float) -> float:
    """Wait until all sites are inspected; return how long that took."""
    began = time.monotonic()
    it.scheduler.until(lambda: it.scheduler.ended(len(it.province.sites)) and it.is_empty(), "all inspected", seconds)
    return time.monotonic() - began


def workers(sites: int, seconds: float) -> None:
    with server() as postgresql:
        for count in (1, 2, 1, 2):
            crawl = SETTINGS["crawl"] | {"delay": 0}
            with running(sites, postgresql, f"w{count}_{time.monotonic_ns()}", crawl=crawl) as it:
                it.province.names_processes = False
                started = [it.worker(f"w{number}", "--concurrency", "1") for number in range(count)]
                took = finished(it, seconds)
                used = sum(cpu_of(worker.process.pid) for worker in started)
                scheduler = cpu_of(it.scheduler.process.pid)
                print(
                    f"{count} worker(s), {sites} sites: {took:.1f} s, {used:.1f} CPU s of workers, "
                    f"{scheduler:.1f} of the scheduler; load {os.getloadavg()[0]:.1f}",
                    flush=True,
                )


def outcomes(it: Fleet) -> dict[str, list[object]]:
    return {name: it.outcome(name) for name in it.province.sites}


def disturbed(sites: int, seconds: float) -> bool:
    """Inspect sites on a day on which everything happens, and on a calm one; return whether all is as it must be."""
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s: {what}", flush=True)

    with server() as postgresql:
        slow = SETTINGS["crawl"] | {"delay": 0.1}
        with running(sites, postgresql, "disturbed", crawl=slow) as it:
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
        with running(sites, postgresql, "calm") as it:
            it.province.names_processes = False
            for number in range(WORKERS):
                it.worker(f"w{number}")
            finished(it, seconds)
            calm = outcomes(it)
    say("the same findings" if found == calm else "OTHER FINDINGS")
    return found == calm and not pairs and runs == sites


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["queue", "workers", "disturbed"])
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=500, help="after which it is given up")
    given = parser.parse_args()
    if given.what == "queue":
        queue()
    elif given.what == "workers":
        workers(given.sites, given.seconds)
    else:
        sys.exit(0 if disturbed(given.sites, given.seconds) else 1)


if __name__ == "__main__":
    main()
