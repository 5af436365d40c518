"""Have pages drawn by a browser whose content a script makes, and read them as they are then."""

from __future__ import annotations

import asyncio
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import replace

from checks.model import Page, Response, Subrequest, Text, Viewing
from checks.reading.scripted import STUB_TEXT, content_is_scripted, may_be_scripted
from monitor.browser.chromium import BrowserMissingError, why_not_drawn
from monitor.browser.page_network import SAME_ANSWER
from monitor.browser.renderer import ANYBODY, Drawn, NotDrawnError, Renderer, Visitor, Wanted
from monitor.browser.screenshots import Mark, Shot
from monitor.crawl.context import CrawlContext
from monitor.crawl.page_spool import PageSpool
from monitor.fetch import Fetched
from monitor.pages.offload import weight
from monitor.pages.parse import Parser
from monitor.pages.urls import host_of
from monitor.pages.visible_text import has_more_text, text_in
from monitor.settings.browser import BrowserSettings, Render
from monitor.settings.site import SiteSettings

if TYPE_CHECKING:
    from monitor.crawl.crawler import Crawl

NAMED = 3
"""Addresses that a notice names."""

SPENT = Text("达到渲染页数上限 browser.pages", "the limit browser.pages was reached")

UTF_8 = "text/html; charset=utf-8"
"""The type of a document as the browser has it."""


class DrawnPage(Struct, frozen=True):
    """A page as the browser shows it, its document, what the browser saw beside, and where scripts wanted to go."""

    page: Page
    body: bytes
    viewing: Viewing
    moves: tuple[str, ...]


