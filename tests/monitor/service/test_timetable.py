"""Years on a simulated clock: whatever happens to process, clock and configuration, no round is lost or doubled."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine
from sqlalchemy.pool import StaticPool

from monitor.rounds import Calendar
from monitor.service.timetable import Timetable
from monitor.store.runs import RunStore
from monitor.store.schedules import ScheduleStore
from monitor.store.schema import metadata

pytestmark = pytest.mark.slow

HOUR, DAY, YEAR = 3600.0, 86_400.0, 365.25 * 86_400
START = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
WEEKLY = ("a", "homepage")
QUARTERLY = ("a", "site")
ZONES = ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")


def rounds(zone: str = "Asia/Shanghai", weekday: int = 0, at: time = time(2)) -> dict[tuple[str, str], Calendar]:
    return {
        WEEKLY: Calendar(zone, weekday, at, delay=600),
        QUARTERLY: Calendar(zone, 5, at, (1, 4, 7, 10), delay=600),
    }


@dataclass
class Life:
    """A daemon as its timetable sees it: it wakes up hourly, makes runs, is killed, and comes back."""

    calendars: dict[tuple[str, str], Calendar]
    now: float = START
    up: bool = False
    served: list[tuple[tuple[str, str], float, float]] = field(default_factory=list)
    running: dict[tuple[str, str], int] = field(default_factory=dict)
    fires: dict[tuple[str, str], float] = field(default_factory=dict)
    """The rounds that the running ones serve."""

    def __post_init__(self) -> None:
        engine = create_engine("sqlite://", poolclass=StaticPool)
        metadata.create_all(engine)
        self.schedules, self.runs = ScheduleStore(engine), RunStore(engine)
        self.engine = engine

    def start(self) -> None:
        self.timetable = Timetable(self.schedules)
        self.timetable.adopt(self.calendars, self.now)
        self.up = True
        self.look()

    def look(self) -> None:
        """Do what the daemon does when it wakes up."""
        for key, fire in self.timetable.due(self.now):
            if key in self.running:
                self.timetable.skip(key, fire, self.fires[key])
            else:
                self.begin(key, fire)
        for key, fire in self.timetable.unfinished():
            self.running.setdefault(key, self.runs.unfinished(*key)[0].id)
            self.fires.setdefault(key, fire)

    def begin(self, key: tuple[str, str], fire: float) -> None:
        old = self.runs.unfinished(*key)
        if old:
            self.runs.abandon(old[0].id, "", "killed")
        site, scope = key
        run = self.runs.begin(site=site, name="", url="", scope=scope, engine="", scheduled_for=fire)
        self.running[key], self.fires[key] = run.id, fire
        self.timetable.begun(key, fire)
        self.served.append((key, fire, self.now))

    def finish(self) -> None:
        for number in self.running.values():
            self.runs.finish(number, status="complete")
        self.running.clear()
        self.fires.clear()

    def kill(self) -> None:
        self.up = False
        self.running.clear()
        self.fires.clear()

    def configure(self, calendars: dict[tuple[str, str], Calendar]) -> None:
        self.calendars = calendars
        if self.up:
            self.timetable.adopt(calendars, self.now)
            self.look()

    def live(self, seconds: float, step: float = HOUR) -> None:
        """Let time pass; the process looks at every round, as its alarm clocks do, and at least every ``step``."""
        end = self.now + seconds
        while self.now < end:
            fire = min(calendar.next(self.now) for calendar in self.calendars.values())
            self.now = min(end, fire, self.now + step)
            if self.up:
                self.look()
                self.finish()

    def counts(self) -> Counter:
        return Counter((key, fire) for key, fire, _ in self.served)


def test_ten_quiet_years():
    life = Life(rounds())
    life.start()
    life.finish()
    life.live(10 * YEAR, step=5 * DAY)
    for key, calendar in life.calendars.items():
        expected = list(calendar.between(START, life.now))
        assert [fire for served, fire, _ in life.served if served == key][1:] == expected
        assert [when for served, _, when in life.served if served == key][1:] == expected
    assert len(life.served) == 522 + 40 + 2


@pytest.mark.parametrize(("away", "missed"), [(HOUR, 0), (15 * DAY, 1), (100 * DAY, 13)])
def test_a_round_that_fell_while_nobody_was_there_is_served_once_at_the_start(away, missed):
    life = Life(rounds(), now=START + 3 * DAY)
    life.start()
    life.finish()
    life.live(3.5 * DAY)
    before = len(life.served)
    life.kill()
    life.now = life.calendars[WEEKLY].next(life.now) - HOUR / 2 if away == HOUR else life.now
    life.now += away
    life.start()
    weekly = [fire for key, fire, _ in life.served[before:] if key == WEEKLY]
    assert weekly == [life.calendars[WEEKLY].latest(life.now)]
    assert life.schedules.load()[WEEKLY].missed == missed
    life.look()
    assert max(life.counts().values()) == 1


def test_a_round_that_falls_while_the_last_one_runs_is_skipped_and_counted():
    life = Life(rounds())
    life.start()
    number = life.running[WEEKLY]
    life.now = life.calendars[WEEKLY].next(life.now) + 1
    life.look()
    life.look()
    assert life.schedules.load()[WEEKLY].skipped == 1
    assert life.running[WEEKLY] == number
    life.finish()
    life.look()
    assert [key for key, *_ in life.served].count(WEEKLY) == 1


def test_a_killed_run_is_gone_on_with_and_not_begun_again():
    life = Life(rounds())
    life.start()
    numbers = dict(life.running)
    life.kill()
    life.now += HOUR
    life.start()
    assert life.running == numbers
    assert len(life.served) == 2


@pytest.mark.parametrize("before", [6 * DAY, 12 * HOUR, 11 * HOUR, HOUR, 1.0])
def test_a_new_site_is_inspected_at_once_however_close_its_round_is(before):
    """On a Sunday evening too, and the round that follows is served as every round is."""
    now = rounds()[WEEKLY].next(START) - before
    life = Life(rounds(), now=now)
    life.start()
    assert {(key, when) for key, _, when in life.served} == {(WEEKLY, now), (QUARTERLY, now)}
    life.finish()
    life.live(before + HOUR)
    weekly = [fire for key, fire, _ in life.served if key == WEEKLY]
    assert weekly == [life.calendars[WEEKLY].latest(now), now + before]


@pytest.mark.parametrize("is_begun", [False, True], ids=["before its run", "after its run"])
def test_a_first_inspection_that_is_overtaken_is_missed_and_counted(is_begun):
    """Down from the moment at which a site was new, or a moment later, until its next round has fallen."""
    life = Life(rounds())
    life.timetable = Timetable(life.schedules)
    life.timetable.adopt(life.calendars, life.now)
    if is_begun:  # the process was killed before it could note so
        owed = life.calendars[WEEKLY].latest(life.now)
        life.runs.begin(site="a", name="", url="", scope="homepage", engine="", scheduled_for=owed)
    life.now = life.calendars[WEEKLY].next(life.now) + HOUR
    if is_begun:
        life.timetable.overtake(WEEKLY, life.calendars[WEEKLY].latest(life.now))
    life.start()
    assert life.served[0][:2] == (WEEKLY, life.calendars[WEEKLY].latest(life.now))
    record = life.schedules.load()[WEEKLY]
    assert (record.missed, record.skipped, record.owed) == (1, 0, None)


def test_a_round_that_waits_for_its_turn_is_owed_while_later_ones_are_skipped():
    """Three weeks in the queue, and then the process is killed: each of the four rounds is accounted for once."""
    life = Life(rounds())
    life.timetable = Timetable(life.schedules)
    life.timetable.adopt(life.calendars, life.now)
    waiting = life.calendars[WEEKLY].latest(life.now)
    for count in (1, 2, 3):
        life.now = life.calendars[WEEKLY].next(life.now)
        life.timetable.skip(WEEKLY, life.now, waiting)
        assert life.schedules.load()[WEEKLY][2:] == (waiting, count, 0)
    life.start()
    assert life.served[0][:2] == (WEEKLY, waiting)
    assert life.schedules.load()[WEEKLY][2:] == (None, 3, 0)


def test_rounds_that_fell_under_a_replaced_calendar_are_counted():
    """Down for five weeks, and another weekday at the return: the last Monday is served, those before it are missed."""
    life = Life(rounds())
    life.start()
    life.finish()
    life.kill()
    mondays = []
    for _ in range(5):
        life.now = life.calendars[WEEKLY].next(life.now)
        mondays.append(life.now)
    life.now += DAY
    life.configure(rounds(weekday=4))
    life.start()
    assert life.counts()[WEEKLY, mondays[-1]] == 1
    assert life.schedules.load()[WEEKLY].missed == 4


def test_a_changed_calendar_counts_from_the_change():
    """Served on Monday, moved to Tuesday on Wednesday: the next round is next week's Tuesday."""
    life = Life(rounds(), now=START)
    life.start()
    life.finish()
    life.live(6 * DAY)  # Wednesday, 7 January
    served = len(life.served)
    life.configure(rounds(weekday=1))
    assert len(life.served) == served
    life.live(7 * DAY)
    weekly = [fire for key, fire, _ in life.served[served:] if key == WEEKLY]
    assert weekly == [life.calendars[WEEKLY].latest(life.now)]


