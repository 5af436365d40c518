"""What time alone asks for is dropped in its time, or as soon as a store that was away answers."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import event, update

from monitor.accounts.accounts import Accounts, Origin
from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.service.configuration import Configuration
from monitor.service.daemon import Daemon
from monitor.service.housekeeping import DAY, TRIES, Housekeeping
from monitor.service.metrics.live import Live
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.audit_log import AuditFilter
from monitor.store.accounts.users import RightRecord
from monitor.store.findings import FindingStore
from monitor.store.schema import runs
from tests.monitor.feeding import Feed, fault
from tests.monitor.service.faults import move

NOW = 1_800_000_000.0
ADMIN = Actor("root", "root", Via.CLI)


async def test_sessions_and_the_audit_log_are_dropped_when_they_are_over(tmp_path):
    document = {"daemon": {"reports": str(tmp_path)}, "retention": {"audit": 200}}
    settings, now = Settings.model_validate(document), [NOW]
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as store:
        configuration = Configuration(settings, None, (), lambda _: None, Live(CollectorRegistry()))
        upkeep = Live(CollectorRegistry()).upkeep
        keeping = Housekeeping(store, configuration, lambda: now[0], asyncio.Lock(), upkeep)
        users = UserAdministration(store, settings, lambda: now[0])
        users.add_user("zhang", "a-rather-long-one", [RightRecord("all", "", "viewer")], (), ADMIN)
        accounts, log = Accounts(store, settings, lambda: now[0]), AuditLog(store, lambda: now[0])
        accounts.log_in("zhang", "a-rather-long-one", Origin("10.1.1.1"))
        await keeping.clean_up()
        assert len(accounts.sessions("zhang")) == 1
        now[0] += 199 * DAY
        log.add(ADMIN, "user.disable", "user li")
        await keeping.clean_up()
        assert accounts._sessions.load(users.user("zhang").id) == []
        assert [each.entry.action for each in log.select(AuditFilter())] == ["user.disable", "login", "user.add"]
        now[0] += 2 * DAY
        await keeping.clean_up()
        assert [each.entry.action for each in log.select(AuditFilter())] == ["user.disable"]


class Kept:
    """A daemon that is not started, over a store with a run whose findings are long past their time."""

    def __init__(self, folder) -> None:
        self.path = folder / "store.db"
        url = f"sqlite:///{self.path}"
        with Store(url) as store:
            for _ in range(3):  # the last two stay, however old
                Feed(store, now=NOW - 10_000 * DAY).run([fault("a.html")])
            with store.engine.begin() as connection:
                connection.execute(
                    update(runs).values(facts={"links": {"page": 1}})
                )  # what a run has until it is pruned
        settings = {"store": {"url": url}, "daemon": {"listen": "127.0.0.1:0", "reports": str(folder / "reports")}}
        self.daemon = Daemon(Settings.model_validate(settings))

    async def clean_up(self) -> None:
        """Do what the clock does once a day."""
        await self.daemon.scheduler.run("upkeep", self.daemon._housekeeping.clean_up)

    async def look(self) -> str:
        """Look at the store, do what follows, and return what is wrong with it."""
        await self.daemon._watch.look()
        await asyncio.gather(*self.daemon._background)
        return self.daemon._watch.fault

    def close(self) -> None:
        """Close what a daemon opens as it is made."""
        self.daemon.server.stop()
        self.daemon.store.close()
        for end in (self.daemon._last_resort._heard, self.daemon._last_resort._written):
            end.close()

    def counted(self) -> dict[str, float]:
        upkeep = self.daemon._live.upkeep
        return {result: upkeep.labels(result)._value.get() for result in ("success", "failure")}

    def runs_with_findings(self) -> int:
        return sum(bool(FindingStore(self.daemon.store.engine, run.id).load_fingerprints()) for run in self.rows())

    def rows(self):
        return self.daemon.store.runs.latest()


@pytest.fixture
def kept(tmp_path):
    made = Kept(tmp_path)
    made.daemon.server.start()
    yield made
    made.close()


async def test_upkeep_that_a_store_was_away_for_is_made_up_when_it_answers(kept, tmp_path):
    aside = tmp_path / "aside.db"
    move(kept.path, aside)
    assert "gone" in await kept.look()
    await kept.clean_up()
    assert kept.counted() == {"success": 0, "failure": 1}
    move(aside, kept.path)
    assert await kept.look() == ""
    assert (kept.counted(), kept.runs_with_findings()) == ({"success": 1, "failure": 1}, 2)
    await kept.look()
    assert kept.counted()["success"] == 1


async def test_upkeep_that_met_a_busy_store_is_made_up_at_once(kept):
    @event.listens_for(kept.daemon.store.engine, "connect")
    def wait_for_nobody(connection, _record):
        connection.execute("PRAGMA busy_timeout=0")

    kept.daemon.store.engine.dispose()
    with closing(sqlite3.connect(kept.path, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        await kept.clean_up()
        assert kept.runs_with_findings() == 3
        assert await kept.look() == "database is locked"
    assert await kept.look() == ""
    assert (kept.counted(), kept.runs_with_findings()) == ({"success": 1, "failure": 1}, 2)


async def test_upkeep_that_fails_again_and_again_is_left_to_the_next_day(kept):
    """The store answers, and only this statement fails: it would be tried every two seconds for ever."""
    engine = kept.daemon.store.engine
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE verdicts RENAME TO mislaid")
    await kept.clean_up()
    for _ in range(TRIES + 2):
        assert await kept.look() == ""
    assert kept.counted() == {"success": 0, "failure": TRIES}
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE mislaid RENAME TO verdicts")
    await kept.look()
    assert kept.counted()["success"] == 0
    await kept.clean_up()
    assert (kept.counted()["success"], kept.runs_with_findings()) == (1, 2)
