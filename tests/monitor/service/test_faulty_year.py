"""A year in which everything goes wrong that may: every round is served, or left out and counted, without a hand.

Runner, timetable, agenda and watch over the store are real, and so is the store; an inspection is a span of time, and
the clock that of a loop without waiting. What happens is drawn anew in every run of the tests.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from contextlib import contextmanager
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from prometheus_client import Gauge
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from monitor.rounds import Calendar
from monitor.service.runner import Runner
from monitor.service.scheduler import Agenda
from monitor.service.store_watch import StoreWatch
from monitor.service.timetable import Timetable
from monitor.settings.site import StoreSettings
from monitor.store import Store
from monitor.store.schedules import ScheduleStore
from tests import instant
from tests.monitor.round_ledger import account

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365 * 86_400.0
START = 1_767_225_600.0
"""1 January 2026, UTC."""
RETRIES = (1.0, 6.0, 24.0)
LOOK, LOOK_IN_TROUBLE = 2 * DAY, 6 * HOUR
"""Seconds between two looks for what is due, besides those at each round; the daemon's are closer."""
FULL = OperationalError("INSERT", {}, Exception("database or disk is full"))

CALENDARS = {
    (site, scope): calendar
    for site, delay in (("a", 0.0), ("b", 600.0))
    for scope, calendar in (
        ("homepage", Calendar.parse("every monday 02:00 Asia/Shanghai", delay)),
        ("site", Calendar.parse("first saturday 01:00 Asia/Shanghai of january, april, july, october", delay)),
    )
}


class Visit:
    """An inspection over the real table of runs: it takes a while, and fails while the site is away."""

    def __init__(self, world: World, key, fire) -> None:
        self.world, self.key, self.fire, self.watch = world, key, fire, None

    async def run(self):
        runs, run = self.world.store.runs, self._open()
        self.watch(None, run)
        try:
            await asyncio.sleep(self.world.takes)
        except asyncio.CancelledError:
            runs.release(run.id)
            raise
        runs.finish(run.id, status="failed" if self.world.is_site_away else "complete")
        return runs.load(run.id)

    def _open(self):
        """Go on with what was cut off within a day, as ``Inspection`` does, or begin anew."""
        world, (site, scope) = self.world, self.key
        runs = world.store.runs
        for run in runs.unfinished(site, scope):
            if world.now() - world.begun[run.id] < DAY:
                runs.adopt(run, self.fire)
                return run
            runs.abandon(run.id, "", "")
        run = runs.begin(site=site, name="", url="http://a.cn/", scope=scope, engine="", scheduled_for=self.fire)
        world.begun[run.id] = world.now()
        return run


