"""Choose the pages of a run that are kept as they were fetched: where the worst faults are, a few of each rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from checks.model import Confidence
from monitor.crawl.page_reader import digest_of
from monitor.failure import failure_of
from monitor.inspection.site_probes import CrawledSite
from monitor.logs import tell
from monitor.store.findings import FindingStore
from monitor.store.snapshots import Snapshot, SnapshotStore
from reports import facts
from reports.snapshot import is_on_pages

OF_A_RULE = 5
"""Pages that are kept because of one rule: the sixth page without a source shows nothing that five did not."""

CONFIDENTIAL = frozenset({"privacy", "secrecy"})
"""Families of faults whose pages are not kept: identity numbers and secrets that leaked once must not leak again."""

ROOM = 4 * 1024 * 1024
"""Bytes, before packing, that a run keeps; a page of an official site has 40,000."""


class _Fault(NamedTuple):
    """A finding as the choice sees it; the worst sorts first."""

    rank: int
    suspected: bool
    rule: str
    url: str


def keep_snapshots(site: CrawledSite) -> None:
    """Keep pages with faults as this run fetched them. That the spool fails costs the snapshots, not the run."""
    wanted = site.crawl.settings.snapshots
    if not wanted:
        return
    try:
        taken = list(_taken(site, wanted))
    except OSError as error:
        tell("warning", "pages were not kept as they were fetched", error=failure_of(error).reason)
        return
    SnapshotStore(site.store.engine).save(site.run.id, taken)


def _taken(site: CrawledSite, wanted: int) -> Iterator[Snapshot]:
    """Yield the pages that are kept: those just read, and unchanged ones of which an earlier run kept the content."""
    store, now = SnapshotStore(site.store.engine), site.crawl.now().timestamp()
    faults = sorted(_faults(site))
    digests = store.digests(site.run.id, {fault.url for fault in faults})
    known = store.known(set(digests.values()))
    of_rule, room, kept = Counter[str](), ROOM, set[str]()
    for fault in faults:
        if len(kept) == wanted:
            return
        if of_rule[fault.rule] == OF_A_RULE:
            continue
        if fault.url not in kept:
            digest, body, content_type = digests.get(fault.url, b""), b"", ""
            page = site.crawl.reader.spool.read(fault.url) if digest not in known else None
            if page is not None:
                digest, body, content_type = digest_of(page.body), page.body, page.content_type
            if (page is None and digest not in known) or len(body) > room:
                continue
            room -= len(body)
            kept.add(fault.url)
            yield Snapshot(fault.url, digest, now, content_type, body)
        of_rule[fault.rule] += 1


def _faults(site: CrawledSite) -> set[_Fault]:
    """Return what can be seen on pages; those that show what nobody may see are no evidence to hand around."""
    found, confidential = set[_Fault](), set[str]()
    for chunk in FindingStore(site.store.engine, site.run.id).load():
        for finding in (stored.finding for stored in chunk):
            if finding.rule.family in CONFIDENTIAL:
                confidential.update((finding.url, *finding.pages))
            elif is_on_pages(finding.rule):
                unsure = finding.confidence is not Confidence.CONFIRMED
                found.add(_Fault(finding.weight.rank, unsure, finding.rule.id, facts.place(finding)))
    return {fault for fault in found if fault.url not in confidential}
