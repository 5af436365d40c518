"""Send httpx requests over connections that only go to checked addresses: HTTP/2 is httpcore's, HTTP/1 our own.

Idle connections wait in a list of their origin's. httpcore's own pool looks through all of its connections at every
request, which at 64 of them costs 3 ms (measured; this costs 0.03). A connection serves one request at a time, in
HTTP/2 as well: httpcore neither resets a stream that is left early nor gives back its window, so what was not read to
its end is closed.
"""

from __future__ import annotations

import functools
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from typing import Any, cast

import httpcore
import httpx

from monitor.fetch.browser_tls import HTTP1, LEGACY_SERVER_CONNECT, refuse_unsigning
from monitor.fetch.http1 import BodyState, Http1Connection
from monitor.fetch.intermediates import NO_ISSUER, CompletedChains, sent_chain
from monitor.fetch.network_backend import Stream, connect
from monitor.fetch.resolver import Resolver

SAFE = frozenset({"GET", "HEAD"})
"""Methods that may be asked twice without harm (RFC 9110, 9.2.1): others get a fresh connection each."""
ORIGINS = 128
"""Origins whose idle connections are kept; the longest unused one goes first."""
IDLE_SECONDS = 5.0

Connection = Http1Connection | httpcore.AsyncHTTP2Connection


class Http2Error(httpcore.RemoteProtocolError):
    """What came over HTTP/2 makes no sense to its reader, which is stricter than browsers are: HTTP/1.1 may do.

    Lengths that are not kept, a goodbye before the answer, "not over HTTP/2": browsers show what came, or ask anew.
    """


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's transport with an address guard.

    Raises what httpcore, sockets, TLS and the resolver raise; ``faults.name`` knows all of it.
    ``extensions["address"]`` of a response is the address that answered, ``extensions["body_state"]`` a BodyState that
    is settled when the body was read, ``extensions["head"]`` what ``Fetched.head`` is. ``tls`` is asked
    for a context at every https connection, with ``http2`` False where HTTP/1.1 alone is to be offered. ``idle``
    connections are kept for each origin. ``completed`` has the certificates that servers forgot to send.
    """

    def __init__(
        self,
        resolver: Resolver,
        tls: Callable[..., ssl.SSLContext],
        idle: int,
        completed: CompletedChains | None = None,
    ) -> None:
        self._resolver = resolver
        self._completed = completed
        self._tls = tls
        self._most_idle = idle
        self._idle: OrderedDict[str, list[Connection]] = OrderedDict()
        self._without_http2: set[str] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask once; again, on a fresh connection, where a kept one turns out to have died in the meantime."""
        question = _question(request)
        kept = await self._kept(question.url.origin) if request.method in SAFE else None
        if kept is not None:
            with suppress(httpcore.NetworkError, httpcore.RemoteProtocolError, OSError):
                return await self._ask(kept, question)
        return await self._ask(await self._fresh(question.url.origin), question)

    async def leave_http2(self, request: httpx.Request) -> None:
        """Ask the origin of a request over HTTP/1.1 from now on."""
        origin = str(_question(request).url.origin)
        self._without_http2.add(origin)
        await _close_all(self._idle.pop(origin, []))

    async def _kept(self, origin: httpcore.Origin) -> Connection | None:
        """Take the last used connection of an origin that is still good, and close those that are not."""
        waiting = self._idle.get(str(origin), [])
        while waiting:
            connection = waiting.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _fresh(self, origin: httpcore.Origin) -> Connection:
        stream = await self._connected(origin)
        security = stream.get_extra_info("ssl_object")
        modern = security is not None and security.selected_alpn_protocol() == "h2"
        kind = httpcore.AsyncHTTP2Connection if modern else Http1Connection
        return kind(origin=origin, stream=stream, keepalive_expiry=IDLE_SECONDS)

    async def _connected(self, origin: httpcore.Origin) -> Stream:
        host = origin.host.decode("ascii")
        stream = await connect(self._resolver, host, origin.port)
        if origin.scheme != b"https":
            return stream
        name = host.rstrip(".")  # RFC 6066, 3: no dot at the end of a server name
        try:
            return await secured(stream, self._context_for(str(origin)), name)
        except ssl.SSLCertVerificationError as error:
            context = await self._complete(origin, name) if error.verify_code in NO_ISSUER else None
            if context is None:
                raise
        return await secured(await connect(self._resolver, host, origin.port), context, name)

    def _context_for(self, origin: str) -> ssl.SSLContext:
        known = self._completed.known(origin) if self._completed else None
        if origin not in self._without_http2:
            return known or self._tls()
        if known is None:
            return self._tls(http2=False)
        known.set_alpn_protocols(HTTP1)  # nobody else has it
        return known

    async def _complete(self, origin: httpcore.Origin, name: str) -> ssl.SSLContext | None:
        """Return a context that verifies an origin which sends too little of its chain, None where there is none."""
        if self._completed is None:
            return None
        stream = await connect(self._resolver, origin.host.decode("ascii"), origin.port)
        try:
            stream = await stream.start_tls(unverified(), name)
            return await self._completed.complete(str(origin), sent_chain(stream.get_extra_info("ssl_object")))
        finally:
            await stream.aclose()

    async def _ask(self, connection: Connection, question: httpcore.Request) -> httpx.Response:
        with http2_faults(connection):
            answer = await connection.handle_async_request(question)
        body = _Body(answer, connection, lambda whole: self._keep(question.url.origin, connection, whole=whole))
        extensions = {
            "address": getattr(answer.extensions["network_stream"], "address", ""),
            "body_state": answer.extensions.get("body_state", BodyState()),
            "head": answer.extensions.get("head"),
        }
        return httpx.Response(answer.status, headers=answer.headers, stream=body, extensions=extensions)

    async def _keep(self, origin: httpcore.Origin, connection: Connection, *, whole: bool) -> None:
        waiting = self._idle.setdefault(str(origin), [])
        self._idle.move_to_end(str(origin))
        if whole and connection.is_idle() and len(waiting) < self._most_idle:
            waiting.append(connection)
        else:
            await connection.aclose()
        while len(self._idle) > ORIGINS:
            await _close_all(self._idle.popitem(last=False)[1])

    async def aclose(self) -> None:
        """Close every idle connection."""
        while self._idle:
            await _close_all(self._idle.popitem()[1])