def test_what_was_due_under_the_old_calendar_stays_due():
    """Down on Monday, and back on Wednesday with another weekday: Monday's round is served."""
    life = Life(rounds(), now=START)
    life.start()
    life.finish()
    life.live(3 * DAY)
    life.kill()
    monday = life.calendars[WEEKLY].next(life.now)
    life.now = monday + 2 * DAY
    life.configure(rounds(weekday=4))
    life.start()
    assert (WEEKLY, monday) in life.counts()


def test_a_site_that_goes_and_comes_back_is_not_served_twice():
    life = Life(rounds())
    life.start()
    life.finish()
    life.configure({})
    assert life.schedules.load() == {}
    life.configure(rounds())
    assert max(life.counts().values()) == 1
    assert not life.running


def test_a_clock_that_was_years_ahead_costs_no_later_round():
    life = Life(rounds())
    life.start()
    life.finish()
    life.live(20 * DAY)
    right = life.now
    life.now += 10 * YEAR
    life.look()
    life.finish()
    life.now = right
    life.look()
    life.finish()
    before = len(life.served)
    life.live(30 * DAY)
    expected = list(life.calendars[WEEKLY].between(right, life.now))
    assert [fire for key, fire, _ in life.served[before:] if key == WEEKLY] == expected


def test_a_record_that_no_one_can_read_loses_nothing_that_was_owed():
    life = Life(rounds())
    life.start()
    life.finish()
    record = life.schedules.load()[WEEKLY]
    life.schedules.save({WEEKLY: record._replace(calendar="in the words of a later version", owed=START - 1)})
    life.configure(rounds())
    assert life.counts()[WEEKLY, START - 1] == 1


