"""Time as others are held to: without what our own loop was late by.

A loop that parses pages, or a machine that has better things to do, reads late what came in time. Neither is a server
slow for it, nor is its time up.
"""

from __future__ import annotations

import asyncio
import time
from types import TracebackType

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
        self._running: set[TimeLimit] = set()

    def now(self) -> float:
        """Return seconds since some moment, without those in which the loop was late."""
        now = time.monotonic()
        return now - self._lost - self._late(now)

    def timeout(self, seconds: float) -> TimeLimit:
        """Return what raises TimeoutError where what is done within takes longer than so many seconds of this clock.

        Whose time is up is looked at once a beat, which spares every request a timer of its own.
        """
        return TimeLimit(self, seconds)

    def begin(self, limit: TimeLimit) -> None:
        """Look after a limit from now on."""
        if not self._running:
            self._wait()
        self._running.add(limit)

    def end(self, limit: TimeLimit) -> None:
        """Look after a limit no longer."""
        self._running.remove(limit)
        if not self._running:
            self._rest()

    def _wait(self) -> None:
        self._due = time.monotonic() + BEAT
        self._beat = asyncio.get_running_loop().call_later(BEAT, self._look)

    def _look(self) -> None:
        """Note by how much the loop is late, which is nobody's time, and end what has used up its own."""
        self._note()
        self._wait()
        for limit in self._running:
            limit.look()

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


class TimeLimit:
    """A block that may take so many seconds of a clock, as ``asyncio.Timeout`` is one by the clock of the loop.

    Neither its beginning nor its end waits for anything, so ``with`` will do.
    """

    def __init__(self, clock: LoopTime, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds
        self._began = 0.0
        self._is_up = False

    @property
    def elapsed(self) -> float:
        """Seconds of the clock since the block was entered."""
        return self._clock.now() - self._began

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("only a task can be timed")
        self._task, self._cancelling = task, task.cancelling()
        self._began = self._clock.now()
        self._clock.begin(self)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._clock.end(self)
        # Where others cancel the task as well, it is theirs to end.
        if self._is_up and self._task.uncancel() <= self._cancelling and kind is asyncio.CancelledError:
            raise TimeoutError from error

    def look(self) -> None:
        """Break the block off where its time is up."""
        if not self._is_up and self.elapsed >= self._seconds:
            self._is_up = True
            self._task.cancel()
