"""Leave the reports of scheduled runs in a folder, with a page that lists them, the worst site first."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from monitor.beijing import beijing_time
from monitor.output.file_names import REPORT, folder_of, newest_first, stem_of, when_of
from monitor.output.files import whole
from monitor.output.letterhead_files import letterhead_of
from monitor.output.report import build_report, write_report
from monitor.settings.report import ReportSettings
from monitor.store import Store
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.runs import RunRecord
from monitor.store.statistics import SUCCESSES, LastRun, Statistics
from reports import FORMATS
from reports.index import Listed, index
from reports.remediation.figures import SiteLedger

SEVERITIES = ("critical", "major", "minor")


def publish(store: Store, run: int, folder: Path, settings: ReportSettings, formats: Sequence[str]) -> list[Path]:
    """Write the report of a run in formats into the folder of its site. Raises OSError and LetterheadError."""
    report = build_report(store, run, letterhead_of(settings))
    row = store.runs.load(run)
    written = []
    for name in formats:
        path = folder / file_of(row, name)
        write_report(report, name, path, settings.language)
        written.append(path)
    return written


def file_of(row: RunRecord | LastRun, name: str) -> Path:
    """Return where the report of a run in one format belongs, below the folder of reports."""
    return Path(folder_of(row.site)) / f"{stem_of(row)}.{FORMATS[name].extension}"


def unpublished(
    store: Store, sites: Collection[str], folder: Path, formats: Callable[[str], Sequence[str]]
) -> list[LastRun]:
    """Return the last runs of sites whose reports are not all there: made by hand, or the process ended before.

    ``formats`` says in which formats the reports of a site are written.
    """
    latest = Statistics(store.engine).latest().values()
    return [
        row
        for row in latest
        if row.site in sites
        and (row.scheduled_for is not None or row.status in SUCCESSES)
        and not is_published(row, folder, formats(row.site))
    ]


def is_published(row: RunRecord | LastRun, folder: Path, formats: Iterable[str]) -> bool:
    """Return whether the reports of a run are all there."""
    return all((folder / file_of(row, name)).exists() for name in formats)


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
        out.writelines(piece.encode() for piece in index(listed, language))
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
    reports = (path.name for path in (folder / folder_of(site)).glob("*") if REPORT.fullmatch(path.name))
    files = sorted(reports, key=newest_first, reverse=True)
    if not rows:
        return Listed(name or site, folder_of(site), tuple(files))
    worst = max((counts.get(row.id, {}) for row in rows), key=lambda each: [each.get(s, 0) for s in SEVERITIES])
    return Listed(name or site, folder_of(site), tuple(files), rows[-1].status, when_of(rows[-1]), worst)


def prune_reports(folder: Path, days: int, today: date) -> int:
    """Remove reports older than so many days, by the date in their names; return how many."""
    removed = 0
    for path in folder.glob("*/*"):
        match = REPORT.fullmatch(path.name)
        if match and (today - date.fromisoformat(match["date"])).days > days:
            path.unlink(missing_ok=True)
            removed += 1
    return removed


def sweep_leftovers(folder: Path, older_than: float = 3600.0) -> None:
    """Remove what a killed process left of files that it had not finished, once they are that many seconds old."""
    for path in [*folder.glob(".*.*"), *folder.glob("*/.*.*")]:
        try:
            if time.time() - path.stat().st_mtime > older_than:
                path.unlink(missing_ok=True)
        except OSError:
            continue
