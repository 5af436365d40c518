"""Build the report of a period from the ledger and the runs of a site."""

from __future__ import annotations

import time
from datetime import datetime

from monitor.beijing import ZONE, beijing_time
from monitor.output.trend import points_of
from monitor.remediation.ledger import Ledger
from monitor.store import Store
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.statistics import Statistics
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.model import Scope
from reports.period.period_report import Period, PeriodReport, PeriodRun
from reports.remediation.states import WORKING


def newest_runs(store: Store) -> dict[str, int]:
    """Return the number of the newest run that ended of each site that was ever inspected, by the id of the site."""
    ended = Statistics(store.engine).latest().values()
    return {run.site: run.id for run in sorted(ended, key=lambda run: run.id)}


def build_period_report(
    store: Store, ledger: Ledger, site: str, period: Period, letterhead: Letterhead = NO_LETTERHEAD
) -> PeriodReport:
    """Return the report of a site that was inspected at least once. Raises KeyError for any other."""
    newest = store.runs.load(newest_runs(store)[site])
    return PeriodReport(
        site=newest.name or site,
        url=newest.url,
        period=period,
        today=ledger.today,
        written=beijing_time(time.time()),
        figures=ledger.count(site, period.start, period.end),
        months=tuple(
            (month, ledger.count(site, month.start, month.end).total) for month in period.months(until=ledger.today)
        ),
        runs=tuple(_runs(store, site, period)),
        entries=tuple(ledger.select(LedgerFilter(site=site, states=WORKING))),
        letterhead=letterhead,
    )


def _runs(store: Store, site: str, period: Period) -> list[PeriodRun]:
    """Return the runs that ended in a period, the oldest first."""
    start = datetime.combine(period.start, datetime.min.time(), ZONE).timestamp()
    end = datetime.combine(period.end, datetime.max.time(), ZONE).timestamp()
    rows = store.runs.ended_between(site, start, end)
    points = points_of(store, rows)
    return [PeriodRun(row.id, Scope(row.scope), point) for row, point in zip(rows, points, strict=True)]
