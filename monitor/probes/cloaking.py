"""Get a page once more as somebody else: a phone whose reader comes from a search engine's results."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from checks.model import Page, Versions
from monitor.fetch import Fetcher
from monitor.pages.offload import Offload, in_place, weight
from monitor.pages.parse import Parser

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36"
)
SEARCH = "https://m.baidu.com/s?word=%E6%94%BF%E5%BA%9C%E7%BD%91%E7%AB%99"
"""The results page that the visitor claims to come from."""


async def second_look(fetcher: Fetcher, parser: Parser, page: Page, offload: Offload = in_place) -> Versions | None:
    """Return a page beside what a phone from a search engine gets at its address, or None where that fails."""
    fetched = await fetcher.fetch(page.url, headers={"User-Agent": PHONE, "Referer": SEARCH})
    if fetched.response.error is not None:
        return None
    response, body = fetched.response, fetched.body
    dressed = await offload(
        weight(body), parser.parse, page.url, response, body, datetime.now(UTC), homepage=page.homepage
    )
    return Versions(page.url, page, replace(dressed, text=""))
