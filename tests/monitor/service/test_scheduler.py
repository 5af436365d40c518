"""The alarm clocks go off at rounds and intervals, on a clock that may run fast, and stop when told to."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from monitor.rounds import Calendar
from monitor.service.scheduler import SOON, Agenda, Clock, IntervalTrigger, RoundTrigger, Scheduler

WEEK = 7 * 86_400.0
MONDAYS = Calendar("Asia/Shanghai", 0, time(2))
FAST = WEEK / 0.25
"""A week in a quarter of a second."""


class Calls:
    def __init__(self, clock: Clock) -> None:
        self.clock, self.at, self.keys = clock, [], set()

    async def call(self, *key: tuple[str, str]) -> None:
        self.at.append(self.clock.now())
        self.keys.update(key)


def failed(name, error):
    raise AssertionError(name) from error


async def longest_stall(seconds: float) -> float:
    """Let time pass; return the longest time for which a busy machine did not come back to this loop."""
    loop, stall = asyncio.get_running_loop(), 0.0
    end = loop.time() + seconds
    while (before := loop.time()) < end:
        await asyncio.sleep(0.01)
        stall = max(stall, loop.time() - before)
    return stall


async def until(done: Callable[[], object]) -> None:
    async with asyncio.timeout(60):
        while not done():  # noqa: ASYNC110 - the scheduler tells nobody
            await asyncio.sleep(0.01)


@pytest.fixture
async def scheduler():
    made = Scheduler(Clock(speed=FAST), failed)
    made.start()
    yield made
    made.stop()


async def test_every_round_is_looked_for(scheduler):
    calls = Calls(scheduler.clock)
    began = scheduler.clock.now()
    scheduler.rounds({("a", "homepage"): MONDAYS}, calls.call)
    late = await longest_stall(2) * FAST
    expected = list(MONDAYS.between(began, scheduler.clock.now() - 2 * SOON * FAST - late))
    assert len(expected) >= 5 or late > WEEK
    for fire in expected:
        assert any(fire < at < fire + WEEK + late for at in calls.at), fire


async def test_rounds_of_an_earlier_configuration_are_forgotten(scheduler):
    before, after = Calls(scheduler.clock), Calls(scheduler.clock)
    scheduler.rounds({("a", "homepage"): MONDAYS}, before.call)
    scheduler.rounds({("b", "homepage"): MONDAYS}, after.call)
    await until(lambda: after.at)
    assert before.at == []
    assert after.keys == {("b", "homepage")}


async def test_an_interval_can_be_set_changed_and_ended(scheduler):
    calls = Calls(scheduler.clock)
    scheduler.every(WEEK, "probe", calls.call)
    scheduler.every(WEEK / 5, "probe", calls.call)
    await until(lambda: len(calls.at) >= 4)
    scheduler.never("probe")
    scheduler.never("probe")
    await asyncio.sleep(0.05)
    count = len(calls.at)
    await asyncio.sleep(0.3)
    assert len(calls.at) == count


async def test_it_goes_off_no_more_after_its_end():
    made = Scheduler(Clock(speed=FAST), failed)
    calls = Calls(made.clock)
    made.start()
    made.every(WEEK / 5, "probe", calls.call)
    made.stop()
    made.stop()
    await asyncio.sleep(0.3)
    assert calls.at == []


@pytest.mark.parametrize(
    ("now", "wait"),
    [
        ("2026-11-29T17:59:30+00:00", 30 + SOON),  # half a minute before Monday 02:00 in Shanghai
        ("2026-11-29T18:00:00+00:00", 86_400 + SOON),
        ("2026-11-24T00:00:00+00:00", 86_400 + SOON),
    ],
)
def test_a_round_is_worked_out_anew_every_day(now, wait):
    moment = datetime.fromisoformat(now)
    with time_machine.travel(moment, tick=False):
        trigger = RoundTrigger(Agenda({("a", "homepage"): MONDAYS}, moment.timestamp()), Clock())
        assert trigger.get_next_fire_time(None, moment) - moment == timedelta(seconds=wait)


SPREAD = {(f"s{number}", "homepage"): replace(MONDAYS, delay=number * 600.0) for number in range(5)}
START = datetime(2026, 11, 29, 12, tzinfo=UTC).timestamp()


@given(st.lists(st.floats(-30 * 86_400, 400 * 86_400), max_size=20))
def test_a_site_is_looked_for_whenever_its_round_has_fallen(steps):
    """However the clock goes on, leaps, or is put back: between two looks forward, each site comes once at most."""
    now, agenda = START, Agenda(SPREAD, START)
    for step in steps:
        before, now = now, now + step
        fallen = agenda.fallen(now)
        expected = {key for key, calendar in SPREAD.items() if step > 0 and calendar.next(before) <= now}
        assert set(fallen) == expected
        assert len(fallen) == len(expected)
        assert agenda.soonest(now) == min(calendar.next(now) for calendar in SPREAD.values())


def test_without_calendars_nothing_falls():
    agenda = Agenda({}, START)
    assert agenda.soonest(START) is None
    assert agenda.fallen(START + WEEK) == []


@pytest.mark.parametrize(
    ("previous", "now", "tick"),
    [
        (None, 0, 5),
        (0, 0.1, 5),  # the job took a moment
        (0, 5, 10),
        (0, 365 * 86_400, 365 * 86_400 + 5),  # the clock leapt by a year: one tick, not six million
    ],
)
def test_a_leaping_clock_costs_one_tick(previous, now, tick):
    trigger = IntervalTrigger(5)
    last = None if previous is None else datetime.fromtimestamp(previous, UTC)
    assert trigger.get_next_fire_time(last, datetime.fromtimestamp(now, UTC)) == datetime.fromtimestamp(tick, UTC)


def test_jitter_moves_each_tick_by_so_much_at_most():
    trigger, now = IntervalTrigger(60, jitter=6), datetime.fromtimestamp(0, UTC)
    ticks = [trigger.get_next_fire_time(None, now).timestamp() for _ in range(100)]
    assert 54 <= min(ticks) < max(ticks) <= 66


def test_an_ordinary_clock_follows_the_systems():
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as system:
        clock = Clock()
        system.shift(-3600)
        assert clock.now() == datetime(2025, 12, 31, 23, tzinfo=UTC).timestamp()
        assert clock.real(60) == 60
    fast = Clock(speed=100, began=0.0)
    with time_machine.travel(10.0, tick=False):
        assert fast.now() == 1000
        assert fast.real(50) == 0.5


def test_what_is_under_way_when_it_stops_leaves_no_traceback(caplog):
    """APScheduler cancels it and would log that as an error, in the last lines before the daemon ends."""

    async def stop_amid_a_call() -> None:
        begun = asyncio.Event()

        async def call() -> None:
            begun.set()
            await asyncio.Event().wait()

        scheduler = Scheduler(Clock(), failed)
        scheduler.start()
        scheduler.every(0.01, "slow", call)
        await asyncio.wait_for(begun.wait(), 60)
        scheduler.stop()
        for _ in range(5):  # the cancelled call and what APScheduler does at its end take a turn each
            await asyncio.sleep(0)

    asyncio.run(stop_amid_a_call())
    assert [record.getMessage() for record in caplog.records if record.levelname == "ERROR"] == []
