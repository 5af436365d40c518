"""Leave the reports of scheduled runs in a folder, and take away what is past its time."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from pathlib import Path

from monitor.output.file_names import REPORT, folder_of, stem_of
from monitor.output.letterhead_files import letterhead_of
from monitor.output.report import build_report, snapshot_writer, write_report
from monitor.output.snapshots import FOLDER
from monitor.settings.report import ReportSettings
from monitor.store import Store
from monitor.store.runs import RunRecord
from monitor.store.statistics import SUCCESSES, LastRun, Statistics
from reports import FORMATS


def publish(store: Store, run: int, folder: Path, settings: ReportSettings, formats: Sequence[str]) -> list[Path]:
    """Write the report of a run in formats into the folder of its site. Raises OSError and LetterheadError."""
    report = build_report(store, run, letterhead_of(settings))
    row = store.runs.load(run)
    snapshots = snapshot_writer(store, row, settings.language, wanted=settings.snapshots)
    written = []
    for name in formats:
        path = folder / file_of(row, name)
        write_report(report, name, path, settings.language, snapshots)
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


def prune_reports(folder: Path, days: int, today: date) -> int:
    """Remove reports older than so many days, by the date in their names, with their snapshots; return how many."""
    removed = 0
    for path in folder.glob(f"*/{FOLDER}/*"):
        match = REPORT.fullmatch(f"{path.name}.html")
        if match and (today - date.fromisoformat(match["date"])).days > days:
            shutil.rmtree(path, ignore_errors=True)
    for path in folder.glob("*/*"):
        match = REPORT.fullmatch(path.name)
        if match and path.is_file() and (today - date.fromisoformat(match["date"])).days > days:
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
