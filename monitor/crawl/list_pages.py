"""Read lists to their last page: note what pages tell of columns, and ask for what comes after the first page.

Further list pages are pages like any other and go to the frontier. What a list's script would ask of an interface is
asked here, in the queue of its host, one page after the other until there is nothing new; what the answers link to is
followed, and belongs to the list page.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from urllib.parse import urlencode

from msgspec import Struct, field
from msgspec.structs import replace

from checks.columns.interfaces import read_answer
from checks.columns.page_facts import continued, observe
from checks.columns.paging import DEEPEST, asks_interface
from checks.model import Facts, Item, Kind, Listing, Page, Reference, Request
from monitor.crawl.context import CrawlContext
from monitor.crawl.frontier import record_of
from monitor.crawl.host_queues import HostQueue
from monitor.crawl.jobs import AnyJob, Job, ListJob
from monitor.fetch import Fetched
from monitor.fetch.requests import FORM
from monitor.pages.decoding import decode
from monitor.pages.offload import weight
from monitor.pages.reference_kinds import kind_of
from monitor.pages.urls import MalformedError, normalise


class Lists(Struct):
    """The lists of one crawl."""

    context: CrawlContext
    _asked: set[str] = field(default_factory=set)
    _requests: Counter[str] = field(default_factory=Counter)
    _answers: defaultdict[str, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    _ended: set[tuple[str, str]] = field(default_factory=set)

    async def observe(self, page: Page) -> Facts:
        """Return the facts of a page, with addresses as the crawl writes them."""
        facts = await self.context.offload(weight(page.html), observe, page)
        if facts.listing is None or not facts.listing.following:
            return facts
        following = tuple(_normalised(facts.listing.following))
        return replace(facts, listing=replace(facts.listing, following=following))

    def next_page(self, facts: Facts) -> tuple[Reference, ...]:
        """Return the reference to the next page of a list, which its 下一页 leads to."""
        requests = facts.listing.following if facts.listing else ()
        return tuple(_reference(request.url) for request in requests[:1] if not asks_interface(request))

    def follow(self, facts: Facts, source: Job) -> None:
        """Ask for every further page of the list on a page."""
        if facts.listing is None or not self.context.whole:
            return
        for request in facts.listing.following:
            if asks_interface(request):
                self._queue(request, facts, source)
            else:
                self.context.follow(_reference(request.url), source)

    def resume(self) -> None:
        """Ask again for what a killed run had not got from the interfaces of its lists."""
        known = list(self.context.frontier.store.load_page_facts())
        self._asked.update(facts.url for facts in known if facts.continues)
        pages = {facts.url: facts for facts in known}
        for facts in known:
            number = self.context.frontier.ids.get(facts.continues or facts.url)
            if number is not None:
                head = pages.get(facts.continues, facts)
                self._queue_following(facts, head, Job(number, head.url, Kind.PAGE, "", 1))

    def _queue_following(self, facts: Facts, head: Facts, source: Job) -> None:
        for request in facts.listing.following if facts.listing else ():
            if asks_interface(request):
                self._queue(request, head, source)

    def _queue(self, request: Request, head: Facts, source: Job) -> None:
        scope = self.context.scope
        barred = not scope.internal(request.url) or scope.excluded(request.url)
        if request.address in self._asked or barred or self._requests[head.url] >= DEEPEST:
            return
        if not self.context.permits(request.url):
            return
        self._asked.add(request.address)
        self._requests[head.url] += 1
        self.context.queue(ListJob(request, head, source))

    async def ask(self, job: ListJob, queue: HostQueue[AnyJob]) -> None:
        """Make one request, and go on where its answer says that there is more."""
        if (job.head.url, job.url) in self._ended:
            return
        fetched = await self._fetch(job.request)
        if self.context.defer(job, queue, fetched.response) or fetched.response.status != 200:
            return
        listing = self._read(job, fetched)
        if listing is None:
            return
        facts = continued(job.head, job.request, listing)
        references = list(_references(listing.items))
        for reference in references:
            self.context.follow(reference, job.source)
        frontier = self.context.frontier
        page = Page(facts.url, fetched.response, "", self.context.now())
        frontier.keep(record_of(page, references=references, facts=facts))
        frontier.flush()
        self._queue_following(facts, job.head, job.source)

    async def _fetch(self, request: Request) -> Fetched:
        if not request.form:
            return await self.context.fetch_once(request.url, keep=True)
        return await self.context.fetch(
            request.url, method="POST", headers=FORM, content=urlencode(request.form).encode()
        )

    def _read(self, job: ListJob, fetched: Fetched) -> Listing | None:
        """Return the list in an answer; one that was given before (a page number that nobody reads) ends the list.

        The rest of a datastore, whose pages are all asked for at one address, is not asked for then either.
        """
        text = decode(fetched.body, fetched.response.header("content-type")).text
        listing = read_answer(text, job.request.url, job.head.url, self.context.now())
        if listing is None:
            return None
        digest = hashlib.blake2b(fetched.body, digest_size=16).digest()
        if digest in self._answers[job.head.url]:
            self._ended.add((job.head.url, job.url))
            return Listing((), listing.form)
        self._answers[job.head.url].add(digest)
        return replace(listing, items=tuple(map(_tidy, listing.items)), following=tuple(_normalised(listing.following)))


def _normalised(requests: tuple[Request, ...]) -> Iterator[Request]:
    for request in requests:
        try:
            yield request._replace(url=normalise(request.url))
        except MalformedError:
            continue


def _tidy(item: Item) -> Item:
    try:
        return item._replace(url=normalise(item.url))
    except MalformedError:
        return item


def _reference(url: str) -> Reference:
    return Reference(url, url, Kind.PAGE, "", None, "list page")


def _references(items: tuple[Item, ...]) -> Iterator[Reference]:
    """Yield what the items of an answer lead to; an address that is none stays without one, as in a page."""
    for item in items:
        try:
            url = normalise(item.url)
        except MalformedError:
            url = ""
        yield Reference(item.url, url, kind_of(url), item.title)
