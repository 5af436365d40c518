"""Read the pages of the site: ask, parse, see where each really is, follow its links, have it judged, and keep it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace

from checks.model import Facts, Kind, Page, Reference, Response, Viewing
from checks.reading.sniff import sniff
from monitor.crawl.context import CrawlContext
from monitor.crawl.frontier import record_of
from monitor.crawl.head import SAMPLE, plain_answer
from monitor.crawl.host_queues import HostQueue
from monitor.crawl.jobs import AnyJob, Job
from monitor.crawl.page_drawing import UTF_8, PageDrawing
from monitor.crawl.page_spool import PageSpool
from monitor.crawl.soft404 import Soft404
from monitor.fetch import Fetched
from monitor.fetch.requests import conditional_headers
from monitor.pages.offload import weight
from monitor.pages.parse import Parser
from monitor.pages.reference_elements import refresh_goal
from monitor.pages.urls import MalformedError, host_of, resolve
from monitor.store.crawl.pages import PageRecord
from monitor.store.crawl.targets import TargetAnswer
from monitor.store.findings import CheckFinding

if TYPE_CHECKING:
    from monitor.crawl.list_pages import Lists

UNKNOWN_TYPES = frozenset({"unknown/unknown", "application/unknown", "*/*"})
"""Types that browsers take for none (MIME Sniffing standard, 7), as every one without a slash."""

AT_A_TIME = 2_000
"""References that are followed before others get a turn, 26 ms; hardly a page has as many."""


class PageJudge(Protocol):
    """Says what is wrong with pages; the crawl passes it on to the store unread."""

    @property
    def waits_for_workers(self) -> bool:
        """Whether a verdict on a page may take its time in another process."""

    @property
    def helped_at_once(self) -> int:
        """How many pages may wait for a verdict from other machines, beside those that wait for this one's."""

    async def judge(self, page: Page) -> list[CheckFinding]:
        """Return what is wrong with one page."""

    def judge_viewing(self, viewing: Viewing) -> list[CheckFinding]:
        """Return what is wrong with what a browser saw of one page."""

    def is_judged(self, place: str) -> bool:
        """Return whether every check came to a verdict on what stands at an address."""


