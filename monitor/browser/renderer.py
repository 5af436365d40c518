"""Draw one page: run its scripts until network and document are quiet, and take what is there then."""

from __future__ import annotations

import asyncio
import contextlib
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from checks.model import ScriptFault, Text
from monitor.browser.browser_memory import browser_memory
from monitor.browser.chromium import Chromium, quiet
from monitor.browser.page_events import PageEvents
from monitor.browser.page_network import REFUSED, Ask, Asked, PageNetwork
from monitor.browser.screenshots import Mark, Shot, take_shots
from monitor.fetch import Fetched
from monitor.fetch.answer_cache import AnswerCache
from monitor.settings.browser import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Route

QUIET = 0.4
"""Seconds without a request under way and without a change of the document after which a page counts as drawn."""

LOOK = 0.1
"""Seconds between two looks at whether it is."""

WATCHED = 0.5
"""Seconds between two looks at what the browser takes."""

GRACE = 3.0
"""Seconds for taking what there is from a page whose time is over, before it is given up."""

LONGEST = 8 * 1024 * 1024
"""Characters of a drawn document that are taken."""

VIEW = (1280, 900)
"""Pixels of the window, width and height."""

PHONE_VIEW = (412, 915)
"""Those of a telephone."""

WATCH = """
(() => {
  let last = performance.now();
  const observe = () => new MutationObserver(() => { last = performance.now(); })
    .observe(document, {subtree: true, childList: true, characterData: true, attributes: false});
  Object.defineProperty(window, '__sitehealthStill', {value: () => performance.now() - last, configurable: false});
  observe();
  if (navigator.serviceWorker) {
    const register = () => new Promise(() => {});
    Object.defineProperty(navigator.serviceWorker, 'register', {get: () => register, set: () => {}});
  }
})();
"""
"""Put into every page before its scripts: when the document changed last, in milliseconds of its own clock.

A service worker is never registered and never refused, so that no script fails for what we keep from it.
"""

SCROLLS = 20
"""Times that a page is scrolled down, while more of it comes each time."""

SCROLL = """
() => {
  const root = document.scrollingElement;
  if (!root || root.scrollHeight <= innerHeight) return false;
  root.scrollTop = root.scrollHeight;
  return true;
}
"""
"""Scroll to the end of a page, as its readers do; false where it has no more than is seen."""

TAKE = f"""
() => {{
  const html = document.documentElement ? document.documentElement.outerHTML : '';
  return [html.slice(0, {LONGEST}), document.title || '', location.href];
}}
"""


ENDLESS = Text("页面没有在限定时间内停下来", "the page did not come to an end")
TOO_LARGE = Text("页面占用内存超过 {size} MiB", "the page took more than {size} MiB")
NO_ANSWER = Text("从页面取不出内容：{reason}", "nothing could be taken from the page: {reason}")
BROKEN = Text("浏览器出错：{reason}", "the browser failed: {reason}")


