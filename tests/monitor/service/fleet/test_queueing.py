"""Jobs are put into the queue once, and PostgreSQL is told where there are many."""

from __future__ import annotations

import pytest

from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.queueing import MANY, job_of, put_in
from monitor.store import Store
from monitor.store.database import driver_connection
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore
from tests.monitor.postgresql import server


@pytest.fixture
def store():
    with server() as postgresql, Store(postgresql.url) as opened:
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
