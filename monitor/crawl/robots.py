"""Read what stands at the entrance of a site: robots.txt and the sitemaps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from checks.reading.sniff import sniff
from monitor.crawl.sitemap import LIMIT, MANY, Robots, read_sitemap
from monitor.fetch import Limits
from monitor.pages.urls import MalformedError, normalise, origin_of

if TYPE_CHECKING:
    from monitor.crawl.crawler import Crawl

ROBOTS_BYTES = 500_000
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""

PATIENCE = 4
"""Times the usual limit that a sitemap may take: it may have 50 MB."""


async def read_robots(crawl: Crawl) -> Robots:
    """Return what the site asks of robots; a page under that name asks nothing."""
    if crawl.settings.robots or crawl.settings.sitemap:
        fetched = await crawl.fetch(f"{origin_of(crawl.url)}/robots.txt")
        if fetched.response.status == 200 and sniff(fetched.body[:1024]) != "html":
            return Robots(fetched.body[:ROBOTS_BYTES].decode("utf-8", "replace"), crawl.agent)
    return Robots("", crawl.agent)


async def listed(crawl: Crawl) -> AsyncIterator[str]:
    """Yield the site's own addresses in its sitemaps."""
    waiting = list(crawl.robots.sitemaps) or [f"{origin_of(crawl.url)}/sitemap.xml"]
    read: set[str] = set()
    limits = Limits(crawl.settings.timeout * PATIENCE, LIMIT)
    while waiting and len(read) < MANY:
        url = waiting.pop(0)
        if url in read or not url.startswith("http") or not crawl.scope.internal(url):
            continue
        read.add(url)
        fetched = await crawl.fetch(url, limits=limits)
        sitemap = read_sitemap(fetched.body)
        if fetched.response.status == 200 and sitemap.is_index:
            waiting.extend(sitemap.urls)
        elif fetched.response.status == 200:
            for address in sitemap.urls:
                own = _own(crawl, address)
                if own:
                    yield own


def _own(crawl: Crawl, address: str) -> str | None:
    try:
        url = normalise(address)
    except MalformedError:
        return None
    return url if crawl.scope.internal(url) else None
