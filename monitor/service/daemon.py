"""Run for years: build everything, inspect what is due, be watched, take new configurations, and stop in time.

The composition root. Nothing here decides what is due (``timetable``), when to look (``scheduler``) or what is wrong
(``inspection``); it ties them together, sets the clocks and closes what it opened.
"""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

import structlog
from prometheus_client import CollectorRegistry

from monitor.fetch import Fetcher
from monitor.inspection.workers import Crews
from monitor.service import systemd
from monitor.service.availability import Prober
from monitor.service.configuration import Configuration
from monitor.service.console_host import ConsoleHost
from monitor.service.deliveries import Deliveries
from monitor.service.function_probes import FunctionProber
from monitor.service.heartbeat import Heartbeat
from monitor.service.housekeeping import Housekeeping
from monitor.service.inspection_builder import InspectionBuilder
from monitor.service.last_resort import LastResort
from monitor.service.memory import keep_for_good
from monitor.service.metrics.exposition import Exposition
from monitor.service.metrics.live import Live
from monitor.service.metrics.store import StoreCollector
from monitor.service.probing import Probing
from monitor.service.report_folder import ReportFolder
from monitor.service.scheduler import Call, Clock, Scheduler
from monitor.service.store_watch import StoreWatch
from monitor.service.timetable import Timetable
from monitor.service.web import Health, Server
from monitor.service.where_inspections_run import Surroundings, runner_of
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.probe_results import ProbeStore
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.statistics import Statistics

log = structlog.get_logger()

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
CATCH_UP = 10 * MINUTE
"""Seconds between two looks for what is due, besides those at each round: clocks jump, and sites are busy."""
REWRITE = 5.0
"""Seconds after which metrics and the list of reports show what has changed, where that is costly to write."""
LOOK_FOR_MESSAGES = 5.0
"""Seconds between two looks for messages that are due."""
CHECKPOINT = 6.0
"""Seconds that running inspections get to store where they are."""
LAST_RESORT = 9.0
"""Seconds after SIGTERM at which the process ends whatever it is doing: the store bears being cut off anywhere."""