class World:
    """A daemon's clock, rounds and store, without its sockets and threads."""

    def __init__(self, store: Store) -> None:
        self.store, self.ahead, self.takes = store, 0.0, HOUR / 2
        self.begun: dict[int, float] = {}
        """When each run was begun, by the clock of the schedule."""
        self.is_store_away = self.is_site_away = False
        event.listen(store.engine, "before_cursor_execute", self._refuse)

    def _refuse(self, *_: object) -> None:
        if self.is_store_away:
            raise FULL

    def now(self) -> float:
        return START + asyncio.get_running_loop().time() + self.ahead

    def start(self) -> None:
        self.timetable = Timetable(ScheduleStore(self.store.engine))
        self.timetable.retry_after = RETRIES
        watch = StoreWatch(self.store, Gauge("up", "", registry=None), self.go_on, self.leave, StoreSettings())
        self.watch = watch
        self.runner = Runner(
            self.store,
            self.timetable,
            lambda key, fire: Visit(self, key, fire),
            self.finished,
            2,
            self.now,
            is_outage=watch.report,
            is_paused=lambda: watch.is_in_doubt,
        )
        self.timetable.adopt(CALENDARS, self.now())
        self.agenda = Agenda(CALENDARS, self.now())
        self.look()

    async def finished(self, row) -> None:
        """Leave the reports to others."""

    async def leave(self) -> None:
        """Never called: the file stays where it is."""

    def go_on(self, has_failed: bool) -> None:  # noqa: FBT001 - StoreWatch's call
        if has_failed:
            self.runner.excuse()
        self.look()

    def look(self, key=None) -> None:
        """Look for what is due, as every tick of the daemon does: an outage is the watch's."""
        try:
            self.runner.look(key)
        except OperationalError as error:
            if not self.watch.report(error):
                raise

    async def kill(self) -> None:
        """End the process amid the next inspection: what it would have written then is not."""
        await self.live(self.agenda.soonest(self.now()) - self.now() + 60)
        self.is_store_away = True
        await self.runner.cut_off(1.0)
        self.is_store_away = False

    async def live(self, seconds: float) -> None:
        """Let time pass; rounds wake the daemon, a store in doubt is asked often, and retries are looked for."""
        end = self.now() + seconds
        while (now := self.now()) < end:
            upcoming = self.agenda.soonest(now) or end
            pace = LOOK_IN_TROUBLE if self.watch.is_in_doubt or self.is_site_away else LOOK
            await asyncio.sleep(max(min(upcoming, end, now + pace) - now, 1.0))
            if self.watch.is_in_doubt or self.is_store_away:
                await self.watch.look()
            for key in self.agenda.fallen(self.now()):
                self.look(key)
            self.look()

    async def happen(self, kind: str, days: float) -> None:
        """Let one thing happen, and end."""
        if kind == "the store is away":
            self.is_store_away = True
            await self.live(days * DAY / 10)
            self.is_store_away = False
            await self.live(LOOK_IN_TROUBLE)
        elif kind == "the sites are away":
            self.is_site_away = True
            await self.live(min(days, 1.0) * DAY)  # less than the retries last, or the round has failed for good
            self.is_site_away = False
        elif kind == "killed":
            await self.kill()
            await asyncio.sleep(days * HOUR)
            self.start()
        elif kind == "away for weeks":
            await self.kill()
            await asyncio.sleep(10 * days * DAY)
            self.start()
        elif kind == "the clock leaps":
            self.ahead += 10 * days * DAY
            self.look()
        elif kind == "slow":
            self.takes = days * DAY
            await self.live(days * DAY)
            self.takes = HOUR / 2
        else:
            self.ahead -= days * HOUR / 6
            self.look()

    async def settle(self) -> float:
        """Live until nothing is under way or to be tried again; return when that is."""
        await self.live(40 * DAY)
        while self.runner.active:
            await self.live(HOUR)
        return self.now()


KINDS = (
    "the store is away",
    "the sites are away",
    "killed",
    "away for weeks",
    "the clock leaps",
    "the clock goes back",
    "slow",
)


@contextmanager
def without_threads():
    """Have done at once what the daemon does in threads, of which the loop's clock knows nothing."""

    async def at_once(call, *arguments, **named):
        return call(*arguments, **named)

    with patch("asyncio.to_thread", at_once):
        yield


async def year(store: Store, happenings) -> World:
    world = World(store)
    world.start()
    await world.live(DAY)
    for kind, days in happenings:
        await world.happen(kind, days)
        await world.live(YEAR / len(happenings))
    end = await world.settle()
    runs = defaultdict(list)
    for row in store.runs.latest(10_000):
        runs[row.site, row.scope].append(row)
    records = ScheduleStore(store.engine).load()
    may_count_twice = sum(kind == "the clock goes back" for kind, _ in happenings)
    for key, calendar in CALENDARS.items():
        ledger = account(calendar, records[key], runs[key], START, end)
        assert (ledger.doubled, ledger.failed) == (0, 0), (key, ledger)
        # A round that was left out just before the clock went back falls once more, and is served then.
        assert -may_count_twice <= ledger.lost <= 0, (key, ledger)
        assert ledger.expected >= (50 if key[1] == "homepage" else 4)
    assert len(asyncio.all_tasks()) == 1
    assert not world.runner.running
    return world


@contextmanager
def new_store():
    """Give a store in a file, which outlives its connections."""
    with tempfile.TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/store.db") as store:
        yield store


@given(st.lists(st.tuples(st.sampled_from(KINDS), st.floats(0.1, 7.0)), min_size=10, max_size=16))
@settings(
    max_examples=1, phases=[Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.too_slow], deadline=None
)
def test_no_round_of_a_year_is_lost(happenings):
    with new_store() as store, without_threads():
        instant.run(year(store, happenings))


def test_a_year_leaves_nothing_behind_in_memory():
    """Each thing has happened twice, and the runner holds what it held at first: a lock a site."""
    with new_store() as store, without_threads():
        world = instant.run(year(store, [(kind, 2.0) for kind in KINDS * 2]))
    runner, sites = world.runner, {site for site, _ in CALENDARS}
    assert (runner.active, runner.running, dict(runner._pauses)) == ({}, set(), {})
    assert runner._sites.keys() == sites
    assert len(world.agenda._upcoming) == len(CALENDARS)
