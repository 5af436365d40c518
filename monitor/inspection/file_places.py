"""Bound the files of one run that are under way at the same time, and the pace at which its site is asked for them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class FilePlace:
    """The place of one file. Who has it asks the site for the file; nothing is asked of the site after ``leave``."""

    def __init__(self, free: asyncio.Semaphore, delay: float) -> None:
        self._free, self._delay = free, delay
        self._is_left = False

    async def leave(self) -> None:
        """Let another file have the place, after the pause that the site is owed; a second call does nothing."""
        if not self._is_left:
            await asyncio.sleep(self._delay)
            self.give_back()

    def give_back(self) -> None:
        """Let another have it at once: what had it came to no good end."""
        if not self._is_left:
            self._is_left = True
            self._free.release()


class FilePlaces:
    """So many places, and ``delay`` seconds between what one file asks of its site and what the next one does."""

    def __init__(self, count: int, delay: float) -> None:
        self._free, self._delay = asyncio.Semaphore(count), delay

    @asynccontextmanager
    async def take(self) -> AsyncIterator[FilePlace]:
        """Wait for a place, and have it until it is left, or to the end of the block."""
        await self._free.acquire()
        place = FilePlace(self._free, self._delay)
        try:
            yield place
        finally:
            place.give_back()