@contextmanager
def http2_faults(connection: Connection) -> Iterator[None]:
    """Raise Http2Error for what is wrong with an answer over HTTP/2, whatever its reader raises for that."""
    try:
        yield
    except (OSError, httpcore.NetworkError, Http2Error):
        raise
    except Exception as error:
        if isinstance(connection, httpcore.AsyncHTTP2Connection):
            raise Http2Error(str(error)) from error
        raise


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
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=1")
    context.options |= LEGACY_SERVER_CONNECT
    return context


def _question(request: httpx.Request) -> httpcore.Request:
    url = request.url
    head = [(b"Host", _host(url)), *request.headers.raw]
    if request.content or request.method == "POST":
        head.append((b"Content-Length", str(len(request.content)).encode()))
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=head,
        content=request.content,
    )


def _host(url: httpx.URL) -> bytes:
    """Return what a Host header says: the name without the dot that ends it, which few servers know themselves by."""
    host, colon, port = url.netloc.partition(b":")
    return host.rstrip(b".") + colon + port if host.endswith(b".") else url.netloc


async def _close_all(connections: list[Connection]) -> None:
    for connection in connections:
        await connection.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(
        self, answer: httpcore.Response, connection: Connection, close: Callable[[bool], Awaitable[None]]
    ) -> None:
        self._answer = answer
        self._connection = connection
        self._close = close
        self._whole = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream = cast("AsyncIterable[bytes]", self._answer.stream)
        with http2_faults(self._connection):
            async with aclosing(cast("Any", aiter(stream))) as pieces:
                async for piece in pieces:
                    yield piece
        self._whole = True

    async def aclose(self) -> None:
        await self._answer.aclose()
        await self._close(self._whole)
