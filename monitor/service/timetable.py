"""Tell which rounds are due: the latest one that nobody has served, for each site and scope.

The table of runs is the memory. A process that was away, a clock that jumped, a configuration that changed: each time
the same question is asked of it, and a round that has a run is never due again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from monitor.logs import tell
from monitor.rounds import Calendar, same
from monitor.service.retries import Retry, retries_of
from monitor.store.schedules import Key, ScheduleRecord, ScheduleStore


class Timetable:
    """The rounds of every site. ``adopt`` says which there are; all moments are seconds since the epoch.

    ``retry_after`` are the hours after which a round that failed is tried again.
    """

    def __init__(self, schedules: ScheduleStore) -> None:
        self._schedules = schedules
        self.calendars: Mapping[Key, Calendar] = {}
        self.retry_after: tuple[float, ...] = ()

    def watch(self, calendars: Mapping[Key, Calendar]) -> None:
        """Know which rounds there are, while another process serves them."""
        self.calendars = calendars

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
        for key, record in self._settled_under_old(changed, now).items():
            records[key] = record._replace(calendar=str(calendars[key]), since=now)
        self._schedules.save(records)

    def _settled_under_old(self, changed: Mapping[Key, ScheduleRecord], now: float) -> dict[Key, ScheduleRecord]:
        """Return the records of calendars that are replaced: the last round is owed, those before it are missed."""
        fires, settled = {}, dict(changed)
        for key, record in changed.items():
            try:
                old = Calendar.parse(record.calendar, self.calendars[key].delay)
            except ValueError:  # spelled out by a later version: what it owed is owed
                fires[key] = record.owed
                continue
            fires[key] = fire = candidate(old, record, now)
            if fire is not None:
                settled[key] = record._replace(missed=record.missed + self._unbegun(key, old, record, fire))
        still_due = self._unserved(fires)
        return {key: record._replace(owed=still_due.get(key)) for key, record in settled.items()}

    def _unserved(self, fires: Mapping[Key, float | None]) -> dict[Key, float]:
        rounds = {key: fire for key, fire in fires.items() if fire is not None}
        served = self._schedules.served(rounds)
        return {key: fire for key, fire in rounds.items() if key not in served}

    def due(self, now: float, only: Key | None = None) -> Iterator[tuple[Key, float]]:
        """Yield every site and scope that has a round to be served, with that round; or look at one of them only."""
        records = {key: record for key, record in self._schedules.load(only).items() if key in self.calendars}
        early = {key: record._replace(since=now) for key, record in records.items() if record.since > now}
        for key in early:
            tell("warning", "the clock went back", site=key[0], scope=key[1], seconds=round(records[key].since - now))
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
        # What is owed or lies after `since` is counted with the round that is served; another try may have ended.
        is_settled = cut_off <= record.since and not (record.owed is not None and same(cut_off, record.owed))
        is_missed = is_settled and self._schedules.begun(key, cut_off, cut_off) == [cut_off]
        self._schedules.free_unfinished(key, cut_off, record._replace(missed=record.missed + is_missed))

    def begun(self, key: Key, fire: float) -> None:
        """Note that a round has its run; rounds before it that nobody served are counted as missed."""
        self._settle(key, fire)

    def skip(self, key: Key, fire: float, active: float) -> None:
        """Note that a round is left out, because the inspection of an earlier one, ``active``, has not ended.

        Where that one still waits for its turn and has no run, it stays owed: a process that ends now serves it later.
        """
        self._settle(key, fire, active)

    def _settle(self, key: Key, fire: float, active: float | None = None) -> None:
        record = self._schedules.load(key).get(key)
        if record is None or key not in self.calendars:
            return
        missed = record.missed + self._unbegun(key, self.calendars[key], record, fire, active)
        is_skipped, owed = active is not None, None
        if active is not None and not self._schedules.begun(key, active, active):
            owed = active
        self._schedules.save(
            {
                key: record._replace(
                    since=max(record.since, fire), owed=owed, missed=missed, skipped=record.skipped + is_skipped
                )
            }
        )

    def _unbegun(
        self, key: Key, calendar: Calendar, record: ScheduleRecord, fire: float, active: float | None = None
    ) -> int:
        """Return how many rounds before ``fire`` were never begun; ``active`` is about to be, and none of them."""
        before = [each for each in (record.owed,) if each is not None and not same(each, fire)]
        before += calendar.between(record.since, fire)
        if active is not None:
            before = [each for each in before if not same(each, active)]
        begun = self._schedules.begun(key, min(before), fire) if before else []
        return sum(not any(same(each, other) for other in begun) for each in before)


def candidate(calendar: Calendar, record: ScheduleRecord, now: float) -> float | None:
    """Return the round to be served at a moment, whether or not somebody has done so."""
    fire = calendar.latest(now)
    return fire if fire > record.since else record.owed
