"""A process that was paused for long finds that another has gone on with its run, and writes nothing of it any more."""

from __future__ import annotations

import os

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from monitor.store import Store
from monitor.store.closing import close
from monitor.store.crawl.frontier import Batch, CrawlStore
from monitor.store.crawl.targets import NewTarget
from monitor.store.runs import RunTakenError, me
from monitor.store.schema import runs, targets
from reports.remediation.policy import LedgerPolicy

ADDRESS = Batch(met=[NewTarget(0, "http://a/", "page", "a", 0, 0)])


@pytest.fixture
def run(store):
    return store.runs.begin(site="a", name="", url="http://a/", scope="site", engine="")


def taken(store: Store, run) -> None:
    """Have another process go on with the run."""
    with store.engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == run.id).values(owner="elsewhere/1@1"))


def addresses(store: Store) -> int:
    with store.engine.connect() as connection:
        return len(connection.execute(select(targets.c.id)).all())


def test_what_it_learned_meanwhile_is_not_written(store, run):
    CrawlStore(store.engine, run).save(ADDRESS, {})
    taken(store, run)
    with pytest.raises(RunTakenError):
        CrawlStore(store.engine, run).save(Batch(met=[NewTarget(1, "http://a/1", "page", "a", 1, 0)]), {"pages": 9})
    assert (addresses(store), store.runs.load(run.id).pages) == (1, 0)


def test_it_does_not_end_the_run(store, run):
    taken(store, run)
    with pytest.raises(RunTakenError):
        close(store.engine, run, {}, [], fixed={}, now=1.0, forget_unseen=True, policy=LedgerPolicy())
    with pytest.raises(RunTakenError):
        store.runs.finish(run.id, as_owner=True, status="failed")
    assert store.runs.load(run.id).status == "running"


def test_a_process_that_is_forked_has_a_name_of_its_own():
    parent, (reading, writing) = me(), os.pipe()
    child = os.fork()
    if not child:
        os.write(writing, me().encode())
        os._exit(0)
    os.waitpid(child, 0)
    name = os.read(reading, 1000).decode()
    os.close(reading)
    os.close(writing)
    assert f"/{child}@" in name
    assert me() == parent


def test_of_two_that_would_go_on_with_a_run_one_has_it(store, run):
    store.runs.release(run.id)
    free = store.runs.load(run.id)
    store.runs.adopt(free)
    assert store.runs.load(run.id).owner == me()
    with pytest.raises(RunTakenError):
        store.runs.adopt(free)
    with pytest.raises(RunTakenError):
        store.runs.adopt(replace(free, owner="elsewhere/1@1"))
