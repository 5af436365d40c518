"""Have a worker look at the places of ledger entries, so that nobody asks a host beside the worker that inspects it."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Sequence

from checks.model import Severity, Text
from monitor.pages.urls import host_of, normalise
from monitor.service.fleet.queueing import RecheckOrder, put_one_in, recheck_of
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.database import driver_connection
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import UNDER_WAY, JobStore, Verdict
from reports.remediation.entry import LedgerEntry
from reports.remediation.recheck_verdict import RecheckResult, RecheckVerdict, cannot_tell

LOOK = 0.5
"""Seconds between two looks for what the worker has said."""

PATIENCE = 600.0
"""Seconds for which it is waited for a worker that begins."""

KEPT = 1.0
"""Days for which it is kept what a worker said and nobody asked for any more."""

NOBODY = Text("没有检查进程接手这项复核", "no worker took the recheck")
UNFINISHED = Text("检查进程没有完成这项复核", "the worker did not come to the end of the recheck")


class QueuedLook:
    """One recheck of one site, made by a worker that judges as the scheduler does (``judge``)."""

    def __init__(self, store: Store, jobs: JobStore, site: SiteSettings, judge: str) -> None:
        self._store, self._jobs, self._site, self._judge = store, jobs, site, judge
        self._is_stopped = False

    def stop(self) -> None:
        """End soon: what the worker has said by then is said."""
        self._is_stopped = True

    async def verdicts(self, entries: Sequence[LedgerEntry]) -> AsyncIterator[tuple[LedgerEntry, RecheckVerdict]]:
        """Yield each entry with what the worker says of it, as soon as that is known. Raises what the store does."""
        order, waiting = secrets.token_hex(8), {entry.number: entry for entry in entries}
        job = await asyncio.to_thread(self._put_in, order, entries)
        reason, waited = UNFINISHED, 0.0
        try:
            while waiting:
                status = await asyncio.to_thread(self._jobs.status, job)  # asked first: what was said is all there then
                for number, verdict in (await asyncio.to_thread(self._jobs.looks, order)).items():
                    if number in waiting:
                        yield waiting.pop(number), verdict_of(verdict)
                if self._is_stopped or status not in UNDER_WAY:
                    break
                if status == "todo" and waited > PATIENCE:
                    reason = NOBODY
                    break
                await asyncio.sleep(LOOK)
                waited += LOOK
        finally:
            await asyncio.to_thread(self._withdraw, job, order)
        for entry in waiting.values():
            yield entry, cannot_tell(reason)

    def _put_in(self, order: str, entries: Sequence[LedgerEntry]) -> int:
        is_critical = any(entry.severity is Severity.CRITICAL for entry in entries)
        wanted = RecheckOrder(order, self._site.key, [entry.number for entry in entries], is_critical)
        job = recheck_of(wanted, host_of(normalise(self._site.url)), self._judge)
        with driver_connection(self._store.engine) as connection:
            return put_one_in(job, connection)

    def _withdraw(self, job: int, order: str) -> None:
        """Take the job out of the queue, or have its worker end it; most have ended by themselves."""
        status = self._jobs.status(job)
        if status in UNDER_WAY:
            self._jobs.cancel(job, abort=status == "doing")
        self._jobs.forget_looks(order, KEPT)


def verdict_of(words: Verdict) -> RecheckVerdict:
    """Return what a worker said as a verdict."""
    result, zh, en, sure = words
    return RecheckVerdict(RecheckResult(result), Text(zh, en), sure)


class QueuedLooks:
    """Makes such looks over one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._jobs = JobStore(store.engine, settings.engine.stalled_after)

    @property
    def is_led(self) -> bool:
        """Whether there is a queue, and a scheduler by whose version and settings workers judge."""
        return FleetTables(self._store.engine).migrations() is not None and self._jobs.leader() is not None

    def look_at(self, site: SiteSettings) -> QueuedLook:
        """Return the look at a site. Raises RuntimeError where no scheduler ever led."""
        leader = self._jobs.leader()
        if leader is None:
            raise RuntimeError("no scheduler has led yet")
        return QueuedLook(self._store, self._jobs, site, leader[2])
