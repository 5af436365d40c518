"""Walk a site: ask for every address, read the pages of the site, check everything else, and look twice at doubts.

Bodies never wait for links: a page is judged and kept when it is parsed, its targets when they have answered. Links are
judged at the end, from the store (``monitor/crawl/link_subjects.py``): memory holds addresses, not the whole web.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from checks.model import Kind, Page, Reference, Response
from monitor.crawl.context import CrawlContext
from monitor.crawl.frontier import FLUSH_SECONDS, Frontier, record_of
from monitor.crawl.head import ask_target, plain_answer, style_references
from monitor.crawl.host_queues import HostQueue, HostQueues
from monitor.crawl.jobs import AnyJob, Job, ListJob
from monitor.crawl.page_reader import PageJudge, PageReader
from monitor.crawl.robots import in_sitemaps, read_robots
from monitor.crawl.scope import SiteScope
from monitor.crawl.shapes import unsorted
from monitor.crawl.sitemap import Robots
from monitor.failure import Failure, failure_of
from monitor.fetch import Fetched, Fetcher
from monitor.fetch.loop_time import LoopTime
from monitor.logs import tell
from monitor.pages.offload import Offload, in_place
from monitor.pages.parse import Parser
from monitor.pages.urls import host_of
from monitor.settings.site import CrawlSettings
from monitor.store.crawl.targets import TargetAnswer

if TYPE_CHECKING:
    from monitor.crawl.list_pages import Lists

JOB_SECONDS = 600.0
"""Seconds after which a job is given up: a page that waits for its turn at the typo check may take some minutes."""


class CrawlOptions(Struct, frozen=True):
    """What a run wants of its crawl.

    ``whole`` False reads the homepage and its frames only and checks what they link to. ``conditional`` asks for pages
    only if they have changed since an earlier run. ``titles`` reads the start of other sites' pages for their titles;
    otherwise they are only asked whether they open. ``columns`` takes from every page what the columns of the site need
    to know, and reads lists to their last page. ``agent`` is our name in robots.txt.
    """

    whole: bool = True
    conditional: bool = False
    titles: bool = False
    columns: bool = False
    agent: str = "Sitehealth"


@dataclass(slots=True)
class Crawl:
    """One crawl of one site. ``stopped`` says why it ended early, and is empty where it did not.

    ``no_robots`` is the answer in which robots.txt could not be had. ``unjudged_lists`` are addresses of interfaces
    whose answers this program failed on; of targets and pages, the store knows.
    """

    url: str
    settings: CrawlSettings
    scope: SiteScope
    frontier: Frontier
    fetcher: Fetcher
    parser: Parser
    judge: PageJudge
    options: CrawlOptions
    offload: Offload = in_place
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    context: CrawlContext = field(init=False)
    lists: Lists | None = field(init=False)
    reader: PageReader = field(init=False)
    stopped: str = ""
    no_robots: Response | None = None
    unjudged_lists: list[str] = field(default_factory=list)
    _cut_off: list[Job] = field(default_factory=list)
    _began: float | None = None
    _time: LoopTime = field(default_factory=LoopTime)

    def __post_init__(self) -> None:
        """Build the parts that work for this crawl alone."""
        self.context = CrawlContext(
            url=self.url,
            whole=self.options.whole,
            settings=self.settings,
            scope=self.scope,
            frontier=self.frontier,
            fetcher=self.fetcher,
            queues=HostQueues(self._handle, self.new_queue, self.settings.hosts_at_once),
            robots=Robots("", self.options.agent),
            now=self.now,
            homepages={self.url},
            offload=self.offload,
        )
        self.lists = _lists_of(self.context) if self.options.columns else None
        self.reader = PageReader(self.context, self.parser, self.judge, self.lists, self.options.conditional)

    @property
    def queued(self) -> int:
        """Addresses that wait."""
        return self.context.queues.waiting

    @property
    def overdue(self) -> bool:
        """Whether the time for the crawl is over."""
        return self._began is not None and time.monotonic() - self._began > self.settings.max_seconds

    async def run(self) -> None:
        """Crawl until nothing is left, a budget is spent, or ``stop`` is called."""
        self._began = time.monotonic()
        with self._timers(self._began):
            await self._run()

    async def visit(self, wanted: Iterable[Reference]) -> set[str]:
        """Look at addresses as a crawl does, and at nothing that they refer to; return those that were not asked for.

        What the owner of the site (``exclude``) or robots.txt closes is not asked for. It may be called again with
        others: robots.txt is read once, no address is asked for twice, and the limit of time is that of all calls.
        """
        self.context.follows = False
        first = self._began is None
        self._began = time.monotonic() if self._began is None else self._began
        with self._timers(self._began):
            if first:
                self.context.robots, self.no_robots = await read_robots(self.context, self.options.agent)
            distinct = {reference.url: reference for reference in wanted}
            refused = {url for url in distinct if not self._may_visit(url)}
            for url, reference in distinct.items():
                if url not in refused and url not in self.frontier.ids:
                    self.context.queue(self.frontier.add(reference, 0 if url == self.url else 1, 0))
            await self._work_off()
        return refused

    def _may_visit(self, url: str) -> bool:
        """Return whether an address may be asked for; a homepage is asked for whatever robots.txt says, as in a run."""
        if self.scope.excluded(url):
            return False
        return url == self.url or not self.scope.internal(url) or self.context.permits(url)

    @contextmanager
    def _timers(self, began: float) -> Iterator[None]:
        """Stop the crawl when its time is over, and have what it learned written every second.

        Waits for a Crawl-delay or a Retry-After end with the time, too.
        """
        left = began + self.settings.max_seconds - time.monotonic()
        deadline = asyncio.get_running_loop().call_later(left, self.stop, "max_seconds")
        flushing = asyncio.create_task(self._flush_in_time())
        try:
            yield
        finally:
            deadline.cancel()
            flushing.cancel()

    async def _flush_in_time(self) -> None:
        """Write what waits although no job ends: one that takes minutes must not keep back what others learned.

        Where the store fails the batch is kept, and the end of the next job tries again: there it ends the run.
        """
        while True:
            await asyncio.sleep(FLUSH_SECONDS)
            with suppress(Exception):
                self.frontier.flush()

    async def _run(self) -> None:
        context = self.context
        context.robots, self.no_robots = await read_robots(context, self.options.agent)
        for job in self._unfinished():
            context.queue(job)
        if self.lists is not None:
            self.lists.resume()
        if self.options.whole and self.settings.sitemap:
            async for url in in_sitemaps(context):
                context.discover(Reference(url, url, Kind.PAGE, element="sitemap"), self.url, 1, 0)
        await self._work_off()

    async def _work_off(self) -> None:
        """Do what is queued, look behind cuts, and look again at what is doubtful."""
        await self.context.queues.idle()
        while not self.stopped and self._look_behind_cuts():
            await self.context.queues.idle()
        self.frontier.flush(force=True)
        await self._look_again()

    def _look_behind_cuts(self) -> bool:
        """Have some of what each cut left to wait read all the same, and all of it where that held something new.

        Returns whether anything is queued. It ends: a space is looked behind once for each cut, and cut once for each
        time that something new was behind it.
        """
        traps = self.frontier.traps
        traps.take_back()
        probes = traps.look_behind(job.url for job in self._cut_off)
        again = [job for job in self._cut_off if job.url in probes or not traps.is_cut(job.url)]
        self._cut_off = [job for job in self._cut_off if job.url not in probes and traps.is_cut(job.url)]
        for job in again:
            self.context.queue(job)
        return bool(again)

    def stop(self, reason: str) -> None:
        """End the crawl soon; what is under way is finished and kept."""
        self.stopped = self.stopped or reason
        self.context.queues.stop()

    async def close(self) -> None:
        """Break off and keep what is known; the store has it, so the addresses in memory can go."""
        await self.context.queues.close()
        self.frontier.flush(force=True)
        self.frontier.ids.clear()
        self.parser.forget()

    def _unfinished(self) -> list[Job]:
        """Return what is left of a run that was killed, else the homepage. What is the homepage has depth 0."""
        pending = self.frontier.load()
        if not self.frontier.ids:
            return [self.frontier.add(Reference(self.url, self.url, Kind.PAGE), 0, 0)]
        for url in self.frontier.store.load_urls_at(0):
            self.context.homepages.add(url)
            self.scope.hosts.add(host_of(url))
        return pending

    def new_queue(self, host: str) -> HostQueue[Any]:
        """Return an empty queue with the limits that one host is asked within."""
        settings = self.settings
        if host in self.scope.hosts:
            return HostQueue(settings.concurrency, max(settings.delay, self.context.robots.delay), internal=True)
        return HostQueue(settings.external_concurrency, settings.delay, internal=False)

    # ---- one job ---------------------------------------------------------------------------------

    async def _handle(self, job: AnyJob, queue: HostQueue[AnyJob]) -> None:
        """Do one job. Whatever fails in it costs its target alone: never the run, never the other jobs."""
        try:
            with self._time.timeout(JOB_SECONDS):
                await self._do(job, queue)
        except Exception as error:  # noqa: BLE001 - this is the fence
            self._give_up(job, failure_of(error), type(error).__name__)
        # Outside the fence: a store that cannot be written is no fault of a target, and ends the run.
        self.frontier.flush()

    def _give_up(self, job: AnyJob, failure: Failure, kind: str) -> None:
        """Note that a target could not be judged. It counts as answered, so that no other run goes on with it.

        ``kind`` is the name of the exception's class.
        """
        tell("error", "a target could not be judged", at=job.url, error=failure.reason, exception=failure.frames)
        if isinstance(job, ListJob):
            self.unjudged_lists.append(job.url)
            return
        self.frontier.settle(job, TargetAnswer((*job.looks, Response(job.url)), unjudged=kind))
        if job.url == self.url and self.reader.homepage is None:
            self.stop("unjudged")

    async def _do(self, job: AnyJob, queue: HostQueue[AnyJob]) -> None:
        if isinstance(job, ListJob):
            if self.lists is not None:
                await self.lists.ask(job, queue)
        elif job.url in self.reader.claimed:
            return
        elif self.frontier.traps.is_cut(job.url):
            self._cut_off.append(job)
        elif not self._is_read(job):
            await self._check(job, queue)
        elif self.frontier.counters.pages >= self.settings.max_pages:
            self.stopped = self.stopped or "max_pages"
        else:
            await self.reader.read(job, queue)

    def _is_read(self, job: Job) -> bool:
        """Return whether a target is a page that is read for its links.

        A list in another order is only asked whether it opens, where the list itself is met: what it lists is there.
        """
        if not self.scope.readable(job.url, job.kind):
            return False
        plain = unsorted(job.url)
        return plain == job.url or plain not in self.frontier.ids

    async def _check(self, job: Job, queue: HostQueue[AnyJob]) -> None:
        """Ask a target that is not read for links whether it opens."""
        internal = self.scope.internal(job.url)
        style = job.kind == Kind.STYLE and internal
        fetch = self.context.fetch if job.look > 1 else partial(self.context.fetch_once, keep=style)
        fetched = await ask_target(fetch, job, internal=internal, titles=self.options.titles)
        if self.context.defer(job, queue, fetched.response):
            return
        if style and fetched.response.status == 200:
            self._follow_style(job, fetched)
        self.frontier.settle(job, plain_answer(job, fetched))

    def _follow_style(self, job: Job, fetched: Fetched) -> None:
        references = tuple(style_references(fetched))
        for reference in references:
            self.context.follow(reference, job, base=fetched.response.url)
        page = Page(job.url, fetched.response, "", self.now())
        self.frontier.keep(record_of(page, references=references))

    # ---- the second look -------------------------------------------------------------------------

    async def _look_again(self) -> None:
        if not self.settings.second_look or self.stopped:
            return
        doubtful = self.frontier.doubtful()
        if not doubtful:
            return
        await self.context.queues.sleep(self.settings.second_look_delay)
        self.context.fetcher.forget_unresolved()
        for job in doubtful:
            self.context.queue(job)
        await self.context.queues.idle()
        self.frontier.flush(force=True)


def _lists_of(context: CrawlContext) -> Lists:
    """Return what reads lists to their last page."""
    from monitor.crawl.list_pages import Lists

    return Lists(context)
