"""Get a page once more as somebody else: a phone whose reader comes from a search engine's results."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Protocol

from msgspec.structs import replace

from checks.model import Page, Versions
from checks.security.hosts import host_of
from monitor.browser.chromium import BrowserMissingError
from monitor.browser.renderer import ANYBODY, NotDrawnError, Visitor
from monitor.fetch import Fetched, Fetcher
from monitor.pages.offload import Offload, in_place, weight
from monitor.pages.parse import Parser

PHONE = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile "
    "Safari/537.36"
)
SEARCH = "https://m.baidu.com/s?word=%E6%94%BF%E5%BA%9C%E7%BD%91%E7%AB%99"
"""The results page that the visitor claims to come from."""

DRESSED = Visitor(PHONE, SEARCH, is_phone=True)

HALVES: Mapping[str, Visitor] = {"search": Visitor(referrer=SEARCH), "phone": Visitor(PHONE, is_phone=True)}
"""The two things that are strange about the visitor, each by itself."""


class SeenByBrowser(Protocol):
    """A page as a browser shows it, and where its scripts wanted to go."""

    @property
    def page(self) -> Page:
        """The page."""

    @property
    def moves(self) -> tuple[str, ...]:
        """The addresses."""


class Draw(Protocol):
    """Draws a page for a visitor."""

    async def __call__(self, page: Page, fetched: Fetched, visitor: Visitor, /) -> SeenByBrowser:
        """Return what came of it. Raises NotDrawnError and BrowserMissingError."""


async def second_look(
    fetcher: Fetcher, parser: Parser, page: Page, offload: Offload = in_place, draw: Draw | None = None
) -> Versions | None:
    """Return a page beside what a phone from a search engine gets at its address, or None where that fails.

    ``draw`` is None where no browser can draw both.
    """
    fetched = await fetcher.fetch(page.url, headers={"User-Agent": PHONE, "Referer": SEARCH})
    if fetched.response.error is not None:
        return None
    response, body = fetched.response, fetched.body
    dressed = await offload(
        weight(body), parser.parse, page.url, response, body, datetime.now(UTC), homepage=page.homepage
    )
    versions = Versions(page.url, page, replace(dressed, text=""))
    if draw is None or response.status != 200:
        return versions
    try:
        return await _drawn(versions, await fetcher.fetch(page.url), fetched, draw)
    except (NotDrawnError, BrowserMissingError):
        return versions  # what was sent is still compared


async def _drawn(versions: Versions, plain: Fetched, dressed: Fetched, draw: Draw) -> Versions:
    """Return both versions as a browser shows them. Raises NotDrawnError and BrowserMissingError."""
    if plain.response.status != 200:
        return versions
    for_all = await draw(versions.plain, plain, ANYBODY)
    for_dressed = await draw(versions.dressed, dressed, DRESSED)
    drawn = Versions(
        versions.url,
        for_all.page,
        replace(for_dressed.page, text=""),
        plain_moves=for_all.moves,
        dressed_moves=for_dressed.moves,
    )
    if _hosts(drawn.dressed_moves) <= _hosts(drawn.plain_moves):
        return drawn
    for name, visitor in HALVES.items():
        seen = await draw(versions.plain, plain, visitor)
        if _hosts(drawn.dressed_moves) <= _hosts(seen.moves):
            return replace(drawn, decisive=name)
    return drawn


def _hosts(urls: Iterable[str]) -> set[str]:
    return {host_of(url) for url in urls}
