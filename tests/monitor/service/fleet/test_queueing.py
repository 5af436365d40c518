"""Jobs are put into the queue once, PostgreSQL is told where there are many, and no job is lost for ever."""

from __future__ import annotations

import pytest
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from sqlalchemy import text, update

from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.queueing import MANY, RecheckOrder, job_of, put_in, put_one_in, recheck_of
from monitor.store import Store
from monitor.store.crawl.frontier import Batch, CrawlStore
from monitor.store.crawl.targets import NewTarget
from monitor.store.database import driver_connection, driver_parameters
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import LOSSES, STUCK, JobStore, LostJob
from monitor.store.runs import RunRecord
from monitor.store.schema import DONE, targets


@pytest.fixture(name="store")
def opened(store: str):
    with Store(store) as opened:
        assert prepare(FleetTables(opened.engine))
        assert not prepare(FleetTables(opened.engine))  # there is nothing left to do
        yield opened


def put(store: Store, sites: range) -> int:
    jobs = [job_of((f"site{number}", "site"), f"host{number}", "judge", fire=1.0) for number in sites]
    with driver_connection(store.engine) as connection:
        return put_in(jobs, connection)


def test_no_round_is_put_in_twice_and_many_are_counted(store):
    jobs = JobStore(store.engine, 30)
    assert put(store, range(MANY)) == MANY
    assert put(store, range(MANY + 3)) == 3
    assert len(jobs.active()) == MANY + 3
    with driver_connection(store.engine) as connection:
        known = "SELECT reltuples FROM pg_class WHERE relname = 'procrastinate_jobs'"
        assert connection.execute(known).fetchone()[0] == MANY
    assert jobs.readdress("another") == MANY + 3
    (count,) = jobs.counts()
    assert (count.queue, count.waiting, count.running) == ("site", MANY + 3, 0)


def begun(store: Store, addresses: int) -> RunRecord:
    """Put one job in, and begin its run, which has met so many addresses."""
    put(store, range(1))
    run = store.runs.begin(site="site0", name="", url="http://a/", scope="site", engine="")
    met = [NewTarget(number, f"http://a/{number}", "page", "a", 1, 0) for number in range(1, addresses + 1)]
    CrawlStore(store.engine, run).save(Batch(met=met), {})
    return run


def lose(store: Store, run: RunRecord, answered: int) -> LostJob:
    """Have the one job begun by a worker that is never heard of again, when so many addresses of its run answered."""
    with store.engine.begin() as connection:
        connection.execute(text("DELETE FROM procrastinate_workers"))
        connection.execute(text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES ('2000-01-01')"))
        begun = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = (SELECT id FROM procrastinate_workers)"
        connection.execute(text(begun))
        connection.execute(update(targets).where(targets.c.run == run.id, targets.c.id <= answered).values(state=DONE))
    (lost,) = JobStore(store.engine, 30).reclaim()
    return lost


def test_a_job_that_kills_its_workers_is_given_up(store):
    run = begun(store, 3)
    assert lose(store, run, 0) == ("site0", "site", 1, False)
    assert [lose(store, run, 1).is_given_up for _ in range(STUCK - 1)] == [False] * (STUCK - 1)
    assert not lose(store, run, 2).is_given_up  # it had come further
    losses = [lose(store, run, 2) for _ in range(STUCK - 1)]
    assert [lost.is_given_up for lost in losses] == [False] * (STUCK - 2) + [True]
    (count,) = JobStore(store.engine, 30).counts()
    assert (count.waiting, count.failed) == (0, 1)


def test_a_second_look_is_progress(store):
    run = begun(store, 1)
    for number in range(STUCK + 1):
        with store.engine.begin() as connection:
            connection.execute(update(targets).values(answer=["a look"] * number))
        assert not lose(store, run, 1).is_given_up


def test_a_job_is_given_up_that_comes_a_little_further_each_time(store):
    run = begun(store, LOSSES)
    lost = [lose(store, run, number).is_given_up for number in range(1, LOSSES + 1)]
    assert lost == [False] * (LOSSES - 1) + [True]


async def taken(store: Store, ended: int) -> list[str]:
    """Take jobs one after the other, of which the first ``ended`` end; return their queues and sites in that order."""
    connector = PsycopgConnector(kwargs=driver_parameters(store.engine), min_size=1, max_size=1)
    await connector.open_async()
    manager = JobManager(connector)
    worker = await manager.register_worker()
    found = []
    while job := await manager.fetch_job(None, worker):
        found.append(f"{job.queue.partition('@')[0]} {job.task_kwargs['site']}")
        if len(found) <= ended:
            await manager.finish_job(job, Status.SUCCEEDED, delete_job=True)
    await connector.close_async()
    return found


def order(site: str, *, is_critical: bool) -> Job:
    return recheck_of(RecheckOrder(f"of {site}", site, [1], is_critical), f"host of {site}", "judge")


async def test_critical_rechecks_go_first_and_whole_sites_last(store):
    due = [job_of((name, name), f"host of {name}", "judge", fire=1.0) for name in ("site", "homepage")]
    asked = job_of(("button", "site"), "host of button", "judge", asked=1.0)
    with driver_connection(store.engine) as connection:
        put_in([*due, asked], connection)
        numbers = [put_one_in(order(site, is_critical=site == "bad"), connection) for site in ("good", "bad")]
    jobs = JobStore(store.engine, 30)
    assert {key[0] for key in jobs.active()} == {"site", "homepage", "button"}  # rechecks are no inspections
    expected = ["recheck bad", "recheck good", "asked button", "homepage homepage", "site site"]
    assert await taken(store, len(expected)) == expected
    assert [jobs.status(number) for number in numbers] == ["", ""]


async def test_a_recheck_waits_for_the_inspection_of_its_host(store):
    with driver_connection(store.engine) as connection:
        put_in([job_of(("a", "site"), "host of a", "judge", fire=1.0)], connection)
    assert await taken(store, 0) == ["site a"]
    with driver_connection(store.engine) as connection:
        put_one_in(order("a", is_critical=True), connection)
        put_one_in(order("b", is_critical=False), connection)
    assert await taken(store, 0) == ["recheck b"]


def test_a_queue_of_the_first_version_gets_what_was_added(store):
    tables = FleetTables(store.engine)
    with store.engine.begin() as connection:
        connection.execute(text("DROP TABLE fleet_looks"))
        connection.execute(text("DELETE FROM fleet_schema WHERE migration = 'fleet_01_looks'"))
    assert prepare(tables)
    jobs = JobStore(store.engine, 30)
    jobs.save_look("one", 7, ("gone", "没有了", "gone", True))
    jobs.save_look("one", 7, ("still-there", "还在", "still there", True))  # a second worker's comes too late
    assert jobs.looks("one") == {7: ("gone", "没有了", "gone", True)}
    jobs.forget_looks("one", 1)
    assert jobs.looks("one") == {}
