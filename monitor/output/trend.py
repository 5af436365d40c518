"""Tell from the store how a site did over its latest runs, and how often its homepage opened."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from checks.model import Severity
from monitor.beijing import beijing_time
from monitor.store import Store
from monitor.store.runs import RunRecord
from monitor.store.statistics import SUCCESSES, Statistics
from reports.model import ProbedDay, Status, TrendPoint

RUNS = 12
"""Runs that a trend goes back: a quarter of weekly rounds, and as many as a chart of a page's width can label."""

DAYS = 30
"""Days that the availability of the homepage goes back."""


def trend_of(store: Store, run: RunRecord) -> tuple[TrendPoint, ...]:
    """Return the latest runs of a run's site and scope, itself the last.

    Runs whose findings were dropped for their age are left out: nobody knows any more what they found.
    """
    latest = [each for each in store.runs.ended_up_to(run, RUNS) if each.status == "failed" or each.facts.checks]
    return points_of(store, latest[::-1])


def points_of(store: Store, ended: Sequence[RunRecord]) -> tuple[TrendPoint, ...]:
    """Return how the site did in each of some runs, in their order."""
    statistics = Statistics(store.engine)
    seen = [each.id for each in ended if each.status in SUCCESSES]
    confirmed: dict[int, Counter[Severity]] = {number: Counter() for number in seen}
    for row in statistics.counted(seen):
        if row.confidence == "confirmed":
            confirmed[row.run][Severity(row.severity)] += row.places
    closed = statistics.fixed(seen)
    return tuple(_point(each, confirmed.get(each.id, {}), closed.get(each.id, 0)) for each in ended)


def _point(run: RunRecord, confirmed: Mapping[Severity, int], closed: int) -> TrendPoint:
    score, security = (run.facts.score, run.facts.security) if run.status in SUCCESSES else (None, None)
    return TrendPoint(
        when=beijing_time(run.finished or run.started),
        status=Status(run.status),
        confirmed=dict(confirmed),
        closed=closed,
        score=score.points if score else None,
        vetoes=len(score.veto) if score else 0,
        grade=security.grade if security else "",
    )


def probed_days(store: Store, site: str, until: date) -> tuple[ProbedDay, ...]:
    """Return the days, up to one, on which the homepage of a site was probed, the oldest first."""
    since = until - timedelta(days=DAYS - 1)
    days = Statistics(store.engine).availability_by_day(site, since.isoformat(), until.isoformat())
    return tuple(ProbedDay(date.fromisoformat(day), probes, failures) for day, probes, failures in days)
