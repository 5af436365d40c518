"""Serve the console beside the daemon, where it is configured; what it is made of is loaded only then."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog

from monitor.service.runner import Runner
from monitor.service.where_rechecks_are_made import look_at_of
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.reading_store import ReadingStore

if TYPE_CHECKING:
    from monitor.console.thread import ConsoleThread
    from monitor.service.fleet.dispatch import FleetRunner
    from monitor.service.fleet.on_request import InspectionsInQueue
    from monitor.service.inspections_on_request import InspectionsOnRequest

log = structlog.get_logger()


class ConsoleHost:
    """The console of a daemon, or none. Raises OSError where it cannot listen.

    ``settings`` returns those in force; where it listens is taken from them once.
    """

    def __init__(self, store: Store, settings: Callable[[], Settings], runner: Runner | FleetRunner) -> None:
        self._reading: ReadingStore | None = None
        self._thread: ConsoleThread | None = None
        self._inspections: InspectionsOnRequest | InspectionsInQueue | None = None
        chosen = settings()
        if chosen.console.address is None:
            return
        from monitor.console.application import create_app
        from monitor.console.console_parts import ConsoleParts
        from monitor.console.thread import ConsoleThread

        self._inspections = _inspections_of(runner)
        self._reading = ReadingStore(chosen.store.url.get_secret_value())
        parts = ConsoleParts(store, self._reading, settings, self._inspections, look_at_of=look_at_of)
        self._thread = ConsoleThread(*chosen.console.address, lambda: create_app(parts))

    @property
    def address(self) -> tuple[str, int] | None:
        """Host and port that it listens on, None where there is no console."""
        return self._thread.address if self._thread else None

    def start(self) -> None:
        """Begin to answer; called in the loop that inspections run in."""
        if self._thread is not None and self._inspections is not None:
            self._inspections.attach(asyncio.get_running_loop())
            self._thread.start()
            host, port = self._thread.address
            log.info("console", listen=f"{host}:{port}")

    def stop(self) -> None:
        """Close the port and the connections to the store."""
        if self._thread is not None:
            self._thread.stop()
        if self._reading is not None:
            self._reading.close()


def _inspections_of(runner: Runner | FleetRunner) -> InspectionsOnRequest | InspectionsInQueue:
    if isinstance(runner, Runner):
        from monitor.service.inspections_on_request import InspectionsOnRequest

        return InspectionsOnRequest(runner)
    from monitor.service.fleet.on_request import InspectionsInQueue

    return InspectionsInQueue(runner)
