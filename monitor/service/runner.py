"""Make the inspections that are due: a few at a time, never two of one site, each to its end or to its checkpoint."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import structlog
from structlog.contextvars import bind_contextvars

from checks.model import Text
from monitor.inspection.run import BusyError, Inspection
from monitor.masking import masked
from monitor.rounds import same
from monitor.service.timetable import Timetable
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.runs import RunRecord, me
from monitor.store.schedules import Key

log = structlog.get_logger()

Build = Callable[[Key, float | None], Inspection | None]
"""Makes the inspection of a site and scope for a round, None for none; None where the site is not configured."""

Finished = Callable[[RunRecord], Coroutine[Any, Any, None]]

AWAY = Text("服务正在停止，或数据库暂时不可用", "the daemon is stopping, or the store is away")
UNDERWAY = Text("这项检查正在进行或排队", "it is under way, or waits for its turn")
"""Why an inspection that somebody asked for is not begun."""

PAUSES = 3
"""Times that an error of the store may interrupt one run while trial writes succeed: then it is the run's own."""


class Outcome(Enum):
    """What became of an inspection that was to be made.

    It ended; its site is not configured; somebody else is inspecting the site, or has; the store failed, and it can be
    gone on with; it broke down, and its run has failed.
    """

    ENDED = "ended"
    UNKNOWN = "unknown"
    BUSY = "busy"
    PAUSED = "paused"
    BROKEN = "broken"


@dataclass(slots=True)
class Active:
    """One inspection that is under way or waits for its turn, and the round that it serves.

    ``fire`` is None where somebody asked for it; ``inspection`` and ``run`` are None until it begins.
    """

    fire: float | None
    task: asyncio.Task[Any]
    inspection: Inspection | None = None
    run: RunRecord | None = None


