"""Fetch one URL: choose the transport, follow redirects, read the body within its bounds."""

from __future__ import annotations

import asyncio
import functools
import ssl
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self, cast

import certifi
import httpx
from pyreqwest.exceptions import PyreqwestError

from monitor.addresses import AddressGuard
from monitor.fetch import faults
from monitor.fetch.decoding import DecodingError, decoder_for
from monitor.fetch.guarded import GuardedTransport
from monitor.fetch.journey import Journey
from monitor.fetch.outcome import SAFE, Fetched, Limits
from monitor.fetch.pinned import pinned_transport
from monitor.fetch.resolver import ForbiddenAddressError, Lookup, Resolver, UnresolvedError
from monitor.fetch.targets import MalformedURLError, Target, Targets

HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}
SMALL = 16 * 1024
"""Bytes of a redirect's body that are read, so that its connection can be used again."""
PIN_AFTER = 3
"""Answers after which a host gets a fast transport of its own: making one costs 3 ms, a request saves 0.3 ms."""
PINS = 32
"""Fast transports at once; each holds about 150 KB."""
STRIKES = 3
"""Failures in a row, each put right by the guarded transport, after which a host loses its fast one."""
GRACE = 1.0
"""Seconds after our own clock at which the fast transport closes a connection that we have turned away from."""


class LeanClient(httpx.AsyncClient):
    """httpx's client without what a crawler must not have.

    Its cookie jar would be shared by strangers, its redirects would be followed unchecked. Leaving them out also saves
    more than half of the CPU of a request.
    """

    def __init__(self, transport: httpx.AsyncBaseTransport) -> None:
        super().__init__(transport=transport, trust_env=False, follow_redirects=False)
        self._wire = transport

    async def send(self, request: httpx.Request, **_: object) -> httpx.Response:
        """Send the request once, and return the answer as soon as its headers are there."""
        return await self._wire.handle_async_request(request)


@dataclass(slots=True)
class Pin:
    """A host's fast transport, the address it goes to, and how often in a row it failed where the other did not."""

    client: LeanClient
    address: str
    strikes: int = 0