class NotDrawnError(RuntimeError):
    """A page could not be drawn, for a ``reason``. What it was before it was drawn still stands."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


class _BrowserLostError(NotDrawnError):
    """The browser ended while it drew a page."""


class Visitor(Struct, frozen=True):
    """Who looks at a page: "" for us, and for nowhere that a link led here from. ``is_phone``: with a small screen."""

    user_agent: str = ""
    referrer: str = ""
    is_phone: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """What requests of a page say of who looks."""
        return {"user-agent": self.user_agent} if self.user_agent else {}


ANYBODY = Visitor()


class Wanted(Struct, frozen=True):
    """Pictures that are wanted of a page: of the ``window`` as it is, and of the parts that show ``marks``."""

    window: bool = False
    marks: tuple[Mark, ...] = ()


NO_PICTURE = Wanted()


class Drawn(Struct, frozen=True):
    """A page as it was drawn: ``html`` is its document as it stands, ``settled`` whether it came to rest in time.

    ``url`` is where the page says that it is. ``faults`` are what its scripts threw, ``hindered`` says that we kept
    something from them. ``picture`` is a PNG of the window, empty where none was asked for; ``shots`` show marks.
    """

    html: str
    title: str
    url: str
    settled: bool
    seconds: float
    asked: tuple[Asked, ...] = ()
    faults: tuple[ScriptFault, ...] = ()
    hindered: bool = False
    picture: bytes = b""
    shots: tuple[Shot, ...] = ()

    @property
    def moves(self) -> tuple[str, ...]:
        """Where scripts wanted to take the reader."""
        return tuple(asked.url for asked in self.asked if asked.outcome == f"{REFUSED}navigation")


@dataclass(slots=True)
class Renderer:
    """Draws the pages of one run, some at a time.

    ``ask`` fetches an address for a page, ``may_ask`` says whether the run wants it, ``is_ours`` whether it is of the
    site. ``drawn`` counts the pages. ``answers`` are what came for everybody's eyes; other visitors get their own.
    """

    settings: BrowserSettings
    ask: Ask
    may_ask: Callable[[str], bool] = bool
    is_ours: Callable[[str], bool] = bool
    drawn: int = 0
    answers: AnswerCache = field(default_factory=AnswerCache)
    chromium: Chromium = field(init=False)
    _caches: defaultdict[Visitor, AnswerCache] = field(default_factory=lambda: defaultdict(AnswerCache))
    _turns: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        """Prepare the browser; it starts with the first page."""
        self.chromium = Chromium(self.settings)
        self._caches[ANYBODY] = self.answers
        self._turns = asyncio.Semaphore(self.settings.at_once)

    @property
    def is_spent(self) -> bool:
        """Whether no more pages of this run are drawn."""
        return self.drawn >= self.settings.pages

    async def draw(self, document: Fetched, wanted: Wanted = NO_PICTURE, visitor: Visitor = ANYBODY) -> Drawn:
        """Return a document that was fetched as a browser shows it. Raises NotDrawnError and BrowserMissingError."""
        async with self._turns:
            self.drawn += 1
            try:
                return await self._draw_in_browser(document, wanted, visitor)
            except _BrowserLostError:
                # It was ended over the page beside this one, which must not cost this one as well.
                return await self._draw_in_browser(document, wanted, visitor)

    async def _draw_in_browser(self, document: Fetched, wanted: Wanted, visitor: Visitor) -> Drawn:
        """Draw once. Raises NotDrawnError, of these _BrowserLostError where there is no browser any more."""
        browser = await self.chromium.get()
        network = PageNetwork(
            self.ask,
            self.may_ask,
            self.is_ours,
            self._caches[visitor],
            self.settings,
            document,
            pictures=wanted != NO_PICTURE,
            headers=visitor.headers,
        )
        work = asyncio.create_task(self._draw(browser, network, wanted, visitor))
        try:
            reason = await self._watch(work)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if reason is not None:
            # What does not answer, or eats memory, holds the browser as well: the next page gets a new one.
            work.cancel()
            await self.chromium.close()
            raise NotDrawnError(reason)
        try:
            return _drawn(work)
        except NotDrawnError as error:
            if isinstance(error, _BrowserLostError):
                await self.chromium.discard(browser)
                raise
            if browser.is_connected():
                raise
            raise _BrowserLostError(error.reason) from None

    async def _watch(self, work: asyncio.Task[Drawn]) -> Text | None:
        """Wait for a page; return why it has to be given up, None where it came to its end."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self.settings.seconds + 2 * self._grace
        while not work.done():
            await asyncio.wait({work}, timeout=WATCHED)
            if loop.time() > end:
                return ENDLESS
            if browser_memory(self.chromium.mark) > self.settings.memory * 2**20:
                return Text(*(words.format(size=self.settings.memory) for words in TOO_LARGE))
        return None

    @property
    def _grace(self) -> float:
        return min(GRACE, self.settings.seconds)

    async def close(self) -> None:
        """End the browser."""
        await self.chromium.close()

    async def _draw(self, browser: Browser, network: PageNetwork, wanted: Wanted, visitor: Visitor) -> Drawn:
        width, height = PHONE_VIEW if visitor.is_phone else VIEW
        context = await _context_of(
            browser,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": width, "height": height},
            user_agent=visitor.user_agent or None,
            is_mobile=visitor.is_phone,
            has_touch=visitor.is_phone,
            service_workers="block",
            accept_downloads=False,
            java_script_enabled=True,
            bypass_csp=False,
        )
        try:
            return await self._in(context, network, wanted, visitor)
        finally:
            with quiet(), contextlib.suppress(TimeoutError):
                await asyncio.wait_for(context.close(), self._grace)

    async def _in(self, context: BrowserContext, network: PageNetwork, wanted: Wanted, visitor: Visitor) -> Drawn:
        loop = asyncio.get_running_loop()
        began = loop.time()
        await context.add_init_script(WATCH)

        async def answer(route: Route) -> None:  # a function: playwright writes into what it is given
            await network.answer(route)

        await context.route("**/*", answer)
        events = PageEvents(network)
        page = await events.open(context)
        url, come_from = network.document.response.url, visitor.referrer or None
        with quiet():  # a page that never loads is looked at all the same
            await page.goto(url, wait_until="commit", timeout=self.settings.seconds * 1000, referer=come_from)
        end = began + self.settings.seconds
        settled = await _settle(page, network, end) and await _scroll(page, network, end)
        html, title, where = await _taken(page, self._grace)
        picture = await _picture(page) if wanted.window else b""
        shots = await _shots(context, page, wanted.marks, self._grace) if wanted.marks else ()
        return Drawn(
            html,
            title,
            where,
            settled,
            loop.time() - began,
            tuple(network.asked),
            tuple(events.faults),
            network.hindered,
            picture,
            shots,
        )


