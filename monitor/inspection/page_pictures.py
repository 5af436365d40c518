"""Take pictures of the pages with the worst faults, the places outlined, and of the homepage, as evidence."""

from __future__ import annotations

import asyncio
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from checks.late_pattern import late
from checks.model import Confidence, Finding, Response, Severity
from monitor.browser.chromium import BrowserMissingError
from monitor.browser.renderer import NotDrawnError
from monitor.browser.screenshots import Mark
from monitor.crawl.page_drawing import PageDrawing
from monitor.failure import failure_of
from monitor.fetch import Fetched
from monitor.inspection.site_probes import CrawledSite
from monitor.inspection.snapshots import CONFIDENTIAL
from monitor.logs import tell
from monitor.store.findings import FindingStore
from monitor.store.pictures import FindingPicture, PictureStore
from reports import facts
from reports.picture import HOMEPAGE
from reports.snapshot import SHORTEST, is_on_pages

OUTLINED = 20
"""Faults that are outlined on one page."""

NEIGHBOURS = 12
"""Characters beside a wording by which the right place of several is told."""

POINTING = late(r"""<\w[^>]*?\s(?:href|src|action|data)\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
"""The address in an element that a finding quotes."""


async def take_pictures(site: CrawledSite) -> None:
    """Keep pictures of a run. That none can be taken costs the pictures, not the run."""
    drawing = site.crawl.reader.drawing
    if drawing is None or not drawing.is_possible or not drawing.settings.pictures or site.crawl.stopped:
        return
    wanted = dict(list(_marks(site).items())[: drawing.settings.pictures])
    try:
        taken = await asyncio.gather(*(_pictures_of(site, drawing, url, marks) for url, marks in wanted.items()))
    except BrowserMissingError as error:
        tell("warning", "no pictures of pages were taken", error=failure_of(error).reason)
        return
    PictureStore(site.store.engine).save(site.run.id, [picture for pictures in taken for picture in pictures])


async def _pictures_of(site: CrawledSite, drawing: PageDrawing, url: str, marks: list[Mark]) -> list[FindingPicture]:
    """Return the pictures of one page. Raises BrowserMissingError."""
    document = await _document(site, url)
    if document is None:
        return []
    try:
        shots = await drawing.take_shots(document, marks[:OUTLINED])
    except NotDrawnError as error:
        tell("warning", "no picture of a page was taken", at=url, error=error.reason.en)
        return []
    return [FindingPicture(key, shot.picture) for shot in shots for key in shot.keys]


async def _document(site: CrawledSite, url: str) -> Fetched | None:
    """Return a page as it was sent; one that was answered for from memory, or had no room, is fetched for it."""
    kept = site.crawl.reader.spool.read_sent(url)
    if kept is not None:
        return Fetched(Response(url, 200, kept.headers), kept.body)
    fetched = await site.crawl.context.fetch_once(url)
    return fetched if fetched.response.status == 200 and fetched.response.error is None else None


def _marks(site: CrawledSite) -> dict[str, list[Mark]]:
    """Return what to outline on which page: the homepage first, then the pages with critical faults.

    Pages that show what nobody may see are left out, however bad their other faults are: a picture is handed around.
    So are those on which a picture stands that gives it away, and where not all of them are known there is none at all.
    """
    marks, confidential = defaultdict[str, list[Mark]](list), set[str]()
    if site.crawl.options.whole:
        marks[site.home].append(Mark(HOMEPAGE))
    for finding in _findings(site):
        if finding.rule.family in CONFIDENTIAL:
            confidential.update((finding.url, *finding.pages))
            if finding.picture is not None and not finding.picture.box.page:
                if not _knows_all_pages(finding):
                    return {}
                confidential.update(referrer.url for referrer in facts.referrers(finding))
        elif is_on_pages(finding.rule) and finding.weight is Severity.CRITICAL:
            mark = _mark(finding)
            at = marks[facts.place(finding)]
            at.insert(0, mark) if finding.confidence is Confidence.CONFIRMED else at.append(mark)
    return {url: found for url, found in marks.items() if url not in confidential}


def _knows_all_pages(finding: Finding) -> bool:
    """Return whether all pages are known that show a picture; on how many a style sheet shows it, nobody knows."""
    referrers = facts.referrers(finding)
    has_styles = any(PurePosixPath(urlsplit(each.url).path).suffix.lower() == ".css" for each in referrers)
    return len(referrers) == facts.referrer_count(finding) and not has_styles


def _findings(site: CrawledSite) -> Iterator[Finding]:
    for chunk in FindingStore(site.store.engine, site.run.id).load():
        for stored in chunk:
            yield stored.finding


def _mark(finding: Finding) -> Mark:
    """Return how the place of a finding is told on its page."""
    if finding.target is not None:
        return Mark(finding.fingerprint, url=finding.target.url, href=finding.target.href)
    if finding.text is not None:
        text = finding.text
        return Mark(
            finding.fingerprint, text=text.wrong, before=text.before[-NEIGHBOURS:], after=text.after[:NEIGHBOURS]
        )
    evidence = finding.evidence.partition("\n")[0].partition(" … ")[0].strip()
    pointing = POINTING.search(evidence)
    if pointing is not None:
        return Mark(finding.fingerprint, url=pointing[1], href=pointing[1])
    return Mark(finding.fingerprint, text=evidence if len(evidence) >= SHORTEST and "<" not in evidence else "")
