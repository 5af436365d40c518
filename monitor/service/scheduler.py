"""Wake the daemon up: at every round, and at intervals. The only module that imports APScheduler.

Jobs live in memory and only say *when to look*; what is due is read from the store (``monitor/service/timetable.py``).
A job store of its own would be a second memory: with ``replace_existing=True`` APScheduler 3 silently drops a quarterly
round that fell while the process was away.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.interval import IntervalTrigger

from monitor.rounds import Calendar
from monitor.store.schedules import Key

SOON = 0.05
"""Seconds after a round at which it is looked for: a timer may go off a little early."""

LONGEST = 86_400.0
"""Seconds after which a round's instant is worked out again, because the clock may have been set meanwhile."""

Call = Callable[[], Awaitable[None]]
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


class RoundTrigger(BaseTrigger):  # type: ignore[misc] # APScheduler 3 has no types
    """Go off at every round of a calendar, and once a day in between to look at the clock again."""

    def __init__(self, calendar: Calendar, clock: Clock) -> None:
        self.calendar, self.clock = calendar, clock

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:  # noqa: ARG002 - APScheduler's signature
        """Return when to look next; what was due before is not asked about."""
        moment = self.clock.now()
        wait = min(self.calendar.next(moment) - moment, LONGEST)
        return now + timedelta(seconds=self.clock.real(wait) + SOON)


class Scheduler:
    """The alarm clocks of the daemon, on the running event loop."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
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
        for job in self._scheduler.get_jobs():
            if job.id.startswith("round "):
                job.remove()
        for key, calendar in calendars.items():
            self._add(call, RoundTrigger(calendar, self.clock), f"round {key}", key)

    def every(self, seconds: float, name: str, call: Call, *, jitter: float = 0.0) -> None:
        """Call every so many seconds, instead of what the name did before; ``jitter`` moves each call that much."""
        trigger = IntervalTrigger(seconds=max(self.clock.real(seconds), 0.01), jitter=self.clock.real(jitter) or None)
        self._add(call, trigger, name)

    def never(self, name: str) -> None:
        """Call no longer what a name stands for."""
        if self._scheduler.get_job(name) is not None:
            self._scheduler.remove_job(name)

    def _add(self, call: Any, trigger: Any, name: str, *arguments: Any) -> None:  # noqa: ANN401 - APScheduler 3 has no types
        self._scheduler.add_job(call, trigger, arguments, id=name, name=name, replace_existing=True)
