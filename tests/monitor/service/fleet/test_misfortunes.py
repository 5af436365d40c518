"""A standby that takes over, a full disk of the database, clocks that differ: a fleet ends as on a calm day."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from tests.monitor.fleet import Province, fleet
from tests.monitor.postgresql import server, standby_of
from tests.monitor.service.faults import small_disk
from tests.monitor.service.fleet.test_fleet import calm
from tests.monitor.service.test_leaping_clock import environment

pytestmark = pytest.mark.slow

AWAY = "the queue cannot be reached; trying again"
MEGABYTES = 200


@pytest.fixture
def province():
    with Province(3).running() as running:
        yield running


def test_a_standby_takes_over(tmp_path, province):
    province.hold("site1")
    with server() as primary, standby_of(primary) as standby:
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in (primary, standby))
        store = f"postgresql+psycopg://sitehealth@/postgres?{hosts}&target_session_attrs=read-write"
        with fleet(tmp_path, store, province) as it:
            one = it.worker("one")
            it.inspecting("site1")
            primary.stop("immediate")
            it.until(lambda: one.events(AWAY), "noticed")
            standby.promote()
            province.let_go()
            calm(it)
            assert one.events("resuming")


def test_the_disk_of_the_database_is_full(tmp_path, province):
    province.hold("site1")
    with (
        tempfile.TemporaryDirectory(prefix="sitehealth-pg-") as place,  # pytest's folders are closed to other users
        small_disk(Path(place), MEGABYTES) as disk,
        server(disk.folder) as postgresql,
        fleet(tmp_path, postgresql.url, province) as it,
    ):
        one = it.worker("one")
        it.inspecting("site1")
        disk.fill()
        province.let_go()
        it.until(lambda: "No space left on device" in one.log, "noticed")
        disk.clear()
        calm(it)


def test_the_clock_of_a_worker_is_hours_fast(tmp_path, store, province):
    province.hold("site1")
    clock = tmp_path / "clock"
    clock.write_text("+5h")
    with fleet(tmp_path, store, province) as it:
        wrong = it.worker("wrong", "--concurrency", "1", environment=environment(clock))
        it.inspecting("site1").end()
        other = it.worker("other", "--concurrency", "1")
        province.let_go()
        calm(it)
        assert wrong.events("inspection begins")
        assert other.events("resuming")
