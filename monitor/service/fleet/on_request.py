"""Tell the console what is inspected on all machines, and begin or end an inspection for it."""

from __future__ import annotations

import asyncio

from checks.model import Text
from monitor.console.console_parts import Underway
from monitor.service.fleet.dispatch import FleetRunner
from monitor.service.fleet.queueing import put_in
from monitor.service.runner import AWAY, UNDERWAY
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.database import driver_connection
from monitor.store.job_store import JobRecord
from monitor.store.outage import outage_of
from monitor.store.runs import RunRecord


class InspectionsInQueue:
    """The inspections of a fleet, for the console of any of its schedulers: what it shows and changes is the queue."""

    def __init__(self, runner: FleetRunner) -> None:
        self._runner = runner
        self._engine = runner.store.engine
        self._jobs = runner.jobs

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Do nothing: the database is asked, and not the daemon's loop."""

    def underway(self) -> list[Underway]:
        """Return what runs and what waits, by site and scope; empty while the store is away."""
        try:
            jobs, runs = self._jobs.active(), self._runner.store.runs.unfinished_of_all()
            return [self._underway(job, runs.get(key)) for key, job in sorted(jobs.items())]
        except Exception as error:
            if outage_of(error) is None:
                raise
            return []

    def _underway(self, job: JobRecord, run: RunRecord | None) -> Underway:
        if not job.is_running or run is None:
            return Underway(job.site, job.scope, None, None, can_be_cancelled=job.asked is not None)
        waiting, found = CrawlStore(self._engine, run).count_progress()
        return Underway(
            site=job.site,
            scope=job.scope,
            run=run.id,
            started=run.started,
            pages=run.pages,
            links=run.links,
            requests=run.requests,
            queued=waiting,
            findings=found,
            can_be_cancelled=True,
        )

    def start(self, site: str, scope: str) -> Text | None:
        """Have a site inspected before everything else; return why not, None where it will be."""
        job = self._runner.asked_for((site, scope))
        if not self._runner.may_begin or job is None:
            return AWAY
        if self._jobs.active((site, scope)):
            return UNDERWAY
        with driver_connection(self._engine) as connection:
            put_in([job], connection)
        return None

    def cancel(self, site: str, scope: str) -> bool:
        """End an inspection: what it found is kept and reported; one that was asked for and waits is forgotten.

        Return whether there was one. A round that waits for its turn stays due.
        """
        job = self._jobs.active((site, scope)).get((site, scope))
        if job is None or not (job.is_running or job.asked is not None):
            return False
        return self._jobs.cancel(job.id, abort=job.is_running)