@dataclass(slots=True)
class PageReader:
    """The pages of one crawl. ``lists`` is None where nobody asks for columns.

    ``conditional`` asks for pages only if they have changed since an earlier run. ``homepage`` is None until it was
    read; ``failure`` is why it could not be, ``challenge`` the firewall that answered in its place. ``truncated``
    counts pages that were longer than what is read of one; ``broken_off`` are those whose end did not come, each with
    the address that answered. ``claimed`` are addresses that were read because a redirect ended there. ``spool`` has
    the pages as they were fetched. ``drawing`` is None where no page is drawn by a browser.
    """

    context: CrawlContext
    parser: Parser
    judge: PageJudge
    lists: Lists | None
    conditional: bool
    soft_404: Soft404 = field(init=False)
    homepage: Page | None = None
    failure: Response | None = None
    challenge: str | None = None
    truncated: int = 0
    broken_off: dict[str, str] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    drawing: PageDrawing | None = None
    spool: PageSpool = field(default_factory=lambda: PageSpool(None, wanted=False))

    def __post_init__(self) -> None:
        """Build what tells missing pages from real ones."""
        self.soft_404 = Soft404(self.context.fetcher, self.context.offload)

    async def read(self, job: Job, queue: HostQueue[AnyJob]) -> None:
        """Do the job of one page that was not claimed."""
        known = self._known(job)
        fetched = await self._fetch(job, known)
        response = fetched.response
        if self.context.defer(job, queue, response):
            return
        if known is not None and _is_unchanged(known, fetched):
            await self._keep_unchanged(job, known)
        elif is_html(response, fetched.body):
            await self._read_document(job, fetched, queue)
        else:
            self.context.frontier.settle(job, plain_answer(job, fetched))
        if job.url == self.context.url and (response.error is not None or (response.status or 0) >= 400):
            self.failure = response

    async def _fetch(self, job: Job, known: PageRecord | None) -> Fetched:
        """Ask for a page; a frame may be asked for by the browser that draws the page around it."""
        headers = conditional_headers(known)
        if job.look > 1:
            return await self.context.fetch(job.url, headers=headers)
        return await self.context.fetch_once(job.url, keep=job.kind == Kind.FRAME, headers=headers)

    # ---- pages that have not changed -------------------------------------------------------------

    def _known(self, job: Job) -> PageRecord | None:
        """Return what an earlier run read of a page; the homepage is read in full every time, for all that need it."""
        if not self.conditional or job.look > 1 or job.url in self.context.homepages:
            return None
        return self.context.frontier.store.load_page(job.url)

    async def _keep_unchanged(self, job: Job, known: PageRecord) -> None:
        """Answer for a page from memory: its links are followed and what was wrong with it still is."""
        frontier = self.context.frontier
        frontier.counters.pages += 1
        frontier.traps.remember(job.url, known.digest)
        await self._follow_links(job, known.references, job.url, known.digest, repeats=known.repeats)
        frontier.settle(job, TargetAnswer((Response(job.url, 200),)))
        if self.lists is not None and known.facts:
            self.lists.follow(known.facts, job)
        frontier.keep_unchanged(known)

    # ---- pages that are new or have changed ------------------------------------------------------

    async def _read_document(self, job: Job, fetched: Fetched, queue: HostQueue[AnyJob]) -> None:
        context, response = self.context, fetched.response
        self.truncated += fetched.truncated
        if fetched.incomplete:
            self.broken_off[job.url] = response.url
        if response.redirects and not context.scope.internal(response.url):
            context.frontier.settle(job, plain_answer(job, fetched))
            return
        page, body, viewing = await self._parse(job, fetched)
        answer = await self._answer(job, fetched, page)
        if job.url == context.url:
            self.challenge = answer.challenge
        if response.url != job.url:
            # To be read again: the 304 of a redirect's end would not say again that there was one.
            context.frontier.keep(record_of(page).to_read_again())
        if shows_page(answer) and self._claim(job, page):
            self.spool.keep(response.url, fetched.body, response.headers)
            with context.frontier.reading():
                await self._take_in(job, page, body, viewing, queue)
        context.frontier.settle(job, answer)

    async def _parse(self, job: Job, fetched: Fetched) -> tuple[Page, bytes, Viewing | None]:
        """Return the page in an answer and the document that it is, as its readers see it where a script makes it.

        Where a browser drew it, what that saw beside.
        """
        context, response = self.context, fetched.response
        page = await context.offload(
            weight(fetched.body),
            self.parser.parse,
            job.url,
            response,
            fetched.body,
            context.now(),
            homepage=job.url in context.homepages,
            truncated=fetched.truncated or fetched.incomplete,
        )
        moves = refresh_header(response)
        if moves:
            page = replace(page, references=page.references + moves)
        if self.drawing is not None and response.status == 200 and self.drawing.wants(page):
            drawn = await self.drawing.draw(page, fetched)
            if drawn is not None:
                return drawn.page, drawn.body, drawn.viewing
        return page, fetched.body, None

    async def _answer(self, job: Job, fetched: Fetched, page: Page) -> TargetAnswer:
        answer = plain_answer(job, fetched, page)
        if fetched.response.status != 200 or answer.challenge:
            return answer
        signals = await self.soft_404.signals(page)
        # What a page of the site is called is told where it may be none. Nobody asks whether it is in other hands, as
        # of other sites' pages: that takes a list of words, which is long to read.
        return replace(answer, soft_404=signals, title=answer.title if signals else "")

    def _claim(self, job: Job, page: Page) -> bool:
        """Take the page that a redirect ended at, so that it is read once; False where it was taken before.

        Nothing is awaited between the look into ``claimed`` and the entry: two redirects may end at one page.
        """
        final = page.response.url
        if job.url == self.context.url:
            self._note_homepage(page)
        if final == job.url:
            return True
        if final in self.claimed:
            return False
        self.claimed.add(final)
        frontier = self.context.frontier
        known = frontier.ids.get(final)
        if known is None:
            target = frontier.add(Reference(final, final, Kind.PAGE, element="redirect"), job.depth, job.id)
        else:
            target = Job(known, final, Kind.PAGE, "redirect", job.depth)
        frontier.settle(target, TargetAnswer((replace(page.response, redirects=()),)))
        return True

    def _note_homepage(self, page: Page) -> None:
        """Note where the homepage really is: ``example.cn`` that answers as ``www.example.cn`` has both hosts."""
        self.homepage = replace(page)  # without its tree, which takes 2 MB and is seldom asked for again
        self.context.scope.hosts.add(host_of(page.response.url))
        self.context.homepages.add(page.response.url)

    async def _take_in(
        self, job: Job, page: Page, body: bytes, viewing: Viewing | None, queue: HostQueue[AnyJob]
    ) -> None:
        """Follow what a page refers to, have it judged, and keep it under the address where it really is."""
        frontier = self.context.frontier
        real = page if page.url == page.response.url else replace(page, url=page.response.url)
        # A page without its end looks like one without its list, so the columns learn nothing from it.
        facts = await self.lists.observe(real) if self.lists is not None and not page.truncated else None
        digest = digest_of(body)
        if page.drawn:
            self.spool.keep(real.url, body, (("content-type", UTF_8),), drawn=True)
        repeats = frontier.traps.repeats(job.url, body, digest)
        await self._follow_links(job, page.references, page.response.url, digest, repeats=repeats)
        references = page.references + self._follow_list(job, facts)
        if self.judge.waits_for_workers:
            self.context.queues.release_place(queue, self.judge.helped_at_once)
        # From here on nothing is asked of the host: its place may be another's.
        findings = await self.judge.judge(real)
        if viewing is not None:
            findings = findings + self.judge.judge_viewing(viewing)
        record = record_of(real, digest, references, findings, facts, repeats=repeats)
        # What a check failed on must not pass for clean in the next run because the page has not changed.
        # Nor may a page whose end did not come, or that a script draws from what may have changed.
        complete = self.judge.is_judged(real.url) and not (page.truncated or page.drawn)
        frontier.keep(record if complete else record.to_read_again())

    async def _follow_links(
        self, job: Job, references: Sequence[Reference], base: str, digest: bytes, *, repeats: bool
    ) -> None:
        """Follow what a page at ``base`` refers to; in a round of the homepage, only the frames of the pages beyond it.

        Pages that were read and pages that are known come this way alike: rounds of an unchanged site stay equal.
        """
        context = self.context
        deeper = context.whole or job.url in context.homepages
        pages: list[str] = []
        others: list[str] = []
        ids = context.frontier.ids
        # Of sixty references of a page, two are new on average.
        fresh = [each for each in references if each.url not in ids and each.url]
        for number, reference in enumerate(fresh, start=1):
            if number % AT_A_TIME == 0:
                await asyncio.sleep(0)
            if (deeper or reference.kind == Kind.FRAME) and context.follow(reference, job, base):
                is_page = context.scope.readable(reference.url, reference.kind) and reference.kind == Kind.PAGE
                (pages if is_page else others).append(reference.url)
        linked = (each.url for each in references if each.kind == Kind.PAGE and context.scope.internal(each.url))
        context.frontier.traps.visited(job.url, digest, pages, others, repeats=repeats, linked=linked)

    def _follow_list(self, job: Job, facts: Facts | None) -> tuple[Reference, ...]:
        """Ask for the further pages of a list; return the reference to the next one."""
        if self.lists is None or facts is None:
            return ()
        self.lists.follow(facts, job)
        return self.lists.next_page(facts)


