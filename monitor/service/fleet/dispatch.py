"""Have workers make the inspections that are due: put a job for each into the queue, and give lost ones back to it.

The same questions as where inspections run in the daemon itself (``monitor/service/runner.py``), asked of the same
timetable; only that what is under way stands in the queue, where a process that starts anew finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import suppress
from typing import Any

import structlog
from procrastinate.jobs import Job

from checks.model import Text
from monitor.pages.urls import host_of, normalise
from monitor.rounds import same
from monitor.service.fleet.judge import judge_of
from monitor.service.fleet.leadership import Leadership
from monitor.service.fleet.queueing import TEXTS, job_of, put_in
from monitor.service.runner import abandon_unconfigured
from monitor.service.timetable import Timetable
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.batch_store import BatchStore
from monitor.store.job_store import JobRecord, JobStore, LostJob
from monitor.store.leader_lock import LeaderLock, NotLeadingError
from monitor.store.outage import outage_of
from monitor.store.runs import RunTakenError
from monitor.store.schedules import Key

log = structlog.get_logger()

LOOK_FOR_LOST = 5.0
"""Seconds between two looks for jobs whose workers are gone."""

KEPT = 30.0
"""Days for which jobs that broke down are kept, and workers that fell silent."""

KILLS_WORKERS = Text(
    "做这项检查的进程先后中断 {} 次，检查没有进展，已放弃",
    "given up: {} workers that made it died one after the other, and it came no further",
)
"""Why a run has failed whose job kills the workers that take it."""

Failed = Callable[[str, BaseException], None]


class FleetRunner:
    """Serves rounds by workers. ``won`` is called when this process begins to lead.

    ``failed`` is given what a task raised. While ``is_paused`` nothing is put in.
    """

    def __init__(  # noqa: PLR0913 - parts of the daemon
        self,
        store: Store,
        timetable: Timetable,
        settings: Settings,
        now: Callable[[], float],
        *,
        is_outage: Callable[[BaseException], bool],
        is_paused: Callable[[], bool],
        won: Callable[[], None],
        failed: Failed,
    ) -> None:
        self._store, self._timetable, self._now = store, timetable, now
        self._is_paused, self._failed = is_paused, failed
        self.jobs = JobStore(store.engine, settings.engine.stalled_after)
        self._judge, self._hosts = judge_of(settings), _hosts_of(settings)
        lock = LeaderLock(store.engine)
        self.leadership = Leadership(lock, lambda: self._judge, won, lambda: None, is_outage)
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_stopping = False

    @property
    def store(self) -> Store:
        """The store that the queue lies in."""
        return self._store

    @property
    def may_begin(self) -> bool:
        """Whether anything may be put into the queue now."""
        return not (self._is_stopping or self._is_paused())

    def asked_for(self, key: Key) -> Job | None:
        """Return the job of an inspection that somebody asks for now, None where the site is not configured."""
        host = self._hosts.get(key[0])
        return None if host is None else job_of(key, host, self._judge, asked=self._now())

    @property
    def leads(self) -> bool:
        """Whether this process acts; the others stand by."""
        return self.leadership.is_held

    def start(self) -> None:
        """Stand for election, in the running event loop."""
        self._begin(self.leadership.contend())
        self._begin(self._give_back_lost())

    def adopt(self, settings: Settings) -> None:
        """Have what waits inspected by new settings, and what is no longer configured not at all."""
        self._judge, self._hosts = judge_of(settings), _hosts_of(settings)
        if not self.leads:
            return
        moved = self.jobs.readdress(self._judge)
        waiting = [job for job in self.jobs.active().values() if not job.is_running]
        dropped = [job.id for job in waiting if not self._is_configured(job)]
        self.jobs.drop_waiting(dropped)
        if moved or dropped:
            log.info("what waits is inspected by the new settings", jobs=moved, dropped=len(dropped))

    def _is_configured(self, job: JobRecord) -> bool:
        return job.key in self._timetable.calendars or (job.asked is not None and job.site in self._hosts)

    # ---- what is due -------------------------------------------------------------------------------

    def look(self, only: Key | None = None) -> None:
        """Put in what is due and what was cut off, and skip what falls while an earlier round still runs.

        ``only`` looks for the round of one site and scope, which has just fallen.
        """
        if self.may_begin and self.leads:
            self._begin(self._look(only))

    async def _look(self, only: Key | None) -> None:
        async with self._turn:
            try:
                count = await asyncio.to_thread(self._put_in_due, only)
            except NotLeadingError:
                return
            except Exception as error:  # noqa: BLE001 - the next look comes
                self._failed("queue", error)
                return
        if count:
            log.info("put into the queue", jobs=count)

    def _put_in_due(self, only: Key | None) -> int:
        active = self.jobs.active(only)
        found = dict(self._due(active, only))
        if only is None:
            found |= {key: fire for key, fire in self._left_over() if key not in active and key not in found}
        return self.leadership.act(lambda connection: put_in(map(self._job, found.items()), connection))

    def _due(self, active: Mapping[Key, JobRecord], only: Key | None) -> Iterator[tuple[Key, float]]:
        """Yield the rounds that nobody serves; count one as skipped that fell while an earlier one waits or runs."""
        for key, fire in list(self._timetable.due(self._now(), only)):
            before = active.get(key)
            if before is None:
                yield key, fire
            elif before.fire is not None and not same(before.fire, fire):
                log.warning("skipped: the last inspection still runs", site=key[0], scope=key[1])
                self._timetable.skip(key, fire, before.fire)

    def _left_over(self) -> Iterator[tuple[Key, float]]:
        """Yield rounds that failed and are tried again, and those whose run has lost its job."""
        for key, retry in self._timetable.retries(self._now()):
            yield key, retry.fire
        for key, fire in self._timetable.unfinished():
            if key in self._timetable.calendars:
                yield key, fire
            else:
                abandon_unconfigured(self._store, key)

    def _job(self, round_: tuple[Key, float]) -> Job:
        key, fire = round_
        return job_of(key, self._hosts[key[0]], self._judge, fire=fire)

    async def _give_back_lost(self) -> None:
        """Give jobs of workers that are gone to others, for ever; cancel to end."""
        while True:
            await asyncio.sleep(LOOK_FOR_LOST)
            if not self.leads:
                continue
            try:
                await asyncio.to_thread(self._reclaim)
            except Exception as error:  # noqa: BLE001 - as above
                self._failed("lost jobs", error)

    def _reclaim(self) -> None:
        """Give jobs whose workers are gone to others, and end the runs of those that kill their workers.

        Texts are not given to others: who asked reads them itself.
        """
        BatchStore(self._store.engine).tidy(TEXTS, self.jobs.stalled_after)
        for job in self.jobs.reclaim():
            if job.is_given_up:
                log.error("given up: it kills its workers", site=job.site, scope=job.scope, killed=job.losses)
                self._fail(job)
            else:
                log.warning("its worker is gone; another goes on with it", site=job.site, scope=job.scope)

    def _fail(self, job: LostJob) -> None:
        """Close the run of a job as failed, in the name of this process: its worker may only be paused."""
        reason = Text(*(text.format(job.losses) for text in KILLS_WORKERS))
        for run in self._store.runs.unfinished(job.site, job.scope):
            with suppress(RunTakenError):
                self._store.runs.adopt(run)
                self._store.runs.finish(run.id, status="failed", reason=reason, as_owner=True)

    async def forget_old(self) -> None:
        """Drop what is past its time."""
        await asyncio.to_thread(self.jobs.forget_ended, KEPT)
        await asyncio.to_thread(self.jobs.forget_workers, KEPT)

    def count_running(self) -> int:
        """Return how many inspections are under way, on all machines; 0 while the store is away."""
        try:
            return sum(job.is_running for job in self.jobs.active().values())
        except Exception as error:
            if outage_of(error) is None:
                raise
            return 0

    # ---- the end -----------------------------------------------------------------------------------

    async def cut_off(self, patience: float) -> None:
        """Do nothing: no inspection runs in this process, and a database is not replaced as a file is."""

    def excuse(self) -> None:
        """Do nothing: workers count their own pauses."""

    async def stop(self, patience: float) -> None:
        """Let another scheduler lead. What waits and what runs goes on without this one."""
        self._is_stopping = True
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=patience)
        await asyncio.to_thread(self.leadership.release)

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _hosts_of(settings: Settings) -> dict[str, str]:
    return {site.key: host_of(normalise(site.url)) for site in settings.sites}
