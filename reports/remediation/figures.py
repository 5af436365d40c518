"""Count what the ledger did in a period: the figures of a notice (通报)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from statistics import median
from typing import NamedTuple

from msgspec import Struct, field

from reports.remediation.states import WORKING, State


class SiteLedger(NamedTuple):
    """How many entries of a site are still to be worked on, and how many of those are late, or called mended."""

    open: int = 0
    overdue: int = 0
    to_verify: int = 0


class EntrySketch(NamedTuple):
    """What the figures need of an entry. ``closings`` and ``returns`` are when it was closed and came back."""

    family: str
    department: str
    severity: str
    state: State
    deadline: date | None
    first_seen: datetime
    closings: tuple[datetime, ...] = ()
    returns: tuple[datetime, ...] = ()
    site: str = ""


class EntryCounts(Struct, frozen=True):
    """Entries found, closed and come back in the period; open and overdue are of today.

    ``median_days`` is from the first sight to the closing, of what was closed in the period; None where nothing was.
    """

    found: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    reopened: int = 0
    median_days: float | None = None

    @property
    def growth(self) -> int:
        """By how much the open entries grew in the period; what people judged otherwise does not count."""
        return self.found + self.reopened - self.closed


class LedgerFigures(Struct, frozen=True):
    """The figures of all entries, and of each family, department and severity."""

    total: EntryCounts
    families: dict[str, EntryCounts] = field(default_factory=dict)
    departments: dict[str, EntryCounts] = field(default_factory=dict)
    severities: dict[str, EntryCounts] = field(default_factory=dict)


def figures_of(sketches: Iterable[EntrySketch], start: date | None, end: date | None, today: date) -> LedgerFigures:
    """Count entries; a period without a start or an end is open on that side."""
    known = list(sketches)
    parts = [figures_by(name, known, start, end, today) for name in ("family", "department", "severity")]
    return LedgerFigures(_counts(known, start, end, today), *parts)


def figures_by(
    name: str, sketches: Iterable[EntrySketch], start: date | None, end: date | None, today: date
) -> dict[str, EntryCounts]:
    """Count the entries of each value of a field, such as ``family``, in the order of values."""
    groups: dict[str, list[EntrySketch]] = {}
    for sketch in sketches:
        groups.setdefault(getattr(sketch, name), []).append(sketch)
    return {key: _counts(groups[key], start, end, today) for key in sorted(groups)}


def _counts(sketches: list[EntrySketch], start: date | None, end: date | None, today: date) -> EntryCounts:
    def within(moment: datetime) -> bool:
        return (start is None or moment.date() >= start) and (end is None or moment.date() <= end)

    closings = [(each, closing) for each in sketches for closing in each.closings if within(closing)]
    took = [(closing - each.first_seen).total_seconds() / 86_400 for each, closing in closings]
    working = [each for each in sketches if each.state in WORKING]
    return EntryCounts(
        found=sum(within(each.first_seen) for each in sketches),
        closed=len(closings),
        open=len(working),
        overdue=sum(each.deadline is not None and each.deadline < today for each in working),
        reopened=sum(within(moment) for each in sketches for moment in each.returns),
        median_days=median(took) if took else None,
    )
