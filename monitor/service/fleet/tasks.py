"""Say what a job does, and what becomes of one that does not end here: it goes back, and is gone on with."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, BaseRetryStrategy, RetryDecision
from procrastinate.job_context import JobContext
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector
from psycopg import AsyncConnection

from monitor.service.fleet.lease import Lease
from monitor.service.fleet.queueing import RECHECK, TASK, TEXTS

BREAKDOWNS = 3
"""Times that a job may break down, which is a fault of this program, before it is left aside."""

AFTER_BREAKDOWN = 60
"""Seconds after which one that broke down is tried again."""

CONNECTIONS = 3
"""Connections of a worker to the queue, beside those of the store: taking, ending and watching jobs."""


PATIENCE = 5.0
"""Seconds for which a connection is waited for; then the database counts as away."""


class HandedBackError(Exception):
    """The job is for another worker, or for later: after so many seconds."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__(f"handed back for {seconds:.0f} s")
        self.seconds = seconds


class HandBack(BaseRetryStrategy):
    """Puts jobs back that were handed back, at once or for later; and a few times those that broke down."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Return when the job is to be done again, None for never."""
        if isinstance(exception, asyncio.CancelledError):
            return RetryDecision()
        if isinstance(exception, HandedBackError):
            return (
                RetryDecision(retry_in={"seconds": round(exception.seconds)}) if exception.seconds else RetryDecision()
            )
        return RetryDecision(retry_in={"seconds": AFTER_BREAKDOWN}) if job.attempts < BREAKDOWNS else None


class OwnJobs(JobManager):
    """The jobs of one worker: of those that were taken away from it, it says nothing."""

    def __init__(self, connector: PsycopgConnector, lease: Lease) -> None:
        super().__init__(connector)
        self._lease = lease

    async def _is_ours(self, job: Job) -> bool:
        # The sign of life that goes with the question keeps the job ours for long enough to end it.
        return job.id in await self._lease.renew()

    async def finish_job(self, job: Job, status: Status, delete_job: bool) -> None:  # noqa: FBT001 - Procrastinate's
        """Note that a job has ended, unless it is another's by now."""
        if await self._is_ours(job):
            await super().finish_job(job, status, delete_job)

    async def retry_job(
        self,
        job: Job,
        retry_at: datetime | None = None,
        priority: int | None = None,
        queue: str | None = None,
        lock: str | None = None,
    ) -> None:
        """Put a job back, unless it is another's by now; ``retry_at`` is by the clock of this machine."""
        if not await self._is_ours(job):
            return
        # The clock of the database says when a job is due: by that of a machine that is fast, none would be for hours.
        wait = max(retry_at - datetime.now(UTC), timedelta()) if retry_at else timedelta()
        due = await asyncio.to_thread(self._lease.time) + wait
        await super().retry_job(job, due, priority, queue, lock)


async def _end_each_statement(connection: AsyncConnection[Any]) -> None:
    """Make each statement a transaction of its own, as JobStore has it, and for the same reason."""
    await connection.set_autocommit(True)


Inspect = Callable[[JobContext, str, str, float | None, float | None], Awaitable[None]]
"""Makes the inspection of a site and scope, for a round or because somebody asked at a moment."""

MakeRecheck = Callable[[JobContext, str, str, list[int]], Awaitable[None]]
"""Makes the recheck of a site under the name of an order, of entries by their numbers."""

ReadTexts = Callable[[JobContext, int], Awaitable[None]]
"""Reads the texts of a batch by its number."""


def app_of(parameters: dict[str, Any], lease: Lease, inspect: Inspect, look: MakeRecheck, read_texts: ReadTexts) -> App:
    """Return what takes jobs, through connections that are made with ``parameters`` (psycopg's)."""
    connector = PsycopgConnector(
        kwargs=parameters, min_size=1, max_size=CONNECTIONS, timeout=PATIENCE, configure=_end_each_statement
    )
    app = App(connector=connector)
    app.job_manager = OwnJobs(connector, lease)

    @app.task(name=TASK, pass_context=True, retry=HandBack())
    async def _inspect(context: JobContext, /, site: str, scope: str, **order: Any) -> None:  # noqa: ANN401 - as JSON has it
        # Beside the order stands how often the job was lost (JobStore), which is nothing to its worker.
        await inspect(context, site, scope, order.get("fire"), order.get("asked"))

    @app.task(name=RECHECK, pass_context=True, retry=HandBack())
    async def _recheck(context: JobContext, /, site: str, **order: Any) -> None:  # noqa: ANN401 - as above
        await look(context, site, order["order"], order["entries"])

    @app.task(name=TEXTS, pass_context=True, retry=HandBack())
    async def _read_texts(context: JobContext, /, batch: int) -> None:
        await read_texts(context, batch)

    return app