class Fetcher:
    """Fetch for one run, as an async context manager.

    ``user_agent`` names us and a contact. ``allow_private`` and ``allowed_networks`` (CIDR blocks) open the address
    guard for intranet sites. ``concurrency`` is how many connections to one origin are kept open. ``trusted_ca`` is
    the path of a PEM file that is trusted beside the system's and Mozilla's roots. ``lookup`` replaces the system's
    resolver. Raises OSError (ssl.SSLError) for a ``trusted_ca`` that cannot be read, ValueError for a network that is
    none. ``requests`` and ``bytes`` count what went out and what came in as bodies, on the wire.
    """

    def __init__(  # noqa: PLR0913 - settings, all by name
        self,
        *,
        user_agent: str,
        limits: Limits = Limits(),  # noqa: B008 - frozen
        allow_private: bool = False,
        allowed_networks: Sequence[str] = (),
        concurrency: int = 64,
        verify: bool = True,
        trusted_ca: str | None = None,
        lookup: Lookup | None = None,
    ) -> None:
        self.requests = 0
        self.bytes = 0
        self._limits = limits
        self._concurrency = concurrency
        self._verify = verify
        self._trusted_ca = trusted_ca
        self._headers = httpx.Headers({"User-Agent": user_agent, **HEADERS})
        self._targets = Targets()
        self._resolver = Resolver(AddressGuard(allow_private, tuple(allowed_networks)), lookup)
        tls = functools.cache(functools.partial(tls_context, verify=verify, trusted_ca=trusted_ca))
        if trusted_ca:
            tls()  # a file that cannot be read is the caller's mistake, not the fault of a server
        self._guarded = LeanClient(GuardedTransport(self._resolver, tls, concurrency))
        self._pins: dict[str, Pin | None] = {}  # None: given up
        self._made: list[Pin] = []
        self._answers: Counter[str] = Counter()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        for pin in self._made:
            await pin.client.aclose()
        await self._guarded.aclose()
        await self._resolver.close()

    async def pin(self, host: str) -> tuple[str, ...]:
        """Vouch that a host will be asked often, so that it gets a fast transport with its first answer.

        Returns the addresses that it may be asked at, none where it has none.
        """
        self._answers[host] = PIN_AFTER
        try:
            return tuple(await self._resolver.permitted(host))
        except (UnresolvedError, ForbiddenAddressError):
            return ()

    async def fetch(  # noqa: PLR0913 - options, all by name
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        head_bytes: int | None = None,
        content: bytes | None = None,
        follow: bool = True,
    ) -> Fetched:
        """Fetch a URL; whatever network and server do comes back as an outcome, never as an exception.

        ``head_bytes`` is how much of the body is wanted, where that is less than ``limits.body``. ``follow`` False
        returns a redirect as it is.
        """
        limits = limits or self._limits
        keep = limits.body if head_bytes is None else min(head_bytes, limits.body)
        journey = Journey(url, method, self._headers_with(headers), content, limits, keep, follow)
        started = time.monotonic()
        try:
            async with asyncio.timeout(limits.timeout):
                await self._travel(journey, started + limits.timeout)
        except TimeoutError:
            journey.fail("timeout", f"no end after {limits.timeout:g} s")
        return journey.outcome(time.monotonic() - started)

    def _headers_with(self, given: Mapping[str, str] | None) -> httpx.Headers:
        if not given:
            return self._headers
        headers = self._headers.copy()
        headers.update(given)
        return headers

    async def _travel(self, journey: Journey, deadline: float) -> None:
        while True:
            journey.forget_answer()
            try:
                target = self._targets.read(journey.url)
            except MalformedURLError as error:
                journey.fail("redirect-broken" if journey.redirects else "malformed", str(error))
                return
            request = journey.request(target, deadline - time.monotonic() + GRACE)
            await self._exchange(journey, target, request)
            if not journey.redirected:
                return
            journey.move_on(request)
            if journey.error:
                return

    async def _exchange(self, journey: Journey, target: Target, request: httpx.Request) -> None:
        pin = self._pins.get(target.host) if journey.method in SAFE else None
        if pin is not None:
            if await self._ask_pinned(pin, journey, request):
                pin.strikes = 0
                return
            journey.forget_answer()
        await self._ask_guarded(journey, request)
        if journey.error is None:
            self._learn(target.host, journey.address, pin)
        elif journey.error == "protocol" and journey.status is None and journey.method in SAFE and pin is None:
            await self._second_opinion(journey, target, request)

    async def _ask_guarded(self, journey: Journey, request: httpx.Request) -> None:
        try:
            self.requests += 1
            await self._read(await self._guarded.send(request), journey)
        except faults.WIRE_ERRORS as error:
            journey.fail(*faults.name(error))

    async def _second_opinion(self, journey: Journey, target: Target, request: httpx.Request) -> None:
        """Ask the more forgiving parser about headers that h11 cannot read: browsers forgive a lot, too."""
        verdict = (journey.error or "", journey.detail)
        addresses = await self._resolver.permitted(target.host)
        journey.forget_answer()
        pin = self._new_pin(target.host, addresses[0])
        try:
            if not await self._ask_pinned(pin, journey, request):
                journey.forget_answer()
                journey.fail(*verdict)
        finally:
            await pin.client.aclose()

    async def _ask_pinned(self, pin: Pin, journey: Journey, request: httpx.Request) -> bool:
        """Ask the fast way; False where that failed, for whatever reason: the guarded transport tells it exactly."""
        try:
            self.requests += 1
            await self._read(await pin.client.send(request), journey)
        except (httpx.RequestError, PyreqwestError, DecodingError, ValueError):
            return False
        journey.address = pin.address
        return True

    def _learn(self, host: str, address: str, failed: Pin | None) -> None:
        """Give a host that answers often its fast transport, and take one away that keeps failing."""
        self._answers[host] += 1
        if failed is not None:
            failed.strikes += 1
            if failed.strikes == STRIKES:
                self._pins[host] = None
        elif self._answers[host] >= PIN_AFTER and address and host not in self._pins and len(self._pins) < PINS:
            self._pins[host] = pin = self._new_pin(host, address)
            self._made.append(pin)

    def _new_pin(self, host: str, address: str) -> Pin:
        transport = pinned_transport(
            host, address, connections=self._concurrency, verify=self._verify, trusted_ca=self._trusted_ca
        )
        return Pin(LeanClient(transport), address)

    async def _read(self, response: httpx.Response, journey: Journey) -> None:
        try:
            journey.arrive(response)
            if sum(len(name) + len(value) for name, value in journey.answer) > journey.limits.headers:
                journey.fail("protocol", f"more than {journey.limits.headers} bytes of headers")
                return
            if response.status_code < 200:
                journey.fail("protocol", f"{response.status_code} that nobody asked for")
                return
            await self._read_body(response, journey, SMALL if journey.redirected else journey.keep)
        finally:
            await response.aclose()

    async def _read_body(self, response: httpx.Response, journey: Journey, keep: int) -> None:
        """Read up to ``keep`` bytes, one more to know that there are more; as many on the wire, whatever they hide."""
        decoder = decoder_for(response.headers.get("content-encoding", "")) if journey.method != "HEAD" else None
        body, wire = journey.body, 0
        async with aclosing(cast("Any", aiter(cast("httpx.AsyncByteStream", response.stream)))) as pieces:
            async for piece in pieces:
                wire += len(piece)
                body += decoder.feed(piece, keep + 1 - len(body)) if decoder else piece
                if len(body) > keep or wire > keep:
                    journey.truncated = True
                    break
        self.bytes += wire
        del body[keep:]


def tls_context(*, verify: bool, trusted_ca: str | None) -> ssl.SSLContext:
    """Return what makes TLS as forgiving as a browser's, and not more: what opens there is no fault of a link.

    The cipher list and the renegotiation of RFC 5746 are OpenSSL's to tighten; many a bureau's load balancer is older.
    """
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if trusted_ca:
        context.load_verify_locations(trusted_ca)
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.options |= 0x4  # OP_LEGACY_SERVER_CONNECT, which ssl names from Python 3.12 on
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
