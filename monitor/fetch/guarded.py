"""Ask over connections that go to the very address that was checked: httpcore with a network backend of our own.

A name is resolved, its addresses are checked, and the socket is opened to one of them, so that a name server that
answers differently the second time (DNS rebinding) gains nothing. Idle connections wait in a list of their origin's:
httpcore's own pool looks through all of its connections at every request, which at 64 of them costs 3 ms. HTTP/1.1
only: a stranger's server is asked once or twice, and httpcore's HTTP/2 neither resets a stream that is left early nor
gives back its window.
"""

from __future__ import annotations

import asyncio
import ssl
from collections import OrderedDict
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Iterable
from contextlib import aclosing
from typing import Any, cast

import httpcore
import httpx

from monitor.fetch.outcome import SAFE
from monitor.fetch.resolver import Resolver

HEAD_START = 0.25
"""Seconds that one address gets before the next is tried beside it (RFC 8305)."""
ADDRESSES = 6
"""Addresses of one host that are tried."""
ORIGINS = 128
"""Origins whose idle connections are kept; the longest unused one goes first."""
IDLE_SECONDS = 5.0

Connect = Callable[[str], Awaitable[httpcore.AsyncNetworkStream]]


class CheckedBackend(httpcore.AnyIOBackend):
    """Open a connection to a permitted address only, and close it where TLS on top of it is given up.

    httpcore leaves the socket to the garbage collector when a handshake is cancelled, as it is when time is up.
    """

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver
        self._opened: httpcore.AsyncNetworkStream | None = None

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature is httpcore's
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Resolve, check, and connect to the address that answers first.

        Raises httpcore.ConnectError, UnresolvedError, ForbiddenAddressError.
        """
        addresses = await self._resolver.permitted(host)
        connect_tcp = super().connect_tcp

        def connect(address: str) -> Awaitable[httpcore.AsyncNetworkStream]:
            return connect_tcp(address, port, timeout, local_address, socket_options)

        self._opened = await first_to_answer(connect, addresses[:ADDRESSES])
        return self._opened

    async def aclose(self) -> None:
        """Close the socket, whatever stands on top of it."""
        if self._opened is not None:
            await self._opened.aclose()


async def first_to_answer(connect: Connect, addresses: list[str]) -> httpcore.AsyncNetworkStream:
    """Connect to the addresses in turn, each with a head start; raises what the first of them raised."""
    waiting = list(addresses)
    running: set[asyncio.Future[httpcore.AsyncNetworkStream]] = set()
    failed: list[BaseException] = []
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(connect(waiting.pop(0))))
            done, running = await asyncio.wait(
                running, timeout=HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for attempt in done:
                error = attempt.exception()
                if error is None:
                    running |= done - {attempt}
                    return attempt.result()
                failed.append(error)
        raise failed[0]
    finally:
        await _abandon(running)


async def _abandon(attempts: set[asyncio.Future[httpcore.AsyncNetworkStream]]) -> None:
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, httpcore.AsyncNetworkStream):
            await outcome.aclose()


class GuardedTransport(httpx.AsyncBaseTransport):
    """httpx's transport for hosts that nobody vouches for.

    Raises what httpcore and the resolver raise; ``faults.name`` knows all of it. ``extensions["address"]`` of a
    response is the address that answered. ``tls`` is called for the first https origin. ``idle`` connections are kept
    for each origin.
    """

    def __init__(self, resolver: Resolver, tls: Callable[[], ssl.SSLContext], idle: int) -> None:
        self._resolver = resolver
        self._tls = tls
        self._most_idle = idle
        self._idle: OrderedDict[str, list[httpcore.AsyncHTTPConnection]] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask once; again, on a fresh connection, where a kept one turns out to have died in the meantime."""
        question = _question(request)
        kept = await self._kept(question.url.origin)
        if kept is not None:
            try:
                return await self._ask(kept, question)
            except (httpcore.NetworkError, httpcore.RemoteProtocolError):
                if request.method not in SAFE:
                    raise
        return await self._ask_afresh(question)

    async def _ask_afresh(self, question: httpcore.Request) -> httpx.Response:
        origin = question.url.origin
        backend = CheckedBackend(self._resolver)
        context = self._tls() if origin.scheme == b"https" else None
        connection = httpcore.AsyncHTTPConnection(
            origin, ssl_context=context, keepalive_expiry=IDLE_SECONDS, network_backend=backend
        )
        try:
            return await self._ask(connection, question)
        except BaseException:
            await backend.aclose()
            raise

    async def _kept(self, origin: httpcore.Origin) -> httpcore.AsyncHTTPConnection | None:
        """Take the last used connection of an origin that is still good, and close those that are not."""
        waiting = self._idle.get(str(origin), [])
        while waiting:
            connection = waiting.pop()
            if not connection.has_expired():
                return connection
            await connection.aclose()
        return None

    async def _ask(self, connection: httpcore.AsyncHTTPConnection, question: httpcore.Request) -> httpx.Response:
        answer = await connection.handle_async_request(question)
        server = answer.extensions["network_stream"].get_extra_info("server_addr")

        async def close() -> None:
            await answer.aclose()
            await self._keep(question.url.origin, connection)

        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer, close),
            extensions={"address": server[0] if server else ""},
        )

    async def _keep(self, origin: httpcore.Origin, connection: httpcore.AsyncHTTPConnection) -> None:
        waiting = self._idle.setdefault(str(origin), [])
        self._idle.move_to_end(str(origin))
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


def _question(request: httpx.Request) -> httpcore.Request:
    url = request.url
    head = [(b"Host", url.netloc), *request.headers.raw]
    if request.content or request.method == "POST":
        head.append((b"Content-Length", str(len(request.content)).encode()))
    return httpcore.Request(
        request.method,
        httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
        headers=head,
        content=request.content,
    )


async def _close_all(connections: list[httpcore.AsyncHTTPConnection]) -> None:
    for connection in connections:
        await connection.aclose()


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response, close: Callable[[], Awaitable[None]]) -> None:
        self._answer = answer
        self._close = close

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async with aclosing(cast("Any", aiter(cast("AsyncIterable[bytes]", self._answer.stream)))) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        await self._close()
