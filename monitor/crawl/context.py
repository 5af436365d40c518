"""Share what the parts of one crawl have in common: where it may go, what it has met, and the way to ask for more."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from msgspec import Struct, field

from checks.model import Kind, Reference, Response
from monitor.crawl.frontier import Frontier
from monitor.crawl.host_queues import HostQueue, HostQueues, retry_after
from monitor.crawl.jobs import AnyJob, Job
from monitor.crawl.scope import SiteScope
from monitor.crawl.sitemap import Robots
from monitor.fetch import Fetched, Fetcher
from monitor.fetch.answer_cache import AnswerCache, is_whole
from monitor.pages.offload import Offload, in_place
from monitor.pages.urls import host_of
from monitor.settings.site import CrawlSettings

HOPS = 3
"""Signposts (meta refresh, scripts) that are followed from the homepage; what they lead to is the homepage too."""

FRAMES = 16
"""Documents, frames included, that together can be a homepage."""


class CrawlContext(Struct):
    """One crawl, as its parts see it. ``whole`` False reads the homepage and its frames only.

    ``follows`` False asks for nothing that pages refer to. ``homepages`` are the addresses at which the homepage is:
    where it answers, its frames, where it sends its reader. ``closed_by_robots`` counts the addresses that robots.txt
    keeps us from. ``offload`` does the work on pages. ``answers`` are those that the crawl and pages in a browser
    share; ``shares`` False keeps there nothing that the crawl asks for, because no page is drawn.
    """

    url: str
    whole: bool
    settings: CrawlSettings
    scope: SiteScope
    frontier: Frontier
    fetcher: Fetcher
    queues: HostQueues[AnyJob]
    robots: Robots
    now: Callable[[], datetime]
    follows: bool = True
    homepages: set[str] = field(default_factory=set)
    closed_by_robots: int = 0
    offload: Offload = in_place
    answers: AnswerCache = field(default_factory=AnswerCache)
    shares: bool = False

    async def fetch(self, url: str, **options: Any) -> Fetched:  # noqa: ANN401 - Fetcher.fetch's options
        """Fetch and count."""
        fetched = await self.fetcher.fetch(url, **options)
        counters = self.frontier.counters
        counters.requests += 1 + len(fetched.response.redirects)
        counters.bytes += len(fetched.body)
        return fetched

    async def fetch_once(self, url: str, *, keep: bool = False, **options: Any) -> Fetched:  # noqa: ANN401 - as above
        """Fetch and count, unless all of the resource came already in this run: as a page was drawn, or for one.

        ``keep`` asks by a plain GET, whose answer may serve a browser. What failed before is asked for anew.
        """
        answers, keeps = self.answers, keep and self.shares
        if not keeps and url not in answers.turns:
            return await self.fetch(url, **options)
        async with answers.turns[url]:
            known = answers.whole(url)
            if known is None:
                known = await self.fetch(url, **options)
                if keeps and is_whole(known):
                    answers.keep(url, known)
            return known

    def queue(self, job: AnyJob) -> None:
        """Put a job in the queue of its host."""
        self.queues.put(host_of(job.url), job)

    def defer(self, job: AnyJob, queue: HostQueue[AnyJob], response: Response) -> bool:
        """Ask again later where the server says so (429, 503 with Retry-After); True when the job is queued again."""
        if response.status not in {429, 503} or job.attempt >= self.settings.retries:
            return False
        wait = retry_after(response.header("retry-after"), self.now(), 2.0**job.attempt)
        if wait > self.settings.patience:
            return False
        queue.pause(wait, asyncio.get_running_loop().time())
        self.queue(job._replace(attempt=job.attempt + 1))
        return True

    # ---- what pages refer to ---------------------------------------------------------------------

    def follow(self, reference: Reference, source: Job, base: str = "") -> bool:
        """Queue what a reference leads to; True where it is new to the crawl.

        ``base`` is the address at which the page that refers to it answered, where that is not the source's.
        """
        if not self.follows or reference.url in self.frontier.ids:
            return False
        depth = source.depth + 1
        if source.url in self.homepages and self._continues_homepage(reference):
            self.homepages.add(reference.url)
            depth = 0
        return self.discover(reference, base or source.url, depth, source.id)

    def _continues_homepage(self, reference: Reference) -> bool:
        """Return whether what a homepage points at is the homepage too: its frames, and where it sends its reader."""
        if not self.scope.internal(reference.url):
            return False
        if reference.kind == Kind.FRAME:
            return len(self.homepages) < FRAMES
        return is_signpost(reference) and len(self.homepages) <= HOPS

    def discover(self, reference: Reference, referrer: str, depth: int, parent: int) -> bool:
        """Queue an address that may be asked for and was not met before; return as ``follow`` does.

        ``depth`` is in clicks from the homepage, ``parent`` the id of the target that it was found on.
        """
        url = reference.url
        if url in self.frontier.ids or self.scope.excluded(url) or depth > self.settings.max_depth:
            return False
        traps = self.frontier.traps
        internal = self.scope.internal(url)
        if internal:
            if not self.permits(url) or not traps.may_enter(url, referrer):
                return False
        elif traps.repeats_own_address(url, referrer):
            return False
        self.queue(self.frontier.add(reference, depth, parent))
        return True

    def permits(self, url: str) -> bool:
        """Return whether robots.txt lets us ask for an address of the site; count those that it does not."""
        if self.settings.robots and not self.robots.allows(url):
            self.closed_by_robots += 1
            return False
        return True


def is_signpost(reference: Reference) -> bool:
    """Return whether a reference moves the reader on by itself."""
    return reference.element in {"meta[http-equiv=refresh]", "script location", "Refresh"}
