"""Have a worker make an inspection for somebody at a keyboard, who waits for it."""

from __future__ import annotations

import asyncio
import time

from monitor.inspection.run import BusyError
from monitor.pages.urls import host_of, normalise
from monitor.service.fleet.queueing import job_of, put_one_in
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.database import driver_connection
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import UNDER_WAY, JobStore
from monitor.store.runs import RunRecord

LOOK = 0.5
"""Seconds between two looks whether it has ended."""

PATIENCE = 600.0
"""Seconds for which it is waited for a worker that begins."""


class NoWorkerError(RuntimeError):
    """No worker made the inspection: none took it, or it broke down."""


class OrderedInspection:
    """An inspection of a configured site, put into the queue before everything but rechecks.

    ``stop`` may be called from a signal handler: what was found is kept and reported.
    """

    def __init__(self, store: Store, settings: Settings, site: SiteSettings, scope: str) -> None:
        self._store, self._site, self._key = store, site, (site.key, scope)
        self._jobs = JobStore(store.engine, settings.engine.stalled_after)
        self.is_interrupted = False

    @property
    def is_possible(self) -> bool:
        """Whether there is a queue, and a scheduler by whose version and settings workers judge."""
        return FleetTables(self._store.engine).migrations() is not None and self._jobs.leader() is not None

    def stop(self) -> None:
        """End soon."""
        self.is_interrupted = True

    async def make(self) -> RunRecord:
        """Wait until it has ended; return its run. Raises BusyError, NoWorkerError, and what the store does."""
        if await asyncio.to_thread(self._jobs.active, self._key):
            raise BusyError("正在检查，或者在排队", "it is under way, or waits for its turn")
        before = max((run.id for run in self._store.runs.latest(1)), default=0)
        job, waited, is_ending = await asyncio.to_thread(self._put_in), 0.0, False
        while (status := await asyncio.to_thread(self._jobs.status, job)) in UNDER_WAY:
            is_left_lying = status == "todo" and waited > PATIENCE
            if (self.is_interrupted or is_left_lying) and not is_ending:
                is_ending = await asyncio.to_thread(self._end, job)
            await asyncio.sleep(LOOK)
            waited += LOOK
        for run in await asyncio.to_thread(self._store.runs.latest, 10, self._key[0]):
            if run.id > before and run.scope == self._key[1] and run.scheduled_for is None and run.finished is not None:
                return run
        raise NoWorkerError("no worker took it, or it broke down")

    def _put_in(self) -> int:
        leader = self._jobs.leader()
        if leader is None:
            raise NoWorkerError("no scheduler has led yet")
        job = job_of(self._key, host_of(normalise(self._site.url)), leader[2], asked=time.time())
        with driver_connection(self._store.engine) as connection:
            return put_one_in(job, connection)

    def _end(self, job: int) -> bool:
        """Take the job out of the queue, or have its worker end it; return whether either was done."""
        return self._jobs.cancel(job, abort=self._jobs.status(job) == "doing")
