"""Have one of several schedulers lead: the one that holds a lock of PostgreSQL, on a connection of its own.

A process that hangs or is stopped keeps its connection, and the server would keep its lock for it. So the connection
is one that the server ends when nothing was heard on it for some seconds, and the leader is heard on it every other
second. What must not happen twice (putting jobs in) happens on this connection: a leader that was paused and wakes up
finds it closed, whatever it believes. All else asks ``is_held`` first, which counts from before the last question.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any, TypeVar

import structlog

from monitor import __version__
from monitor.store.leader_lock import LeaderLock
from monitor.store.runs import me

log = structlog.get_logger()

T = TypeVar("T")

INTERVAL = 2.0
"""Seconds between two questions to the server."""

LENGTH = 6.0
"""Seconds after a question during which nobody else leads: less than the server waits."""


class Leadership:
    """Whether this process leads. ``won`` and ``lost`` are called in the event loop when that changes.

    ``is_outage`` takes an error and returns whether it is the store's.
    """

    def __init__(
        self,
        lock: LeaderLock,
        judge: Callable[[], str],
        won: Callable[[], None],
        lost: Callable[[], None],
        is_outage: Callable[[BaseException], bool],
    ) -> None:
        self._lock, self._judge, self._won, self._lost, self._is_outage = lock, judge, won, lost, is_outage
        self._asked = float("-inf")
        self._was_held = False

    @property
    def is_held(self) -> bool:
        """Whether this process leads, for certain."""
        return time.monotonic() - self._asked < LENGTH

    async def contend(self) -> None:
        """Lead whenever nobody else does, for ever; cancel to end."""
        while True:
            await self._ask()
            if self.is_held != self._was_held:
                self._was_held = self.is_held
                log.info("this scheduler leads" if self.is_held else "another scheduler leads")
                (self._won if self.is_held else self._lost)()
            await asyncio.sleep(INTERVAL)

    async def _ask(self) -> None:
        began = time.monotonic()
        try:
            is_held = await asyncio.to_thread(self._lock.acquire_or_keep, me(), __version__, self._judge())
        except Exception as error:
            if not self._is_outage(error):
                log.exception("no leader can be elected")
            is_held = False
        self._asked = began if is_held else float("-inf")

    def act(self, what: Callable[[Any], T]) -> T:
        """Have something done through the connection that makes this process the leader.

        Raises NotLeadingError where another leads, and what the driver raises.
        """
        return self._lock.act(what)

    def release(self) -> None:
        """Let another lead at once, at the end of the process."""
        self._asked = float("-inf")
        self._lock.release()
