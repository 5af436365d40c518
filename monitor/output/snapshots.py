"""Give the pages that a run kept as they were fetched: one of them as a document, or all of them beside a report."""

from __future__ import annotations

import re
import shutil
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from msgspec.structs import replace

from checks.late_pattern import late
from checks.model import Excerpt, Finding
from monitor.beijing import beijing_time
from monitor.output.files import whole
from monitor.pages.bounds import bounded
from monitor.pages.decoding import decode
from monitor.store import Store
from monitor.store.findings import FindingStore
from monitor.store.runs import RunRecord
from monitor.store.snapshots import SnapshotStore
from reports import facts
from reports.model import Entry, Report
from reports.outline import worst_first
from reports.snapshot import FetchedPage, PageFault, render, source_of

FOLDER = "snapshots"
"""The folder of snapshots beside reports; each report has one of its own in it."""

TITLE = late(r"<title\b[^>]*>([^<]{0,500})", re.IGNORECASE)

FAULTS = 50
"""Faults that are marked on one page, and quoted from its source: a page may have thousands of dead links."""


def snapshot(
    store: Store, run: int, page: str, language: str = "zh-CN", only: Iterable[Finding] | None = None
) -> bytes | None:
    """Return a page as a run fetched it: an HTML document that runs nothing and loads nothing, its faults marked.

    ``only`` are the faults to mark, if not all: a run may have very many, and not everybody may see each. None where
    the run, or the page of that run, was not kept. A server sends it from a path of its own, with
    ``Content-Security-Policy: sandbox`` beside ``content_policy()``, which is in it as well.
    """
    try:
        row = store.runs.load(run)
    except KeyError:
        return None
    kept = fetched_page(store, row, page)
    if kept is None:
        return None
    if only is None:
        only = (stored.finding for chunk in FindingStore(store.engine, run).load() for stored in chunk)
    faults = (page_fault(finding, language) for finding in only if facts.place(finding) == page)
    return render(kept, islice(faults, FAULTS), language).document


def page_fault(finding: Finding, language: str = "zh-CN") -> PageFault:
    """Return a fault as ``snapshot`` marks it: its ``anchor`` stays the same from run to run."""
    return PageFault(finding.fingerprint[:10], facts.message(finding, language), finding)


def fetched_page(store: Store, row: RunRecord, url: str) -> FetchedPage | None:
    """Return a page as a run fetched it, decoded; None where it was not kept."""
    kept = SnapshotStore(store.engine).load(row.id, url)
    if kept is None:
        return None
    source = bounded(decode(kept.body, kept.content_type or None).text.replace("\0", "\ufffd"))
    match = TITLE.search(source)
    return FetchedPage(
        url, match[1].strip() if match else "", source, beijing_time(kept.fetched), str(row.id), row.name or row.site
    )


def with_sources(store: Store, row: RunRecord, entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Return findings with the elements of the source that they are about, where their pages were kept."""
    kept = set(SnapshotStore(store.engine).urls(row.id))
    pages: dict[str, FetchedPage | None] = {}
    looked, quoted = Counter[str](), []
    for entry in worst_first(entries):
        url = facts.place(entry.finding)
        source: Excerpt | None = None
        if url in kept and entry.finding.text is None and looked[url] < FAULTS:
            looked[url] += 1
            if url not in pages:
                pages[url] = fetched_page(store, row, url)
            page = pages[url]
            source = source_of(page.source, entry.finding) if page else None
        quoted.append(replace(entry, source=source) if source else entry)
    return tuple(quoted)


def write_beside(store: Store, row: RunRecord, report: Report, file: Path, language: str) -> Report:
    """Write the pages that a run kept beside the file of its report, and return the report with links to them.

    They lie in ``snapshots/NAME OF THE REPORT/``, in the place of those of an earlier report of that name. Raises
    OSError.
    """
    folder = file.parent / FOLDER / file.stem
    shutil.rmtree(folder, ignore_errors=True)
    links: dict[str, str] = {}
    for number, (url, faults) in enumerate(_faults(store, row, report, language).items(), start=1):
        page = fetched_page(store, row, url)
        rendered = render(page, faults[:FAULTS], language) if page else None
        if rendered is None or not rendered.shown:
            continue
        name = f"{number:03}.html"
        with whole(folder / name) as out:
            out.write(rendered.document)
        for fault in rendered.shown:
            links[fault.finding.fingerprint] = f"{FOLDER}/{quote(file.stem)}/{name}#{fault.anchor}"
    return replace(report, snapshots=links)


def _faults(store: Store, row: RunRecord, report: Report, language: str) -> Mapping[str, list[PageFault]]:
    """Return the faults of each page that the run kept, by its address; pages without any are left out."""
    kept = set(SnapshotStore(store.engine).urls(row.id))
    found: dict[str, list[PageFault]] = {}
    for entry in worst_first(report.findings):
        url = facts.place(entry.finding)
        if url in kept:
            fault = PageFault(entry.number, facts.message(entry.finding, language), entry.finding)
            found.setdefault(url, []).append(fault)
    return found
