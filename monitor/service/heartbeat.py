"""Show that the event loop turns: to systemd's watchdog and to /healthz."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from monitor.service import systemd

INTERVAL = 5.0
"""Seconds between two beats, where systemd does not ask for more."""
FROZEN = 300.0
"""Seconds without a turn of the event loop after which the daemon calls itself dead."""


class Heartbeat:
    """Beats while ``beat`` runs; ``with_each`` is called at every beat, and must be quick and not raise."""

    def __init__(self, with_each: Callable[[], None]) -> None:
        self._with_each = with_each
        self._turned = time.monotonic()

    async def beat(self) -> None:
        """Beat for ever; cancel to end."""
        interval = min(systemd.watchdog_interval() or INTERVAL, INTERVAL)
        while True:
            self._turned = time.monotonic()
            systemd.notify("WATCHDOG=1")
            self._with_each()
            await asyncio.sleep(interval)

    def fault(self) -> str:
        """Return why the daemon counts as dead, empty while it lives; asked from another thread."""
        silent = time.monotonic() - self._turned
        return f"the event loop has been busy for {silent:.0f} s" if silent > FROZEN else ""
