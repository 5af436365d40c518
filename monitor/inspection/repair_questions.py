"""Ask for the addresses that broken links were probably meant to have, and offer those that answer.

Within the limits of the crawl: its client with the address guard, its pauses, the site's robots.txt, its budget of
time. ``crawl.repairs`` bounds the links; each costs at most ``ASKED`` questions, and a random path in each directory
by which a server that answers 200 to everything gives itself away.
"""

from __future__ import annotations

import asyncio
import heapq
from collections.abc import Iterable, Iterator
from itertools import islice
from urllib.parse import urlsplit

from msgspec import Struct, field
from msgspec.structs import replace

from checks.link_rules import BROKEN, SOFT_404
from checks.model import Confidence, Kind, Link, Repair, RepairReason
from checks.reading.firewalls import challenge_of
from checks.reading.likely_repairs import Candidate, KnownPages, candidates
from checks.security.hijacked import telling, title_of
from monitor.crawl.answers import is_success, opens
from monitor.crawl.crawler import Crawl
from monitor.crawl.head import GLANCE, ask_target, plain_answer
from monitor.crawl.host_queues import HostQueue, HostQueues
from monitor.crawl.jobs import Job
from monitor.crawl.page_reader import is_html
from monitor.failure import failure_of
from monitor.fetch import Fetched
from monitor.inspection.own_network import Network
from monitor.inspection.site_probes import CrawledSite
from monitor.logs import tell
from monitor.pages.decoding import decode
from monitor.pages.offload import weight
from monitor.pages.urls import host_of
from monitor.store.findings import CheckFinding

OFFERED = 3
"""Repairs that are offered for one link."""

ASKED = 10
"""Candidates that are asked for one link."""

KNOWN = frozenset({RepairReason.FILE_NAME, RepairReason.TITLE})
"""Reasons to offer what the run itself found on the site; all other candidates are guessed."""

PERMANENT = frozenset({301, 308})


class _BrokenLink(Struct):
    """One broken link, and what answered in its place, by the place of the candidate in their order."""

    found: CheckFinding
    link: Link
    repairs: dict[int, Repair] = field(default_factory=dict)

    def with_repairs(self) -> CheckFinding:
        """Return the finding with the repairs, likeliest first, each address once."""
        distinct = {repair.url: repair for _, repair in sorted(self.repairs.items(), reverse=True)}
        kept = tuple(islice(reversed(distinct.values()), OFFERED))
        return self.found._replace(finding=replace(self.found.finding, repairs=kept))


class _Question(Struct, frozen=True):
    """One candidate that is to be asked for."""

    broken: _BrokenLink
    order: int
    candidate: Candidate


async def repaired(site: CrawledSite, network: Network) -> list[CheckFinding]:
    """Return the findings of broken links for which something answered, with what did."""
    crawl = site.crawl
    if crawl.stopped or not crawl.settings.repairs or not site.judging.looks_at(Link):
        return []
    broken = list(_worst(crawl, network))
    if not broken:
        return []
    known = _known_pages(crawl, [each.link for each in broken])
    await LikelyRepairs(crawl).ask(broken, known)
    return [each.with_repairs() for each in broken if each.repairs]


def _worst(crawl: Crawl, network: Network) -> list[_BrokenLink]:
    """Return the confirmed broken links that cost most: those of the homepage, then those of many pages."""
    found = (
        _BrokenLink(CheckFinding(stored.check, stored.finding), stored.finding.target)
        for chunk in crawl.frontier.store.findings.load()
        for stored in chunk
        if stored.finding.rule.id in {BROKEN.id, SOFT_404.id}
        and stored.finding.confidence is Confidence.CONFIRMED
        and stored.finding.target is not None
        and not network.withholds(stored.finding.target.url)
    )
    return heapq.nsmallest(crawl.settings.repairs, found, key=_cost)


def _cost(broken: _BrokenLink) -> tuple[int, int, str]:
    return broken.found.finding.weight.rank, -broken.link.referrer_count, broken.link.url


def _known_pages(crawl: Crawl, links: Iterable[Link]) -> KnownPages:
    """Return what the run knows of the pages and files that links may mean; the targets that are amiss are none."""
    store, known = crawl.frontier.store, KnownPages.wanted_by(links)
    amiss = {target.url for target in store.load_amiss()}
    for url in store.load_fine():
        if crawl.scope.internal(url):
            known.add(url)
    for url, title in store.load_titles():
        if url not in amiss:
            known.add(url, title)
    return known


