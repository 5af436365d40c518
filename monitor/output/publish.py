"""Leave the reports of scheduled runs in a folder, with a page that lists them, the worst site first."""

from __future__ import annotations

import re
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from monitor.beijing import beijing_time
from monitor.output.files import whole
from monitor.output.report import build_report, when_of, write_report
from monitor.store import Store
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.runs import RunRecord
from monitor.store.statistics import LastRun, Statistics
from reports import FORMATS
from reports.index import Listed, index
from reports.remediation.figures import SiteLedger

SEVERITIES = ("critical", "major", "minor")

NAME = re.compile(r"(\d{4}-\d\d-\d\d)-(homepage|site)\.(\w+)")


def publish(store: Store, run: int, folder: Path, formats: Sequence[str], language: str) -> list[Path]:
    """Write the report of a run as ``folder/site/date-scope.ext`` in every format. Raises OSError.

    A second run of the same day and scope takes the place of the first.
    """
    report = build_report(store, run)
    row = store.runs.load(run)
    written = []
    for name in formats:
        path = folder / file_of(row, name)
        write_report(report, name, path, language)
        written.append(path)
    return written


def file_of(row: RunRecord | LastRun, name: str) -> Path:
    """Return where the report of a run in one format belongs, below the folder of reports."""
    when = when_of(row)
    return Path(place(row.site)) / f"{when:%Y-%m-%d}-{row.scope}.{FORMATS[name].extension}"


def unpublished(store: Store, sites: Collection[str], folder: Path, formats: Sequence[str]) -> list[LastRun]:
    """Return the last scheduled runs of sites whose reports are not all there: the process ended before they were."""
    latest = Statistics(store.engine).latest().values()
    return [
        row
        for row in latest
        if row.site in sites
        and row.scheduled_for is not None
        and not all((folder / file_of(row, name)).exists() for name in formats)
    ]


def list_reports(store: Store, sites: Iterable[tuple[str, str]], folder: Path, language: str) -> Path:
    """Write ``index.html`` anew for the sites (id, name), with what is late in their ledgers now. Raises OSError."""
    statistics = Statistics(store.engine)
    latest = statistics.latest()
    counts: dict[int, dict[str, int]] = {}
    for row in statistics.counted(run.id for run in latest.values()):
        if row.confidence == "confirmed":
            of = counts.setdefault(row.run, {})
            of[row.severity] = of.get(row.severity, 0) + row.places
    by_site: dict[str, list[LastRun]] = {}
    for run in sorted(latest.values(), key=lambda run: run.finished or 0.0):
        by_site.setdefault(run.site, []).append(run)
    ledgers = LedgerCounts(store.engine).by_site(beijing_time(time.time()).date())
    listed = [
        replace(_listed(site, name, folder, by_site.get(site, []), counts), ledger=ledgers.get(site, SiteLedger()))
        for site, name in sites
    ]
    path = folder / "index.html"
    with whole(path) as out:
        out.write(index(listed, language).encode())
    return path


def _listed(
    site: str,
    name: str,
    folder: Path,
    rows: Sequence[LastRun],
    counts: dict[int, dict[str, int]],
) -> Listed:
    """Describe a site by its last run and the worst of what its scopes found: a homepage is part of the whole site.

    ``rows`` are the last runs of its scopes, the oldest first.
    """
    files = sorted((path.name for path in (folder / place(site)).glob("*") if NAME.fullmatch(path.name)), reverse=True)
    if not rows:
        return Listed(name or site, place(site), tuple(files))
    worst = max((counts.get(row.id, {}) for row in rows), key=lambda each: [each.get(s, 0) for s in SEVERITIES])
    return Listed(name or site, place(site), tuple(files), rows[-1].status, when_of(rows[-1]), worst)


def prune_reports(folder: Path, days: int, today: date) -> int:
    """Remove reports older than so many days, by the date in their names; return how many."""
    removed = 0
    for path in folder.glob("*/*"):
        match = NAME.fullmatch(path.name)
        if match and (today - date.fromisoformat(match[1])).days > days:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def place(site: str) -> str:
    """Return the name of a site's folder: ``host:port`` as ``host-port``."""
    return re.sub(r"[^\w.-]", "-", site)


def sweep_leftovers(folder: Path, older_than: float = 3600.0) -> None:
    """Remove what a killed process left of files that it had not finished, once they are that many seconds old."""
    for path in [*folder.glob(".*.*"), *folder.glob("*/.*.*")]:
        try:
            if time.time() - path.stat().st_mtime > older_than:
                path.unlink(missing_ok=True)
        except OSError:
            continue
