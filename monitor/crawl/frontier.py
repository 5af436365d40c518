"""Remember which addresses a run has met, and collect what it learned until the store has it."""

from __future__ import annotations

import asyncio
import time
from bisect import insort
from collections import defaultdict
from collections.abc import Iterable

from msgspec import Struct, field

from checks.model import Facts, Page, Reference
from checks.reading.application_root import has_empty_root
from checks.reading.word_search import WordSearch
from monitor.crawl.answers import is_dead, is_doubtful, to_keep
from monitor.crawl.jobs import Job
from monitor.crawl.traps import Traps
from monitor.store.crawl.frontier import Batch, CrawlStore, TrapState
from monitor.store.crawl.pages import PageRecord
from monitor.store.crawl.targets import NewTarget, TargetAnswer
from monitor.store.findings import CheckFinding

FLUSH_ANSWERS, FLUSH_ROWS, FLUSH_SECONDS = 256, 2000, 1.0
"""What a kill may cost, a second at most: a batch is written when it has so many answers or rows, or is so old. A page
of 60 references costs 1.5 CPU ms by itself, 0.23 in a batch of 16 answers, 0.11 in one of 128, 0.10 in one of 256."""


class Counters(Struct):
    """What a run has done so far; ``findings`` are those that are certain before the end.

    ``unread`` of the ``pages`` have no verdict yet: a run that is resumed reads them again.
    """

    findings: int = 0
    pages: int = 0
    unread: int = 0
    links: int = 0
    requests: int = 0
    bytes: int = 0


