"""Measure a fleet on this machine: what the queue costs, and whether disturbances change what is found.

Usage: bench/fleet.py queue|workers|disturbed [--sites N] [--seconds N] [--every N]

``queue``: 13,000 jobs are put in, and some of them taken and ended, with nothing to do in them.
``workers``: the same sites with one worker and with two, each with one inspection at a time, and their CPU time.
``disturbed``: sites are inspected while a worker is killed every so often, PostgreSQL restarted twice (once as by
a power cut), and the leading scheduler stopped for a while; then the same undisturbed, and both are compared.

Needs PostgreSQL (tools/install-debian.sh postgresql). CPU seconds are those of this machine: say its load beside them.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import resource
import signal
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


def disturbed(sites: int, seconds: float, every: float) -> None:
    slow = SETTINGS["crawl"] | {"delay": 0.2}
    with server() as postgresql:
        with running(sites, postgresql, "disturbed", crawl=slow) as it:
            second = it.scheduler.folder / "second"
            second.mkdir()
            it.another_scheduler(second)
            disturb(it, postgresql, seconds, every)
            finished(it, seconds)
            found = outcomes(it)
            twice = sum(count - 1 for name in found for count in it.province.asked_twice(name).values())
            pairs, runs = it.province.asked_at_once_by_two(), len(it.scheduler.rows())
            print(f"disturbed: {runs} runs of {sites} sites, {twice} pages fetched again")
            print(f"{len(pairs)} times a host was asked by two at once", flush=True)
        with running(sites, postgresql, "calm", crawl=slow) as it:
            for number in range(3):
                it.worker(f"w{number}")
            finished(it, seconds)
            calm = outcomes(it)
    print("the same findings" if found == calm else "OTHER FINDINGS")


def disturb(it: Fleet, postgresql: Server, seconds: float, every: float) -> None:
    """Kill a worker every so many seconds, and disturb database and leader, until everything is inspected."""
    alive = [it.worker(f"w{number}") for number in range(3)]
    killed = 0
    events = {3: postgresql.restart, 6: lambda: pause_leader(it), 9: lambda: soft_restart(postgresql)}
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(every)
        with contextlib.suppress(Exception):  # the database may be away just now
            if it.is_empty() and it.scheduler.ended(len(it.province.sites)):
                break
        victim = alive.pop(0)
        victim.process.kill()
        victim.process.wait()
        killed += 1
        alive.append(it.worker(f"w{killed + 2}", wait=False))
        events.get(killed, lambda: None)()
        wake_leader(it, killed)
    print(f"{killed} workers killed")


def soft_restart(postgresql: Server) -> None:
    postgresql._control("stop", "-m", "fast")  # noqa: SLF001 - a restart in good order is for this bench alone
    postgresql.start()


def pause_leader(it: Fleet) -> None:
    for each in (it.scheduler, *it.others):
        if each.metric("scheduler_leads") == 1:
            each.process.send_signal(signal.SIGSTOP)
            print("the leader is stopped", flush=True)
            return


def wake_leader(it: Fleet, killed: int) -> None:
    if killed == 12:
        for each in (it.scheduler, *it.others):
            each.process.send_signal(signal.SIGCONT)
        print("the leader of before wakes up", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["queue", "workers", "disturbed"])
    parser.add_argument("--sites", type=int, default=12)
    parser.add_argument("--seconds", type=float, default=500, help="after which it is given up")
    parser.add_argument("--every", type=float, default=5, help="seconds after which a worker is killed")
    given = parser.parse_args()
    if given.what == "queue":
        queue()
    elif given.what == "workers":
        workers(given.sites, given.seconds)
    else:
        disturbed(given.sites, given.seconds, given.every)


if __name__ == "__main__":
    main()
