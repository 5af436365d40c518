"""Run for years: build everything, inspect what is due, be watched, take new configurations, and stop in time.

The composition root. Nothing here decides what is due (``timetable``), when to look (``schedule``) or what is wrong
(``inspection``); it ties them together and closes what it opened.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from prometheus_client import (
    CollectorRegistry,
    Gauge,
    GCCollector,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from monitor.inspection.run import Inspection
from monitor.models import is_without_models
from monitor.output import publish
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.service import systemd
from monitor.service.availability import Prober
from monitor.service.function_probes import FunctionProber
from monitor.service.last_resort import LastResort
from monitor.service.metrics.exposition import Exposition
from monitor.service.metrics.live import Live
from monitor.service.metrics.store import StoreCollector
from monitor.service.runner import Runner
from monitor.service.scheduler import Clock, Scheduler
from monitor.service.spacing import Spacing
from monitor.service.store_watch import StoreWatch
from monitor.service.timetable import Timetable
from monitor.service.web import Health, Server
from monitor.settings.checks import build
from monitor.settings.config_file import ConfigError, load
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.probe_results import ProbeStore
from monitor.store.runs import RunRecord
from monitor.store.schedules import Key, ScheduleStore
from monitor.store.statistics import LastRun, Statistics
from monitor.store.upkeep import prune

log = structlog.get_logger()

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
CATCH_UP = 10 * MINUTE
"""Seconds between two looks for what is due, besides those at each round: clocks jump, and sites are busy."""
ZONE = ZoneInfo("Asia/Shanghai")
CHECKPOINT = 6.0
"""Seconds that running inspections get to store where they are."""
LAST_RESORT = 9.0
"""Seconds after SIGTERM at which the process ends whatever it is doing: the store bears being cut off anywhere."""
WATCH_FILE = 5.0
"""Seconds between two looks at the configuration file."""
REWRITE = 5.0
"""Seconds after which metrics and the list of reports show what has changed, where that is costly to write."""
FROZEN = 300.0
"""Seconds without a turn of the event loop after which the daemon calls itself dead."""
PROBES_KEPT = 400
"""Days for which the counts of availability probes are kept, and the last results of probes that are tried no more."""


class Daemon:
    """One daemon over one store. ``config`` and ``overrides`` are read again on SIGHUP and when the file changes."""

    def __init__(
        self, settings: Settings, config: Path | None = None, overrides: Sequence[str] = (), clock: Clock | None = None
    ) -> None:
        self.settings, self._config, self._overrides = settings, config, overrides
        self.clock = clock or Clock()
        self.store = Store(settings.store.url)
        self.timetable = Timetable(ScheduleStore(self.store.engine))
        self._sites: dict[str, SiteSettings] = {}
        self._read_at = _changed(config)
        self._turned = time.monotonic()
        self._ready = False
        self._probing = 0.0
        self._background: set[asyncio.Task[None]] = set()
        self._stop: asyncio.Event | None = None
        self._last_resort = LastResort(LAST_RESORT)
        self._reporting = asyncio.Lock()
        self._index_is_old, self._index_spacing = False, Spacing()
        self.registry = CollectorRegistry()
        self.live = Live(self.registry)
        self._fetch_with = self.live.fetcher()
        self.watch = StoreWatch(
            self.store,
            self.live.store_available,
            self._go_on,
            self._leave_store,
            settings.store,
        )
        self.scheduler = Scheduler(self.clock, self._failed)
        self.runner = Runner(
            self.store,
            self.timetable,
            self._build,
            self._finished,
            settings.schedule.at_once,
            self.clock.now,
            is_outage=self.watch.report,
            is_paused=lambda: self.watch.is_in_doubt,
        )
        self.prober = Prober(
            Statistics(self.store.engine), self._fetch_with, self.clock.now, unjudged=self.live.unjudged.inc
        )
        self.functions = FunctionProber(ProbeStore(self.store.engine), self._fetch_with, self.clock.now)
        self.metrics = self._measure()
        self.server = Server(*settings.daemon.address, self.metrics, Health(self._alive, self._is_ready))

    def _measure(self) -> Exposition:
        disable_created_metrics()  # type: ignore[no-untyped-call]
        for collector in (ProcessCollector, PlatformCollector, GCCollector):
            collector(registry=self.registry)
        active = Gauge("sitehealth_inspections_in_progress", "Inspections under way.", registry=self.registry)
        active.set_function(lambda: len(self.runner.running))
        stored = StoreCollector(self.store, lambda: self.settings, lambda: self.timetable.calendars, self.clock.now)
        statistics = Statistics(self.store.engine)
        # Rounds and the age of columns change with time alone.
        return Exposition(
            self.registry,
            stored,
            lambda: (statistics.stamp(), id(self.settings), self.clock.now() // MINUTE),
            self.watch.report,
        )

    # ---- life -------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Run until SIGTERM, SIGINT or ``stop``."""
        self._stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        self._last_resort.start()
        beating = asyncio.create_task(self._beat())
        try:
            self._start()
            await self._stop.wait()
            await self._end()
        finally:
            beating.cancel()
            self._last_resort.stop()
            self.scheduler.stop()
            self.server.stop()
            self.store.close()

    def stop(self) -> None:
        """Store where running inspections are, and end."""
        if self._stop is None or self._stop.is_set():
            return
        log.info("stopping")
        systemd.notify("STOPPING=1")
        self._last_resort.begin()
        self._ready = False
        self._stop.set()

    async def _end(self) -> None:
        for task in list(self._background):
            task.cancel()
        await self.runner.stop(CHECKPOINT)
        log.info("stopped")

    def _start(self) -> None:
        self.server.start()
        self.scheduler.start()
        try:
            self._apply(self.settings)
        except Exception as error:
            if not self.watch.report(error):
                raise
        self.scheduler.every(CATCH_UP, "look", self._look)
        self.scheduler.every(DAY, "upkeep", self._upkeep)
        self.scheduler.every(HOUR, "terms", self._end_terms)
        self.scheduler.every(REWRITE * self.clock.speed, "metrics", self._rewrite)
        self.scheduler.every(REWRITE * self.clock.speed, "index", self._list_reports)
        first = {
            "upkeep": self._upkeep,
            "terms": self._end_terms,
            "reports": self._make_up,
            "functions": self._try_functions,
        }
        if len(self.settings.sites) > self.settings.daemon.compact_above:
            first["metrics"] = self._prepare_metrics
        for name, call in first.items():
            self._begin(self.scheduler.run(name, call))
        self._begin(self.watch.watch())
        self._ready = True
        if not self.settings.sites:
            log.warning("no sites are configured; `sites:` in the configuration lists them")
        host, port = self.server.address
        log.info("ready", sites=len(self.settings.sites), listen=f"{host}:{port}", pid=os.getpid())
        systemd.notify("READY=1")

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something beside the rest until it is done or the daemon ends."""
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _beat(self) -> None:
        """Show that the event loop turns: to systemd's watchdog and to /healthz."""
        interval = systemd.watchdog_interval()
        while True:
            self._turned = time.monotonic()
            systemd.notify("WATCHDOG=1")
            if _changed(self._config) != self._read_at:
                self.reload()
            await asyncio.sleep(min(interval or WATCH_FILE, WATCH_FILE))

    def _alive(self) -> str:
        silent = time.monotonic() - self._turned
        return f"the event loop has been busy for {silent:.0f} s" if silent > FROZEN else ""

    def _is_ready(self) -> str:
        if self.watch.fault:
            return f"the store fails: {self.watch.fault}"
        return "" if self._ready else "starting or stopping"

    def _failed(self, name: str, error: BaseException) -> None:
        if not self.watch.report(error):
            log.error("a task of the daemon failed", task=name, exc_info=error)

    async def _leave_store(self) -> None:
        """End what is under way in a store whose file is replaced: in the new one its run may be another's."""
        await self.runner.cut_off(CHECKPOINT)

    def _go_on(self, has_failed: bool) -> None:  # noqa: FBT001 - the one fact of the call
        """Take up what the store kept from us: the rounds in force, runs that were paused, reports not written.

        Where only one statement failed, nothing but its run was kept.
        """
        try:
            if has_failed:
                self.runner.excuse()
                self._apply(self.settings)
            else:
                self.runner.look()
        except Exception as error:  # noqa: BLE001 - the store may be gone again, and the next look must come
            self._failed("going on", error)
        if has_failed:
            self._begin(self.scheduler.run("reports", self._make_up))

    # ---- configuration ----------------------------------------------------------------------------

    def reload(self) -> None:
        """Read the configuration again: a valid one is put in force, one that is not is refused and logged."""
        self._read_at = _changed(self._config)
        before = self.settings
        try:
            self._apply(load(self._config, self._overrides))
        except ConfigError as error:
            self.live.reloaded.set(0)
            log.error("configuration refused; the old one stays in force", faults=str(error).splitlines())  # noqa: TRY400
        except Exception:
            self.live.reloaded.set(0)
            log.exception("the configuration could not be put in force")
        else:
            for name in _waiting(before, self.settings):
                log.warning("takes effect at the next start", setting=name)
            log.info("configuration in force", sites=len(self.settings.sites))

    def _apply(self, settings: Settings) -> None:
        self.settings = settings
        self._sites = {site.key: site for site in settings.sites}
        calendars = settings.calendars()
        self.timetable.retry_after = settings.schedule.retries
        self.timetable.adopt(calendars, self.clock.now())
        self.scheduler.rounds(calendars, self._look_at)
        self.runner.limit(settings.schedule.at_once)
        self._schedule_probes(settings)
        self.live.expect_reports((*settings.report.formats, "index"))
        self._look_for_models(settings)
        self.live.reloaded.set(1)
        self.live.reloaded_at.set(time.time())
        self.runner.look()

    def _look_for_models(self, settings: Settings) -> None:
        """Say that typos are looked for without the language models: inspections do, and find far fewer."""
        is_without = is_without_models(settings)
        self.live.models_missing.set(is_without)
        if is_without:
            log.warning("no language models; typos are found by lexicon and form only: sitehealth models install")

    def _schedule_probes(self, settings: Settings) -> None:
        # What is due is told by the store, so it is looked for more often than it falls.
        look = min(CATCH_UP, settings.probes.every * MINUTE / 2)
        if look and any(site.probes for site in settings.sites):
            self.scheduler.every(look, "functions", self._try_functions)
        else:
            self.scheduler.never("functions")
        every = settings.availability.every * MINUTE
        if every == self._probing:
            return
        self._probing = every
        if every:
            self.scheduler.every(every, "availability", self._probe, jitter=every / 10)
        else:
            self.scheduler.never("availability")

    # ---- what the alarm clocks call -----------------------------------------------------------------

    async def _look(self) -> None:
        self.runner.look()

    async def _look_at(self, key: Key) -> None:
        self.runner.look(key)

    async def _prepare_metrics(self) -> None:
        await asyncio.to_thread(self.metrics.prepare)

    async def _rewrite(self) -> None:
        await asyncio.to_thread(self.metrics.refresh)

    async def _probe(self) -> None:
        await self.prober.probe(self.settings)

    async def _try_functions(self) -> None:
        await self.functions.probe_due(self.settings)

    async def _end_terms(self) -> None:
        """Bring back what was postponed, accepted or called right until a day that is past, though no run happens."""
        ended = await asyncio.to_thread(Ledger(self.store, policy_of(self.settings), self.clock.now).end_terms)
        if ended:
            log.info("judgements ended; their entries are open again", entries=ended)

    async def _upkeep(self) -> None:
        kept, now = self.settings.retention, self.clock.now()
        dropped = await asyncio.to_thread(
            prune, self.store.engine, findings_days=kept.findings, verdicts_days=kept.verdicts, now=now
        )
        today = datetime.fromtimestamp(now, UTC).astimezone(ZONE).date()
        Statistics(self.store.engine).forget_availability(
            datetime.fromtimestamp(now - PROBES_KEPT * DAY, UTC).date().isoformat()
        )
        ProbeStore(self.store.engine).forget(now - PROBES_KEPT * DAY)
        folder = Path(self.settings.daemon.reports)
        removed = await asyncio.to_thread(publish.prune_reports, folder, kept.reports, today)
        publish.sweep_leftovers(folder)
        log.info("upkeep", findings_dropped=dropped, reports_removed=removed)

    # ---- inspections ------------------------------------------------------------------------------

    def _build(self, key: Key, fire: float) -> Inspection | None:
        site = self._sites.get(key[0])
        if site is None:
            return None
        return Inspection(
            self.store,
            self.settings.crawl,
            site,
            key[1],
            build(self.settings.checks),
            scheduled_for=fire,
            profile=self.settings.score.profile,
            policy=policy_of(self.settings),
            fetch_with=self._fetch_with,
        )

    async def _finished(self, row: RunRecord | LastRun) -> None:
        """Leave the reports of a run; that they cannot be written is told, and costs nothing else."""
        settings = self.settings
        folder, language = Path(settings.daemon.reports), settings.report.language
        async with self._reporting:
            for name in settings.report.formats:
                await self._write(name, publish.publish, self.store, row.id, folder, (name,), language)
        self._index_is_old = True
        await self._list_reports()

    async def _list_reports(self) -> None:
        """Write the list of reports where there is a new one; with thousands of sites not after each."""
        settings = self.settings
        if not self._index_is_old or not self._index_spacing.allows():
            return
        async with self._reporting:
            self._index_is_old, began = False, time.monotonic()
            names = [(site.key, site.name) for site in settings.sites]
            folder, language = Path(settings.daemon.reports), settings.report.language
            await self._write("index", publish.list_reports, self.store, names, folder, language)
            self._index_spacing.took(time.monotonic() - began)

    async def _write(self, name: str, write: Callable[..., object], *arguments: object) -> None:
        try:
            await asyncio.to_thread(write, *arguments)
        except Exception:
            self.live.reports.labels(name, "failure").inc()
            log.exception("a report could not be written", format=name)
        else:
            self.live.reports.labels(name, "success").inc()

    async def _make_up(self) -> None:
        """Write the reports that the last process did not get to."""
        settings = self.settings
        sites = {site.key for site in settings.sites}
        folder = Path(settings.daemon.reports)
        for row in publish.unpublished(self.store, sites, folder, settings.report.formats):
            await self._finished(row)


def _waiting(before: Settings, after: Settings) -> list[str]:
    """Return the settings that differ and can only be had by a restart."""
    pairs = {
        "store.url": (before.store.url, after.store.url),
        "daemon.listen": (before.daemon.listen, after.daemon.listen),
        "daemon.log": (before.daemon.log, after.daemon.log),
    }
    return [name for name, (old, new) in pairs.items() if old != new]


def _changed(path: Path | None) -> tuple[int, int] | None:
    """Return what tells one state of a file from the next; None where there is none."""
    try:
        return (path.stat().st_mtime_ns, path.stat().st_ino) if path else None
    except OSError:
        return None
