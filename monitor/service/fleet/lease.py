"""Be sure that the jobs of this process are still its own, before each request.

A worker that was paused, or cut off from the database, is given up after some seconds, and others go on with its
jobs. It must ask their hosts for nothing more: so it asks nothing unless it was heard of a moment ago, and when it is
heard of again it learns first which of its jobs are gone.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import structlog

from monitor.fetch import Fetched, Fetcher
from monitor.store.job_store import JobStore

log = structlog.get_logger()

PERIODS = 6
"""Signs of life in the time after which a worker is given up without one."""

SURE = 2 / 3
"""Share of that time after a sign of life in which nobody takes the jobs away, slow statements allowed for."""

job_number: ContextVar[int] = ContextVar("job_number")
"""The job for which something is done."""


class Lease:
    """The hold of this process on its jobs.

    ``worker`` is the number that the queue knows it by, None before it has one.
    """

    def __init__(self, jobs: JobStore, is_outage: Callable[[BaseException], bool]) -> None:
        self._jobs, self._is_outage = jobs, is_outage
        self.worker: int | None = None
        self._tasks: dict[int, asyncio.Task[Any]] = {}
        self._lost: set[int] = set()
        self._renewed_at = float("-inf")
        self._renewed = asyncio.Event()

    def guard(self, number: int, task: asyncio.Task[Any]) -> None:
        """End a task when its job is taken away."""
        self._tasks[number] = task
        self._lost.discard(number)
        task.add_done_callback(lambda _: self._tasks.pop(number, None))

    async def keep(self) -> None:
        """Give signs of life for ever; cancel to end."""
        while True:
            if self.worker is not None:
                await self._renew()
            await asyncio.sleep(self._jobs.stalled_after / PERIODS)

    async def _renew(self) -> None:
        try:
            await self.renew()
        except Exception as error:
            if not self._is_outage(error):
                log.exception("no sign of life could be given")

    async def renew(self) -> set[int]:
        """Give a sign of life and return the jobs that are this worker's; those that are not any more end.

        Raises what the store does.
        """
        began, held, worker = time.monotonic(), set(self._tasks), self.worker
        if worker is None:
            return set()
        kept = await asyncio.to_thread(self._jobs.held_by, worker)
        for number in held - kept:
            task = self._tasks.get(number)
            if task is not None and number not in self._lost:
                log.warning("another worker goes on with an inspection of this one", job=number)
                self._lost.add(number)
                task.cancel()
        self._renewed_at = began
        renewed, self._renewed = self._renewed, asyncio.Event()
        renewed.set()
        return kept

    def time(self) -> datetime:
        """Return what the clock of the database says, which all machines share. Raises what the store does."""
        return self._jobs.time()

    async def hold(self) -> None:
        """Return once it is certain that the job for which something is done is this worker's: mostly at once."""
        number = job_number.get()
        while number in self._lost or time.monotonic() - self._renewed_at > SURE * self._jobs.stalled_after:
            await self._renewed.wait()

    def fetcher(self, base: type[Fetcher]) -> type[Fetcher]:
        """Return a Fetcher that asks only for jobs that are this worker's."""
        lease = self

        class Held(base):  # type: ignore[misc,valid-type] # chosen at run time
            async def fetch(self, url: str, **options: Any) -> Fetched:  # noqa: ANN401 - Fetcher.fetch's options
                await lease.hold()
                fetched: Fetched = await super().fetch(url, **options)
                return fetched

        return Held
