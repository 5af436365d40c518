"""Ask over connections that go to the very address that was checked: httpcore with a network backend of our own.

A name is resolved, its addresses are checked, and the socket is opened to one of them, so that a name server that
answers differently the second time (DNS rebinding) gains nothing. Each origin has a small pool of its own, because
httpcore's pool looks through all of its connections at every request. HTTP/1.1 only: a stranger's server is asked once
or twice, and httpcore's HTTP/2 neither resets a stream that is left early nor gives back its window.
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

from monitor.fetch.resolver import Resolver

HEAD_START = 0.25
"""Seconds that one address gets before the next is tried beside it (RFC 8305)."""
ADDRESSES = 6
"""Addresses of one host that are tried."""
POOLS = 128
"""Origins whose connections are kept; the longest unused one goes first."""
IDLE = 2
"""Idle connections kept for one origin."""
IDLE_SECONDS = 5.0

Connect = Callable[[str], Awaitable[httpcore.AsyncNetworkStream]]


class CheckedBackend(httpcore.AnyIOBackend):
    """Open connections to permitted addresses only."""

    def __init__(self, resolver: Resolver) -> None:
        self._resolver = resolver

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

        return await first_to_answer(connect, addresses[:ADDRESSES])


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
    response is the address that answered.
    """

    def __init__(self, resolver: Resolver, context: ssl.SSLContext, connections: int) -> None:
        self._backend = CheckedBackend(resolver)
        self._context = context
        self._connections = connections
        self._pools: OrderedDict[tuple[bytes, bytes, int | None], httpcore.AsyncConnectionPool] = OrderedDict()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Ask once, or twice where a kept connection turns out to have died in the meantime."""
        pool = await self._pool(request.url)
        fresh = False

        async def trace(event: str, _info: dict[str, Any]) -> None:
            nonlocal fresh
            fresh = fresh or event == "connection.connect_tcp.started"

        try:
            return await _ask(pool, request, trace)
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            if fresh:
                raise
        return await _ask(pool, request, trace)

    async def _pool(self, url: httpx.URL) -> httpcore.AsyncConnectionPool:
        key = (url.raw_scheme, url.raw_host, url.port)
        pool = self._pools.pop(key, None) or httpcore.AsyncConnectionPool(
            ssl_context=self._context,
            max_connections=self._connections,
            max_keepalive_connections=IDLE,
            keepalive_expiry=IDLE_SECONDS,
            network_backend=self._backend,
        )
        self._pools[key] = pool
        if len(self._pools) > POOLS:
            await self._drop_oldest()
        return pool

    async def _drop_oldest(self) -> None:
        idle = (key for key, pool in self._pools.items() if all(each.is_idle() for each in pool.connections))
        oldest = next(idle, None)
        if oldest is not None:
            await self._pools.pop(oldest).aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        while self._pools:
            await self._pools.popitem()[1].aclose()


async def _ask(
    pool: httpcore.AsyncConnectionPool, request: httpx.Request, trace: Callable[..., Awaitable[None]]
) -> httpx.Response:
    url = httpcore.URL(
        scheme=request.url.raw_scheme, host=request.url.raw_host, port=request.url.port, target=request.url.raw_path
    )
    answer = await pool.handle_async_request(
        httpcore.Request(
            request.method, url, headers=request.headers.raw, content=request.content, extensions={"trace": trace}
        )
    )
    server = answer.extensions["network_stream"].get_extra_info("server_addr")
    return httpx.Response(
        answer.status,
        headers=answer.headers,
        stream=_Body(answer),
        extensions={"address": server[0] if server else ""},
    )


class _Body(httpx.AsyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    async def __aiter__(self) -> AsyncIterator[bytes]:
        stream = cast("AsyncIterable[bytes]", self._answer.stream)
        async with aclosing(cast("Any", aiter(stream))) as pieces:
            async for piece in pieces:
                yield piece

    async def aclose(self) -> None:
        await self._answer.aclose()
