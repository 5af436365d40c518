"""Lend processes that read files for others, and keep those that are idle for a while: a start costs a CPU second."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

from monitor.inspection.workers import KEPT, cores

T = TypeVar("T")


class SpareProcesses(Generic[T]):
    """As many as there are cores at most, each made by ``make`` when it is first needed, lent to one file at a time.

    They end (``end``) ``kept`` seconds after the last one came back. One that a file broke mends itself.
    """

    def __init__(self, make: Callable[[], T], end: Callable[[T], Awaitable[None]], kept: float = KEPT) -> None:
        self._make, self._end, self._kept = make, end, kept
        self._turns = asyncio.Semaphore(cores())
        self._free: list[T] = []
        self._ending: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def lend(self) -> AsyncIterator[T]:
        """Wait for one that is free, and have it for the block."""
        async with self._turns:
            self._keep()
            process = self._free.pop() if self._free else self._make()
            try:
                yield process
            finally:
                self._free.append(process)
                self._keep()  # another may have come back a moment ago
                self._ending = asyncio.create_task(self._end_after_a_while())

    def _keep(self) -> None:
        """Do not end those that are idle yet."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    async def _end_after_a_while(self) -> None:
        await asyncio.sleep(self._kept)
        self._ending = None  # nobody may cancel it from here on: what is taken out of the list is to end
        await self._end_free()

    async def _end_free(self) -> None:
        free, self._free = self._free, []
        for process in free:
            await self._end(process)

    async def close(self) -> None:
        """End those that are idle, at once."""
        self._keep()
        await self._end_free()
