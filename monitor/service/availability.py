"""Ask every homepage now and then whether it opens: 20 times a day or more, 15 seconds each (criteria: 首页打不开)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import structlog

from monitor.fetch import Fetcher
from monitor.fetch.configured import fetcher_for
from monitor.settings.site import Settings, SiteSettings
from monitor.store.statistics import Statistics

log = structlog.get_logger()

ZONE = ZoneInfo("Asia/Shanghai")
AT_ONCE = 8
"""Homepages that are asked at the same time."""
SECOND_LOOK = 5.0
"""Seconds after which a homepage that did not open is asked once more, so that a hiccup of ours is not its fault."""
HOMEPAGE_BYTES = 64 * 1024
"""Bytes of a homepage after which it counts as open."""


class Prober:
    """Probes the homepages of the settings that it is given."""

    def __init__(self, statistics: Statistics, fetch_with: type[Fetcher], now: Callable[[], float]) -> None:
        self._statistics, self._fetch_with, self._now = statistics, fetch_with, now

    async def probe(self, settings: Settings) -> None:
        """Ask every homepage once and count what came of it."""
        turns = asyncio.Semaphore(AT_ONCE)
        crawl, timeout = settings.crawl, settings.availability.timeout
        async with fetcher_for(crawl, self._fetch_with, timeout=timeout, concurrency=AT_ONCE) as fetcher:
            await asyncio.gather(*(self._one(site, fetcher, turns) for site in settings.sites))

    async def _one(self, site: SiteSettings, fetcher: Fetcher, turns: asyncio.Semaphore) -> None:
        async with turns:
            why = await _fault(fetcher, site.url)
            if why:
                await asyncio.sleep(SECOND_LOOK)
                why = await _fault(fetcher, site.url)
        day = datetime.fromtimestamp(self._now(), UTC).astimezone(ZONE).date()
        self._statistics.probed(site.key, day.isoformat(), failed=bool(why))
        if why:
            log.warning("the homepage does not open", site=site.key, reason=why)


async def _fault(fetcher: Fetcher, url: str) -> str:
    """Return why a homepage does not open, "" where it does."""
    from monitor.pages.urls import normalise

    response = (await fetcher.fetch(normalise(url), head_bytes=HOMEPAGE_BYTES)).response
    if response.error:
        return response.error
    return f"HTTP {response.status}" if (response.status or 0) >= 400 else ""