class PageUnderWay(Struct):
    """Counts a page while it is read; one that is broken off does not count, since it is read again."""

    counters: Counters

    def __enter__(self) -> None:
        """Count the page, which has no verdict yet."""
        self.counters.pages += 1
        self.counters.unread += 1

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take note that it was read, whatever came of it."""
        self.counters.unread -= 1
        if kind is asyncio.CancelledError:
            self.counters.pages -= 1


APPLICATIONS = WordSearch('id="app"', "data-reactroot", "ng-app", "<router-view")
"""What stands in the source of an application: of Vue, React, Angular."""

PAGES_KEPT = 20
"""Pages remembered of one finding, as of the referrers of a target; their number is exact."""


class Places(Struct):
    """The pages on which a finding stands: some of them, and how many there are.

    Those with the shortest addresses are kept, whichever were read first: two runs of one site name the same.
    """

    pages: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, url: str) -> bool:
        """Take in one more page; return whether its address is the shortest so far."""
        first = not self.pages or _by_length(url) < _by_length(self.pages[0])
        self.count += 1
        if len(self.pages) < PAGES_KEPT or _by_length(url) < _by_length(self.pages[-1]):
            insort(self.pages, url, key=_by_length)
            del self.pages[PAGES_KEPT:]
        return first


def _by_length(url: str) -> tuple[int, str]:
    return len(url), url


class Frontier(Struct):
    """The addresses of a run, in ``ids``; the store gets what was learned in batches.

    ``places`` has by fingerprint where a finding stands.
    """

    store: CrawlStore
    traps: Traps
    counters: Counters = field(default_factory=Counters)
    ids: dict[str, int] = field(default_factory=dict)
    batch: Batch = field(default_factory=Batch)
    places: defaultdict[str, Places] = field(default_factory=lambda: defaultdict(Places))
    flushed: float = 0.0

    def add(self, reference: Reference, depth: int, parent: int) -> Job:
        """Take a new address into the frontier."""
        number = len(self.ids)
        self.ids[reference.url] = number
        target = NewTarget(number, reference.url, reference.kind, reference.element[:64], depth, parent)
        self.batch.met.append(target)
        return Job(number, reference.url, reference.kind, reference.element, depth)

    def settle(self, job: Job, answer: TargetAnswer) -> None:
        """Keep what a target answered."""
        self.counters.links += 1
        self.counters.findings += is_dead(answer)
        self.batch.answered.append((job.id, to_keep(answer)))

    def reading(self) -> PageUnderWay:
        """Count a page while it is read (in a ``with``)."""
        return PageUnderWay(self.counters)

    def keep(self, page: PageRecord) -> None:
        """Keep a page, and what was found on it."""
        self.batch.pages[page.url] = page
        self._keep_findings(page)

    def keep_unchanged(self, page: PageRecord) -> None:
        """Keep a page as an earlier run read it: what was wrong with it still is."""
        self.batch.unchanged.append(page.url)
        self._keep_findings(page)

    def _keep_findings(self, page: PageRecord) -> None:
        """Take in what no other page has, and count the pages of the rest.

        What stands on many is kept as it is on the page with the shortest address: which was read first is chance.
        """
        for fingerprint, found in {found.finding.fingerprint: found for found in page.findings}.items():
            places = self.places[fingerprint]
            if not places.count:
                self.counters.findings += 1
            if places.add(page.url):
                self.batch.findings[fingerprint] = found

    def flush(self, *, force: bool = False) -> None:
        """Write the batch when it is large enough. Where the store fails it is kept, to be written with what follows.

        Were it dropped, a page could be done in the store whose links are not: a resumed run would never ask for them.
        """
        rows = len(self.batch)
        full = len(self.batch.answered) >= FLUSH_ANSWERS or rows >= FLUSH_ROWS
        due = full or time.monotonic() - self.flushed > FLUSH_SECONDS
        if rows and (due or force):
            self.flushed = time.monotonic()
            counters = self.counters
            figures = {name: getattr(counters, name) for name in ("links", "requests", "bytes")}
            figures["pages"] = counters.pages - counters.unread
            # No await from here on: what is added to the batch while it is written would be lost.
            self.store.save(self.batch, figures | self._trapped())
            self.batch, self.traps.changed = Batch(), False

    def _trapped(self) -> dict[str, dict[str, TrapState]]:
        return {"facts": {"traps": self.traps.state()}} if self.traps.changed else {}

    def load(self) -> list[Job]:
        """Read back what a killed run had met; return what it had not finished."""
        pending, urls = [], []
        for target, answered in self.store.load_targets():
            number, url, kind, element, depth, parent = target
            urls.append(url)
            self.ids[url] = number
            self.traps.recall(url, urls[parent] if parent != number else "", waits=not answered)
            if not answered:
                pending.append(Job(number, url, kind, element, depth))
        for url, found in self.store.load_page_findings():
            for fingerprint in {each.finding.fingerprint for each in found}:
                self.places[fingerprint].add(url)
        traps = self.store.load_traps()
        if traps is not None:
            self.traps.recalled(traps)
        return pending

    def doubtful(self) -> list[Job]:
        """Return the targets that want a second look: answered once, and in a way that may pass."""
        return [
            Job(self.ids[url], url, kind, element, 0, look=2, looks=answer.looks)
            for url, kind, element, answer in self.store.load_amiss()
            if len(answer.looks) == 1 and is_doubtful(answer)
        ]


def record_of(  # noqa: PLR0913 - a page, and what was made of it
    page: Page,
    digest: bytes = b"",
    references: Iterable[Reference] = (),
    findings: Iterable[CheckFinding] = (),
    facts: Facts | None = None,
    *,
    repeats: bool = False,
) -> PageRecord:
    """Return a page as the store keeps it; of references that lead to the same place, the first."""
    distinct = {(item.url or item.href, item.fragment): item for item in reversed(tuple(references))}
    kept = tuple(reversed(distinct.values()))
    return PageRecord(
        url=page.url,
        title=page.title[:500],
        etag=page.response.header("etag"),
        modified=page.response.header("last-modified"),
        digest=digest,
        scripted=makes_anchors(page),
        anchors=page.anchors if _shows_its_places(page) else None,
        fragments=tuple(f"{item.url}#{item.fragment}" for item in distinct.values() if item.fragment),
        references=kept,
        findings=tuple(findings),
        facts=facts,
        repeats=repeats,
    )


def _shows_its_places(page: Page) -> bool:
    """Return whether what was read of a page has all of its places: none are missed at an end that did not come."""
    return not page.truncated and (page.drawn or not has_empty_root(page))


def makes_anchors(page: Page) -> bool:
    """Return whether a script may make places that are not in the source: an application that draws its page itself."""
    return APPLICATIONS.any_in(page.source)
