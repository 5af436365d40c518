"""Leave reports where people look for them: after each inspection, and a list of all beside them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import structlog
from prometheus_client import Counter

from monitor.beijing import beijing_time
from monitor.output import publish
from monitor.output.report_list import list_reports
from monitor.service.configuration import Configuration
from monitor.service.memory import drop_garbage
from monitor.service.spacing import Spacing
from monitor.store import Store
from monitor.store.ledger.counts import LedgerCountCache
from monitor.store.runs import RunRecord
from monitor.store.statistics import LastRun, Statistics

log = structlog.get_logger()


class ReportFolder:
    """The folder of reports, ``daemon.reports``. ``written`` counts by format and result.

    One task writes at a time: the one that holds ``turn``. That a report cannot be written is logged and counted, and
    costs nothing else. ``is_outage`` takes an error and returns whether it is the store's. ``elsewhere``: rounds
    too are served by other processes, so that it is looked for runs of all kinds that ended.
    """

    def __init__(  # noqa: PLR0913 - parts of the daemon
        self,
        store: Store,
        configuration: Configuration,
        written: Counter,
        turn: asyncio.Lock,
        is_outage: Callable[[BaseException], bool],
        *,
        elsewhere: bool = False,
    ) -> None:
        self._store, self._configuration, self._written = store, configuration, written
        self._elsewhere = elsewhere
        self._turn, self._is_outage = turn, is_outage
        self._list_is_old, self._list_spacing = False, Spacing()
        self._ledger = LedgerCountCache(store.engine)
        self._listed: object = None
        self._looked_at: int | None = None
        """Number up to which all runs that were made by hand have ended and have their reports."""

    @property
    def _folder(self) -> Path:
        return Path(self._configuration.settings.daemon.reports)

    async def publish(self, row: RunRecord | LastRun) -> None:
        """Write the reports of a run in every format, and list them."""
        wanted, folder = self._configuration.settings.report_of(row.site), self._folder
        async with self._turn:
            for name in wanted.formats:
                await self._write(name, publish.publish, self._store, row.id, folder, wanted, (name,))
        self._list_is_old = True
        await self.list()

    async def list(self) -> None:
        """Write the list of reports where there is a new one, or the ledger changed; with many sites not each time."""
        if not self._list_spacing.allows() or not (self._list_is_old or await asyncio.to_thread(self._is_ledger_new)):
            return
        async with self._turn:
            self._list_is_old, began = False, time.monotonic()
            if not await self._write("index", self._list):
                self._list_is_old = True
            self._list_spacing.took(time.monotonic() - began)
            drop_garbage()

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
        list_reports(self._store, names, self._folder, settings.report.language)

    async def make_up(self) -> None:
        """Write the reports that the last process did not get to, and of inspections that were made by hand."""
        async with self._turn:
            rows = await asyncio.to_thread(self._unpublished)
        for row in rows:
            await self.publish(row)

    def _unpublished(self) -> Sequence[LastRun]:
        self._look_by_hand()
        settings = self._configuration.settings
        sites = {site.key for site in settings.sites}
        return publish.unpublished(self._store, sites, self._folder, self._formats)

    async def publish_made_by_hand(self) -> None:
        """Write the reports of inspections of these sites that somebody made beside the daemon and that ended since."""
        for row in await asyncio.to_thread(self._made_by_hand):
            await self.publish(row)

    def _made_by_hand(self) -> Sequence[LastRun]:
        """Return such inspections; those that ended before ``make_up`` are its own."""
        if self._looked_at is None:
            return ()
        settings = self._configuration.settings
        sites = {site.key for site in settings.sites}
        ended = [row for row in self._look_by_hand() if row.finished is not None and row.site in sites]
        return [row for row in ended if not publish.is_published(row, self._folder, self._formats(row.site))]

    def _formats(self, site: str) -> tuple[str, ...]:
        return self._configuration.settings.report_of(site).formats

    def _look_by_hand(self) -> Sequence[LastRun]:
        """Return the runs that were made beside this process and may have ended since the last call."""
        statistics = Statistics(self._store.engine)
        newest = statistics.newest_run()  # asked first: a run that begins meanwhile is looked at the next time
        rows = statistics.made_elsewhere(self._looked_at or 0, rounds=self._elsewhere)
        self._looked_at = min([newest, *(row.id - 1 for row in rows if row.finished is None)])
        return rows

    async def _write(self, name: str, write: Callable[..., object], *arguments: object) -> bool:
        """Write something and return whether it is there; what the store kept from us is written when it answers."""
        try:
            await asyncio.to_thread(write, *arguments)
        except Exception as error:
            self._written.labels(name, "failure").inc()
            if self._is_outage(error):
                log.warning("a report could not be written: the store fails", format=name)
            else:
                log.exception("a report could not be written", format=name)
            return False
        self._written.labels(name, "success").inc()
        return True
