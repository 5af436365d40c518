"""Let the daemon write to people: messages go out of the store, and around it while it fails."""

from __future__ import annotations

from collections.abc import Callable

from monitor.delivery.composing import Composer
from monitor.delivery.dispatcher import Counting, Dispatcher
from monitor.delivery.outage_notice import OutageNotice
from monitor.service.configuration import Configuration
from monitor.service.retries import tries_before
from monitor.service.store_watch import StoreWatch
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.events import EventStore

Failed = Callable[[str, BaseException], None]


class Deliveries:
    """What the clock of messages calls. ``failed`` is given what a task raised."""

    def __init__(  # noqa: PLR0913, PLR0917 - parts of the daemon
        self,
        store: Store,
        configuration: Configuration,
        now: Callable[[], float],
        tally: Counting,
        watch: StoreWatch,
        failed: Failed,
    ) -> None:
        self._configuration, self._watch = configuration, watch
        composer = Composer(store, self._settings, now, self._has_retry)
        self._dispatcher = Dispatcher(store, self._settings, now, composer, tally, failed=failed)
        self._notice = OutageNotice(self._settings, now, EventStore(store.engine))

    def _settings(self) -> Settings:
        return self._configuration.settings

    def _has_retry(self, fire: float) -> bool:
        return tries_before(fire) < len(self._settings().schedule.retries)

    async def look(self) -> None:
        """Compose and send what is due. Raises what the store does."""
        fault = self._watch.fault
        if fault or not self._watch.is_in_doubt:
            await self._notice.look(fault)
        if not self._watch.is_in_doubt:
            await self._dispatcher.tick()

    async def stop(self, patience: float) -> None:
        """Wait so many seconds for what is being sent."""
        await self._dispatcher.stop(patience)
