"""Tell which rounds are due: the latest one that nobody has served, for each site and scope.

The table of runs is the memory. A process that was away, a clock that jumped, a configuration that changed: each time
the same question is asked of it, and a round that has a run is never due again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import structlog

from monitor.rounds import Calendar, same
from monitor.service.retries import Retry, retries_of
from monitor.store.schedules import Key, ScheduleRecord, ScheduleStore

log = structlog.get_logger()


class Timetable:
    """The rounds of every site. ``adopt`` says which there are; all moments are seconds since the epoch.

    ``retry_after`` are the hours after which a round that failed is tried again.
    """

    def __init__(self, schedules: ScheduleStore) -> None:
        self._schedules = schedules
        self.calendars: Mapping[Key, Calendar] = {}
        self.retry_after: tuple[float, ...] = ()

    def adopt(self, calendars: Mapping[Key, Calendar], now: float) -> None:
        """Put calendars in force. What fell due under old ones stays due; the rounds of new ones count from now."""
        known = self._schedules.load()
        self._schedules.forget(known.keys() - calendars.keys())
        self.calendars = calendars
        # The last round before a new site came is owed to it: nobody waits a quarter for a first report.
        records = {
            key: ScheduleRecord(str(calendar), now, owed=calendar.latest(now))
            for key, calendar in calendars.items()
            if key not in known
        }
        changed = {
            key: known[key] for key in calendars.keys() & known.keys() if known[key].calendar != str(calendars[key])
        }
        still_due = self._still_due(changed, now)
        for key, record in changed.items():
            records[key] = record._replace(calendar=str(calendars[key]), since=now, owed=still_due.get(key))
        self._schedules.save(records)

    def _still_due(self, changed: Mapping[Key, ScheduleRecord], now: float) -> dict[Key, float]:
        """Return what had fallen due under calendars that are replaced, and nobody has served."""
        fires = {}
        for key, record in changed.items():
            try:
                old = Calendar.parse(record.calendar, self.calendars[key].delay)
                fires[key] = candidate(old, record, now)
            except ValueError:  # spelled out by a later version: what it owed is owed
                fires[key] = record.owed
        return self._unserved(fires)

    def _unserved(self, fires: Mapping[Key, float | None]) -> dict[Key, float]:
        rounds = {key: fire for key, fire in fires.items() if fire is not None}
        served = self._schedules.served(rounds)
        return {key: fire for key, fire in rounds.items() if key not in served}

    def due(self, now: float, only: Key | None = None) -> Iterator[tuple[Key, float]]:
        """Yield every site and scope that has a round to be served, with that round; or look at one of them only."""
        records = {key: record for key, record in self._schedules.load(only).items() if key in self.calendars}
        early = {key: record._replace(since=now) for key, record in records.items() if record.since > now}
        for key in early:
            log.warning("the clock went back", site=key[0], scope=key[1], seconds=round(records[key].since - now))
        if early:
            self._schedules.save(early)
        current = records | early
        yield from self._unserved(
            {key: candidate(self.calendars[key], record, now) for key, record in current.items()}
        ).items()

    def retries(self, now: float) -> Iterator[tuple[Key, Retry]]:
        """Yield every site and scope whose last round failed and is to be tried again by now."""
        for key, retry in retries_of(self._schedules.failed(), self.retry_after).items():
            if key in self.calendars and retry.at <= now:
                yield key, retry

    def unfinished(self) -> Iterator[tuple[Key, float]]:
        """Yield every site and scope with the round whose run was begun and never ended."""
        yield from self._schedules.unfinished().items()

    def overtake(self, key: Key, fire: float) -> None:
        """Count a round as missed whose run was cut off and never gone on with, where a later one is served now.

        Its run serves the later one, or is given up. It is freed of its round at once, so that it is counted once.
        """
        cut_off = self._schedules.unfinished().get(key)
        record = self._schedules.load(key).get(key)
        if cut_off is None or record is None or same(cut_off, fire):
            return
        # What lies after `since` is counted with the round that is served; another try may have ended before.
        is_missed = cut_off <= record.since and self._schedules.begun(key, cut_off, cut_off) == [cut_off]
        self._schedules.free_unfinished(key, cut_off, record._replace(missed=record.missed + is_missed))

    def begun(self, key: Key, fire: float) -> None:
        """Note that a round has its run; rounds before it that nobody served are counted as missed."""
        self._settle(key, fire, skipped=0)

    def skip(self, key: Key, fire: float) -> None:
        """Note that a round is left out, because the run of an earlier one is still under way."""
        self._settle(key, fire, skipped=1)

    def _settle(self, key: Key, fire: float, *, skipped: int) -> None:
        record = self._schedules.load(key).get(key)
        if record is None or key not in self.calendars:
            return
        begun = self._schedules.begun(key, record.since, fire)
        between = self.calendars[key].between(record.since, fire)
        missed = sum(not any(same(each, other) for other in begun) for each in between)
        settled = record._replace(
            since=max(record.since, fire),
            owed=None,
            missed=record.missed + missed,
            skipped=record.skipped + skipped,
        )
        self._schedules.save({key: settled})


def candidate(calendar: Calendar, record: ScheduleRecord, now: float) -> float | None:
    """Return the round to be served at a moment, whether or not somebody has done so."""
    fire = calendar.latest(now)
    return fire if fire > record.since else record.owed
