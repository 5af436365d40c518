"""Notice that the store fails, say so everywhere, and notice that it answers again.

While it fails nothing is begun: what was under way stays in the store as far as it came, and is gone on with. The loop
also looks unasked, so that a full disk is known before the next round falls.

An error of the store is a suspicion until a trial write has failed too. Where the trial succeeds, the error has passed
already (a connection was cut), or lies in the statement: that is for its sender to sort out.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

import structlog
from prometheus_client import Gauge

from monitor.settings.site import StoreSettings
from monitor.store import Store, StoreError
from monitor.store.outage import outage_of, try_writing

log = structlog.get_logger()

LITTLE, MUCH = 1, 1_000_000
"""Characters written at a look. A disk may be full for an inspection and still take a few bytes."""

Recovered = Callable[[bool], None]
Replaced = Callable[[], Awaitable[None]]


class StoreWatch:
    """Watches one store. ``fault`` is why it cannot be used, empty where it can.

    ``recovered`` is called when a trial write succeeds after an error, with whether one had failed before.
    ``replaced`` is awaited before another file is used: whatever is under way belongs to the one before.
    """

    def __init__(
        self,
        store: Store,
        gauge: Gauge,
        recovered: Recovered,
        replaced: Replaced,
        settings: StoreSettings,
    ) -> None:
        self._store, self._gauge, self._recovered, self._replaced = store, gauge, recovered, replaced
        self._check_every, self._retry_every = settings.check_every, settings.retry_every
        self._suspicion = ""
        self.fault = ""
        store.file.take_charge()
        gauge.set(1)

    @property
    def is_in_doubt(self) -> bool:
        """Whether the store fails, or is about to be asked whether it does."""
        return bool(self.fault or self._suspicion)

    def report(self, error: BaseException) -> bool:
        """Take an error that something met; return whether it was the store's. The next look follows soon."""
        outage = outage_of(error)
        if outage is None:
            return False
        self._suspicion = str(getattr(outage, "orig", None) or outage).strip()
        return True

    async def watch(self) -> None:
        """Look for ever; cancel to end."""
        next_look = time.monotonic()
        while True:
            await asyncio.sleep(self._retry_every)
            file, is_time = self._store.file, time.monotonic() >= next_look
            if self.is_in_doubt or file.fault() or file.is_log_long() or is_time:
                await self._look_and_go_on()
                next_look = time.monotonic() + self._check_every

    async def _look_and_go_on(self) -> None:
        try:
            await self.look()
        except Exception:
            log.exception("the store could not be looked at")

    async def look(self) -> None:
        """Ask once whether the store can be written."""
        reason = self._store.file.fault()
        if reason:
            self._fail(reason)
        if self._store.file.is_overwritten:
            await self._take_out()  # before connections are closed: the last one would fold its log into the file
            return
        if self.fault:
            # Connections may hold a file that is gone: what they write would be lost. New ones open what is there now.
            self._store.file.share_mode()
            self._store.engine.dispose()
        if self._store.file.is_gone:
            return
        try:
            await self._try()
        except StoreError as error:
            self._fail(str(error))
        except Exception as error:
            if not self.report(error):
                raise
            self._fail(self._suspicion)
        else:
            self._conclude()

    def _conclude(self) -> None:
        """Say what a trial write that succeeded means: mostly that the store answers.

        Beside a connection that is lent, SQLite writes through what it opened before the file was made read-only, and
        later connections cannot: the file still has its fault.
        """
        reason = self._store.file.fault()
        if reason:
            self._fail(reason)
        else:
            self._succeed()

    async def _take_out(self) -> None:
        """Have a file that was overwritten, once it is whole, become another file, which the next looks take up."""
        if not self._store.file.is_settled():
            return
        try:
            await asyncio.to_thread(self._store.file.take_out)
        except OSError as error:
            self._fail(f"its file was overwritten, and cannot be copied: {error}")

    async def _try(self) -> None:
        """Write and take back; another file is used only once nothing is under way that belongs to the old one."""
        if self._store.file.is_another:
            if not self._store.file.is_settled():
                raise StoreError("数据库文件已被替换", "its file was replaced")
            await self._replaced()
            await asyncio.to_thread(self._store.accept_file)
        size = MUCH if self.is_in_doubt or self._store.file.is_tight() else LITTLE
        await asyncio.to_thread(try_writing, self._store.engine, size)
        await asyncio.to_thread(self._store.file.fold)

    def _fail(self, reason: str) -> None:
        if not self.fault:
            log.error("the store fails; inspections pause until it answers", reason=reason)
        self.fault = reason
        self._gauge.set(0)

    def _succeed(self) -> None:
        has_failed, suspicion = bool(self.fault), self._suspicion
        self.fault = self._suspicion = ""
        self._gauge.set(1)
        if has_failed:
            log.info("the store answers again; going on")
        elif suspicion:
            log.warning("a statement failed, but the store answers", reason=suspicion)
        if has_failed or suspicion:
            self._recovered(has_failed)
