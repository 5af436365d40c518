"""Hold everything that the report of a period says, so that every format writes the same figures.

The figures are those of ``sitehealth ledger stats`` for the same days, from the same function, and so is each month's:
they add up because nobody counts twice. Open and overdue are of the day on which the report was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.model import Baseline, Entry, Run, Scope, Status, TrendPoint
from reports.remediation.entry import LedgerEntry
from reports.remediation.figures import EntryCounts, LedgerFigures

QUARTER = re.compile(r"(\d{4})-?[Qq]([1-4])")

LAST_MONTH = 12


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``start`` to ``end``, both included. ``quarter`` is 1 to 4 where they are one, else 0."""

    start: date
    end: date
    quarter: int = 0

    @property
    def name(self) -> str:
        """What files of it are called: ``2026Q3``, or both days."""
        return f"{self.start.year}Q{self.quarter}" if self.quarter else f"{self.start}--{self.end}"

    def months(self, until: date) -> Iterator[Period]:
        """Yield the months of it that have begun on a day; the first and the last may be parts."""
        first, end = self.start, min(self.end, until)
        while first <= end:
            last = min(_end_of_month(first), end)
            yield Period(first, last)
            first = last + timedelta(days=1)


def quarter_of(text: str) -> Period:
    """Return the quarter that is written as ``2026Q3``. Raises ValueError."""
    match = QUARTER.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is no quarter; write it as 2026Q3")
    year, quarter = int(match[1]), int(match[2])
    return Period(date(year, 3 * quarter - 2, 1), _end_of_month(date(year, 3 * quarter, 1)), quarter)


def _end_of_month(day: date) -> date:
    following = date(day.year + 1, 1, 1) if day.month == LAST_MONTH else date(day.year, day.month + 1, 1)
    return following - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PeriodRun:
    """One inspection of the period: its number, what it covered, and how it went."""

    number: int
    scope: Scope
    point: TrendPoint


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """What became of the faults of one site in a period.

    ``site`` is the name the office calls it by. ``figures`` are those of the ledger over the period, ``months`` those
    of its months in their order. ``runs`` ended in it, the oldest first. ``entries`` are the faults that somebody still
    has to do something about on ``today``, in any order; ``titles`` those of their pages.
    """

    site: str
    url: str
    period: Period
    today: date
    written: datetime
    figures: LedgerFigures
    months: tuple[tuple[Period, EntryCounts], ...] = ()
    runs: tuple[PeriodRun, ...] = ()
    entries: tuple[LedgerEntry, ...] = ()
    letterhead: Letterhead = NO_LETTERHEAD

    @property
    def is_over(self) -> bool:
        """Whether the period is over; the figures of one that is not will change."""
        return self.period.end < self.today

    def findings(self) -> list[Entry]:
        """Return the open faults as other reports have findings; a period compares with no run."""
        return [
            Entry(
                finding=each.finding,
                baseline=Baseline.UNCHANGED,
                first_seen=each.first_seen,
                last_seen=each.last_seen,
                state=each.state,
                entry=each.number,
                department=each.department,
                owner=each.owner,
                deadline=each.deadline,
                overdue=each.overdue(self.today),
                reason=each.reason,
            )
            for each in self.entries
        ]

    def as_run(self) -> Run:
        """Return what lists of findings ask of a run: whose it is."""
        return Run("", self.site, self.url, Scope.SITE, self.written, self.written, Status.COMPLETE)
