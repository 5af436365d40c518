"""Hold everything that the report of a period says of one site or many, so that all formats write the same figures.

The figures are those of ``sitehealth ledger stats`` for the same days, from the same function, and so is each month's:
they add up because nobody counts twice. Open and overdue are of the day on which the report was written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import inf
from statistics import mean

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
class SiteInPeriod:
    """What became of one site among others. ``critical`` counts its severe open faults; ``runs`` are in their order."""

    id: str
    name: str
    url: str
    counts: EntryCounts
    critical: int = 0
    runs: tuple[PeriodRun, ...] = ()

    @property
    def scored(self) -> TrendPoint | None:
        """The last inspection of the period that gave the site a score."""
        return next((run.point for run in reversed(self.runs) if run.point.score is not None), None)

    @property
    def vetoes(self) -> int:
        """How many vetoes that inspection found."""
        return self.scored.vetoes if self.scored else 0

    @property
    def failed(self) -> bool:
        """Whether the last inspection of the period could not see the site."""
        return bool(self.runs) and self.runs[-1].point.status is Status.FAILED

    @property
    def rank(self) -> tuple[float, ...]:
        """Sorts the worst first: what could not be inspected, vetoes, the lowest score, then what is open."""
        score = self.scored.score if self.scored and self.scored.score is not None else inf
        counts = self.counts
        return not self.failed, -self.vetoes, score, -self.critical, -counts.overdue, -counts.open


@dataclass(frozen=True, slots=True)
class GroupInPeriod:
    """What became of a part of the sites. ``name`` is "" for those that lie in no group below the report's."""

    name: str
    sites: tuple[SiteInPeriod, ...]

    @property
    def score(self) -> float | None:
        """The mean score of the sites that have one, to a tenth; None where none has."""
        scores = [site.scored.score for site in self.sites if site.scored and site.scored.score is not None]
        return round(mean(scores), 1) if scores else None

    @property
    def failed(self) -> int:
        """How many sites the last inspection of the period could not see."""
        return sum(site.failed for site in self.sites)

    @property
    def vetoed(self) -> int:
        """How many sites have vetoes."""
        return sum(site.vetoes > 0 for site in self.sites)

    @property
    def unseen(self) -> int:
        """How many sites were not inspected in the period."""
        return sum(not site.runs for site in self.sites)

    @property
    def critical(self) -> int:
        """How many severe faults are open."""
        return sum(site.critical for site in self.sites)

    def total(self, figure: str) -> int:
        """Return a figure of the ledger (``found``, ``open`` …), of all its sites."""
        return sum(getattr(site.counts, figure) for site in self.sites)

    @property
    def rank(self) -> tuple[object, ...]:
        """Sorts the worst first: the lowest mean score; of equals what has most overdue for its sites.

        What has no score comes last.
        """
        score = inf if self.score is None else self.score
        return score, -self.total("overdue") / max(1, len(self.sites)), self.name


@dataclass(frozen=True, slots=True)
class PeriodReport:
    """What became of the faults of one site, or of many, in a period.

    ``site`` is the name the office calls it by. ``figures`` are those of the ledger over the period, ``months`` those
    of its months in their order. ``runs`` ended in it, the oldest first. ``entries`` are the faults that somebody still
    has to do something about on ``today``, in any order; where they are more than a report lists, the worst of them.

    The report of many sites has them in ``sites``, the worst first, and neither ``url`` nor ``runs``; its ``site`` is
    the name of their group, "" for all that there are. The figures of its sites add up to its own. ``groups`` are those
    right below that one, the worst first, where there are two or more; a site may be in several.
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
    sites: tuple[SiteInPeriod, ...] = ()
    groups: tuple[GroupInPeriod, ...] = ()

    @property
    def all_runs(self) -> tuple[PeriodRun, ...]:
        """The inspections of the period, those of every site."""
        return self.runs + tuple(run for site in self.sites for run in site.runs)

    @property
    def unlisted(self) -> int:
        """How many open faults are not among the ``entries``."""
        return self.figures.total.open - len(self.entries)

    @property
    def is_over(self) -> bool:
        """Whether the period is over; the figures of one that is not will change."""
        return self.period.end < self.today

    def findings(self, site: str = "") -> list[Entry]:
        """Return the open faults, of one site by its id or of all, as other reports have findings.

        A period compares with no run.
        """
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
            if site in {"", each.site}
        ]

    def as_run(self) -> Run:
        """Return what lists of findings ask of a run: whose it is."""
        return Run("", self.site, self.url, Scope.SITE, self.written, self.written, Status.COMPLETE)
