"""Look at the few addresses that must not answer, slowly and only where the owner of the site asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

from checks.model import Exposure
from checks.security.exposure import BYTES, SPOTS, Spot
from monitor.fetch import Fetcher

PAUSES = 10
"""Pauses of the crawl between two of the addresses: this must look like a check-up, not like a scan."""


async def look(
    fetcher: Fetcher, origin: str, spots: Iterable[Spot] = SPOTS, *, delay: float
) -> AsyncIterator[Exposure]:
    """Yield the answer to each address of the table, or to some, on an origin (``https://www.example.gov.cn``).

    ``delay`` is what the crawl leaves between two requests to one host, in seconds.
    Redirects are not followed: what sits elsewhere is not exposed here.
    """
    for spot in spots:
        fetched = await fetcher.fetch(f"{origin}{spot.path}", head_bytes=BYTES, follow=False)
        yield Exposure(spot.path, fetched.response, fetched.body[:BYTES].decode("latin-1"))
        await asyncio.sleep(PAUSES * delay)
