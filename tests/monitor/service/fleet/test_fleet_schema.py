"""The tables of a queue are made once, also where two machines begin at one moment."""

from __future__ import annotations

import threading
import time

import pytest

from monitor.service.fleet.fleet_schema import make, prepare
from monitor.store.database import connect
from monitor.store.fleet_tables import FleetTables


@pytest.fixture
def engines(store):
    made = [connect(store) for _ in range(3)]
    yield made
    for engine in made:
        engine.dispose()


def test_who_comes_second_waits_and_makes_nothing_again(engines):
    first, second = map(FleetTables, engines[:2])
    assert second.migrations() is None  # and its connection remembers that there are none
    ended: list[bool] = []
    late = threading.Thread(target=lambda: ended.append(prepare(second)))
    with first.alone() as applied:
        assert applied is None
        late.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        with engines[2].connect() as connection:
            while not connection.exec_driver_sql(waiting).scalar():
                time.sleep(0.02)
        make(first)
    late.join(60)
    assert ended == [True]
    assert not prepare(second)
