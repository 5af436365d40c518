"""Build the report of a run from the store, and write it where the user wants it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from msgspec.structs import replace

from checks.model import NOTHING, Finding, Text
from monitor.beijing import beijing_time
from monitor.output.files import whole
from monitor.output.snapshots import with_sources, write_beside
from monitor.output.trend import probed_days, trend_of
from monitor.store import Store
from monitor.store.findings import FindingStore
from monitor.store.ledger.counts import LedgerCounts
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.sightings import FaultRecord, FaultStore
from monitor.store.pictures import PictureStore
from monitor.store.runs import RunRecord
from reports import FORMATS, facts
from reports.letterhead import NO_LETTERHEAD, Letterhead
from reports.model import Baseline, Entry, Report, Run, Scope, Security, Status
from reports.outline import worst_first
from reports.picture import HOMEPAGE
from reports.remediation.entry import LedgerEntry
from reports.remediation.figures import SiteLedger
from reports.remediation.states import State

PICTURES = 3 * 1024 * 1024
"""Bytes of pictures that a report shows, worst findings first: as text they are 4 MiB, and the report is mailed."""


def build_report(store: Store, number: int, letterhead: Letterhead = NO_LETTERHEAD) -> Report:
    """Return the report of a run. Raises KeyError where there is none of that number."""
    row = store.runs.load(number)
    history, ledger = FaultStore(store.engine, row.site, row.scope), EntryStore(store.engine)
    stored = [each for chunk in FindingStore(store.engine, number).load() for each in chunk]
    unseen = history.unseen_since(number)
    known = ledger.load(row.site, {each.fingerprint for each in stored} | unseen)
    seen = history.load(known)
    today = run_of(row).when.date()
    # What a run found that broke down before its end was never compared with anything, and is no entry.
    settled = [each for each in stored if each.fingerprint in known]
    found = [_entry(each.finding, known[each.fingerprint], each.baseline, seen, today) for each in settled]
    gone = [_entry(each.finding, each, Baseline.FIXED, {}, today) for each in ledger.closed_by(number)]
    unverified = [_entry(known[key].finding, known[key], Baseline.UNVERIFIED, seen, today) for key in unseen]
    titles = history.load_titles(_pages((*found, *gone, *unverified)))
    hidden = [entry for entry in found if entry.state is State.FALSE_POSITIVE]
    shown = [entry for entry in found if entry.state is not State.FALSE_POSITIVE]
    previous = store.runs.previous(row)
    return Report(
        run=run_of(row),
        findings=with_sources(store, row, _titled(shown, titles)),
        fixed=_titled(gone, titles),
        unverified=_titled((each for each in unverified if each.state is not State.FALSE_POSITIVE), titles),
        suppressed=_titled(hidden, titles),
        previous=run_of(previous) if previous else None,
        notices=(*row.facts.notices, *_hidden_notice(len(hidden))),
        checks=row.facts.checks,
        ledger=LedgerCounts(store.engine).by_site(today, row.site).get(row.site, SiteLedger()),
        columns=row.facts.columns,
        score=row.facts.score,
        security=_with_titles(row.facts.security) if row.facts.security else None,
        letterhead=letterhead,
        trend=trend_of(store, row),
        availability=probed_days(store, row.site, today),
        titles={url: title for url, title in titles.items() if title},
        pictures=PictureStore(store.engine).of_findings(
            number, (HOMEPAGE, *(entry.finding.fingerprint for entry in worst_first(shown))), PICTURES
        ),
    )


def _with_titles(security: Security) -> Security:
    """Return a grade with the titles of its tests; those of a test that is no more say nothing."""
    from checks.security.observatory.labels import TITLES

    tests = {name: replace(test, title=TITLES.get(name, NOTHING)) for name, test in security.tests.items()}
    return replace(security, tests=tests)


def run_of(row: RunRecord) -> Run:
    """Return the facts of a stored run as reports know them."""
    return Run(
        id=str(row.id),
        site=row.name or row.site,
        url=row.url,
        scope=Scope(row.scope),
        started=beijing_time(row.started),
        finished=beijing_time(row.finished) if row.finished is not None else None,
        status=Status.PARTIAL if row.status == "running" else Status(row.status),
        scheduled_for=beijing_time(row.scheduled_for) if row.scheduled_for is not None else None,
        pages=row.pages,
        requests=row.requests,
        links=row.links,
        bytes=row.bytes,
        reason=row.reason,
    )


def _hidden_notice(count: int) -> tuple[Text, ...]:
    """Say how many findings are not listed because somebody called them false positives."""
    if not count:
        return ()
    chinese = f"另有 {count} 处已判为误报，没有列出（sitehealth suppressions list）"
    return (Text(chinese, f"{count} findings are false positives and not listed (sitehealth suppressions list)"),)


def _entry(
    finding: Finding, known: LedgerEntry, baseline: Baseline, seen: Mapping[str, FaultRecord], today: date
) -> Entry:
    """Return a finding with what the ledger knows of it; ``seen`` is what the scope of the report saw of faults."""
    record = seen.get(known.fingerprint)
    return Entry(
        finding=finding,
        baseline=baseline,
        first_seen=known.first_seen,
        last_seen=beijing_time(record.last_seen) if record else known.last_seen,
        state=known.state,
        runs=record.runs if record else 1,
        entry=known.number,
        department=known.department,
        owner=known.owner,
        deadline=known.deadline,
        overdue=known.overdue(today),
        reason=known.reason,
    )


def _pages(entries: Iterable[Entry]) -> set[str]:
    """Return the pages that a report names: those of findings, and those that link to targets and files."""
    pages = set()
    for entry in entries:
        pages.add(entry.finding.url)
        pages.update(referrer.url for referrer in facts.referrers(entry.finding))
    return pages


def _titled(entries: Iterable[Entry], titles: Mapping[str, str]) -> tuple[Entry, ...]:
    """Return entries with the titles of their pages; that of a link or file is the page that links to it."""
    return tuple(replace(entry, page_title=titles.get(facts.place(entry.finding), "")) for entry in entries)


SnapshotWriter = Callable[[Report, Path], Report]
"""Writes the pages of a report beside its file, and returns the report with links to them."""


def snapshot_writer(store: Store, row: RunRecord, language: str, *, wanted: bool) -> SnapshotWriter | None:
    """Return what lays the pages of a run beside its HTML report, None where nobody wants them."""
    return (lambda report, path: write_beside(store, row, report, path, language)) if wanted else None


def write_reports(  # noqa: PLR0913 - one of them has a default
    report: Report,
    formats: Iterable[str],
    out: Path,
    language: str,
    *,
    stem: str,
    snapshots: SnapshotWriter | None = None,
) -> list[Path]:
    """Write a report in formats: into ``out`` itself where it names a file, else into that folder under ``stem``.

    ``snapshots`` writes what lies beside an HTML report, None where nothing does. Each file appears whole or not at
    all. Raises OSError.
    """
    names = list(formats)
    single = len(names) == 1 and not out.is_dir() and out.suffix != ""
    written = []
    for name in names:
        path = out if single else out / f"{stem}.{FORMATS[name].extension}"
        write_report(report, name, path, language, snapshots)
        written.append(path)
    return written


def write_report(report: Report, name: str, path: Path, language: str, snapshots: SnapshotWriter | None = None) -> None:
    """Write a report in one format to a file that appears whole or not at all. Raises OSError."""
    if name == "html" and snapshots is not None:
        report = snapshots(report, path)
    with whole(path) as out:
        FORMATS[name].write(report, language, out)
