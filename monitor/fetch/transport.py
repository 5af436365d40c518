"""Send requests over connections that only go to checked addresses: HTTP/2 is httpcore's, HTTP/1 our own.

Idle connections wait in a list of their origin's. httpcore's own pool looks through all of its connections at every
request, which at 64 of them costs 3 ms (measured; this costs 0.03). A connection serves one request at a time, in
HTTP/2 as well: httpcore neither resets a stream that is left early nor gives back its window, so what was not read to
its end is closed.
"""

from __future__ import annotations

import functools
import ssl
from collections import OrderedDict
from typing import TYPE_CHECKING, Union

from monitor.fetch.browser_tls import HTTP1, LEGACY_SERVER_CONNECT, TlsContexts, refuse_unsigning
from monitor.fetch.http1 import Http1Connection
from monitor.fetch.intermediates import NO_ISSUER, CompletedChains, sent_chain
from monitor.fetch.network_backend import Stream, connect
from monitor.fetch.resolver import Resolver
from monitor.fetch.url import RequestTarget
from monitor.fetch.wire_errors import MalformedResponseError
from monitor.fetch.wire_messages import WireRequest, WireResponse

if TYPE_CHECKING:
    from monitor.fetch.http2 import Http2Connection

SAFE = frozenset({"GET", "HEAD"})
"""Methods that may be asked twice without harm (RFC 9110, 9.2.1): others get a fresh connection each."""
ORIGINS = 128
"""Origins whose idle connections are kept; the longest unused one goes first."""
IDLE_SECONDS = 5.0

Connection = Union[Http1Connection, "Http2Connection"]


class GuardedTransport:
    """The connections of one fetcher, with an address guard.

    Raises what readers of HTTP, sockets, TLS and the resolver raise; ``faults.name`` knows all of it. ``idle``
    connections are kept for each origin. ``completed`` has the certificates that servers forgot to send.
    """

    def __init__(
        self,
        resolver: Resolver,
        tls: TlsContexts,
        idle: int,
        completed: CompletedChains | None = None,
    ) -> None:
        self._resolver = resolver
        self._completed = completed
        self._tls = tls
        self._most_idle = idle
        self._idle: OrderedDict[str, list[Connection]] = OrderedDict()
        self._without_http2: set[str] = set()

    async def ask(self, request: WireRequest) -> WireResponse:
        """Ask once; again, on a fresh connection, where a kept one turns out to have died in the meantime.

        The answer comes as soon as its headers are there, and is the caller's to close.
        """
        connection = await self._kept(request.target.origin) if request.method in SAFE else None
        if connection is not None:
            try:
                return await self._ask(connection, request)
            except (MalformedResponseError, OSError):
                connection = None
        return await self._ask(await self._fresh(request.target), request)

    async def leave_http2(self, target: RequestTarget) -> None:
        """Ask the origin of a target over HTTP/1.1 from now on."""
        self._without_http2.add(target.origin)
        await _close_all(self._idle.pop(target.origin, []))

    async def _kept(self, origin: str) -> Connection | None:
        """Take the last used connection of an origin that is still good, and close those that are not."""
        waiting = self._idle.get(origin, [])
        while waiting:
            connection = waiting.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _fresh(self, target: RequestTarget) -> Connection:
        stream = await self._connected(target)
        security = stream.get_extra_info("ssl_object")
        modern = security is not None and security.selected_alpn_protocol() == "h2"
        if not modern:
            return Http1Connection(target, stream, IDLE_SECONDS)
        from monitor.fetch.http2 import Http2Connection  # what it takes is loaded where somebody speaks it

        return Http2Connection(target, stream, IDLE_SECONDS)

    async def _connected(self, target: RequestTarget) -> Stream:
        stream = await connect(self._resolver, target.host, target.port)
        if not target.is_secure:
            return stream
        name = target.host.rstrip(".")  # RFC 6066, 3: no dot at the end of a server name
        context = self._context_for(target.origin)
        if self._tls.is_hasty(context):
            try:
                return await secured(stream, context, name)
            except ssl.SSLCertVerificationError:
                self._tls.read_files()
            stream = await connect(self._resolver, target.host, target.port)
            context = self._context_for(target.origin)
        try:
            return await secured(stream, context, name)
        except ssl.SSLCertVerificationError as error:
            completed = await self._complete(target, name) if error.verify_code in NO_ISSUER else None
            if completed is None:
                raise
        return await secured(await connect(self._resolver, target.host, target.port), completed, name)

    def _context_for(self, origin: str) -> ssl.SSLContext:
        known = self._completed.known(origin) if self._completed else None
        if origin not in self._without_http2:
            return known or self._tls.context()
        if known is None:
            return self._tls.context(http2=False)
        known.set_alpn_protocols(HTTP1)  # nobody else has it
        return known

    async def _complete(self, target: RequestTarget, name: str) -> ssl.SSLContext | None:
        """Return a context that verifies an origin which sends too little of its chain, None where there is none."""
        if self._completed is None:
            return None
        stream = await connect(self._resolver, target.host, target.port)
        try:
            stream = await stream.start_tls(unverified(), name)
            return await self._completed.complete(target.origin, sent_chain(stream.get_extra_info("ssl_object")))
        finally:
            await stream.aclose()

    async def _ask(self, connection: Connection, request: WireRequest) -> WireResponse:
        response = await connection.ask(request)
        response.on_close = functools.partial(self._keep, request.target.origin, connection)
        return response

    async def _keep(self, origin: str, connection: Connection) -> None:
        """Keep a connection for the next request, or close it where it is good for none."""
        waiting = self._idle.setdefault(origin, [])
        self._idle.move_to_end(origin)
        if connection.is_idle() and len(waiting) < self._most_idle:
            waiting.append(connection)
        else:
            await connection.aclose()
        while len(self._idle) > ORIGINS:
            await _close_all(self._idle.popitem(last=False)[1])

    async def aclose(self) -> None:
        """Close every idle connection."""
        while self._idle:
            await _close_all(self._idle.popitem()[1])


async def secured(stream: Stream, context: ssl.SSLContext, name: str) -> Stream:
    """Shake hands as browsers do; raises ssl.SSLError, OSError, and leaves no socket behind."""
    stream = await stream.start_tls(context, name)
    try:
        refuse_unsigning(stream.get_extra_info("ssl_object"))
    except ssl.SSLError:
        await stream.aclose()
        raise
    return stream


@functools.cache
def unverified() -> ssl.SSLContext:
    """Return a context that believes any certificate: only to see the chain, nothing is asked over it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.options |= LEGACY_SERVER_CONNECT
    return context


async def _close_all(connections: list[Connection]) -> None:
    for connection in connections:
        await connection.aclose()