class Daemon:
    """One daemon over one store. ``config`` and ``overrides`` are read again on SIGHUP and when the file changes."""

    def __init__(
        self, settings: Settings, config: Path | None = None, overrides: Sequence[str] = (), clock: Clock | None = None
    ) -> None:
        self._clock = clock or Clock()
        self.store = Store(settings.store.url.get_secret_value())
        self._registry = CollectorRegistry()
        self._live = Live(self._registry)
        self.configuration = Configuration(settings, config, overrides, self._adopt, self._live)
        self._watch = StoreWatch(self.store, self._live.store_available, self._go_on, self._leave_store, settings.store)
        self.scheduler = Scheduler(self._clock, self._failed, self._may)
        self._timetable = Timetable(ScheduleStore(self.store.engine))
        # What goes over all sites takes turns: side by side it would be no faster, and with 13,000 sites the memory
        # that each takes for a moment adds up (279 MiB resident after the start; in turns 206).
        self._over_all_sites = asyncio.Lock()
        self._reports = ReportFolder(
            self.store,
            self.configuration,
            self._live.reports,
            self._over_all_sites,
            self._watch.report,
            elsewhere=settings.engine.kind != "local",
        )
        self._housekeeping = Housekeeping(
            self.store, self.configuration, self._clock.now, self._over_all_sites, self._live.upkeep
        )
        fetch_with = self._live.fetcher()
        self._crews = Crews()
        self.runner = runner_of(settings, self._surroundings(fetch_with))
        self._live.count_running(self.runner.count_running)
        self._probing = self._probes(fetch_with)
        self._deliveries = Deliveries(
            self.store, self.configuration, self._clock.now, self._live.messages, self._watch, self._failed
        )
        self._metrics = self._exposition()
        self._heartbeat = Heartbeat(self.configuration.reload_if_changed)
        health = Health(self._heartbeat.fault, self._why_not_ready)
        self.server = Server(*settings.daemon.address, self._metrics, health)
        self.console = ConsoleHost(self.store, lambda: self.configuration.settings, self.runner)
        self._background: set[asyncio.Task[None]] = set()
        self._stop: asyncio.Event | None = None
        self._last_resort = LastResort(LAST_RESORT)
        self._is_ready = self._is_adopted = False

    def _surroundings(self, fetch_with: type[Fetcher]) -> Surroundings:
        return Surroundings(
            self.store,
            self._timetable,
            InspectionBuilder(self.store, self.configuration, fetch_with, self._crews),
            self._registry,
            self._reports.publish,
            self._clock.now,
            is_outage=self._watch.report,
            is_paused=lambda: self._watch.is_in_doubt,
            won=self._lead,
            failed=self._failed,
        )

    def _probes(self, fetch_with: type[Fetcher]) -> Probing:
        now, unjudged = self._clock.now, self._live.unjudged.inc
        homepages = Prober(Statistics(self.store.engine), fetch_with, now, unjudged=unjudged)
        functions = FunctionProber(ProbeStore(self.store.engine), fetch_with, now)
        return Probing(self.scheduler, self.configuration, homepages, functions)

    def _exposition(self) -> Exposition:
        configuration, timetable, now = self.configuration, self._timetable, self._clock.now
        stored = StoreCollector(self.store, lambda: configuration.settings, lambda: timetable.calendars, now)

        def stamp() -> object:
            # Rounds and the age of columns change with time alone.
            return stored.stamp(), id(configuration.settings), now() // MINUTE

        return Exposition(self._registry, stored, stamp, self._watch.report)

    # ---- start and stop ---------------------------------------------------------------------------

    async def run(self) -> None:
        """Run until SIGTERM, SIGINT or ``stop``."""
        self._stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.configuration.reload)
        self._last_resort.start()
        beating = asyncio.create_task(self._heartbeat.beat())
        try:
            self._start()
            await self._stop.wait()
            await self._end()
        finally:
            beating.cancel()
            self._last_resort.stop()
            self.scheduler.stop()
            self.console.stop()
            self.server.stop()
            self._crews.close()
            self.store.close()

    def stop(self) -> None:
        """Store where running inspections are, and end. The last resort has heard of a signal by itself."""
        if self._stop is None or self._stop.is_set():
            return
        log.info("stopping")
        systemd.notify("STOPPING=1")
        self._is_ready = False
        self._stop.set()

    def _start(self) -> None:
        keep_for_good()
        self.server.start()
        self.console.start()
        self.scheduler.start()
        if self.store.is_new:
            self._say_new()
        self.configuration.put_in_force(self.configuration.settings)
        self._set_clocks()
        self._do_first_work()
        self.runner.start()
        self._begin(self._watch.watch())
        self._is_ready = True
        sites = self.configuration.settings.sites
        if not sites:
            log.warning("no sites are configured; `sites:` in the configuration lists them")
        host, port = self.server.address
        log.info("ready", sites=len(sites), listen=f"{host}:{port}", pid=os.getpid())
        systemd.notify("READY=1")

    def _say_new(self) -> None:
        """Say that the store is a new one, and warn where there are reports of runs that it does not know."""
        if any(Path(self.configuration.settings.daemon.reports).glob("*/*")):
            log.warning(
                "there was no store, though there are reports; a new one is begun, and every site inspected anew. "
                "Was it moved or deleted? Put it back, or a backup: it is taken up",
                store=self.store.address,
            )
        else:
            log.info("a new store is begun", store=self.store.address)

    def _set_clocks(self) -> None:
        rewrite = REWRITE * self._clock.speed
        self.scheduler.every(CATCH_UP, "look", self._look)
        self.scheduler.every(DAY, "upkeep", self._housekeeping.clean_up)
        self.scheduler.every(DAY, "old jobs", self.runner.forget_old)
        self.scheduler.every(HOUR, "terms", self._housekeeping.end_terms)
        self.scheduler.every(rewrite, "metrics", self._refresh_metrics)
        self.scheduler.every(rewrite, "index", self._reports.list)
        self.scheduler.every(rewrite, "reports made by hand", self._reports.publish_made_by_hand)
        self.scheduler.every(LOOK_FOR_MESSAGES * self._clock.speed, "messages", self._deliveries.look)

    def _first_work(self) -> dict[str, Call]:
        """Return by name what is done at the start, beside everything else: nobody waits for the first hour."""
        work: dict[str, Call] = {
            "upkeep": self._housekeeping.clean_up,
            "terms": self._housekeeping.end_terms,
            "reports": self._reports.make_up,
            "functions": self._probing.try_functions,
        }
        settings = self.configuration.settings
        if len(settings.sites) > settings.daemon.compact_above:
            work["metrics"] = self._prepare_metrics
        return work

    def _do_first_work(self) -> None:
        for name, work in self._first_work().items():
            self._begin(self.scheduler.run(name, work))

    def _may(self, name: str) -> bool:
        """Return whether this process does something now: of several schedulers one acts, and all show metrics."""
        return name == "metrics" or self.runner.leads

    def _lead(self) -> None:
        """Take over from a scheduler that ended, or begin as the first one."""
        self._is_adopted = False
        self._go_on(has_failed=False)
        self._do_first_work()

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the rest until it is done or the daemon ends."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _end(self) -> None:
        for task in list(self._background):
            task.cancel()
        await asyncio.gather(self.runner.stop(CHECKPOINT), self._deliveries.stop(CHECKPOINT))
        log.info("stopped")

    def _why_not_ready(self) -> str:
        if self._watch.fault:
            return f"the store fails: {self._watch.fault}"
        return "" if self._is_ready else "starting or stopping"

    # ---- what the parts call ----------------------------------------------------------------------

    def _adopt(self, settings: Settings) -> None:
        """Set rounds and probes by new settings; where the store is away, that is made up for when it answers."""
        self._is_adopted = False
        try:
            self._adopt_now(settings)
        except Exception as error:
            if not self._watch.report(error):
                raise
            log.warning("the store fails; the configuration is in force when it answers")
        else:
            self._is_adopted = True

    def _adopt_now(self, settings: Settings) -> None:
        calendars = settings.calendars()
        self._timetable.retry_after = settings.schedule.retries
        if self.runner.leads:
            self._timetable.adopt(calendars, self._clock.now())
        else:
            self._timetable.watch(calendars)
        self.scheduler.rounds(calendars, self._look_at)
        self.runner.adopt(settings)
        self._probing.adopt(settings)
        self.runner.look()

    async def _look(self) -> None:
        self.runner.look()

    async def _look_at(self, key: Key) -> None:
        self.runner.look(key)

    async def _prepare_metrics(self) -> None:
        async with self._over_all_sites:
            await asyncio.to_thread(self._metrics.prepare)

    async def _refresh_metrics(self) -> None:
        async with self._over_all_sites:
            await asyncio.to_thread(self._metrics.refresh)

    def _failed(self, name: str, error: BaseException) -> None:
        if not self._watch.report(error):
            log.error("a task of the daemon failed", task=name, exc_info=error)

    async def _leave_store(self) -> None:
        """End what is under way in a store whose file is replaced: in the new one its run may be another's."""
        await self.runner.cut_off(CHECKPOINT)

    def _go_on(self, has_failed: bool) -> None:  # noqa: FBT001 - the one fact of the call
        """Take up what the store kept from us: the rounds in force, runs that were paused, reports and upkeep.

        Where only one statement failed, nothing but its run was kept, or a configuration that was new just then.
        """
        try:
            if has_failed:
                self.runner.excuse()
            if has_failed or not self._is_adopted:
                self.configuration.put_in_force(self.configuration.settings)
            else:
                self.runner.look()
        except Exception as error:  # noqa: BLE001 - the store may be gone again, and the next look must come
            self._failed("going on", error)
        if has_failed:
            self._begin(self.scheduler.run("reports", self._reports.make_up))
        self._begin(self.scheduler.run("upkeep", self._housekeeping.make_up))