@dataclass(slots=True)
class Runner:
    """Serves rounds. ``finished`` is awaited after each inspection that ended.

    ``is_outage`` takes an error and returns whether it is the store's; its run is left as it is, to be gone on with,
    but not for ever (``PAUSES``). While ``is_paused`` nothing is begun.
    """

    store: Store
    timetable: Timetable
    build: Build
    finished: Finished
    at_once: int
    now: Callable[[], float] = time.time
    is_outage: Callable[[BaseException], bool] = lambda _: False
    is_paused: Callable[[], bool] = lambda: False
    active: dict[Key, Active] = field(default_factory=dict)
    running: set[Key] = field(default_factory=set)
    stopping: bool = False
    _sites: defaultdict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))
    _turns: asyncio.Semaphore = field(init=False)
    _pauses: Counter[tuple[Key, float | None]] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        """Make the turns."""
        self._turns = asyncio.Semaphore(self.at_once)

    def look(self, only: Key | None = None) -> None:
        """Begin what is due, go on with what was cut off, and skip what falls while an earlier round still runs.

        ``only`` looks for the round of one site and scope, which has just fallen.
        """
        if self.stopping or self.is_paused():
            return
        for key, fire in list(self.timetable.due(self.now(), only)):
            before = self.active.get(key)
            if before is None:
                self._start(key, fire)
            elif before.fire is not None and not same(before.fire, fire):
                log.warning("skipped: the last inspection still runs", site=key[0], scope=key[1])
                self.timetable.skip(key, fire, before.fire)
        if only is not None:
            return
        for key, retry in list(self.timetable.retries(self.now())):
            if key not in self.active:
                log.info("the last round failed; trying again", site=key[0], scope=key[1], number=retry.number)
                self._start(key, retry.fire)
        for key, fire in list(self.timetable.unfinished()):
            if key not in self.active:
                self._resume(key, fire)

    def request(self, key: Key) -> Text | None:
        """Inspect a site and scope as soon as there is a turn, for no round; return why not, None where it will be.

        A round that falls meanwhile stays due, and is served afterwards.
        """
        if self.stopping or self.is_paused():
            return AWAY
        if key in self.active:
            return UNDERWAY
        self._start(key, None)
        return None

    def cancel(self, key: Key) -> bool:
        """End an inspection: what it found is kept and reported; one that was asked for and waits is forgotten.

        Return whether there was one. A round that waits for its turn stays due.
        """
        active = self.active.get(key)
        if active is None:
            return False
        if active.inspection is not None:
            active.inspection.stop()
        elif active.fire is None:
            active.task.cancel()
        else:
            return False
        return True

    @property
    def leads(self) -> bool:
        """Whether this process acts: here always. Of the schedulers of a fleet one does."""
        return True

    def start(self) -> None:
        """Do nothing: what is due is looked for when the daemon says so."""

    def adopt(self, settings: Settings) -> None:
        """Make as many inspections at a time as settings say."""
        self.limit(settings.schedule.at_once)

    async def forget_old(self) -> None:
        """Do nothing: what is past its time stands in the store alone."""

    def count_running(self) -> int:
        """Return how many inspections are under way."""
        return len(self.running)

    def limit(self, at_once: int) -> None:
        """Change how many inspections run at a time; those that run are not disturbed."""
        if at_once != self.at_once:
            self.at_once, self._turns = at_once, asyncio.Semaphore(max(1, at_once))

    async def stop(self, patience: float) -> None:
        """Cut every inspection off for good, within so many seconds."""
        self.stopping = True
        await self.cut_off(patience)

    async def cut_off(self, patience: float) -> None:
        """Cut every inspection off where the store has it, within so many seconds."""
        tasks = [each.task for each in self.active.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=patience)

    def excuse(self) -> None:
        """Hold no pause against a run any more: the store was away indeed."""
        self._pauses.clear()

    def _resume(self, key: Key, fire: float) -> None:
        if key in self.timetable.calendars:
            self._start(key, fire)
            return
        abandon_unconfigured(self.store, key)

    def _start(self, key: Key, fire: float | None) -> None:
        task = asyncio.create_task(self._serve(key, fire), name=f"{key[1]} {key[0]}")
        self.active[key] = Active(fire, task)
        task.add_done_callback(lambda _: self.active.pop(key, None))

    async def serve(self, key: Key, fire: float | None) -> Outcome:
        """Make one inspection in the task that calls, where something else decides what is made and when."""
        task = asyncio.current_task()
        if key in self.active or task is None:
            return Outcome.BUSY
        self.active[key] = Active(fire, task)
        try:
            return await self._serve(key, fire)
        finally:
            del self.active[key]

    async def _serve(self, key: Key, fire: float | None) -> Outcome:
        site, scope = key
        bind_contextvars(site=site, scope=scope)
        async with self._sites[site], self._turns:
            self.running.add(key)
            try:
                return await self._inspect(key, fire)
            finally:
                self.running.discard(key)

    async def _inspect(self, key: Key, fire: float | None) -> Outcome:
        active = self.active[key]

        def begun(_: object, run: RunRecord) -> None:
            bind_contextvars(run=run.id)
            active.run = run
            if fire is not None:
                self.timetable.begun(key, fire)
            log.info("inspection begins", url=run.url)

        try:
            inspection = self.build(key, fire)
            if inspection is None:
                return Outcome.UNKNOWN
            inspection.watch = begun
            active.inspection = inspection
            self._overtake(key, fire)
            row = await inspection.run()
        except BusyError as error:
            log.warning("put off", reason=str(error))
            return Outcome.BUSY
        except asyncio.CancelledError:
            log.info("cut off; the next start goes on with it")
            raise
        except Exception as error:  # noqa: BLE001 - it costs this inspection, whatever it is
            return self._break_down(key, fire, error)
        del self._pauses[key, fire]
        log.info("inspection ended", status=row.status, pages=row.pages, reason=row.reason[1])
        await self.finished(row)
        return Outcome.ENDED

    def _overtake(self, key: Key, fire: float | None) -> None:
        """Count an earlier round whose run was cut off, unless another process goes on with it."""
        if fire is None:
            return
        if not any(run.alive and run.owner != me() for run in self.store.runs.unfinished(*key)):
            self.timetable.overtake(key, fire)

    def _break_down(self, key: Key, fire: float | None, error: Exception) -> Outcome:
        if self.is_outage(error):
            self._pauses[key, fire] += 1
            if self._pauses[key, fire] <= PAUSES:
                log.warning("paused: the store fails; the inspection goes on when it answers")
                return Outcome.PAUSED
        del self._pauses[key, fire]
        log.error("inspection broke down", exc_info=error)
        try:
            self._give_up(key, error)
        except Exception as second:
            if not self.is_outage(second):
                raise
            return Outcome.PAUSED
        return Outcome.BROKEN

    def _give_up(self, key: Key, error: Exception) -> None:
        """Close the run as failed: the round has been served, badly, and shows as such. Others' runs are theirs."""
        for run in self.store.runs.unfinished(*key):
            if run.owner != me():
                continue
            what = masked(repr(error))[:200]
            reason = Text(f"程序出错：{what}", f"internal error: {what}")
            self.store.runs.finish(run.id, status="failed", reason=reason)


def abandon_unconfigured(store: Store, key: Key) -> None:
    """Close the runs of a site that is no longer configured, where nobody goes on with them."""
    for run in store.runs.unfinished(*key):
        if not run.alive:
            log.info("dropped: the site is no longer configured", site=key[0], scope=key[1], run=run.id)
            store.runs.abandon(run.id, "网站已不在配置中", "the site is no longer configured")
