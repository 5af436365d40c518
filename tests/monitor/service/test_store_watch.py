"""A store that fails is said to fail, pauses what needs it, and is gone on with when it answers: nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import Gauge
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, OperationalError

from monitor.service.store_watch import StoreWatch
from monitor.store import Store
from monitor.store.outage import outage_of, try_writing
from monitor.store.schedules import Schedules
from tests.monitor.daemons import daemon
from tests.monitor.service.test_daemon import office, sites

__all__ = ["office"]

AWAY = OperationalError("INSERT", {}, Exception("database or disk is full"))


def nested(outer, cause):
    try:
        raise outer from cause
    except type(outer) as error:
        return error


@pytest.mark.parametrize(
    ("error", "is_outage"),
    [
        (AWAY, True),
        (nested(RuntimeError("on the way"), AWAY), True),
        (ExceptionGroup("several", [ValueError(), AWAY]), True),
        (IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")), False),
        (ValueError("a fault of ours"), False),
        (OSError(28, "No space left on device"), False),
    ],
)
def test_an_outage_is_told_from_a_fault_of_ours(error, is_outage):
    assert (outage_of(error) is not None) == is_outage


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


async def test_a_full_disk_is_reported_and_its_end_too(store):
    """SQLite finds its disk full where it may not grow by a page."""
    gauge, recovered = Gauge("available", "", registry=None), []
    watch = StoreWatch(store, gauge, lambda: recovered.append(True))
    limit = [1]

    @event.listens_for(store.engine, "checkout")
    def tighten(connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    await watch.look()
    assert watch.fault == ""
    with pytest.raises(OperationalError) as full:
        try_writing(store.engine, 1_000_000)
    assert watch.report(full.value)
    await watch.look()
    assert (watch.fault, gauge._value.get(), recovered) == ("database or disk is full", 0, [])
    limit[0] = 100_000
    await watch.look()
    assert (watch.fault, gauge._value.get(), recovered) == ("", 1, [True])


async def test_a_file_that_is_replaced_is_noticed_and_the_new_one_used(store, tmp_path):
    watch = StoreWatch(store, Gauge("available", "", registry=None), lambda: None)
    path, aside = tmp_path / "store.db", tmp_path / "aside.db"
    path.rename(aside)
    await watch.look()
    assert "removed or replaced" in watch.fault
    assert not path.exists()
    with Store(f"sqlite:///{path}") as other:
        other.runs.begin(site="b", name="", url="http://b/", scope="site", engine="")
    await watch.look()
    assert watch.fault == ""
    assert [run.site for run in store.runs.latest()] == ["b"]


def test_trying_leaves_nothing_behind(store):
    try_writing(store.engine)
    try_writing(store.engine)
    assert Schedules(store.engine).load() == {}


def test_the_daemon_pauses_while_its_store_is_away_and_goes_on_where_it_was(tmp_path, office):
    """A file moved away is the outage that a test can make as root: permissions would not hold it."""
    office.wait, office.pages = 0.05, 120
    weekly_off = {"spread": 0, "weekly": {"run": False}}
    path, aside = tmp_path / "store.db", tmp_path / "aside.db"
    with daemon(tmp_path, sites=sites(office, "a"), schedule=weekly_off) as it:
        it.start()
        it.until(lambda: it.rows() and it.rows()[0].links > 20, "under way")
        move(path, aside)
        it.until(lambda: it.get("/readyz")[0] == 503, "said to be away", 60)
        assert "the store fails" in it.get("/readyz")[1]
        assert it.get("/healthz")[0] == 200
        assert it.metric("store_available") == 0
        move(aside, path)
        office.wait = 0.0
        it.until(lambda: it.get("/readyz")[0] == 200, "back", 60)
        it.until(lambda: it.ended(1), "ended", 60)
        (row,) = it.rows()
        assert (row.status, row.links) == ("complete", 123)
        assert it.metric("store_available") == 1


def move(path: Path, to: Path) -> None:
    """Move a store with its log and index, as an operator would who thinks that the daemon is down."""
    for ending in ("-wal", "-shm", ""):
        piece = path.with_name(path.name + ending)
        if piece.exists():
            piece.replace(to.with_name(to.name + ending))
