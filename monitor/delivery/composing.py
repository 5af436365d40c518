"""Write messages into the outbox: when what happened is said, and that it is said once.

A run makes messages twice: at once, of what is critical, and later one digest of all rounds that ended together. What
happened so long ago that a message about it would be given up makes none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import groupby

from monitor.beijing import beijing_time
from monitor.delivery.composition import Composition, HasRetry
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.events import EventKind, EventRecord, EventStore
from monitor.store.ledger.message_figures import MessageFigures
from monitor.store.outbox import Outbox

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0

LONGEST_WAIT = 6 * HOUR
"""Seconds after which a digest goes out though an inspection is still under way: a large site takes half a day."""


class Composer:
    """Composes for the targets of ``settings()``, which is asked every time; ``now`` is in seconds since the epoch."""

    def __init__(
        self, store: Store, settings: Callable[[], Settings], now: Callable[[], float], has_retry: HasRetry
    ) -> None:
        self._store, self._settings, self._now, self._has_retry = store, settings, now, has_retry
        self._events, self._outbox = EventStore(store.engine), Outbox(store.engine)

    def compose(self) -> None:
        """Write every message that is to be written by now. Raises what the store does."""
        settings, now = self._settings(), self._now()
        self._record_week(settings, now)
        pending = self._events.pending()
        oldest = now - settings.notify.give_up_after * HOUR
        stale, fresh = [each for each in pending if each.at < oldest], [each for each in pending if each.at >= oldest]
        if stale:
            self._outbox.digest([each.id for each in stale], [], now)
        if not fresh:
            return
        work = Composition(self._store, settings, now, self._has_retry)
        for event in fresh:
            if event.kind is not EventKind.RUN:
                self._outbox.digest([event.id], work.of_event(event), now)
            elif not event.is_announced:
                self._outbox.announce(event.id, work.of_event(event), now)
        runs = sorted((each for each in fresh if each.kind is EventKind.RUN), key=lambda each: (each.scope, each.id))
        for scope, group in groupby(runs, key=lambda each: each.scope):
            ended = list(group)
            if self._is_quiet(settings, scope, ended, now):
                self._outbox.digest([each.id for each in ended], work.digests(scope, ended), now)

    def _record_week(self, settings: Settings, now: float) -> None:
        """Keep that the weekly moment has come, once, also where nobody was there when it did."""
        moment = settings.notify.weekly.calendar(settings.schedule.timezone).latest(now)
        if moment is None or now - moment > DAY:
            return
        key = f"week-{beijing_time(moment):%Y-%m-%d}"
        if not self._events.knows(key):
            self._events.record(key, EventKind.WEEK, moment)

    def _is_quiet(self, settings: Settings, scope: str, ended: Sequence[EventRecord], now: float) -> bool:
        """Return whether no further end of a run belongs into the same digest; a single site waits for nobody."""
        if len(settings.sites) < 2 or now - ended[0].at > LONGEST_WAIT:
            return True
        is_calm = now - ended[-1].at >= settings.notify.gather * MINUTE
        return is_calm and not MessageFigures(self._store.engine).is_under_way(scope)
