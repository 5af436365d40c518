"""Notice that the store fails, say so everywhere, and notice that it answers again.

While it fails nothing is begun: what was under way stays in the store as far as it came, and is gone on with. The loop
also looks unasked, so that a full disk is known before the next round falls.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import structlog
from prometheus_client import Gauge

from monitor.store import Store
from monitor.store.outage import identity, outage_of, try_writing

log = structlog.get_logger()

WHILE_IT_FAILS, WHILE_IT_WORKS = 2.0, 30.0
"""Seconds between two tries to write. Whether the file is still the same is asked each time: that costs nothing."""

LITTLE, MUCH = 1, 1_000_000
"""Characters written at a look. A disk may be full for an inspection and still take a few bytes."""


class StoreWatch:
    """Watches one store. ``fault`` is why it cannot be used, empty where it can; ``recovered`` follows."""

    def __init__(self, store: Store, gauge: Gauge, recovered: Callable[[], None]) -> None:
        self._engine, self._gauge, self._recovered = store.engine, gauge, recovered
        self._file = identity(store.engine)
        self.fault = ""
        gauge.set(1)

    def report(self, error: BaseException) -> bool:
        """Take an error that something met; return whether it was the store's."""
        outage = outage_of(error)
        if outage is None:
            return False
        self._fail(str(getattr(outage, "orig", None) or outage))
        return True

    async def watch(self) -> None:
        """Look for ever; cancel to end."""
        next_look = time.monotonic() + WHILE_IT_WORKS
        while True:
            await asyncio.sleep(WHILE_IT_FAILS)
            if self.fault or identity(self._engine) != self._file or time.monotonic() >= next_look:
                await self.look()
                next_look = time.monotonic() + WHILE_IT_WORKS

    async def look(self) -> None:
        """Ask once whether the store can be written."""
        file = identity(self._engine)
        if file != self._file:
            self._fail("its file was removed or replaced")
        if self.fault:
            # Connections may hold a file that is gone: what they write would be lost. New ones open what is there now.
            self._engine.dispose()
        if file is None and self._file is not None:
            return
        try:
            await asyncio.to_thread(try_writing, self._engine, MUCH if self.fault else LITTLE)
        except Exception as error:
            if not self.report(error):
                raise
            return
        self._file = file
        if self.fault:
            log.info("the store answers again; going on")
            self.fault = ""
            self._gauge.set(1)
            self._recovered()

    def _fail(self, reason: str) -> None:
        if not self.fault:
            log.error("the store fails; inspections pause until it answers", reason=reason)
        self.fault = reason
        self._gauge.set(0)
