"""Show a month of a site day by day: which inspections ended on each, and which rounds are to come."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from monitor.beijing import ZONE, beijing_time
from monitor.rounds import Calendar
from monitor.store.reading_store import ReadingStore
from monitor.store.runs import RunRecord

EARLIEST = date(2000, 1, 1)
"""Before it nothing was inspected; an address may ask for any month."""

AHEAD = 400
"""Days that are shown from now on at most."""


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day in China: the inspections that ended on it, and scope and time of the rounds to come."""

    day: date
    runs: tuple[RunRecord, ...]
    rounds: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class MonthOfRounds:
    """A month; ``before`` and ``after`` are the first days of its neighbours, None where nothing is shown."""

    first: date
    days: tuple[CalendarDay, ...]
    before: date | None
    after: date | None


def month_named(written: str, today: date) -> date:
    """Return the first day of a month such as 2026-11; of this one where that is none, or too far away."""
    try:
        first = date.fromisoformat(f"{written}-01")
    except ValueError:
        return today.replace(day=1)
    return first if EARLIEST <= first <= today + timedelta(days=AHEAD) else today.replace(day=1)


def month_of_rounds(
    reading: ReadingStore, calendars: Mapping[str, Calendar], site: str, first: date, now: float
) -> MonthOfRounds:
    """Return a month of a site; ``calendars`` are its rounds by scope, ``now`` in seconds since the epoch."""
    following = _next_month(first)
    start, end = _midnight(first), _midnight(following)
    runs: dict[date, list[RunRecord]] = {}
    for run in reading.runs.ended_between(site, start, end - 0.001):
        runs.setdefault(beijing_time(run.finished or 0.0).date(), []).append(run)
    rounds: dict[date, list[tuple[str, float]]] = {}
    for scope, calendar in calendars.items():
        for moment in _rounds_between(calendar, max(start, now), end):
            rounds.setdefault(beijing_time(moment).date(), []).append((scope, moment))
    count = (following - first).days
    days = (first + timedelta(days=at) for at in range(count))
    today = beijing_time(now).date()
    return MonthOfRounds(
        first=first,
        days=tuple(CalendarDay(day, tuple(runs.get(day, ())), tuple(rounds.get(day, ()))) for day in days),
        before=(first - timedelta(days=1)).replace(day=1) if first > EARLIEST else None,
        after=following if following <= today + timedelta(days=AHEAD) else None,
    )


def _rounds_between(calendar: Calendar, start: float, end: float) -> Iterator[float]:
    moment = calendar.next(start)
    while moment < end:
        yield moment
        moment = calendar.next(moment)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date) -> float:
    return datetime.combine(day, time(), ZONE).timestamp()
