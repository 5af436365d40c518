"""Count working days: deadlines and delays are given in them.

The State Council announces each year's holidays and the weekends worked for them late in the year before;
``chinesecalendar`` knows the announced years. Beyond them Monday to Friday is an estimate, which every answer says,
unless the operator has entered the days.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

from msgspec import Struct, field

MONDAY_TO_FRIDAY = range(5)
LONGEST = 3_660
"""Days that are counted at most; a delay of ten years is no longer counted by the day."""


class Count(NamedTuple):
    """A number of working days, and whether any of them was estimated."""

    days: int
    estimated: bool


class Deadline(NamedTuple):
    """The last day of a term, and whether any day before it was estimated."""

    day: date
    estimated: bool


class WorkCalendar(Struct, frozen=True):
    """The working days of China. ``overrides`` are days the operator entered: True for one that is worked."""

    overrides: Mapping[date, bool] = field(default_factory=dict)

    def is_workday(self, day: date) -> bool:
        """Return whether a day is worked, by the operator, the announcement, or the week."""
        return self._look(day)[0]

    def is_estimated(self, day: date) -> bool:
        """Return whether neither the operator nor an announcement says what a day is."""
        return self._look(day)[1]

    def between(self, start: date, end: date) -> Count:
        """Count the working days after ``start``, up to and with ``end`` (《民法典》第 201 条)."""
        days = min(max((end - start).days, 0), LONGEST)
        looks = [self._look(start + timedelta(days=after)) for after in range(1, days + 1)]
        return Count(sum(worked for worked, _ in looks), any(estimated for _, estimated in looks))

    def after(self, start: date, days: int) -> Deadline:
        """Return the day on which a term of ``days`` working days (at least 1) that begins after ``start`` ends."""
        if days < 1:
            raise ValueError(f"a term has at least one working day, not {days}")
        estimated = False
        for day in _days_after(start):
            worked, guessed = self._look(day)
            estimated = estimated or guessed
            days -= worked
            if days == 0:
                return Deadline(day, estimated)
        raise OverflowError("the calendar ends before the term does")

    def _look(self, day: date) -> tuple[bool, bool]:
        """Return whether a day is worked, and whether that is an estimate."""
        if day in self.overrides:
            return self.overrides[day], False
        try:
            return _announced()(day), False
        except NotImplementedError:
            return day.weekday() in MONDAY_TO_FRIDAY, True


@cache
def _announced() -> Callable[[date], bool]:
    """Return what knows the announced years; it raises NotImplementedError for a day of another."""
    from chinese_calendar import is_workday

    known: Callable[[date], bool] = is_workday
    return known


def _days_after(start: date) -> Iterator[date]:
    for after in range(1, (date.max - start).days + 1):
        yield start + timedelta(days=after)
