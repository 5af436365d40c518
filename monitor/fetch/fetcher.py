"""Fetch one URL: follow redirects, read the body within its bounds, name what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Self

from checks.model import ErrorKind
from monitor.fetch import faults
from monitor.fetch.addresses import AddressGuard
from monitor.fetch.browser_tls import TlsContexts
from monitor.fetch.content_encoding import DecodingError, decoder_for
from monitor.fetch.exchange import Exchange
from monitor.fetch.intermediates import CompletedChains
from monitor.fetch.loop_time import LoopTime
from monitor.fetch.outcome import Fetched, Limits
from monitor.fetch.resolver import ForbiddenAddressError, Lookup, Resolver, UnresolvedError
from monitor.fetch.transport import SAFE, GuardedTransport
from monitor.fetch.url import MalformedURLError, Targets
from monitor.fetch.wire_errors import Http2Error
from monitor.fetch.wire_messages import HeaderLines, WireRequest, WireResponse, in_ascii, without

HEADERS = {
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5",
    "Accept-Encoding": "gzip, deflate, br",
}
SMALL = 16 * 1024
"""Bytes of a redirect's body that are read, so that its connection can be used again."""
CERTIFICATE_BYTES = 64 * 1024
"""Bytes that are read of a file of certificates."""
PASSING_SECONDS = 1.0
"""Seconds that a redirect's body may take before its connection is given up instead."""


class Fetcher:
    """Fetch for one run, as an async context manager.

    ``user_agent`` names us and a contact. ``allow_private`` and ``allowed_networks`` (CIDR blocks) open the address
    guard for intranet sites. ``concurrency`` is how many connections to one origin are kept open. ``trusted_ca`` is
    the path of a PEM file that is trusted beside the system's and Mozilla's roots. ``lookup`` replaces the system's
    resolver. Raises OSError (ssl.SSLError) for a ``trusted_ca`` that cannot be read, ValueError for a network that is
    none. ``limits`` hold for requests that were given none of their own. ``requests`` and ``bytes`` count what went out
    and what came in as bodies, on the wire; ``ipv6`` is True once anybody answered over IPv6.
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
        self.ipv6 = False
        self.limits = limits
        self._time = LoopTime()
        self._headers = in_ascii({"User-Agent": user_agent, **HEADERS})
        self._targets = Targets()
        guard = AddressGuard(allow_private=allow_private, allowed_networks=allowed_networks)
        self._resolver = Resolver(guard, lookup)
        tls = TlsContexts(verify=verify, trusted_ca=trusted_ca)
        completed = CompletedChains(tls.fresh, self._download)
        self._transport = GuardedTransport(self._resolver, tls, concurrency, completed)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self._transport.aclose()
        await self._resolver.close()

    async def _download(self, url: str) -> bytes:
        return (await self.fetch(url, head_bytes=CERTIFICATE_BYTES)).body

    async def pin(self, host: str) -> tuple[str, ...]:
        """Return the addresses at which a host may be asked, none where it has none that the guard permits."""
        try:
            return tuple(await self._resolver.permitted(host))
        except (UnresolvedError, ForbiddenAddressError):
            return ()

    def addresses(self, host: str) -> tuple[str, ...]:
        """Return the addresses of a host as far as it was asked for; asks for nothing."""
        return self._resolver.remembered(host)

    def forget_unresolved(self) -> None:
        """Ask anew for names that had no address, the next time that they are wanted."""
        self._resolver.forget_unresolved()

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
        limits = limits or self.limits
        keep = limits.body if head_bytes is None else min(head_bytes, limits.body)
        exchange = Exchange(url, method, self._headers_with(headers), content, limits, keep, follow)
        time = self._time.timeout(limits.timeout)
        try:
            with time:
                await self._follow(exchange)
        except TimeoutError:
            exchange.fail(ErrorKind.TIMEOUT, f"no end after {limits.timeout:g} s")
        return exchange.outcome(time.elapsed)

    def _headers_with(self, given: Mapping[str, str] | None) -> HeaderLines:
        if not given:
            return self._headers
        added = in_ascii(given)
        return without(self._headers, {name.lower() for name, _ in added}) + added

    async def _follow(self, exchange: Exchange) -> None:
        while True:
            try:
                target = self._targets.read(exchange.url)
            except MalformedURLError as error:
                exchange.fail(ErrorKind.REDIRECT_BROKEN if exchange.redirects else ErrorKind.MALFORMED, str(error))
                return
            await self._send(exchange, exchange.request(target))
            if not exchange.is_redirect:
                exchange.end()
                return
            exchange.redirect(target)
            if exchange.error:
                return
            exchange.begin_hop()

    async def _send(self, exchange: Exchange, request: WireRequest) -> None:
        """Ask, and over HTTP/1.1 once more where HTTP/2 makes no sense and asking twice does no harm."""
        try:
            try:
                await self._ask(exchange, request)
            except Http2Error:
                if exchange.method not in SAFE:
                    raise
                await self._transport.leave_http2(request.target)
                exchange.begin_hop()
                await self._ask(exchange, request)
        except faults.WIRE_ERRORS as error:
            exchange.fail(*faults.name(error))
        except Exception as error:  # noqa: BLE001 - one odd server, or a library's mistake, must not end a run
            exchange.fail(ErrorKind.PROTOCOL, f"{type(error).__name__}: {error}"[:200])

    async def _ask(self, exchange: Exchange, request: WireRequest) -> None:
        self.requests += 1
        response = await self._transport.ask(request)
        try:
            exchange.receive_head(response)
            self.ipv6 = self.ipv6 or ":" in exchange.address
            if exchange.is_redirect:
                await self._pass_over_body(response, exchange)
            else:
                await self._read_body(response, exchange, exchange.keep)
        finally:
            await response.aclose()

    async def _pass_over_body(self, response: WireResponse, exchange: Exchange) -> None:
        """Read a small body of a redirect, for its connection; whatever is wrong with it, browsers go on at once."""
        try:
            async with asyncio.timeout(PASSING_SECONDS):
                await self._read_body(response, exchange, SMALL)
        except (TimeoutError, *faults.WIRE_ERRORS):
            return

    async def _read_body(self, response: WireResponse, exchange: Exchange, keep: int) -> None:
        """Read up to ``keep`` bytes, one more to know that there are more; as many on the wire, whatever they hide."""
        decoder = decoder_for(response.header(b"content-encoding")) if exchange.method != "HEAD" else None
        body, wire = exchange.body, 0
        try:
            while piece := await response.body.read():
                wire += len(piece)
                body += decoder.feed(piece, keep + 1 - len(body)) if decoder else piece
                if len(body) > keep or wire > keep:
                    exchange.truncated = True
                    break
            exchange.incomplete = response.body.incomplete
            if decoder and body and not exchange.truncated:
                exchange.incomplete |= not decoder.ended
        except DecodingError:
            if not body:
                raise
            exchange.incomplete = True
        finally:
            self.bytes += wire
            del body[keep:]