class LikelyRepairs:
    """The questions of one run. An address that two links may mean is asked for once."""

    def __init__(self, crawl: Crawl) -> None:
        self._crawl = crawl
        self._queues: HostQueues[_Question] = HostQueues(self._handle, crawl.new_queue, crawl.settings.hosts_at_once)
        self._answers: dict[tuple[str, Kind], asyncio.Task[Repair | None]] = {}

    async def ask(self, broken: Iterable[_BrokenLink], known: KnownPages) -> None:
        """Ask for what the links may mean, and note with each what answered."""
        try:
            for link in broken:
                for question in self._questions(link, known):
                    self._queues.put(host_of(question.candidate.url), question)
            await self._queues.idle()
        finally:
            await self._queues.close()

    def _questions(self, broken: _BrokenLink, known: KnownPages) -> Iterator[_Question]:
        permitted = filter(self._may_ask, candidates(broken.link, known))
        for order, candidate in enumerate(islice(permitted, ASKED)):
            yield _Question(broken, order, candidate)

    def _may_ask(self, candidate: Candidate) -> bool:
        """Return whether the owner and robots.txt let us ask for an address."""
        crawl, url = self._crawl, candidate.url
        if crawl.scope.excluded(url) or crawl.frontier.traps.is_cut(url):
            return False
        closed = crawl.settings.robots and crawl.scope.internal(url) and not crawl.context.robots.allows(url)
        return not closed

    async def _handle(self, question: _Question, _queue: HostQueue[_Question]) -> None:
        broken, candidate = question.broken, question.candidate
        if len(broken.repairs) >= OFFERED or self._crawl.overdue or self._crawl.stopped:
            return
        key = (candidate.url, broken.link.kind)
        if key not in self._answers:
            self._answers[key] = asyncio.create_task(self._repair(candidate, broken.link))
        repair = await self._answers[key]
        if repair is not None and repair.url != broken.link.url:
            broken.repairs[question.order] = repair

    async def _repair(self, candidate: Candidate, link: Link) -> Repair | None:
        """Return what an address offers. What fails in this program costs the candidate, never the run."""
        try:
            return await self._asked(candidate, link)
        except Exception as error:  # noqa: BLE001 - the fence round one candidate
            failure = failure_of(error)
            tell("error", "a repair was not looked at", at=candidate.url, error=failure.reason)
            return None

    async def _asked(self, candidate: Candidate, link: Link) -> Repair | None:
        """Return what an address offers: itself, the end of its permanent redirects, or nothing."""
        job = Job(0, candidate.url, link.kind, link.element, 0)
        if link.kind in {Kind.PAGE, Kind.FRAME}:
            fetched = await self._crawl.context.fetch(candidate.url)
        else:
            fetched = await ask_target(self._crawl.context.fetch, job, internal=False, titles=False)
        response = fetched.response
        if not self._is_lasting(fetched) or not await self._is_what_it_seems(job, fetched, candidate.reason):
            return None
        # A redirect that only adds what the candidate lacks is still the candidate's reason.
        moved = bool(response.redirects) and not _same_place(candidate.url, response.url)
        return Repair(response.url, RepairReason.REDIRECT if moved else candidate.reason)

    def _is_lasting(self, fetched: Fetched) -> bool:
        """Return whether an answer is one to link to: a success, after permanent redirects alone, and no homepage.

        Servers send visitors of what they do not have to their homepage: that it opens says nothing.
        """
        response = fetched.response
        if response.error is not None or not is_success(response.status):
            return False
        if not response.redirects:
            return True
        return all(hop.status in PERMANENT for hop in response.redirects) and len(urlsplit(response.url).path) > 1

    async def _is_what_it_seems(self, job: Job, fetched: Fetched, reason: RepairReason) -> bool:
        """Return whether an answer shows what it is asked for: no notice, no guard, no domain in other hands."""
        response = fetched.response
        if challenge_of(response, fetched.body[:GLANCE]):
            return False
        if job.kind not in {Kind.PAGE, Kind.FRAME}:
            return opens(plain_answer(job, fetched))
        if not is_html(response, fetched.body):
            return response.status == 200
        title = title_of(decode(fetched.body[:GLANCE], response.header("content-type")).text)
        if telling(response.url, title):
            return False
        crawl = self._crawl
        body, parse = fetched.body, crawl.parser.parse
        page = await crawl.context.offload(weight(body), parse, job.url, response, body, crawl.now())
        soft_404 = crawl.reader.soft_404
        if len(await soft_404.signals(page)) > 1:
            return False
        # Addresses that the run knows are real. A guessed one may be of a server that answers everything alike.
        return reason in KNOWN or not await soft_404.is_answered_alike(page)


def _same_place(url: str, other: str) -> bool:
    return url.partition("://")[2].rstrip("/") == other.partition("://")[2].rstrip("/")
