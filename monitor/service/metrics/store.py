"""Show the store as Prometheus metrics: read anew whenever it changed, so that they are right after a restart.

A site that is no longer configured leaves no series. Labels name sites, scopes, kinds and columns, never URLs.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from monitor.rounds import Calendar
from monitor.service.metrics.compact import compact
from monitor.service.metrics.full import full
from monitor.service.metrics.reading import StoreReader
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.schedules import Key


class StoreCollector(Collector):
    """Collects for the sites of ``settings()``, which is asked every time, as is ``calendars()``."""

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        calendars: Callable[[], Mapping[Key, Calendar]],
        now: Callable[[], float] = time.time,
    ) -> None:
        self._reader = StoreReader(store)
        self._settings, self._calendars, self._now = settings, calendars, now

    def stamp(self) -> tuple[object, ...]:
        """Return what changes whenever a metric does, but for what changes with time alone."""
        return self._reader.stamp()

    def describe(self) -> Iterable[Metric]:
        """Describe nothing, so that registering does not read the store."""
        return []

    def collect(self) -> Iterator[Metric]:
        """Yield every metric, in full detail or compact (``daemon.compact_above``)."""
        settings = self._settings()
        named = len(settings.sites) <= settings.daemon.compact_above
        reading = self._reader.read(settings, self._calendars(), self._now(), named=named)
        yield from full(reading) if named else compact(reading)