def digest_of(body: bytes) -> bytes:
    """Return the name of a page's bytes, 16 of them."""
    return hashlib.blake2b(body, digest_size=16).digest()


def refresh_header(response: Response) -> tuple[Reference, ...]:
    """Return where the header ``Refresh`` sends the reader: browsers read it as they read ``<meta>``'s refresh."""
    goal = refresh_goal(response.header("refresh") or "")
    if not goal:
        return ()
    try:
        url, fragment = resolve(response.url, goal)
    except MalformedError:
        return (Reference(goal, "", Kind.PAGE, "", None, "Refresh"),)
    return (Reference(goal, url, Kind.PAGE, "", fragment, "Refresh"),) if url else ()


def is_html(response: Response, body: bytes) -> bool:
    """Return whether an answer is a document: by its type, and where it has none that is one by its first bytes."""
    if response.error is not None:
        return False
    declared = (response.header("content-type") or "").lower()
    if "html" in declared:
        return True
    kind = declared.partition(";")[0].strip()
    unknown = "/" not in kind or kind in UNKNOWN_TYPES
    return unknown and sniff(body[:SAMPLE]) in {"html", "office-html"}


def shows_page(answer: TargetAnswer) -> bool:
    """Return whether what answered is the page that was asked for: no error, no firewall, no notice that it is gone."""
    return (answer.last.status or 400) < 400 and len(answer.soft_404) < 2 and not answer.challenge


def _is_unchanged(known: PageRecord, fetched: Fetched) -> bool:
    """Return whether an answer says that a page is as it was known: with 304, or with the same bytes."""
    response = fetched.response
    if response.status == 304:
        return True
    plain = response.status == 200 and response.error is None and not response.redirects
    return plain and known.digest == digest_of(fetched.body)
