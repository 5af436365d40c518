"""Tell people that the store fails: from memory, for what goes through the outbox waits until it answers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog

from monitor.beijing import beijing_time
from monitor.delivery.attempt import LIMIT
from monitor.delivery.scrubbing import scrubbed
from monitor.delivery.senders import sender_of
from monitor.settings.delivery import Occasion, TargetSettings
from monitor.settings.site import Settings
from monitor.store.events import EventKind, EventStore, Facts
from reports.messages.occasions import Envelope, store_fails

log = structlog.get_logger()

PATIENCE = 120.0
"""Seconds that the store may fail before people are told; the alert SitehealthStoreFails waits as long."""
AGAIN = 60.0
"""Seconds between two attempts to tell somebody."""


@dataclass(slots=True)
class Outage:
    """A time in which the store fails; times are seconds since the epoch."""

    since: float
    reason: str
    reached: set[str] = field(default_factory=set)
    next_try: float = 0.0


class OutageNotice:
    """Tells each target of ``daemon-trouble`` once in an outage, and lets the outbox say when it is over."""

    def __init__(self, settings: Callable[[], Settings], now: Callable[[], float], events: EventStore) -> None:
        self._settings, self._now, self._events = settings, now, events
        self._outage: Outage | None = None

    async def look(self, fault: str) -> None:
        """Take why the store fails, "" where it does not, and tell who does not know. Raises what the store does."""
        now = self._now()
        if not fault:
            await asyncio.to_thread(self._end, now)
            return
        if self._outage is None:
            self._outage = Outage(now, fault)
        outage = self._outage
        if now - outage.since < PATIENCE or now < outage.next_try:
            return
        outage.next_try = now + AGAIN
        wanting = [each for each in self._settings().notify.targets if Occasion.DAEMON_TROUBLE in each.events]
        await asyncio.gather(*(self._tell(each, outage) for each in wanting if each.name not in outage.reached))

    async def _tell(self, target: TargetSettings, outage: Outage) -> None:
        since = beijing_time(outage.since)
        language = target.language or self._settings().report.language
        envelope = Envelope(key=f"store-{outage.since:.0f}/{target.name}", language=language, today=since.date())
        try:
            async with asyncio.timeout(LIMIT):
                attempt = await sender_of(target).send(store_fails(envelope, outage.reason, since), None)
            error = attempt.error
        except Exception as raised:  # noqa: BLE001 - it costs this attempt, whatever it is
            error = f"{type(raised).__name__}: {raised}"
        if error:
            log.warning("nobody could be told that the store fails", target=target.name, reason=scrubbed(error, target))
        else:
            outage.reached.add(target.name)

    def _end(self, now: float) -> None:
        """Keep that an outage is over, where anybody may have heard of it."""
        outage = self._outage
        if outage is None:
            return
        if now - outage.since >= PATIENCE:
            facts: Facts = {"reason": outage.reason, "since": outage.since, "until": now}
            self._events.record(f"store-back-{outage.since:.0f}", EventKind.STORE_BACK, now, facts)
        self._outage = None
