"""Leave reports where people look for them: after each inspection, and a list of all beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import structlog
from prometheus_client import Counter

from monitor.beijing import beijing_time
from monitor.output import publish
from monitor.service.configuration import Configuration
from monitor.service.spacing import Spacing
from monitor.store import Store
from monitor.store.ledger.counts import LedgerCountCache
from monitor.store.runs import RunRecord
from monitor.store.statistics import LastRun

log = structlog.get_logger()


class ReportFolder:
    """The folder of reports, ``daemon.reports``. ``written`` counts by format and result.

    One task writes at a time. That a report cannot be written is logged and counted, and costs nothing else.
    """

    def __init__(self, store: Store, configuration: Configuration, written: Counter) -> None:
        self._store, self._configuration, self._written = store, configuration, written
        self._writing = asyncio.Lock()
        self._list_is_old, self._list_spacing = False, Spacing()
        self._ledger = LedgerCountCache(store.engine)
        self._listed: object = None

    @property
    def _folder(self) -> Path:
        return Path(self._configuration.settings.daemon.reports)

    async def publish(self, row: RunRecord | LastRun) -> None:
        """Write the reports of a run in every format, and list them."""
        wanted, folder = self._configuration.settings.report, self._folder
        async with self._writing:
            for name in wanted.formats:
                await self._write(name, publish.publish, self._store, row.id, folder, (name,), wanted.language)
        self._list_is_old = True
        await self.list()

    async def list(self) -> None:
        """Write the list of reports where there is a new one, or the ledger changed; with many sites not each time."""
        if not self._list_spacing.allows() or not (self._list_is_old or await asyncio.to_thread(self._is_ledger_new)):
            return
        async with self._writing:
            self._list_is_old, began = False, time.monotonic()
            await self._write("index", self._list)
            self._list_spacing.took(time.monotonic() - began)

    def _is_ledger_new(self) -> bool:
        return self._ledger_stamp() != self._listed

    def _ledger_stamp(self) -> object:
        """Return what changes with every entry, and with the day: what was due yesterday is late."""
        return self._ledger.stamp(), beijing_time(time.time()).date()

    def _list(self) -> None:
        settings = self._configuration.settings
        # Read before the list is written: what changes meanwhile is listed the next time.
        self._listed = self._ledger_stamp()
        names = [(site.key, site.name) for site in settings.sites]
        publish.list_reports(self._store, names, self._folder, settings.report.language)

    async def make_up(self) -> None:
        """Write the reports that the last process did not get to."""
        settings = self._configuration.settings
        sites = {site.key for site in settings.sites}
        for row in publish.unpublished(self._store, sites, self._folder, settings.report.formats):
            await self.publish(row)

    async def _write(self, name: str, write: Callable[..., object], *arguments: object) -> None:
        try:
            await asyncio.to_thread(write, *arguments)
        except Exception:
            self._written.labels(name, "failure").inc()
            log.exception("a report could not be written", format=name)
        else:
            self._written.labels(name, "success").inc()
