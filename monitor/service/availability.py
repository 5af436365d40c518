"""Ask every homepage now and then whether it opens: 20 times a day or more, 15 seconds each (criteria: 首页打不开)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import structlog

from checks.model import ErrorKind, Response
from checks.reading.own_network import HostOutcome, counts, opens, outcome_of, suspicion
from monitor.beijing import beijing_time
from monitor.fetch import Fetcher
from monitor.fetch.configured import fetcher_for
from monitor.inspection.own_network import canary_answers
from monitor.pages.urls import normalise, origin_of
from monitor.settings.site import Settings, SiteSettings
from monitor.store.statistics import Statistics

log = structlog.get_logger()

AT_ONCE = 8
"""Homepages that are asked at the same time."""
SECOND_LOOK = 5.0
"""Seconds after which a homepage that did not open is asked once more, so that a hiccup of ours is not its fault."""
HOMEPAGE_BYTES = 64 * 1024
"""Bytes of a homepage after which it counts as open."""


class Prober:
    """Probes the homepages of the settings that it is given.

    What our own network keeps from us is not counted: ``unjudged`` is called once for each such probe.
    ``second_look`` is in seconds.
    """

    def __init__(
        self,
        statistics: Statistics,
        fetch_with: type[Fetcher],
        now: Callable[[], float],
        *,
        unjudged: Callable[[], None] = lambda: None,
        second_look: float = SECOND_LOOK,
    ) -> None:
        self._statistics, self._fetch_with, self._now = statistics, fetch_with, now
        self._unjudged, self._second_look = unjudged, second_look
        self._canaries_open: bool | None = None
        """Whether a canary opened while our network was good, None where nobody asked yet."""

    async def probe(self, settings: Settings) -> None:
        """Ask every homepage once and count what came of it."""
        turns = asyncio.Semaphore(AT_ONCE)
        crawl, timeout = settings.crawl, settings.availability.timeout
        async with fetcher_for(crawl, self._fetch_with, timeout=timeout, concurrency=AT_ONCE) as fetcher:
            urls = [(site, normalise(site.url)) for site in settings.sites]
            answers = await asyncio.gather(*(self._ask(url, fetcher, turns) for _, url in urls))
            outcomes = [
                outcome_of(origin_of(url), url, response)
                for (_, url), response in zip(urls, answers, strict=True)
                if counts(url)
            ]
            own_network_fails = await self._network_fails(outcomes, fetcher, crawl.canaries)
        for (site, url), response in zip(urls, answers, strict=True):
            if response.error is ErrorKind.NO_ROUTE or (own_network_fails and not opens(url, response)):
                self._unjudged()
                log.warning("not counted: our own network fails", site=site.key, reason=_fault(response))
            else:
                self._count(site, _fault(response))

    async def _ask(self, url: str, fetcher: Fetcher, turns: asyncio.Semaphore) -> Response:
        """Return what a homepage answers, at the second time of asking where the first went wrong."""
        async with turns:
            fetched = await fetcher.fetch(url, head_bytes=HOMEPAGE_BYTES)
            if _fault(fetched.response):
                await asyncio.sleep(self._second_look)
                fetcher.forget_unresolved()
                fetched = await fetcher.fetch(url, head_bytes=HOMEPAGE_BYTES)
        return fetched.response

    async def _network_fails(self, outcomes: Sequence[HostOutcome], fetcher: Fetcher, canaries: Sequence[str]) -> bool:
        """Return whether it is our network that fails: homepages fail alike, and so do the canaries.

        Canaries that do not open while everything else does, as in a network without a way out, are none.
        """
        if suspicion(outcomes) is not None:
            return self._canaries_open is not False and not await canary_answers(fetcher, canaries)
        if self._canaries_open is None and outcomes:
            self._canaries_open = await canary_answers(fetcher, canaries)
        return False

    def _count(self, site: SiteSettings, why: str) -> None:
        day = beijing_time(self._now()).date()
        self._statistics.probed(site.key, day.isoformat(), failed=bool(why))
        if why:
            log.warning("the homepage does not open", site=site.key, reason=why)


def _fault(response: Response) -> str:
    """Return why a homepage does not open, "" where it does."""
    if response.error:
        return response.error
    return f"HTTP {response.status}" if (response.status or 0) >= 400 else ""
