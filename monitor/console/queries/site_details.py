"""Show one site: its rounds, how it did over them, its columns, its homepage, its certificate, what is open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from monitor.beijing import beijing_time
from monitor.console.queries.site_cards import OpenEntries, open_entries
from monitor.output.report import run_of
from monitor.output.trend import probed_days, trend_of
from monitor.settings.site import Settings
from monitor.store.ledger.entry_browsing import Visibility
from monitor.store.probe_results import ProbeRecord, ProbeStore
from monitor.store.reading_store import ReadingStore
from monitor.store.runs import RunRecord
from reports.model import ColumnSummary, ProbedDay, Report, Scope

RUNS_SHOWN = 30
"""Runs in the strip: half a year of weekly rounds."""

SOON = 30
"""Days before the end of a certificate from which on it is worth a warning."""


@dataclass(frozen=True, slots=True)
class SiteDetails:
    """What the page of a site shows.

    ``runs`` are the latest of both scopes, the oldest first; ``last`` is the last one that saw the site, which columns
    come from, None where there is none. ``report`` is what charts are drawn from. ``rounds`` are scope and time of what
    is to come, ``certificate_days`` how long the certificate holds, None where nobody looked.
    """

    runs: tuple[RunRecord, ...]
    last: RunRecord | None
    entries: OpenEntries
    columns: tuple[ColumnSummary, ...]
    report: Report | None
    days: tuple[ProbedDay, ...]
    rounds: tuple[tuple[str, float], ...]
    probes: tuple[ProbeRecord, ...]
    certificate_ends: date | None
    certificate_days: int | None

    @property
    def opened(self) -> float | None:
        """The share of probes that the homepage opened for, None where it was not asked."""
        probes = sum(day.probes for day in self.days)
        return 1 - sum(day.failures for day in self.days) / probes if probes else None


def site_details(reading: ReadingStore, settings: Settings, site: str, visible: Visibility, now: float) -> SiteDetails:
    """Return what there is to show of a site; ``visible`` are the entries of it that are counted."""
    today = beijing_time(now).date()
    runs = reading.runs.latest(RUNS_SHOWN, site)
    seen = [run for run in runs if run.status in {"complete", "partial"}]
    # What the whole site was judged by counts more than what its homepage was, as long as it is recent enough to show.
    last = next((run for run in seen if run.scope == Scope.SITE), seen[0] if seen else None)
    days = probed_days(reading, site, today)
    groups = open_entries(reading.counts.groups(visible, today))
    ends = next((run.facts.certificate_not_after for run in seen if run.facts.certificate_not_after), None)
    ends_on = beijing_time(ends).date() if ends else None
    known = ProbeStore(reading.engine).load()
    return SiteDetails(
        runs=tuple(reversed([run for run in runs if run.finished])),
        last=last,
        entries=groups.get(site, OpenEntries()),
        columns=_worst_columns(last),
        report=_report(reading, last, days),
        days=days,
        rounds=tuple(
            sorted(
                ((scope, calendar.next(now)) for (key, scope), calendar in settings.calendars().items() if key == site),
                key=lambda each: each[1],
            )
        ),
        probes=tuple(record for (key, _), record in sorted(known.items()) if key == site),
        certificate_ends=ends_on,
        certificate_days=(ends_on - today).days if ends_on else None,
    )


STATUS_ORDER = ("stale", "blank", "warning", "needs-rendering", "fresh", "exempt")


def _worst_columns(run: RunRecord | None) -> tuple[ColumnSummary, ...]:
    columns = run.facts.columns if run else ()
    return tuple(sorted(columns, key=lambda each: (STATUS_ORDER.index(each.status), each.newest or date.min)))


def _report(reading: ReadingStore, last: RunRecord | None, days: tuple[ProbedDay, ...]) -> Report | None:
    """Return what the charts of the reports that need no findings are drawn from."""
    if last is None:
        return None
    return Report(run=run_of(last), trend=trend_of(reading, last), availability=days, columns=last.facts.columns)