@dataclass(slots=True)
class PageDrawing:
    """The drawn pages of one crawl. ``missing`` is why no page can be drawn here, None where they can.

    ``unseen`` are pages that should have been drawn and were not, each with the reason; ``unseen_places`` are the
    addresses at which they were asked for and are. ``spool`` has the pages that were read.
    """

    context: CrawlContext
    parser: Parser
    site: SiteSettings
    settings: BrowserSettings
    missing: Text | None
    drawn: int = 0
    unseen: dict[str, Text] = field(default_factory=dict)
    unseen_places: set[str] = field(default_factory=set)
    spool: PageSpool = field(default_factory=lambda: PageSpool(None, wanted=False))
    _renderer: Renderer = field(init=False)
    _turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def __post_init__(self) -> None:
        """Prepare the browser; it starts with the first page."""
        self.context.shares = self.missing is None
        self._renderer = Renderer(
            self.settings, self._ask, self._may_ask, self.context.scope.internal, answers=self.context.answers
        )

    def wants(self, page: Page) -> bool:
        """Return whether a page is to be drawn before it is judged."""
        match self.site.render:
            case Render.NEVER:
                return False
            case Render.ALWAYS:
                return True
        return any(pattern.search(page.url) for pattern in self._patterns()) or self._is_scripted(page)

    def _is_scripted(self, page: Page) -> bool:
        if self.parser.text:
            return content_is_scripted(page)
        # A run without checks of texts reads that of pages which it says something of.
        has_text = has_more_text(page.tree, page.html, STUB_TEXT)
        return may_be_scripted(page, has_text=has_text) and content_is_scripted(
            replace(page, text=text_in(page.tree, page.html))
        )

    @property
    def is_possible(self) -> bool:
        """Whether one more page of this run can be drawn."""
        return self.missing is None and not self._renderer.is_spent

    async def draw(self, page: Page, fetched: Fetched) -> DrawnPage | None:
        """Return a page as its readers see it, None where it could not be drawn: what was fetched is judged then."""
        if not self.is_possible:
            self._pass_over(page, self.missing or SPENT)
            return None
        try:
            drawn = await self.draw_for(page, fetched)
        except (NotDrawnError, BrowserMissingError) as error:
            self._pass_over(page, error.reason)
            return None
        self.drawn += 1
        return drawn

    async def draw_for(self, page: Page, fetched: Fetched, visitor: Visitor = ANYBODY) -> DrawnPage:
        """Return the page in an answer as a visitor sees it. Raises NotDrawnError and BrowserMissingError."""
        drawn = await self._renderer.draw(fetched, visitor=visitor)
        body = drawn.html.encode("utf-8", "replace")
        as_sent = replace(fetched.response, headers=(*_without_type(fetched), ("content-type", UTF_8)))
        parsed = await self.context.offload(
            weight(body), self.parser.parse, page.url, as_sent, body, page.fetched, homepage=page.homepage
        )
        # What the server sent is still what it sent: its headers and its charset are judged as they were.
        as_seen = replace(
            parsed,
            response=fetched.response,
            drawn=True,
            charset=page.charset,
            declared_charset=page.declared_charset,
        )
        return DrawnPage(as_seen, body, _viewing(as_seen, drawn), drawn.moves)

    async def take_shots(self, fetched: Fetched, marks: Sequence[Mark]) -> tuple[Shot, ...]:
        """Return pictures of the parts of a page that show marks. Raises NotDrawnError and BrowserMissingError."""
        return (await self._renderer.draw(fetched, Wanted(marks=tuple(marks)))).shots

    def _pass_over(self, page: Page, reason: Text) -> None:
        self.unseen[page.url] = reason
        self.unseen_places |= {page.url, page.response.url}

    async def close(self) -> None:
        """End the browser."""
        await self._renderer.close()

    def notices(self) -> Iterator[Text]:
        """Say which pages were not seen as their readers see them, and what to do."""
        if not self.unseen:
            return
        count, named = len(self.unseen), "、".join(list(self.unseen)[:NAMED])
        pages = "1 page" if count == 1 else f"{count} pages"
        if self.missing is not None:
            yield Text(
                f"{count} 个页面的内容由脚本生成，没有用浏览器渲染，可能有没看到的内容（{named}）：{self.missing.zh}",
                f"{pages} whose content a script makes, not drawn by a browser ({named}): {self.missing.en}",
            )
            return
        reasons = self._reasons()
        yield Text(
            f"{count} 个页面没有渲染成功，按未渲染的内容检查（{named}）：{reasons.zh}",
            f"{pages} not drawn, and judged as sent ({named}): {reasons.en}",
        )

    def _reasons(self) -> Text:
        """Return why pages were not drawn, with how many for each reason where there are several."""
        counted = Counter(self.unseen.values()).most_common()
        if len(counted) == 1:
            return counted[0][0]
        return Text(
            "；".join(f"{reason.zh}（{count} 个）" for reason, count in counted),
            "; ".join(f"{reason.en} ({count})" for reason, count in counted),
        )

    # ---- what pages ask for ----------------------------------------------------------------------

    async def _ask(self, url: str, **options: Any) -> Fetched:  # noqa: ANN401 - Fetcher.fetch's options
        """Fetch for a page: one request at a time to a host, with the crawl's pause between two.

        A page that the crawl has read is not asked for again.
        """
        context = self.context
        read = self._read_before(url, **options)
        if read is not None:
            return read
        pause = context.settings.delay
        if context.scope.internal(url):
            pause = max(pause, context.robots.delay)
        async with self._turns[host_of(url)]:
            fetched = await context.fetch(url, **options)
            await asyncio.sleep(pause)
        return fetched

    def _read_before(self, url: str, *, method: str = "GET", headers: Mapping[str, str], **_: object) -> Fetched | None:
        """Return a page as it was sent to the crawl, None where it was not read or is asked for in a way of its own."""
        if method != "GET" or headers.keys() - SAME_ANSWER:
            return None
        try:
            page = self.spool.read_sent(url)
        except OSError:
            return None
        return Fetched(Response(url, 200, page.headers), page.body) if page is not None else None

    def _may_ask(self, url: str) -> bool:
        context = self.context
        if context.scope.excluded(url):
            return False
        return not (context.settings.robots and context.scope.internal(url)) or context.robots.allows(url)

    def _patterns(self) -> Iterator[re.Pattern[str]]:
        return map(re.compile, self.site.render_pages)


def drawing_for(crawl: Crawl, site: SiteSettings, settings: BrowserSettings | None) -> PageDrawing | None:
    """Return what has the pages of a crawl drawn whose content a script makes; None where nobody wants it."""
    if settings is None or site.render is Render.NEVER:
        return None
    return PageDrawing(crawl.context, crawl.parser, site, settings, why_not_drawn(settings), spool=crawl.reader.spool)


def _without_type(fetched: Fetched) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, value in fetched.response.headers if name.lower() != "content-type")


def _viewing(page: Page, drawn: Drawn) -> Viewing:
    """Return what the browser saw of a page."""
    asked = drawn.asked[1:]  # the first is the page itself
    return Viewing(
        page.response.url,
        tuple(Subrequest(each.url, each.kind, each.status, each.error, each.is_blocked) for each in asked),
        drawn.faults,
        drawn.hindered,
        frozenset(reference.url for reference in page.references),
    )
