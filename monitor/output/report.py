"""Build the report of a run from the store, and write it where the user wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from checks.model import NOTHING, Finding
from checks.security.observatory.labels import TITLES
from monitor.output.files import whole
from monitor.store import Store
from monitor.store.findings import FindingStore
from monitor.store.history import FaultRecord, FaultStore
from monitor.store.runs import RunRecord
from reports import FORMATS
from reports.model import Baseline, Entry, Report, Run, Scope, Security, Status

ZONE = ZoneInfo("Asia/Shanghai")
"""Offices read Beijing time, wherever the server stands."""


def build_report(store: Store, number: int) -> Report:
    """Return the report of a run. Raises KeyError where there is none of that number."""
    row = store.runs.load(number)
    history = FaultStore(store.engine, row.site, row.scope)
    records = history.load()
    fixed = [key for key, record in records.items() if record.fixed_run == number]
    unverified = [key for key, record in records.items() if record.fixed is None and record.last_run < number]
    entries = [
        _entry(stored.finding, records[stored.fingerprint], stored.baseline)
        for chunk in FindingStore(store.engine, number).load()
        for stored in chunk
    ]
    gone = [_entry(finding, records[key], Baseline.FIXED) for key, finding in history.load_findings(fixed)]
    unseen = [_entry(finding, records[key], Baseline.UNVERIFIED) for key, finding in history.load_findings(unverified)]
    titles = history.load_titles({entry.finding.url for entry in (*entries, *gone, *unseen)})
    previous = store.runs.previous(row)
    return Report(
        run=run_of(row),
        findings=_titled(entries, titles),
        fixed=_titled(gone, titles),
        unverified=_titled(unseen, titles),
        previous=run_of(previous) if previous else None,
        notices=row.facts.notices,
        checks=row.facts.checks,
        columns=row.facts.columns,
        score=row.facts.score,
        security=_with_titles(row.facts.security) if row.facts.security else None,
    )


def _with_titles(security: Security) -> Security:
    """Return a grade with the titles of its tests; those of a test that is no more say nothing."""
    tests = {name: replace(test, title=TITLES.get(name, NOTHING)) for name, test in security.tests.items()}
    return replace(security, tests=tests)


def run_of(row: RunRecord) -> Run:
    """Return the facts of a stored run as reports know them."""
    return Run(
        id=str(row.id),
        site=row.name or row.site,
        url=row.url,
        scope=Scope(row.scope),
        started=_time(row.started),
        finished=_time(row.finished) if row.finished is not None else None,
        status=Status.PARTIAL if row.status == "running" else Status(row.status),
        scheduled_for=_time(row.scheduled_for) if row.scheduled_for is not None else None,
        pages=row.pages,
        requests=row.requests,
        links=row.links,
        bytes=row.bytes,
        reason=row.reason,
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZONE)


def _entry(finding: Finding, record: FaultRecord, baseline: Baseline) -> Entry:
    return Entry(
        finding=finding,
        baseline=baseline,
        first_seen=_time(record.first_seen),
        last_seen=_time(record.last_seen),
        runs=record.runs,
    )


def _titled(entries: Iterable[Entry], titles: Mapping[str, str]) -> tuple[Entry, ...]:
    return tuple(replace(entry, page_title=titles.get(entry.finding.url, "")) for entry in entries)


def write_reports(report: Report, formats: Iterable[str], out: Path, language: str) -> list[Path]:
    """Write a report in formats: into ``out`` itself where it names a file, else into that folder.

    Each file appears whole or not at all. Raises OSError.
    """
    names = list(formats)
    single = len(names) == 1 and not out.is_dir() and out.suffix != ""
    written = []
    for name in names:
        path = out if single else out / f"{_stem(report)}.{FORMATS[name].extension}"
        write_report(report, name, path, language)
        written.append(path)
    return written


def _stem(report: Report) -> str:
    host = report.run.url.split("/")[2].replace(":", "-")
    return f"{host}-{report.run.when:%Y%m%d-%H%M%S}-{report.run.scope.value}"


def write_report(report: Report, name: str, path: Path, language: str) -> None:
    """Write a report in one format to a file that appears whole or not at all. Raises OSError."""
    with whole(path) as out:
        FORMATS[name].write(report, language, out)
