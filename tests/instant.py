"""An event loop without waiting: where everybody sleeps, its clock jumps to the first who wakes.

For what is about time and touches neither sockets nor threads: the order of events is that of their times, on any
machine, however busy.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import TypeVar

Result = TypeVar("Result")


class _Jumping(selectors.DefaultSelector):
    """Answers at once, and notes for how long it would have waited."""

    skipped = 0.0

    def select(self, timeout: float | None = None) -> list:
        ready = super().select(0)
        if not ready and timeout is not None:
            self.skipped += timeout
        return ready


class InstantLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)
        # A timer is due when it is this close: by default a nanosecond, which is lost in the float of half a year.
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._jumping.skipped


def run(work: Coroutine[None, None, Result]) -> Result:
    """Run a coroutine on a clock of its own."""
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        return runner.run(work)
