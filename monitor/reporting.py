"""Build the report of a run from the store, and write it where the user wants it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from checks.model import Text
from monitor.store import Store
from monitor.store.codec import finding_from_json
from monitor.store.crawl import CrawlStore
from monitor.store.history import History
from monitor.store.runs import RunRow
from reports import FORMATS
from reports.model import Baseline, Entry, Report, Run, Scope, Status, Tally

ZONE = ZoneInfo("Asia/Shanghai")
"""Offices read Beijing time, wherever the server stands."""


def build(store: Store, number: int) -> Report:
    """Return the report of a run. Raises KeyError where there is none of that number."""
    row = store.runs.get(number)
    history = History(store.engine, row.site, row.scope)
    known = history.rows()
    titles = history.titles({item["body"]["url"] for item in known.values()})
    found = CrawlStore(store.engine, number).findings()
    previous = store.runs.previous(row)
    return Report(
        run=run_of(row),
        findings=tuple(_entry(item["body"], known[item["fingerprint"]], item["baseline"], titles) for item in found),
        fixed=_gone(known, titles, Baseline.FIXED, number),
        unverified=_gone(known, titles, Baseline.UNVERIFIED, number),
        previous=run_of(previous) if previous else None,
        notices=tuple(Text(*notice) for notice in row.facts.get("notices", ())),
        checks=tuple(Tally(**tally) for tally in row.facts.get("checks", ())),
    )


def run_of(row: RunRow) -> Run:
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
        reason=Text(*row.reason),
    )


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(ZONE)


def _entry(body: Mapping[str, Any], known: Mapping[str, Any], baseline: str, titles: Mapping[str, str]) -> Entry:
    finding = finding_from_json(body)
    return Entry(
        finding=finding,
        baseline=Baseline(baseline),
        first_seen=_time(known["first_seen"]),
        last_seen=_time(known["last_seen"]),
        page_title=titles.get(finding.url, ""),
        runs=known["runs"],
    )


def _gone(known: Mapping[str, Any], titles: Mapping[str, str], as_: Baseline, number: int) -> tuple[Entry, ...]:
    fixed = as_ is Baseline.FIXED
    rows = (
        row
        for row in known.values()
        if (row["fixed_run"] == number if fixed else row["fixed"] is None and row["last_run"] < number)
    )
    return tuple(_entry(row["body"], row, as_, titles) for row in rows)


def write(report: Report, formats: Iterable[str], out: Path, language: str) -> list[Path]:
    """Write a report in formats: into ``out`` itself where it names a file, else into that folder.

    Each file appears whole or not at all. Raises OSError.
    """
    names = list(formats)
    single = len(names) == 1 and not out.is_dir() and out.suffix != ""
    written = []
    for name in names:
        path = out if single else out / f"{_stem(report)}.{FORMATS[name].extension}"
        _write_whole(report, name, path, language)
        written.append(path)
    return written


def _stem(report: Report) -> str:
    host = report.run.url.split("/")[2].replace(":", "-")
    return f"{host}-{report.run.when:%Y%m%d-%H%M%S}-{report.run.scope.value}"


def _write_whole(report: Report, name: str, path: Path, language: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w+b") as out:
            FORMATS[name].write(report, language, out)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
