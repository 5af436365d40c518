"""Ask every host politely: so many requests at a time, a pause between them, and silence where it asks for silence."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

J = TypeVar("J")


@dataclass(slots=True)
class Lane(Generic[J]):
    """The queue of one host. ``limit`` requests at a time, ``delay`` seconds between two starts."""

    limit: int
    delay: float
    own: bool
    jobs: deque[J] = field(default_factory=deque)
    workers: int = 0
    free_at: float = 0.0

    def pause(self, seconds: float, now: float) -> None:
        """Start nothing on this host for so long."""
        self.free_at = max(self.free_at, now + seconds)

    def turn(self, now: float) -> float:
        """Return how long the next request has to wait, and take that place in the row."""
        start = max(now, self.free_at)
        self.free_at = start + self.delay
        return start - now


class Lanes(Generic[J]):
    """All hosts of a run. ``handle`` does one job and never raises; ``hosts_at_once`` bounds foreign hosts together."""

    def __init__(
        self,
        handle: Callable[[J, Lane[J]], Awaitable[None]],
        lane_of: Callable[[str], Lane[J]],
        hosts_at_once: int,
    ) -> None:
        self._handle, self._lane_of = handle, lane_of
        self._lanes: dict[str, Lane[J]] = {}
        self._strangers = asyncio.Semaphore(hosts_at_once)
        self._tasks: set[asyncio.Task[None]] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._failure: BaseException | None = None
        self.waiting = 0
        self.stopped = False

    def lane(self, host: str) -> Lane[J]:
        """Return the lane of a host."""
        lane = self._lanes.get(host)
        if lane is None:
            lane = self._lanes[host] = self._lane_of(host)
        return lane

    def put(self, host: str, job: J) -> None:
        """Queue a job, and start a worker for it where the host has room."""
        if self.stopped:
            return
        lane = self.lane(host)
        lane.jobs.append(job)
        self.waiting += 1
        if lane.workers < lane.limit:
            lane.workers += 1
            self._idle.clear()
            task = asyncio.create_task(self._work(lane))
            self._tasks.add(task)
            task.add_done_callback(self._left)

    def _left(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failure = self._failure or task.exception()
            self.stop()
        if not self._tasks:
            self._idle.set()

    async def _work(self, lane: Lane[J]) -> None:
        try:
            if lane.own:
                await self._drain(lane)
            else:
                async with self._strangers:
                    await self._drain(lane)
        finally:
            lane.workers -= 1

    async def _drain(self, lane: Lane[J]) -> None:
        clock = asyncio.get_running_loop().time
        while lane.jobs and not self.stopped:
            if lane.delay or lane.free_at:
                wait = lane.turn(clock())
                if wait > 0:
                    await asyncio.sleep(wait)
                    if not lane.jobs or self.stopped:
                        return
            self.waiting -= 1
            await self._handle(lane.jobs.popleft(), lane)

    async def idle(self) -> None:
        """Wait until every queue is empty and every job is done; raises what a worker raised."""
        await self._idle.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Start no further job; those under way are finished."""
        self.stopped = True

    async def close(self) -> None:
        """Break off what is under way."""
        self.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def retry_after(value: str | None, now: datetime, otherwise: float) -> float:
    """Return the seconds that a Retry-After asks for: a number, or a date (RFC 9110, 10.2.3)."""
    if value is None:
        return otherwise
    if value.strip().isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - now).total_seconds())
    except (ValueError, TypeError):
        return otherwise