EVENTFUL_YEARS = 3
"""What goes wrong goes wrong at events: some 40 of them in three years find what they find in ten, with a third of the
quiet weeks between them. Ten years without any have a test of their own."""

events = st.lists(
    st.tuples(
        st.sampled_from(["live", "down", "kill", "zone", "weekday", "back", "long run"]),
        st.floats(0.01, 60.0),
        st.integers(0, 6),
    ),
    min_size=20,
    max_size=60,
)


@given(events, st.randoms(use_true_random=False))
@settings(max_examples=6, phases=[Phase.reuse, Phase.generate], suppress_health_check=[HealthCheck.too_slow])
def test_years_of_anything(events, chance: random.Random):
    """Every round of a calendar in force is served once, or a later one stands in for it; none is served twice."""
    life = Life(rounds())
    life.start()
    life.finish()
    share = EVENTFUL_YEARS * YEAR / len(events)
    for kind, days, number in events:
        happen(life, kind, days, number)
        if not life.up:
            life.start()
            life.finish()
        before = len(life.served)
        began = life.now
        life.live(share * chance.uniform(0.5, 1.5), step=20 * DAY)
        for key, calendar in life.calendars.items():
            expected = [fire for fire in calendar.between(began, life.now + 1) if fire <= life.now]
            got = [fire for served, fire, _ in life.served[before:] if served == key]
            assert got == [fire for fire in expected if not close_to_another(life, key, fire, before)]
    assert max(life.counts().values()) == 1
    for key in life.calendars:
        fires = sorted(fire for served, fire, _ in life.served if served == key)
        assert all(later - earlier >= 12 * HOUR for earlier, later in pairwise(fires))


def close_to_another(life: Life, key: tuple[str, str], fire: float, before: int) -> bool:
    """Whether a round is the same as one that was served under an earlier calendar: moved by hours, not by days."""
    return any(served == key and abs(other - fire) < 12 * HOUR for served, other, _ in life.served[:before])


def happen(life: Life, kind: str, days: float, number: int) -> None:
    """Let one thing happen to the process, and see that what fell due meanwhile is served at its return."""
    if kind == "down":
        life.kill()
        life.now += days * DAY
    elif kind == "kill":
        life.now = min(calendar.next(life.now) for calendar in life.calendars.values())
        life.look()
        life.kill()
        life.now += days * HOUR
    elif kind == "zone":
        life.configure(rounds(zone=ZONES[number % len(ZONES)]))
        life.finish()
    elif kind == "weekday":
        life.kill()
        life.now += days * DAY
        life.configure(rounds(weekday=number))
    elif kind == "back":
        life.now -= min(days, 2.0) * HOUR
        life.look()
        life.finish()
    elif kind == "long run":
        life.now = life.calendars[WEEKLY].next(life.now)
        life.look()
        life.now = life.calendars[WEEKLY].next(life.now)
        life.look()
        life.finish()
