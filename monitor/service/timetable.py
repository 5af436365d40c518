"""Tell which rounds are due: the latest one that nobody has served, for each site and scope.

The table of runs is the memory. A process that was away, a clock that jumped, a configuration that changed: each time
the same question is asked of it, and a round that has a run is never due again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import structlog

from monitor.rounds import Calendar
from monitor.store.schedules import Key, Record, Schedules

log = structlog.get_logger()


class Timetable:
    """The rounds of every site. ``adopt`` says which there are; all moments are seconds since the epoch."""

    def __init__(self, schedules: Schedules) -> None:
        self._schedules = schedules
        self.calendars: dict[Key, Calendar] = {}

    def adopt(self, calendars: Mapping[Key, Calendar], now: float) -> None:
        """Put calendars in force. What fell due under old ones stays due; the rounds of new ones count from now."""
        known = self._schedules.records()
        self._schedules.forget(known.keys() - calendars.keys())
        self.calendars = dict(calendars)
        for key, calendar in calendars.items():
            record = known.get(key)
            if record is None:
                # The last round before a new site came is owed to it: nobody waits a quarter for a first report.
                self._schedules.write(key, Record(str(calendar), now, owed=calendar.latest(now)))
            elif record.calendar != str(calendar):
                owed = self._still_due(key, calendar.delay, record, now)
                self._schedules.write(key, record._replace(calendar=str(calendar), since=now, owed=owed))

    def _still_due(self, key: Key, delay: float, record: Record, now: float) -> float | None:
        try:
            old = Calendar.parse(record.calendar, delay)
        except ValueError:
            return record.owed
        fire = candidate(old, record, now)
        return None if fire is None or self._schedules.served(key, fire) else fire

    def due(self, now: float, only: Key | None = None) -> Iterator[tuple[Key, float]]:
        """Yield every site and scope that has a round to be served, with that round; or look at one of them only."""
        for key, record in self._schedules.records(only).items():
            if key not in self.calendars:
                continue
            if record.since > now:
                log.warning("the clock went back", site=key[0], scope=key[1], seconds=round(record.since - now))
                record = record._replace(since=now)  # noqa: PLW2901 - the record as it stands from here on
                self._schedules.write(key, record)
            fire = candidate(self.calendars[key], record, now)
            if fire is not None and not self._schedules.served(key, fire):
                yield key, fire

    def unfinished(self) -> Iterator[tuple[Key, float]]:
        """Yield every site and scope with the round whose run was begun and never ended."""
        yield from self._schedules.unfinished().items()

    def begun(self, key: Key, fire: float) -> None:
        """Note that a round has its run; rounds before it that nobody served are counted as missed."""
        self._settle(key, fire, skipped=0)

    def skip(self, key: Key, fire: float) -> None:
        """Note that a round is left out, because the run of an earlier one is still under way."""
        self._settle(key, fire, skipped=1)

    def _settle(self, key: Key, fire: float, *, skipped: int) -> None:
        record = self._schedules.records(key).get(key)
        if record is None or key not in self.calendars:
            return
        between = self.calendars[key].between(record.since, fire)
        missed = sum(not self._schedules.served(key, each) for each in between)
        self._schedules.write(
            key,
            record._replace(
                since=max(record.since, fire),
                owed=None,
                missed=record.missed + missed,
                skipped=record.skipped + skipped,
            ),
        )


def candidate(calendar: Calendar, record: Record, now: float) -> float | None:
    """Return the round to be served at a moment, whether or not somebody has done so."""
    fire = calendar.latest(now)
    return fire if fire > record.since else record.owed
