"""Gather what tells a missing page that answers 200 from a real one, asking for a random path where it helps."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

from checks.late_pattern import late
from checks.model import Page
from checks.reading.soft404 import Sight, signals
from checks.reading.word_search import WordSearch
from monitor.crawl.novelty import words_digest
from monitor.fetch import Fetched, Fetcher
from monitor.pages.decoding import decode
from monitor.pages.offload import Offload, weight
from monitor.pages.urls import folder_of
from monitor.pages.visible_text import text_in, text_of

SMALL = 20_000
"""Characters of HTML up to which a page can be a mere notice dressed in a template."""

NOTICE_WORDS = (
    *("不存在", "删除", "找不到", "未找到", "无法找到", "违规", "下线", "走丢", "失效"),
    *("not found", "Not Found", "NOT FOUND"),
)
"""What every notice says in one way or another, if it does not say 404."""

NOTICING = WordSearch(*NOTICE_WORDS)

HINTING = WordSearch(*NOTICE_WORDS, "404")
"""All of it at once: few pages have any."""

STATUS = late(r"404(?<!\d404)")
"""404 as a number of its own: articles lie in ``/202404/``."""


class Soft404:
    """Judge pages of one run; each directory is asked for a path that cannot exist at most once."""

    def __init__(self, fetcher: Fetcher, offload: Offload) -> None:
        self._fetcher = fetcher
        self._offload = offload
        self._random: dict[str, asyncio.Task[Sight | None]] = {}

    async def signals(self, page: Page) -> tuple[str, ...]:
        """Return the signals that a page is really missing; most pages show none and cost nothing."""
        redirected = bool(page.response.redirects)
        if not (redirected or may_be_notice(page)):
            return ()
        seen = await self._sight(page)
        found = tuple(signals(seen))
        if len(found) >= 2 or not (found or _homeward(page)):
            return found
        return tuple(signals(seen, await self._of_random(page.url)))

    async def is_answered_alike(self, page: Page) -> bool:
        """Return whether a path of the same directory that cannot exist is answered as a page is."""
        random = await self._of_random(page.url)
        seen = await self._sight(page)
        return "same-as-random" in signals(seen, random)

    async def _of_random(self, url: str) -> Sight | None:
        folder = folder_of(url)
        if folder not in self._random:
            self._random[folder] = asyncio.create_task(self._ask(folder))
        return await self._random[folder]

    async def _ask(self, folder: str) -> Sight | None:
        fetched = await self._fetcher.fetch(f"{folder}{secrets.token_hex(8)}.html")
        if fetched.response.error is not None:
            return None
        return await self._offload(weight(fetched.body), random_sight, fetched)

    async def _sight(self, page: Page) -> Sight:
        return await self._offload(weight(page.html), sight, page, redirected=bool(page.response.redirects))


def may_be_notice(page: Page) -> bool:
    """Return whether a page is small enough for a notice, and says something that one says."""
    if len(page.html) >= SMALL or not HINTING.any_in(page.source):
        return False
    return NOTICING.any_in(page.source) or STATUS.search(page.html) is not None


def _homeward(page: Page) -> bool:
    """Return whether a redirect threw the reader back to the root, as some servers do for what they do not have."""
    final = page.response.url
    return bool(page.response.redirects) and final.count("/") == 3 and page.url.count("/") > 3


def sight(page: Page, *, redirected: bool) -> Sight:
    """Return what matters of a page here."""
    text = page.text or text_in(page.tree, page.html)
    status = page.response.status or 0
    return Sight(status, page.response.url, page.title, text, words_digest(text).hex(), redirected)


def random_sight(fetched: Fetched) -> Sight:
    """Return what matters of the answer for a path that cannot exist."""
    response = fetched.response
    html = decode(fetched.body, response.header("content-type")).text
    text = text_of(html)
    digest = words_digest(text).hex() if html else hashlib.blake2b(fetched.body, digest_size=16).hexdigest()
    return Sight(response.status or 0, response.url, "", text, digest, bool(response.redirects))
