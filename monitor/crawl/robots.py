"""Read what a site says to robots before the crawl: robots.txt, and the sitemaps."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

from checks.late_pattern import late
from checks.model import Response
from checks.reading.sniff import sniff
from monitor.crawl.context import CrawlContext
from monitor.crawl.sitemap import LIMIT, MANY, Robots, decode_robots, read_sitemap
from monitor.fetch import Limits
from monitor.pages.urls import MalformedError, origin_of, resolve

ADDRESS = late(
    r"(?:https?:)?//|/|\.{1,2}/|\?|[\w%-]+(?:/[\w.%-]+)*\.(?:s?html?|xml(?:\.gz)?|php|aspx?|jspx?)(?:[?#]|$)",
    re.IGNORECASE,
)
"""How an address in a sitemap begins: in full (sitemaps.org), or by its path, whose meaning is plain."""

ROBOTS_BYTES = 500_000
"""Bytes of a robots.txt that are read (RFC 9309, 2.5)."""

PATIENCE = 4
"""Times the usual limit that a sitemap may take: it may have 50 MB."""

AHEAD = 1_000
"""Jobs that may wait before further addresses of a sitemap are taken: it may have millions."""

AT_ONCE = 50
"""Addresses that are taken before others get a turn, 2 ms: one at a time, between two pages, costs twice as much."""


async def read_robots(context: CrawlContext, agent: str) -> tuple[Robots, Response | None]:
    """Return what the site asks of robots, and the answer where there was none to be had: an error, or status 5xx.

    RFC 9309 (2.3.1.4) has robots in general take that for "stay away". This one comes because the owner sent it, and a
    broken robots.txt is no reason to leave the site uninspected: it goes on, and the report says so. A page under that
    name, and 4xx, ask nothing (2.3.1.3).
    """
    if not (context.settings.robots or context.settings.sitemap):
        return Robots("", agent), None
    fetched = await context.fetch(robots_url(context))
    response = fetched.response
    if response.error is not None or (response.status or 500) >= 500:
        return Robots("", agent), response
    if response.status == 200 and sniff(fetched.body[:1024]) != "html":
        return Robots(decode_robots(fetched.body[:ROBOTS_BYTES]), agent), None
    return Robots("", agent), None


async def in_sitemaps(context: CrawlContext) -> AsyncIterator[str]:
    """Yield the site's own addresses in its sitemaps, some at a time, no faster than the crawl takes them."""
    waiting = [*context.robots.sitemaps[:MANY]] or ["/sitemap.xml"]
    read: set[str] = set()
    limits = Limits(context.settings.timeout * PATIENCE, LIMIT)
    while waiting and len(read) < MANY and not context.queues.stopped:
        url = _internal(context, waiting.pop(0), robots_url(context))
        if url is None or url in read:
            continue
        read.add(url)
        fetched = await context.fetch(url, limits=limits)
        if fetched.response.status != 200:
            continue
        for number, entry in enumerate(read_sitemap(fetched.body)):
            if number % AT_ONCE == 0:
                await context.queues.wait_below(AHEAD)
                if context.queues.stopped:
                    return
            address = _internal(context, entry.url, url) if ADDRESS.match(entry.url) else None
            if address is None:
                continue
            if not entry.nested:
                yield address
            elif len(waiting) < MANY:
                waiting.append(address)


def robots_url(context: CrawlContext) -> str:
    """Return where a site keeps its robots.txt."""
    return f"{origin_of(context.url)}/robots.txt"


def _internal(context: CrawlContext, address: str, base: str) -> str | None:
    """Return an address that robots.txt or a sitemap names as the crawl writes it, None where it is not the site's.

    ``base`` is where that file is.
    """
    try:
        url = resolve(base, address).url
    except MalformedError:
        return None
    return url if url and context.scope.internal(url) else None
