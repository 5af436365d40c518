"""Say when a round of inspections falls due: pure calendars, no clock.

A round is a wall-clock time in a zone, so that "Monday 02:00" stays that when the clocks change: an hour that a zone
skips is read as the hour after the gap, one that it repeats as the first of the two (PEP 495, fold=0). Every round
therefore has exactly one instant, whatever the zone does.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from msgspec import Struct

from checks.late_pattern import late

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
WEEKS = ("first", "second", "third", "fourth")
"""Which of its weekdays in a month: a fifth one would be missing in most months."""

WIDTH = 12 * 3600.0
"""Seconds within which two instants are the same round: a new edition of the time zone rules may move one by hours."""

DAY, WEEK = timedelta(days=1), timedelta(days=7)

SPELLED = late(r"(\w+) (\w+) (\d\d:\d\d) (\S+)(?: of ([a-z, ]+))?")
"""How a calendar reads when it is spelled out."""


class Calendar(Struct, frozen=True):
    """The rounds of one site and scope: a weekday and a time of day, every week or in one week of some months.

    ``weekday`` counts from 0, Monday (ISO 8601 less one); ``months`` from 1, empty for every week; ``week`` from 1 and
    is read only with months. ``delay`` is in seconds: how much later than the others this site starts.
    """

    zone: str
    weekday: int
    at: time
    months: tuple[int, ...] = ()
    week: int = 1
    delay: float = 0.0

    def __str__(self) -> str:
        """Spell the calendar out, without the delay: a site that starts a little later keeps the same rounds."""
        when = f"{WEEKDAYS[self.weekday]} {self.at:%H:%M} {self.zone}"
        if not self.months:
            return f"every {when}"
        return f"{WEEKS[self.week - 1]} {when} of {', '.join(MONTHS[month - 1] for month in self.months)}"

    @classmethod
    def parse(cls, text: str, delay: float = 0.0) -> Calendar:
        """Return the calendar that was spelled out as ``text``. Raises ValueError."""
        match = SPELLED.fullmatch(text)
        if match is None:
            raise ValueError(f"no calendar: {text!r}")
        week, weekday, at, zone, months = match.groups()
        return cls(
            zone,
            WEEKDAYS.index(weekday),
            time.fromisoformat(at),
            tuple(MONTHS.index(month) + 1 for month in months.split(", ")) if months else (),
            1 if week == "every" else WEEKS.index(week) + 1,
            delay,
        )

    def latest(self, moment: float) -> float:
        """Return the last round at or before a moment, both in seconds since the epoch."""
        undelayed = moment - self.delay
        rounds = self._rounds_around(undelayed)
        return rounds[bisect_right(rounds, undelayed) - 1] + self.delay

    def next(self, moment: float) -> float:
        """Return the first round after a moment."""
        undelayed = moment - self.delay
        rounds = self._rounds_around(undelayed)
        return rounds[bisect_right(rounds, undelayed)] + self.delay

    def between(self, start: float, end: float) -> Iterator[float]:
        """Yield the rounds after ``start`` and before ``end``."""
        fire = self.next(start)
        while fire < end:
            yield fire
            fire = self.next(fire)

    def _rounds_around(self, undelayed: float) -> tuple[float, ...]:
        """Return rounds without the delay: some before a moment, and some after it."""
        year = datetime.fromtimestamp(undelayed, ZoneInfo(self.zone)).year
        return _rounds_of_years(_Pattern(self.zone, self.weekday, self.at, self.months, self.week), year)


class _Pattern(Struct, frozen=True):
    """A calendar without its delay; 13,000 sites share a few."""

    zone: str
    weekday: int
    at: time
    months: tuple[int, ...]
    week: int

    def falls_on(self, day: date) -> bool:
        """Return whether there is a round on a day, which is of the right weekday."""
        return not self.months or (day.month in self.months and (day.day - 1) // 7 + 1 == self.week)


@lru_cache(maxsize=1024)
def _rounds_of_years(pattern: _Pattern, year: int) -> tuple[float, ...]:
    """Return the rounds of a year, of the one before it and of the one after it, in seconds since the epoch."""
    day = date(year - 1, 1, 1)
    day += DAY * ((pattern.weekday - day.weekday()) % 7)
    zone = ZoneInfo(pattern.zone)
    rounds = []
    while day.year <= year + 1:
        if pattern.falls_on(day):
            rounds.append(datetime.combine(day, pattern.at, zone).timestamp())
        day += WEEK
    return tuple(rounds)


class Start(Struct, frozen=True):
    """When a site starts: on which of the nights over which rounds are spread, from 0, and how many seconds later."""

    night: int
    delay: float


def spread(site: str, window: float, nights: int = 1) -> Start:
    """Return when a site starts: the same for ever, and even over the nights, and over the seconds of the window.

    Drawn from the site's name, so that neither a restart nor another site's coming or going moves it.
    """
    drawn = int.from_bytes(hashlib.blake2b(site.encode(), digest_size=8).digest(), "big")
    night, rest = divmod(drawn * nights, 2**64)
    return Start(night, round(rest / 2**64 * window))


def same(one: float, other: float) -> bool:
    """Return whether two instants are the same round."""
    return abs(one - other) < WIDTH
