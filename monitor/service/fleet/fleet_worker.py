"""Work for a fleet: take jobs out of the queue and make their inspections, until told to stop.

The same inspections as in the daemon, through the same ``Runner``; only which and when is told by the queue. What is
under way when the process is told to stop, or when the database is away, is put back with all that it learned, and any
worker goes on with it.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import structlog
from procrastinate.job_context import AbortReason, JobContext
from procrastinate.worker import Worker
from prometheus_client import CollectorRegistry
from structlog.contextvars import bound_contextvars

from monitor import __version__
from monitor.inspection.workers import Crews
from monitor.service import systemd
from monitor.service.configuration import Configuration
from monitor.service.fleet.fleet_schema import prepare
from monitor.service.fleet.judge import QUEUES, address_of, judge_of
from monitor.service.fleet.lease import Lease, job_number
from monitor.service.fleet.ordered_rechecks import OrderedRechecks
from monitor.service.fleet.queueing import TEXTS
from monitor.service.fleet.tasks import HandedBackError, app_of
from monitor.service.fleet.texts_for_others import TextsForOthers
from monitor.service.fleet.texts_of_others import TextsOfOthers
from monitor.service.heartbeat import Heartbeat
from monitor.service.inspection_builder import InspectionBuilder
from monitor.service.last_resort import LastResort
from monitor.service.metrics.exposition import Exposition
from monitor.service.metrics.live import Live
from monitor.service.runner import Outcome, Runner
from monitor.service.store_watch import StoreWatch
from monitor.service.timetable import Timetable
from monitor.service.web import Health, Server
from monitor.settings.checks import build
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.batch_store import BatchStore
from monitor.store.database import driver_parameters
from monitor.store.fleet_tables import FleetTables
from monitor.store.job_store import JobStore, WorkerRecord
from monitor.store.runs import RunRecord, me
from monitor.store.schedules import Key, ScheduleStore

log = structlog.get_logger()

T = TypeVar("T")

LOOK_FOR_JOBS = 2.0
"""Seconds between two looks for jobs that were put back, of which nobody tells; of new ones the database does."""

WHEN_BUSY = 15.0
"""Seconds for which a job is put back whose site is inspected by somebody beside the queue."""

WHEN_AWAY = 5.0
"""The same where the store failed, and before the queue is asked again that could not be reached."""

CHECKPOINT = 6.0
"""Seconds that running inspections get to store where they are."""

LAST_RESORT = 9.0
"""Seconds after SIGTERM at which the process ends whatever it is doing."""


class FleetWorker:
    """One worker over one store. ``config`` and ``overrides`` are read again on SIGHUP and when the file changes.

    It makes ``concurrency`` inspections at a time, out of ``queues``. ``listen`` is where it serves /metrics, /healthz
    and /readyz, None for nowhere. Raises StoreError, and OSError where it cannot listen.
    """

    def __init__(  # noqa: PLR0913 - options of the command
        self,
        settings: Settings,
        config: Path | None = None,
        overrides: Sequence[str] = (),
        *,
        concurrency: int,
        queues: Sequence[str] = QUEUES,
        listen: tuple[str, int] | None = None,
    ) -> None:
        self.store = Store(settings.store.url.get_secret_value())
        prepare(FleetTables(self.store.engine))
        self._concurrency, self._queues = concurrency, tuple(queues)
        registry = CollectorRegistry()
        self._live = Live(registry)
        self._worker: Worker | None = None
        self._judge = ""
        self._jobs = JobStore(self.store.engine, settings.engine.stalled_after)
        self._schedules = ScheduleStore(self.store.engine)
        self._timetable = Timetable(self._schedules)
        self.configuration = Configuration(settings, config, overrides, self._adopt, self._live)
        self._watch = StoreWatch(self.store, self._live.store_available, self._recovered, _nothing, settings.store)
        self._lease = Lease(self._jobs, self._watch.report)
        self._crews = Crews()
        fetch_with = self._lease.fetcher(self._live.fetcher())
        self._helpers = TextsForOthers(
            self._jobs, lambda: address_of(TEXTS, self._judge), lambda: self._lease.worker, self._choose_queues
        )
        self._texts = TextsOfOthers(BatchStore(self.store.engine), self._crews)
        builder = InspectionBuilder(
            self.store, self.configuration, fetch_with, self._crews, self._is_alive, helpers=self._helpers
        )
        self._rechecks = OrderedRechecks(self.store, self._jobs, self.configuration, fetch_with, self._is_alive)
        self._runner = Runner(
            self.store,
            self._timetable,
            builder.build,
            _forget,
            concurrency,
            is_outage=self._watch.report,
            is_paused=lambda: self._watch.is_in_doubt,
        )
        self._live.count_running(self._runner.count_running)
        self._heartbeat = Heartbeat(self.configuration.reload_if_changed)
        self._server = self._web(registry, listen) if listen else None
        self._differs = ""
        self._stop = asyncio.Event()
        self._last_resort = LastResort(LAST_RESORT)

    def _web(self, registry: CollectorRegistry, listen: tuple[str, int]) -> Server:
        health = Health(self._heartbeat.fault, lambda: self._watch.fault or ("stopping" if self._stop.is_set() else ""))
        return Server(*listen, Exposition(registry, CollectorRegistry(), lambda: None), health)

    # ---- start and stop ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Work until SIGTERM, SIGINT or ``stop``."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.configuration.reload)
        self._last_resort.start()
        self.configuration.put_in_force(self.configuration.settings)
        beside = [self._heartbeat.beat(), self._watch.watch(), self._lease.keep(), self._compare()]
        tasks = [asyncio.create_task(work) for work in beside]
        try:
            if self._server:
                self._server.start()
                log.info("metrics", listen="{}:{}".format(*self._server.address))
            await self._work()
        finally:
            for task in tasks:
                task.cancel()
            self._last_resort.stop()
            if self._server:
                self._server.stop()
            self._crews.close()
            await self._texts.close()
            self.store.close()
            log.info("stopped")

    def stop(self) -> None:
        """Put what is under way back into the queue, and end."""
        if not self._stop.is_set():
            log.info("stopping")
            systemd.notify("STOPPING=1")
            self._stop.set()
            if self._worker is not None:
                self._worker.stop()  # type: ignore[no-untyped-call]

    async def _work(self) -> None:
        """Take jobs until told to stop; where the database is away, wait for it and begin anew."""
        systemd.notify("READY=1")
        while not self._stop.is_set():
            try:
                await self._take_jobs()
            except Exception as error:
                if self._watch.report(error):
                    log.warning("the queue cannot be reached; trying again")
                else:
                    log.exception("the queue failed; trying again")
            if not self._stop.is_set():
                await _wait(self._stop, WHEN_AWAY)

    async def _take_jobs(self) -> None:
        self._jobs.leader()  # asked first: where the database is away, that is known at once
        app = app_of(driver_parameters(self.store.engine), self._lease, self._inspect, self._recheck, self._read_texts)
        async with app.open_async():
            self._worker = worker = Worker(
                app,
                queues=self._addresses(),
                name=me(),
                concurrency=self._concurrency,
                fetch_job_polling_interval=LOOK_FOR_JOBS,
                shutdown_graceful_timeout=0,
                delete_jobs="successful",
                install_signal_handlers=False,
                update_heartbeat_interval=self._jobs.stalled_after / 3,
                stalled_worker_timeout=self._jobs.stalled_after,
            )
            if self._stop.is_set():
                return
            enrolling = asyncio.create_task(self._enrol(worker))
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            finally:
                enrolling.cancel()
                self._lease.worker = self._worker = None
        if self._stop.is_set():
            self._jobs.dismiss(me())

    async def _enrol(self, worker: Worker) -> None:
        """Hold the jobs of a worker as soon as it is known to the queue, and show that it is there."""
        while worker.worker_id is None:  # noqa: ASYNC110 - Procrastinate tells nobody
            await asyncio.sleep(0.01)
        self._lease.worker = worker.worker_id
        await self._lease.renew()
        self._show()
        log.info("ready", queues=", ".join(self._queues), judge=self._judge, at_once=self._concurrency, pid=os.getpid())

    def _show(self) -> None:
        queues = " ".join(self._queues)
        shown = WorkerRecord(me(), __version__, self._judge, self._concurrency, queues, 0, 0.0)
        if self._lease.worker is not None:
            self._jobs.enrol(shown, self._lease.worker)

    # ---- the configuration ------------------------------------------------------------------------

    def _adopt(self, settings: Settings) -> None:
        """Judge by new settings from the next job on; what is under way ends as it began."""
        self._timetable.calendars = settings.calendars()
        self._judge = judge_of(settings)
        self._texts.adopt(build(settings.checks))
        self._helpers.adopt(settings)
        self._choose_queues()
        self._show()

    def _choose_queues(self) -> None:
        if self._worker is not None:
            self._worker.queues = self._addresses()

    def _addresses(self) -> list[str]:
        """Return the queues to take jobs from; a worker that asks for help gives none, itself least of all."""
        queues = [queue for queue in self._queues if queue != TEXTS or not self._helpers.is_asking]
        return [address_of(queue, self._judge) for queue in queues]

    async def _compare(self) -> None:
        """Say it where this worker takes nothing, because the scheduler's jobs are judged otherwise."""
        while True:
            await asyncio.sleep(WHEN_AWAY)
            try:
                leader = await asyncio.to_thread(self._jobs.leader)
            except Exception as error:  # noqa: BLE001 - the queue's own failure is logged where jobs are taken
                self._watch.report(error)
                continue
            differs = leader[2] if leader is not None and leader[2] != self._judge else ""
            if differs and differs != self._differs:
                log.warning(
                    "this worker takes nothing: its version, configuration, language models, browser or reader of "
                    "pictures differ from the scheduler's; the same of each belongs on every machine",
                    worker=self._judge,
                    scheduler=differs,
                )
            elif self._differs and not differs:
                log.info("this worker judges as the scheduler does, and takes jobs", judge=self._judge)
            if differs:
                self.configuration.ask_again()
            self._differs = differs

    def _recovered(self, has_failed: bool) -> None:  # noqa: FBT001 - the one fact of the call
        if has_failed:
            self._runner.excuse()

    # ---- one job -----------------------------------------------------------------------------------

    async def _inspect(
        self, context: JobContext, site: str, scope: str, fire: float | None, asked: float | None
    ) -> None:
        """Make the inspection of a job to its end. Raises HandedBackError where another time or worker has to."""
        key, number = (site, scope), context.job.id
        is_begun_before = context.job.attempts > 0
        if number is None or (is_begun_before and self._is_done(key, fire, asked)):
            return
        with bound_contextvars(job=number):
            job_number.set(number)
            task = asyncio.create_task(self._runner.serve(key, fire))
            self._lease.guard(number, task)
            outcome = await self._outcome(context, lambda: self._runner.cancel(key), task)
        if outcome in {Outcome.BUSY, Outcome.UNKNOWN}:
            raise HandedBackError(WHEN_BUSY)
        if outcome is Outcome.PAUSED:
            raise HandedBackError(WHEN_AWAY)

    async def _recheck(self, context: JobContext, site: str, order: str, entries: list[int]) -> None:
        """Make the recheck of a job to its end. Raises HandedBackError where another time or worker has to."""
        number = context.job.id
        if number is None:
            return
        with bound_contextvars(job=number, site=site):
            job_number.set(number)
            recheck = self._rechecks.begin()
            task = asyncio.create_task(self._rechecks.make(recheck, site, order, entries))
            self._lease.guard(number, task)

            def stop() -> bool:
                recheck.stop()
                return True

            await self._come_to_an_end(context, stop, task)

    async def _read_texts(self, context: JobContext, batch: int) -> None:
        """Read the texts of a job. Raises HandedBackError where another time or worker has to."""
        if context.job.id is None:
            return
        task = asyncio.create_task(self._texts.read(batch))
        self._lease.guard(context.job.id, task)
        await self._come_to_an_end(context, lambda: False, task)

    async def _come_to_an_end(self, context: JobContext, stop: Callable[[], bool], task: asyncio.Task[None]) -> None:
        """Wait for a job's task as ``_outcome`` does; where the store is away, hand the job back."""
        try:
            await self._outcome(context, stop, task)
        except HandedBackError:
            raise
        except Exception as error:
            if not self._watch.report(error):
                raise
            raise HandedBackError(WHEN_AWAY) from None

    async def _outcome(self, context: JobContext, stop: Callable[[], bool], task: asyncio.Task[T]) -> T:
        """Wait for a job's task; ``stop`` it where somebody asked for that, break it off where this process ends."""
        while True:
            try:
                return await asyncio.shield(task)
            except asyncio.CancelledError:
                if task.done():  # its job was taken away
                    raise HandedBackError from None
                if context.abort_reason() is AbortReason.USER_REQUEST and stop():
                    continue
                task.cancel()
                await asyncio.wait([task], timeout=CHECKPOINT)
                raise HandedBackError from None

    def _is_done(self, key: Key, fire: float | None, asked: float | None) -> bool:
        """Return whether a worker has done a job already, and was killed before it said so.

        Asked of jobs alone that were begun before: what runs and orders have in common is the time, and the clocks of
        two machines differ.
        """
        if any(run.scheduled_for == fire for run in self.store.runs.unfinished(*key)):
            return False
        if fire is not None:
            return key in self._schedules.served({key: fire})
        newest = self.store.runs.latest(5, key[0])
        return any(
            run.scope == key[1] and run.scheduled_for is None and run.started >= (asked or 0.0) and run.finished
            for run in newest
        )

    def _is_alive(self, run: RunRecord) -> bool:
        """Return whether the process that has a run goes on with it; a worker that was given up does not."""
        return run.alive and not self._jobs.is_gone(run.owner)


async def _nothing() -> None:
    """Do nothing: PostgreSQL's files are not replaced under it."""


async def _forget(_: RunRecord) -> None:
    """Leave the report to the scheduler, which looks for runs that ended."""


async def _wait(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return
