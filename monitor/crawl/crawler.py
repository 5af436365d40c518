"""Walk a site: ask, read, follow, and put down what every address answered.

Pages of the site are read for their links; everything else is only checked. Bodies never wait for links: a page is
judged and put down when it is parsed, its targets when they have answered. Links are judged at the end, from the store
(``monitor/crawl/links.py``), so memory holds addresses, not the web between them.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from checks.model import Kind, Page, Reference, Response
from checks.reading.sniff import sniff
from monitor.crawl.frontier import Frontier, Job, record_of
from monitor.crawl.head import SAMPLE, ask_target, plain_answer, style_references
from monitor.crawl.host_queues import Lane, Lanes, retry_after
from monitor.crawl.lists import Asking, Lists
from monitor.crawl.robots import listed, read_robots
from monitor.crawl.scope import SiteScope
from monitor.crawl.sitemap import Robots
from monitor.crawl.soft404 import Judge as MissingJudge
from monitor.crawl.traps import Traps, unsorted
from monitor.fetch import Fetched, Fetcher
from monitor.pages.parse import Parser
from monitor.pages.urls import host_of
from monitor.settings.site import CrawlSettings
from monitor.store.findings import CheckFinding
from monitor.store.pages import PageRecord
from monitor.store.targets import TargetAnswer

HOPS = 3
"""Signposts (meta refresh, scripts) that are followed from the homepage; what they lead to is the homepage too."""

FRAMES = 16
"""Documents, frames included, that together can be a homepage."""


class PageJudge(Protocol):
    """Says what is wrong with pages; the crawl passes it on to the store unread."""

    async def judge(self, page: Page) -> list[CheckFinding]:
        """Return what is wrong with one page."""


@dataclass(slots=True)
class Crawl:
    """One crawl of one site. ``whole`` False reads the homepage and its frames only and checks what they link to.

    ``titles`` reads the start of other sites' pages for their titles; otherwise they are only asked whether they open.
    ``columns`` takes from every page what the columns of the site need to know, and reads lists to their last page.
    """

    url: str
    settings: CrawlSettings
    scope: SiteScope
    frontier: Frontier
    fetcher: Fetcher
    parser: Parser
    judge: PageJudge
    whole: bool = True
    conditional: bool = False
    titles: bool = False
    columns: bool = False
    agent: str = "Sitehealth"
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    traps: Traps = field(init=False)
    lanes: Lanes[Job | Asking] = field(init=False)
    lists: Lists | None = field(init=False)
    missing: MissingJudge = field(init=False)
    robots: Robots = field(init=False)
    homepage: Page | None = None
    homepages: set[str] = field(default_factory=set)
    stopped: str = ""
    closed_by_robots: int = 0
    truncated: int = 0
    failure: Response | None = None
    _claimed: set[str] = field(default_factory=set)
    _began: float = 0.0

    def __post_init__(self) -> None:
        """Build the parts that work for this crawl alone."""
        self.traps = self.frontier.traps
        self.lanes = Lanes(self._handle, self._lane, self.settings.hosts_at_once)
        self.lists = Lists(self) if self.columns else None
        self.missing = MissingJudge(self.fetcher)
        self.robots = Robots("", self.agent)
        self.homepages.add(self.url)

    @property
    def queued(self) -> int:
        """Addresses that wait."""
        return self.lanes.waiting

    @property
    def overdue(self) -> bool:
        """Whether the time for the crawl is over."""
        return time.monotonic() - self._began > self.settings.max_seconds

    async def run(self) -> None:
        """Crawl until nothing is left, a budget is spent, or ``stop`` is called."""
        self._began = time.monotonic()
        self.robots = await read_robots(self)
        for job in self._pending():
            self.queue(job)
        if self.lists is not None:
            self.lists.resume()
        if self.whole and self.settings.sitemap:
            async for url in listed(self):
                self._meet(Reference(url, url, Kind.PAGE, element="sitemap"), self.url, 1, 0)
        await self.lanes.idle()
        self.frontier.flush(force=True)
        await self._look_again()

    def _pending(self) -> list[Job]:
        """Return what is left of a run that was killed, else the homepage. What is the homepage has depth 0."""
        pending = self.frontier.load()
        if not self.frontier.ids:
            return [self.frontier.add(Reference(self.url, self.url, Kind.PAGE), 0, 0)]
        for url in self.frontier.store.at_depth(0):
            self.homepages.add(url)
            self.scope.hosts.add(host_of(url))
        return pending

    def stop(self, reason: str) -> None:
        """End the crawl soon; what is under way is finished and kept."""
        self.stopped = self.stopped or reason
        self.lanes.stop()

    async def close(self) -> None:
        """Break off and keep what is known; the store has it, so the addresses in memory can go."""
        await self.lanes.close()
        self.frontier.flush(force=True)
        self.frontier.ids.clear()
        self.parser.resolver.forget()

    def _lane(self, host: str) -> Lane[Job | Asking]:
        settings = self.settings
        own = host in self.scope.hosts
        limit = settings.concurrency if own else settings.external_concurrency
        return Lane(limit, max(settings.delay, self.robots.delay if own else 0.0), own)

    def queue(self, job: Job | Asking) -> None:
        """Put a job in the row of its host."""
        self.lanes.put(host_of(job.url), job)

    # ---- one job ---------------------------------------------------------------------------------

    async def _handle(self, job: Job | Asking, lane: Lane[Job | Asking]) -> None:
        if self.overdue:
            self.stop("max_seconds")
            return
        if isinstance(job, Asking):
            await job.lists.ask(job, lane)
            return
        if self.traps.is_cut(job.url):
            return
        if self.scope.readable(job.url, job.kind):
            await self._read(job, lane)
        else:
            await self._check(job, lane)
        self.frontier.flush()

    async def fetch(self, url: str, **options: Any) -> Fetched:  # noqa: ANN401 - Fetcher.fetch's options
        """Fetch and count."""
        fetched = await self.fetcher.fetch(url, **options)
        counters = self.frontier.counters
        counters.requests += 1 + len(fetched.response.redirects)
        counters.bytes += len(fetched.body)
        return fetched

    def put_off(self, job: Job | Asking, lane: Lane[Job | Asking], response: Response) -> bool:
        """Ask again later where the server says so (429, 503 with Retry-After); True when the job is queued again."""
        if response.status not in {429, 503} or job.attempt >= self.settings.retries:
            return False
        wait = retry_after(response.header("retry-after"), self.now(), 2.0**job.attempt)
        if wait > self.settings.patience:
            return False
        lane.pause(wait, asyncio.get_running_loop().time())
        self.queue(job._replace(attempt=job.attempt + 1))
        return True

    # ---- pages -----------------------------------------------------------------------------------

    async def _read(self, job: Job, lane: Lane[Job | Asking]) -> None:
        if job.url in self._claimed:
            return
        if self.frontier.counters.pages >= self.settings.max_pages:
            self.stopped = self.stopped or "max_pages"
            return
        remembered = self._remembered(job)
        fetched = await self.fetch(job.url, headers=conditions(remembered))
        response = fetched.response
        if self.put_off(job, lane, response):
            return
        if response.status == 304 and remembered is not None:
            self._unchanged(job, remembered)
            return
        if is_html(response, fetched.body):
            await self._parse(job, fetched, remembered)
        else:
            self._settle(job, fetched)
        if job.url == self.url and (response.error is not None or (response.status or 0) >= 400):
            self.failure = response

    def _remembered(self, job: Job) -> PageRecord | None:
        """Return what an earlier run knew of a page; the homepage is read in full every time, for all that need it."""
        if not self.conditional or job.look > 1 or job.url in self.homepages:
            return None
        return self.frontier.store.load_page(job.url)

    def _unchanged(self, job: Job, page: PageRecord) -> None:
        """Answer for a page from memory: its links are followed and what was wrong with it still is."""
        self.frontier.counters.pages += 1
        for reference in page.references:
            if reference.url:
                self.follow(reference, job)
        self.frontier.settle(job, TargetAnswer((Response(job.url, 200),)))
        if self.lists is not None and page.facts:
            self.lists.follow(page.facts, job)
        self.frontier.keep_unchanged(page)

    async def _parse(self, job: Job, fetched: Fetched, remembered: PageRecord | None) -> None:
        response = fetched.response
        digest = hashlib.blake2b(fetched.body, digest_size=16).digest()
        if remembered is not None and remembered.digest == digest and _plainly_fine(response):
            self._unchanged(job, remembered)
            return
        self.truncated += fetched.truncated
        if response.redirects and not self.scope.internal(response.url):
            self._settle(job, fetched)
            return
        page = self.parser.parse(job.url, response, fetched.body, self.now(), homepage=job.url in self.homepages)
        answer = await self._answer(job, fetched, page)
        ok = response.status is not None and response.status < 400 and len(answer.soft_404) < 2 and not answer.wall
        await self._put_down(job, page, answer, digest, read=ok and self._claim(job, page))

    def _claim(self, job: Job, page: Page) -> bool:
        """Take the page that a redirect ended at, so that nobody reads it twice; False where somebody has."""
        final = page.response.url
        if job.url == self.url:
            self._enter(page)
        if final == job.url:
            return True
        if final in self._claimed:
            return False
        self._claimed.add(final)
        known = self.frontier.ids.get(final)
        if known is None:
            target = self.frontier.add(Reference(final, final, Kind.PAGE, element="redirect"), job.depth, job.id)
        else:
            target = Job(known, final, Kind.PAGE, "redirect", job.depth)
        self.frontier.settle(target, TargetAnswer((replace(page.response, redirects=()),)))
        return True

    def _enter(self, page: Page) -> None:
        """Note where the homepage really is: ``example.cn`` that answers as ``www.example.cn`` has both hosts."""
        self.homepage = page
        self.scope.hosts.add(host_of(page.response.url))
        self.homepages.add(page.response.url)

    async def _put_down(self, job: Job, page: Page, answer: TargetAnswer, digest: bytes, *, read: bool) -> None:
        moved = page.response.url != job.url
        if moved:
            # Without validators: the 304 of a redirect's end would not say again that there was one.
            self.frontier.keep(replace(record_of(page, digest), etag=None, modified=None))
        if read:
            await self._take_in(job, page, digest)
        self.frontier.settle(job, answer)

    async def _take_in(self, job: Job, page: Page, digest: bytes) -> None:
        """Follow what a page refers to, have it judged, and put it down under the address where it really is."""
        self.frontier.counters.pages += 1
        real = page if page.url == page.response.url else replace(page, url=page.response.url)
        references, facts = page.references, None
        if self.lists is not None:
            facts = self.lists.observe(real)
            references += self.lists.next_page(facts)
        self._follow_all(job, page)
        if self.lists is not None and facts is not None:
            self.lists.follow(facts, job)
        findings = await self.judge.judge(real)
        self.frontier.keep(record_of(real, digest, references, findings, facts))

    def _follow_all(self, job: Job, page: Page) -> None:
        deeper = self.whole or job.url in self.homepages
        news = False
        for reference in page.references:
            if reference.url and (deeper or reference.kind == Kind.FRAME):
                news = self.follow(reference, job, base=page.response.url) or news
        self.traps.visited(page, news=news)

    def follow(self, reference: Reference, job: Job, base: str = "") -> bool:
        """Queue what a reference leads to; True where it is news to the crawl and of another shape."""
        if reference.url in self.frontier.ids:
            return False
        depth = job.depth + 1
        if job.url in self.homepages and self._continues(reference):
            self.homepages.add(reference.url)
            depth = 0
        return self._meet(reference, base or job.url, depth, job.id)

    def _continues(self, reference: Reference) -> bool:
        """Return whether what a homepage points at is the homepage too: its frames, and where it sends its reader."""
        if not self.scope.internal(reference.url):
            return False
        if reference.kind == Kind.FRAME:
            return len(self.homepages) < FRAMES
        return is_signpost(reference) and len(self.homepages) <= HOPS

    def _meet(self, reference: Reference, referrer: str, depth: int, parent: int) -> bool:
        url = unsorted(reference.url)
        if url != reference.url:
            reference = reference._replace(url=url)
        if url in self.frontier.ids or self.scope.excluded(url) or depth > self.settings.max_depth:
            return False
        internal = self.scope.internal(url)
        if internal:
            if self.settings.robots and not self.robots.allows(url):
                self.closed_by_robots += 1
                return False
            if not self.traps.admits(url, referrer):
                return False
        elif self.traps.is_told_of_each_page(url, referrer):
            return False
        self.queue(self.frontier.add(reference, depth, parent))
        return not (internal and self.traps.same_shape(url, referrer))

    # ---- targets that are only checked -----------------------------------------------------------

    async def _check(self, job: Job, lane: Lane[Job | Asking]) -> None:
        internal = self.scope.internal(job.url)
        fetched = await ask_target(self.fetch, job, internal=internal, titles=self.titles)
        if self.put_off(job, lane, fetched.response):
            return
        if job.kind == Kind.STYLE and internal and fetched.response.status == 200:
            self._read_style(job, fetched)
        self._settle(job, fetched)

    def _read_style(self, job: Job, fetched: Fetched) -> None:
        references = tuple(style_references(fetched))
        for reference in references:
            self.follow(reference, job, base=fetched.response.url)
        page = Page(job.url, fetched.response, "", self.now())
        self.frontier.keep(record_of(page, references=references))

    # ---- answers ---------------------------------------------------------------------------------

    def _settle(self, job: Job, fetched: Fetched) -> None:
        self.frontier.settle(job, plain_answer(job, fetched))

    async def _answer(self, job: Job, fetched: Fetched, page: Page) -> TargetAnswer:
        answer = replace(plain_answer(job, fetched), title=page.title[:200])
        if fetched.response.error is None and fetched.response.status == 200 and not answer.wall:
            return replace(answer, soft_404=await self.missing.signals(page))
        return answer

    # ---- the second look -------------------------------------------------------------------------

    async def _look_again(self) -> None:
        if not self.settings.second_look or self.stopped:
            return
        doubtful = self.frontier.doubtful()
        if not doubtful:
            return
        await asyncio.sleep(self.settings.second_look_delay)
        for job in doubtful:
            self.queue(job)
        await self.lanes.idle()
        self.frontier.flush(force=True)


class Validated(Protocol):
    """What was read before, with the validators that its answer had."""

    @property
    def etag(self) -> str | None:
        """The header ETag."""

    @property
    def modified(self) -> str | None:
        """The header Last-Modified."""


def conditions(known: Validated | None) -> dict[str, str] | None:
    """Return the headers that ask for a page only if it has changed."""
    if known is None:
        return None
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    return {name: value for name, value in headers.items() if value} or None


def is_html(response: Response, body: bytes) -> bool:
    """Return whether an answer is a document: by its type, and where it has none by its first bytes."""
    if response.error is not None:
        return False
    declared = (response.header("content-type") or "").lower()
    return "html" in declared if declared else sniff(body[:SAMPLE]) in {"html", "office-html"}


def _plainly_fine(response: Response) -> bool:
    return response.status == 200 and not response.redirects


def is_signpost(reference: Reference) -> bool:
    """Return whether a reference moves the reader on by itself."""
    return reference.element in {"meta[http-equiv=refresh]", "script location"}
