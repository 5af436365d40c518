"""Read what a site says to robots before the crawl: robots.txt, and the sitemaps."""

from __future__ import annotations

from collections.abc import AsyncIterator

from checks.reading.sniff import sniff
from monitor.crawl.context import CrawlContext
from monitor.crawl.sitemap import LIMIT, MANY, Robots, read_sitemap
from monitor.fetch import Limits
from monitor.pages.urls import MalformedError, normalise, origin_of

ROBOTS_BYTES = 500_000
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""

PATIENCE = 4
"""Times the usual limit that a sitemap may take: it may have 50 MB."""


async def read_robots(context: CrawlContext, agent: str) -> Robots:
    """Return what the site asks of robots; a page under that name asks nothing."""
    if context.settings.robots or context.settings.sitemap:
        fetched = await context.fetch(f"{origin_of(context.url)}/robots.txt")
        if fetched.response.status == 200 and sniff(fetched.body[:1024]) != "html":
            return Robots(fetched.body[:ROBOTS_BYTES].decode("utf-8", "replace"), agent)
    return Robots("", agent)


async def in_sitemaps(context: CrawlContext) -> AsyncIterator[str]:
    """Yield the site's own addresses in its sitemaps."""
    waiting = list(context.robots.sitemaps) or [f"{origin_of(context.url)}/sitemap.xml"]
    read: set[str] = set()
    limits = Limits(context.settings.timeout * PATIENCE, LIMIT)
    while waiting and len(read) < MANY:
        url = waiting.pop(0)
        if url in read or not url.startswith("http") or not context.scope.internal(url):
            continue
        read.add(url)
        fetched = await context.fetch(url, limits=limits)
        sitemap = read_sitemap(fetched.body)
        if fetched.response.status == 200 and sitemap.is_index:
            waiting.extend(sitemap.urls)
        elif fetched.response.status == 200:
            for address in sitemap.urls:
                internal = _internal(context, address)
                if internal:
                    yield internal


def _internal(context: CrawlContext, address: str) -> str | None:
    try:
        url = normalise(address)
    except MalformedError:
        return None
    return url if context.scope.internal(url) else None
