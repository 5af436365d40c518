"""Answer what one page asks for: through the fetcher of the run, once a resource, within bounds, and nothing else.

A page may ask as its reader's browser would. What it may not: reach an address that the guard keeps closed, what
robots.txt or the owner of the site excludes, more than its share of requests and bytes, or change anything by a request
that is no GET: a form that a script sends is left alone, but for a query by POST to the site itself, which lists need.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct, field

from checks.model import ErrorKind
from monitor.browser.chromium import quiet
from monitor.fetch import Fetched
from monitor.fetch.answer_cache import AnswerCache
from monitor.settings.browser import BrowserSettings

if TYPE_CHECKING:
    from playwright.async_api import Frame, Request, Route

QUERY = 64 * 1024
"""Bytes of a query by POST that are sent on."""

UNSENT = frozenset({"content-encoding", "content-length", "transfer-encoding", "connection", "set-cookie", "alt-svc"})
"""Headers that are not passed on: bodies come decoded, and a page sees no cookie of another."""

UNSEEN = frozenset({"image", "media", "font"})
"""Kinds of requests whose answers no text depends on; they are asked for where a picture is wanted."""

NEEDLESS = frozenset({"image", "font", "ping"})
"""Kinds of requests that no script counts on: what it does without them, it does with them."""

PIXEL = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
"""A transparent picture, which stands for those that are not asked for: to a script they have come."""

OURS = frozenset(
    "user-agent host cookie accept-encoding accept-language connection content-length upgrade-insecure-requests "
    "cache-control pragma if-none-match if-modified-since priority purpose dnt".split()
)
"""Headers of a request that are not the page's to choose; of the others a list may ask for its answer by them."""

SAME_ANSWER = frozenset({"accept", "referer", "origin"})
"""Headers that make no other resource of an address."""

ERRORS = {error.value: error for error in ErrorKind}

BLOCKED = "blocked: mixed-content"

REFUSED = "refused: "

Ask = Callable[..., Awaitable[Fetched]]


class Asked(NamedTuple):
    """One request of a page: ``outcome`` is its status, or why it got no answer."""

    url: str
    kind: str
    method: str
    outcome: str

    @property
    def status(self) -> int | None:
        """The status that answered it, None where none did."""
        return int(self.outcome) if self.outcome.isdigit() else None

    @property
    def error(self) -> ErrorKind | None:
        """Why nothing answered, where it was asked."""
        return ERRORS.get(self.outcome)

    @property
    def is_blocked(self) -> bool:
        """Whether the browser itself refused it: an https page may not ask for what comes in the clear."""
        return self.outcome == BLOCKED

    @property
    def is_refused(self) -> bool:
        """Whether it never left: it was kept back by us."""
        return self.outcome.startswith(REFUSED)


class PageNetwork(Struct):
    """What one page may reach. ``ask`` fetches an address, ``may_ask`` says whether the run wants it asked for.

    ``document`` is the answer that is drawn, under the address where it is. ``pictures`` also gets what only eyes see.
    ``headers`` are those of who looks. ``hindered`` says that the page was kept from something that its scripts may
    count on.
    """

    ask: Ask
    may_ask: Callable[[str], bool]
    is_ours: Callable[[str], bool]
    cache: AnswerCache
    settings: BrowserSettings
    document: Fetched
    pictures: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)
    hindered: bool = False
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
                    self.note(request, fetched)
                    await self._refuse(route, fetched)
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
            return f"{REFUSED}{reason}"
        self.admitted += 1  # before anything is awaited: many requests come at the same time
        chosen = _chosen_headers(request)
        headers = {**chosen, **self.headers}
        if request.method == "POST":
            headers.setdefault("content-type", "application/x-www-form-urlencoded")
            return await self.ask(url, method="POST", content=request.post_data_buffer or b"", headers=headers)
        resource = "\n".join((url, *(f"{name}: {chosen[name]}" for name in sorted(chosen.keys() - SAME_ANSWER))))
        async with self.cache.turns[resource]:  # of those who ask for one resource at the same time, one asks
            known = self.cache.get(resource)
            if known is None:
                known = await self.ask(url, headers=headers)
                self.cache.keep(resource, known)
            return known

    async def _refuse(self, route: Route, outcome: str) -> None:
        """Refuse a request. A page that wants to move on stays: an aborted move leaves an error page there."""
        kind = route.request.resource_type
        self.hindered |= kind not in NEEDLESS
        if outcome in {f"{REFUSED}navigation", f"{REFUSED}window"}:
            await route.fulfill(status=204)
        elif kind == "image":
            await route.fulfill(body=PIXEL, headers={"content-type": "image/gif", "access-control-allow-origin": "*"})
        else:
            await route.abort("blockedbyclient")

    def _why_refused(self, request: Request, url: str) -> str:
        """Return why a request is not made, empty where it is."""
        frame = _frame_of(request)
        reasons = {
            "scheme": not url.startswith(("http://", "https://")),
            "budget": self.admitted >= self.settings.requests or self.size >= self.settings.bytes,
            # What is judged is the page that was asked for.
            "window": request.is_navigation_request() and frame is None,
            "navigation": request.is_navigation_request() and frame is not None and frame.parent_frame is None,
            "unseen": not self.pictures and request.resource_type in UNSEEN,
            "method": request.method != "GET" and not self._is_query(request, url),
        }
        reason = next((name for name, holds in reasons.items() if holds), "")
        return reason or ("" if self.may_ask(url) else "excluded")

    def _is_query(self, request: Request, url: str) -> bool:
        """Return whether a request is a short POST to the site itself, as lists send, and no count of a reader."""
        is_post = request.method == "POST" and request.resource_type != "ping"
        return is_post and self.is_ours(url) and len(request.post_data_buffer or b"") <= QUERY

    async def _pass_on(self, route: Route, fetched: Fetched) -> None:
        response = fetched.response
        if response.error is not None or response.status is None:
            self.hindered |= response.error == ErrorKind.FORBIDDEN_ADDRESS
            self.note(route.request, str(response.error or "no answer"))
            await route.abort("failed")
            return
        self.note(route.request, str(response.status))
        body = fetched.body[: max(self.settings.bytes - self.size, 0)]
        self.size += len(body)
        headers = {name: value for name, value in response.headers if name.lower() not in UNSENT}
        await route.fulfill(status=response.status, headers=headers, body=body)

    def note(self, request: Request, outcome: str) -> None:
        """Note what became of a request."""
        self.asked.append(Asked(request.url, request.resource_type, request.method, outcome))


def _frame_of(request: Request) -> Frame | None:
    """Return the frame that asks, None where it is a window that the page opens and that is not there yet."""
    from playwright.async_api import Error

    try:
        return request.frame
    except Error:
        return None


def _chosen_headers(request: Request) -> dict[str, str]:
    """Return the headers by which a page chooses its answer."""
    return {
        name: value
        for name, value in request.headers.items()
        if name not in OURS and not name.startswith("sec-") and value.isascii()
    }
