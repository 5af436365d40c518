"""Keep what is known of one fetch while it is under way, hop by hop, so that nothing is lost when its time is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from checks.model import ErrorKind, Redirect, Response
from monitor.fetch.outcome import Fetched, Limits
from monitor.fetch.url import MalformedURLError, RequestTarget, locate
from monitor.fetch.wire_messages import HeaderLines, WireRequest, WireResponse, has, without

if TYPE_CHECKING:
    from monitor.fetch.cookies import Cookies

REDIRECTS = frozenset({301, 302, 303, 307, 308})
"""The statuses that browsers follow (Fetch standard, "redirect status")."""
PRIVATE = frozenset({b"authorization", b"cookie"})
"""Headers of the caller's that stay with the origin they were meant for."""
CONTENT = frozenset({b"content-type", b"content-length", b"content-encoding"})


class Exchange(Struct):
    """One fetch over all its redirects: what to ask next, and what came of it so far.

    ``keep`` is the bytes of body that are wanted.
    """

    url: str
    method: str
    headers: HeaderLines
    content: bytes | None
    limits: Limits
    keep: int
    follow: bool
    origin: str | None = None
    redirects: list[Redirect] = field(default_factory=list)
    status: int | None = None
    response_headers: HeaderLines = field(default_factory=list)
    body: bytearray = field(default_factory=bytearray)
    truncated: bool = False
    incomplete: bool = False
    address: str = ""
    head: bytes | None = None
    error: ErrorKind | None = None
    detail: str = ""
    _cookies: Cookies | None = None
    _visited: set[tuple[str, str]] = field(default_factory=set)

    def fail(self, error: ErrorKind, detail: str) -> None:
        """Note the fault that ends the exchange."""
        self.error, self.detail = error, detail

    def begin_hop(self) -> None:
        """Be ready for an answer, or for the reason that there is none."""
        self.status, self.response_headers, self.address, self.head = None, [], "", None
        self.truncated = self.incomplete = False
        self.error, self.detail = None, ""
        self.body.clear()

    @property
    def is_redirect(self) -> bool:
        """Whether the answer sends us on and we are to go."""
        return self._redirects and any(self._locations())

    @property
    def _redirects(self) -> bool:
        return self.follow and self.status in REDIRECTS and self.error is None

    def _locations(self) -> set[bytes]:
        """Return the addresses that the answer names."""
        return {value.strip() for name, value in self.response_headers if name.lower() == b"location"}

    def end(self) -> None:
        """Note what is wrong with an answer that is the last. Browsers show the body of a redirect to nowhere."""
        if self._redirects and not self.body:
            self.fail(ErrorKind.REDIRECT_BROKEN, f"{self.status} without Location")

    def request(self, target: RequestTarget) -> WireRequest:
        """Return what to send to a target."""
        self.origin = self.origin or target.origin
        headers = self.headers if target.origin == self.origin else without(self.headers, PRIVATE)
        if target.authorization and not has(headers, b"authorization"):
            headers = [*headers, (b"Authorization", target.authorization.encode("ascii"))]
        if self._cookies and not has(headers, b"cookie"):
            headers = headers + self._cookies.lines(target.url)
        return WireRequest(self.method, target, headers, self.content or b"")

    def receive_head(self, response: WireResponse) -> None:
        """Note the head of an answer."""
        self.status, self.response_headers = response.status, response.headers
        self.address, self.head = response.address, response.head

    def redirect(self, target: RequestTarget) -> None:
        """Go where the answer points: change url and method, or note why there is no way."""
        first, *others = self._locations()
        if others:  # no browser chooses
            self.fail(ErrorKind.REDIRECT_BROKEN, f"{self.status} with different Locations")
            return
        try:
            goal = locate(self.url, first)
        except MalformedURLError as error:
            self.fail(ErrorKind.REDIRECT_BROKEN, str(error))
            return
        self.redirects.append(Redirect(self.url, self.status or 0, goal))
        self._visited.add((self.url, self._cookie_state()))
        self._remember_cookies(target)
        self._go_to(goal)

    def _go_to(self, goal: str) -> None:
        url = goal.partition("#")[0]
        if not url.startswith(("http://", "https://")):
            self.fail(ErrorKind.REDIRECT_BROKEN, f"to {url.partition(':')[0]}:")
            return
        self._change_method()
        if len(self.redirects) > self.limits.redirects:
            self.fail(ErrorKind.REDIRECT_LOOP, f"more than {self.limits.redirects} redirects")
        elif (url, self._cookie_state()) in self._visited:
            self.fail(ErrorKind.REDIRECT_LOOP, f"back at {url}")
        else:
            self.url = url

    def _change_method(self) -> None:
        turned = self.status == 303 and self.method != "HEAD"
        if turned or (self.status in {301, 302} and self.method == "POST"):
            self.method, self.content = "GET", None
            self.headers = without(self.headers, CONTENT)

    def _remember_cookies(self, target: RequestTarget) -> None:
        if has(self.response_headers, b"set-cookie"):
            from monitor.fetch.cookies import Cookies

            self._cookies = self._cookies or Cookies()
            self._cookies.take(target.url, self.response_headers)

    def _cookie_state(self) -> str:
        return self._cookies.state() if self._cookies else ""

    def outcome(self, elapsed: float) -> Fetched:
        """Return what became of it; ``elapsed`` in seconds."""
        response = Response(
            url=self.url,
            status=self.status,
            headers=readable(self.response_headers),
            error=self.error,
            detail=self.detail,
            redirects=tuple(self.redirects),
            elapsed=elapsed,
        )
        return Fetched(response, bytes(self.body), self.truncated, self.incomplete, self.address, self.head)


def readable(headers: HeaderLines) -> tuple[tuple[str, str], ...]:
    """Return headers as text: ASCII by the standard (RFC 9110, 5.5), and what Chinese servers make of file names."""
    try:
        return tuple([(name.decode("ascii"), value.decode()) for name, value in headers])
    except UnicodeDecodeError:
        return tuple([(name.decode("latin-1"), _text(value)) for name, value in headers])


def _text(value: bytes) -> str:
    for charset in ("utf-8", "gb18030"):
        try:
            return value.decode(charset)
        except UnicodeDecodeError:
            continue
    return value.decode("latin-1")