async def _context_of(browser: Browser, **options: Any) -> BrowserContext:  # noqa: ANN401 - Browser.new_context's
    """Return a new context. Raises _BrowserLostError where there is none to be had: the driver between us has ended."""
    from playwright.async_api import Error

    try:
        return await browser.new_context(**options)
    except Error as error:
        raise _BrowserLostError(_broken(error)) from None


async def _settle(page: Page, network: PageNetwork, end: float) -> bool:
    """Wait until a page is drawn; return False where its time was over first."""
    loop = asyncio.get_running_loop()
    while loop.time() < end and not page.is_closed():
        await asyncio.sleep(LOOK)
        if network.under_way or loop.time() - network.last_answer < QUIET:
            continue
        with quiet(), contextlib.suppress(TimeoutError):
            still = await asyncio.wait_for(
                page.evaluate("() => window.__sitehealthStill()"), max(end - loop.time(), LOOK)
            )
            if still >= QUIET * 1000:
                return True
    return False


async def _scroll(page: Page, network: PageNetwork, end: float) -> bool:
    """Scroll down until that brings nothing more; return False where the time was over first."""
    for _ in range(SCROLLS):
        before = len(network.asked)
        is_longer = False
        with quiet(), contextlib.suppress(TimeoutError):
            is_longer = await asyncio.wait_for(page.evaluate(SCROLL), GRACE)
        if not is_longer:
            return True
        if not await _settle(page, network, end):
            return False
        if len(network.asked) == before:
            return True
    return True


async def _taken(page: Page, seconds: float) -> tuple[str, str, str]:
    from playwright.async_api import Error

    try:
        html, title, where = await asyncio.wait_for(page.evaluate(TAKE), seconds)
    except (TimeoutError, Error) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise NotDrawnError(Text(*(words.format(reason=reason) for words in NO_ANSWER))) from None
    return str(html), str(title), str(where)


async def _picture(page: Page) -> bytes:
    """Return the page as it is seen, empty where it does not hold still for it."""
    from playwright.async_api import Error

    try:
        return await page.screenshot(type="png", animations="disabled", timeout=GRACE * 1000)
    except Error:
        return b""


async def _shots(context: BrowserContext, page: Page, marks: Sequence[Mark], seconds: float) -> tuple[Shot, ...]:
    """Return pictures of parts of a page, none where it does not hold still for them."""
    from playwright.async_api import Error

    try:
        return await asyncio.wait_for(take_shots(context, page, marks), 2 * seconds)
    except (TimeoutError, Error):
        return ()


def _drawn(work: asyncio.Task[Drawn]) -> Drawn:
    """Return what came of a page.

    Raises NotDrawnError where the browser failed at it, _BrowserLostError where the driver did: playwright raises
    anything then.
    """
    from playwright.async_api import Error

    try:
        return work.result()
    except NotDrawnError:
        raise
    except Error as error:
        raise NotDrawnError(_broken(error)) from None
    except Exception as error:  # noqa: BLE001 - whatever a driver that is gone raises
        raise _BrowserLostError(_broken(error)) from None


def _broken(error: Exception) -> Text:
    reason = str(error).partition("\n")[0] or type(error).__name__
    return Text(*(words.format(reason=reason) for words in BROKEN))
