"""Wake the daemon up: at every round, and at intervals. The only module that imports APScheduler.

Jobs live in memory and only say *when to look*; what is due is read from the store (``monitor/service/timetable.py``).
A job store of its own would be a second memory: with ``replace_existing=True`` APScheduler 3 silently drops a quarterly
round that fell while the process was away.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import random
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from monitor.rounds import Calendar
from monitor.store.schedules import Key

SOON = 0.05
"""Seconds after a round at which it is looked for: a timer may go off a little early."""

LONGEST = 86_400.0
"""Seconds after which a round's instant is worked out again, because the clock may have been set meanwhile."""

Call = Callable[[], Awaitable[None]]
Failed = Callable[[str, Exception], None]
RoundCall = Callable[[Key], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Clock:
    """What time it is, in seconds since the epoch. ``speed`` above 1 is for tests that live through years."""

    speed: float = 1.0
    began: float = field(default_factory=time.time)

    def now(self) -> float:
        """Return the time of the schedule."""
        real = time.time()
        return real if self.speed == 1 else self.began + (real - self.began) * self.speed

    def real(self, seconds: float) -> float:
        """Return how long a span of the schedule really takes, in seconds."""
        return seconds / self.speed


class Agenda:
    """The next round of every calendar, the soonest first: one alarm clock serves 13,000 sites as well as one.

    The calendars are the caller's, and do not change.
    """

    def __init__(self, calendars: Mapping[Key, Calendar], now: float) -> None:
        self._calendars = calendars
        self._upcoming: list[tuple[float, Key]] = []
        self._seen = now
        self._work_out(now)

    def soonest(self, now: float) -> float | None:
        """Return when the next round falls, in seconds since the epoch; None where there are no calendars."""
        self._look_at_clock(now)
        return self._upcoming[0][0] if self._upcoming else None

    def fallen(self, now: float) -> list[Key]:
        """Return the sites and scopes whose rounds have fallen since the last call, each once, and go on to the next.

        However many rounds a leaping clock passed over, each costs one look: what is due is told by the store.
        """
        self._look_at_clock(now)
        keys = []
        while self._upcoming and self._upcoming[0][0] <= now:
            _, key = self._upcoming[0]
            heapq.heapreplace(self._upcoming, (self._calendars[key].next(now), key))
            keys.append(key)
        return keys

    def _look_at_clock(self, now: float) -> None:
        """Work the rounds out anew where the clock was put back: they would lie a week or a quarter too late."""
        if now < self._seen:
            self._work_out(now)
        self._seen = now

    def _work_out(self, now: float) -> None:
        self._upcoming = [(calendar.next(now), key) for key, calendar in self._calendars.items()]
        heapq.heapify(self._upcoming)


class RoundTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler 3 has no types
    """Go off at the next round of an agenda, and once a day in between to look at the clock again."""

    def __init__(self, agenda: Agenda, clock: Clock) -> None:
        self.agenda, self.clock = agenda, clock

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - APScheduler's signature
        """Return when to look next; what was due before is not asked about."""
        moment = self.clock.now()
        soonest = self.agenda.soonest(moment)
        wait = LONGEST if soonest is None else min(max(soonest - moment, 0.0), LONGEST)
        return now + timedelta(seconds=self.clock.real(wait) + SOON)


class IntervalTrigger(BaseTrigger):  # type: ignore[misc] # likewise
    """Go off every so many seconds, ``jitter`` more or less. Ticks that a leaping clock passed over are left out.

    APScheduler's own IntervalTrigger lists every tick that was missed: 24 s and 390 MB for a year of five-second ticks.
    """

    def __init__(self, seconds: float, jitter: float = 0.0) -> None:
        self.seconds, self.jitter = seconds, jitter

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """Return the next tick: an interval after the last one, or after now where that is past."""
        interval = timedelta(seconds=self.seconds)
        after = now if previous_fire_time is None else previous_fire_time
        tick = after + interval
        if tick <= now:
            tick = now + interval
        return tick + timedelta(seconds=random.uniform(-self.jitter, self.jitter))  # noqa: S311 - no secret


class Scheduler:
    """The alarm clocks of the daemon, on the running event loop. What a call raises goes to ``failed``.

    ``may`` says of each by its name whether it is called now, or passed over.
    """

    def __init__(self, clock: Clock, failed: Failed, may: Callable[[str], bool] = lambda _: True) -> None:
        self.clock, self._failed, self._may = clock, failed, may
        self._scheduler = AsyncIOScheduler(
            jobstores={"default": MemoryJobStore()},
            executors={"default": AsyncIOExecutor()},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
            timezone=UTC,
        )

    def start(self) -> None:
        """Begin to go off."""
        self._scheduler.start()

    def stop(self) -> None:
        """Go off no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def rounds(self, calendars: Mapping[Key, Calendar], call: RoundCall) -> None:
        """Call with site and scope at every round of the calendars, and no longer at those of earlier ones."""
        agenda = Agenda(calendars, self.clock.now())

        async def look() -> None:
            for key in agenda.fallen(self.clock.now()):
                await call(key)

        self._add(look, RoundTrigger(agenda, self.clock), "rounds")

    def every(self, seconds: float, name: str, call: Call, *, jitter: float = 0.0) -> None:
        """Call every so many seconds, instead of what the name did before; ``jitter`` moves each call that much."""
        trigger = IntervalTrigger(max(self.clock.real(seconds), 0.01), self.clock.real(jitter))
        self._add(call, trigger, name)

    def never(self, name: str) -> None:
        """Call no longer what a name stands for."""
        if self._scheduler.get_job(name) is not None:
            self._scheduler.remove_job(name)

    def _add(self, call: Call, trigger: BaseTrigger, name: str) -> None:
        self._scheduler.add_job(self._tick, trigger, (name, call), id=name, name=name, replace_existing=True)

    async def _tick(self, name: str, call: Call) -> None:
        """Run a job. That ``stop`` cancels it is no fault; APScheduler would write a traceback of its own."""
        with contextlib.suppress(asyncio.CancelledError):
            await self.run(name, call)

    async def run(self, name: str, call: Call) -> None:
        """Call once, now, where it may be; what it raises goes to ``failed`` with the name."""
        if not self._may(name):
            return
        try:
            await call()
        except Exception as error:  # noqa: BLE001 - whatever it is, the next tick comes
            self._failed(name, error)
