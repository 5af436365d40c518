"""Put jobs into the queue: one an inspection, never two of one round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from monitor.service.fleet.judge import PRIORITIES, address_of
from monitor.store.schedules import Key

TASK = "inspect"
"""The name of the one task."""

AT_ONCE = 1_000
"""Jobs in one statement."""

MANY = 100
"""Jobs after which PostgreSQL is told how many there are. It thought of a table as empty, and taking one of 13,000 jobs
cost it 137 CPU ms; once it knows, 0.5. Its own autovacuum looks once a minute."""


def job_of(key: Key, host: str, judge: str, *, fire: float | None = None, asked: float | None = None) -> Job:
    """Return the job that inspects a site and scope, for a round (``fire``) or because somebody asked at a moment.

    No two jobs of one ``host`` are done at a time; of one round, no second one gets into the queue.
    """
    site, scope = key
    queue = scope if asked is None else "asked"
    return Job(
        queue=address_of(queue, judge),
        priority=PRIORITIES[queue],
        lock=host,
        queueing_lock=f"{scope} {site} {asked if fire is None else fire}",
        task_name=TASK,
        task_kwargs={"site": site, "scope": scope, "fire": fire, "asked": asked},
    )


def put_in(jobs: Iterable[Job], connection: Any) -> int:  # noqa: ANN401 - psycopg's connection
    """Put jobs into the queue through a connection, but for those that are there; return how many were put in.

    Raises what the driver raises, as a ConnectorException.
    """
    manager = JobManager(SyncPsycopgConnector())
    waiting, count = iter(jobs), 0
    while some := list(islice(waiting, AT_ONCE)):
        count += _put_in_some(manager, some, connection)
    if count >= MANY:
        connection.execute("ANALYZE procrastinate_jobs")
    return count


def _put_in_some(manager: JobManager, jobs: Sequence[Job], connection: Any) -> int:  # noqa: ANN401 - as above
    try:
        with connection.transaction():
            return len(manager.batch_defer_jobs(list(jobs), connection=connection))
    except AlreadyEnqueued:
        pass
    count = 0
    for job in jobs:
        with suppress(AlreadyEnqueued), connection.transaction():
            count += len(manager.batch_defer_jobs([job], connection=connection))
    return count
