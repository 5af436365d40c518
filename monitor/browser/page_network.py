"""Answer what one page asks for: through the fetcher of the run, once a resource, within bounds, and nothing else.

A page may ask as its reader's browser would. What it may not: reach an address that the guard keeps closed, what
robots.txt or the owner of the site excludes, more than its share of requests and bytes, or change anything by a request
that is no GET: a form that a script sends is left alone, but for a query by POST to the site itself, which lists need.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from monitor.browser.chromium import quiet
from monitor.fetch import Fetched
from monitor.settings.browser import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Request, Route

CACHED = 64 * 1024 * 1024
"""Bytes of answers that one run remembers for its pages: scripts and styles of a template are asked for once."""

QUERY = 64 * 1024
"""Bytes of a query by POST that are sent on."""

UNSENT = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "alt-svc"})
"""Headers that are not passed on: bodies come decoded, and a page sees no cookie of another."""

UNSEEN = frozenset({"image", "media", "font"})
"""Kinds of requests whose answers no text depends on; they are asked for where a picture is wanted."""

Ask = Callable[..., Awaitable[Fetched]]


class Asked(NamedTuple):
    """One request of a page: ``outcome`` is its status, or why it got no answer."""

    url: str
    kind: str
    method: str
    outcome: str

    @property
    def is_refused(self) -> bool:
        """Whether it never left: it was kept back by us."""
        return self.outcome.startswith("refused")


class AnswerCache:
    """Answers to GETs of one run, the oldest dropped first."""

    def __init__(self, limit: int = CACHED) -> None:
        self._kept: OrderedDict[str, Fetched] = OrderedDict()
        self._limit, self._size = limit, 0
        self.turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    def get(self, url: str) -> Fetched | None:
        """Return what answered an address, None where it was not asked for or is forgotten."""
        return self._kept.get(url)

    def keep(self, url: str, fetched: Fetched) -> None:
        """Remember an answer."""
        if url in self._kept or len(fetched.body) > self._limit // 4:
            return
        self._kept[url] = fetched
        self._size += len(fetched.body)
        while self._size > self._limit:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped.body)


@dataclass(slots=True)
class PageNetwork:
    """What one page may reach. ``ask`` fetches an address, ``may_ask`` says whether the run wants it asked for.

    ``document`` is the answer that is drawn, under the address where it is. ``pictures`` also gets what only eyes see.
    """

    ask: Ask
    may_ask: Callable[[str], bool]
    is_ours: Callable[[str], bool]
    cache: AnswerCache
    settings: BrowserSettings
    document: Fetched
    pictures: bool = False
    asked: list[Asked] = field(default_factory=list)
    admitted: int = 0
    under_way: int = 0
    last_answer: float = 0.0
    size: int = 0

    async def answer(self, route: Route) -> None:
        """Answer one request of the page; what it may not have is refused."""
        request = route.request
        self.under_way += 1
        try:
            fetched = await self._fetched(request)
            with quiet():
                if isinstance(fetched, Fetched):
                    await self._pass_on(route, fetched)
                else:
                    self._note(request, fetched)
                    await self._refuse(route)
        finally:
            self.under_way -= 1
            self.last_answer = asyncio.get_running_loop().time()

    async def _fetched(self, request: Request) -> Fetched | str:
        """Return the answer to a request, or why there is none."""
        url = request.url.partition("#")[0]
        is_first = not self.asked and request.is_navigation_request()
        if is_first:
            return self.document
        if reason := self._why_refused(request, url):
            return f"refused: {reason}"
        self.admitted += 1  # before anything is awaited: many requests come at the same time
        if request.method == "POST":
            headers = {"Content-Type": request.headers.get("content-type", "application/x-www-form-urlencoded")}
            return await self.ask(url, method="POST", content=request.post_data_buffer or b"", headers=headers)
        async with self.cache.turns[url]:  # of those who ask for one resource at the same time, one asks
            known = self.cache.get(url)
            if known is None:
                known = await self.ask(url)
                self.cache.keep(url, known)
            return known

    async def _refuse(self, route: Route) -> None:
        """Refuse a request. A page that wants to move on stays: an aborted move leaves an error page there."""
        if _moves_page(route.request):
            await route.fulfill(status=204)
        else:
            await route.abort("blockedbyclient")

    def _why_refused(self, request: Request, url: str) -> str:
        """Return why a request is not made, empty where it is."""
        reasons = {
            "scheme": not url.startswith(("http://", "https://")),
            "budget": self.admitted >= self.settings.requests or self.size >= self.settings.bytes,
            "navigation": _moves_page(request),  # what is judged is the page that was asked for
            "unseen": not self.pictures and request.resource_type in UNSEEN,
            "method": request.method != "GET" and not self._is_query(request, url),
        }
        reason = next((name for name, holds in reasons.items() if holds), "")
        return reason or ("" if self.may_ask(url) else "excluded")

    def _is_query(self, request: Request, url: str) -> bool:
        """Return whether a request is a short POST to the site itself, as lists send."""
        return request.method == "POST" and self.is_ours(url) and len(request.post_data_buffer or b"") <= QUERY

    async def _pass_on(self, route: Route, fetched: Fetched) -> None:
        response = fetched.response
        if response.error is not None or response.status is None:
            self._note(route.request, str(response.error or "no answer"))
            await route.abort("failed")
            return
        self._note(route.request, str(response.status))
        body = fetched.body[: max(self.settings.bytes - self.size, 0)]
        self.size += len(body)
        headers = {name: value for name, value in response.headers if name.lower() not in UNSENT}
        await route.fulfill(status=response.status, headers=headers, body=body)

    def _note(self, request: Request, outcome: str) -> None:
        self.asked.append(Asked(request.url, request.resource_type, request.method, outcome))


def _moves_page(request: Request) -> bool:
    """Return whether a request would put another page in the place of the one that is drawn, frames left out."""
    return request.is_navigation_request() and request.frame.parent_frame is None
