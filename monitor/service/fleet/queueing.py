"""Put jobs into the queue: one an inspection, never two of one round; one a recheck; one a batch of texts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple

from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Job
from procrastinate.manager import JobManager
from procrastinate.sync_psycopg_connector import SyncPsycopgConnector

from monitor.service.fleet.judge import CRITICAL, PRIORITIES, address_of
from monitor.store.schedules import Key

TASK, RECHECK, TEXTS = "inspect", "recheck", "texts"
"""The names of the tasks."""

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


class RecheckOrder(NamedTuple):
    """Ledger entries of a site that are to be looked at; what is seen is kept under ``name``.

    ``is_critical`` where one of them is about a critical fault.
    """

    name: str
    site: str
    entries: list[int]
    is_critical: bool


def recheck_of(order: RecheckOrder, host: str, judge: str) -> Job:
    """Return the job that carries an order out; no two jobs of one ``host`` are done at a time."""
    return Job(
        queue=address_of(RECHECK, judge),
        priority=PRIORITIES[RECHECK] + CRITICAL * order.is_critical,
        lock=host,
        queueing_lock=None,
        task_name=RECHECK,
        task_kwargs={"site": order.site, "scope": RECHECK, "order": order.name, "entries": [*order.entries]},
    )


def texts_of(batch: int, address: str) -> Job:
    """Return the job that has a batch of texts read, by who looks at an ``address``; it asks no host for anything."""
    return Job(
        queue=address,
        priority=PRIORITIES[TEXTS],
        lock=None,
        queueing_lock=None,
        task_name=TEXTS,
        task_kwargs={"batch": batch},
    )


def put_one_in(job: Job, connection: Any) -> int:  # noqa: ANN401 - psycopg's connection
    """Put a job into the queue through a connection; return its number. Raises what the driver raises."""
    (put,) = JobManager(SyncPsycopgConnector()).batch_defer_jobs([job], connection=connection)
    if put.id is None:
        raise RuntimeError("a job that was put in has no number")
    return put.id


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
