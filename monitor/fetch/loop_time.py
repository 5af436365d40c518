"""Time as others are held to: without what our own loop was late by.

A loop that parses pages, or a machine that has better things to do, reads late what came in time. Neither is a server
slow for it, nor is its time up.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

BEAT = 0.1
"""Seconds between two looks whether the loop is on time."""

TOLERATED = 0.02
"""Seconds that a beat may be late without being called so: timers count in milliseconds, and callbacks take turns."""


class LoopTime:
    """A clock that stands still while the loop cannot run, for one fetcher.

    It beats only while somebody is timed, and so costs an idle daemon nothing.
    """

    def __init__(self) -> None:
        self._lost = 0.0
        self._due = float("inf")
        self._beat: asyncio.TimerHandle | None = None
        self._running: set[asyncio.Timeout] = set()

    def now(self) -> float:
        """Return seconds since some moment, without those in which the loop was late."""
        now = time.monotonic()
        return now - self._lost - self._late(now)

    @asynccontextmanager
    async def timeout(self, seconds: float) -> AsyncIterator[None]:
        """Raise TimeoutError where what is done within takes longer than so many seconds of this clock."""
        async with asyncio.timeout(seconds) as running:
            if not self._running:
                self._wait()
            self._running.add(running)
            try:
                yield
            finally:
                self._running.remove(running)
                if not self._running:
                    self._rest()

    def _wait(self) -> None:
        self._due = time.monotonic() + BEAT
        self._beat = asyncio.get_running_loop().call_later(BEAT, self._look)

    def _look(self) -> None:
        """Note by how much the loop is late, and give that much more to everybody whose time runs.

        A timeout that the same delay made due before the beat has fired already: it had less than a beat left.
        """
        late = self._note()
        if late:
            for running in self._running:
                until = running.when()
                if until is not None and not running.expired():
                    running.reschedule(until + late)
        self._wait()

    def _rest(self) -> None:
        self._note()
        self._due = float("inf")
        if self._beat is not None:
            self._beat.cancel()

    def _note(self) -> float:
        late = self._late(time.monotonic())
        self._lost += late
        return late

    def _late(self, now: float) -> float:
        late = now - self._due
        return late if late > TOLERATED else 0.0
