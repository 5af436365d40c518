"""Say what goes over the wire and what comes back, whatever version of HTTP carries it."""

from __future__ import annotations

import functools
from collections.abc import Awaitable, Callable, Container, Mapping
from typing import Protocol

from msgspec import Struct

from monitor.fetch.url import RequestTarget

HeaderLines = list[tuple[bytes, bytes]]
"""Names and values of headers, in order and repeated as they are sent."""


def has(headers: HeaderLines, wanted: bytes) -> bool:
    """Return whether a header (lower-case name) is among some."""
    return any(name.lower() == wanted for name, _ in headers)


def without(headers: HeaderLines, names: Container[bytes]) -> HeaderLines:
    """Return the headers but for some (lower-case names)."""
    return [(name, value) for name, value in headers if name.lower() not in names]


def in_ascii(headers: Mapping[str, str]) -> HeaderLines:
    """Return headers as they are sent; raises UnicodeEncodeError."""
    return [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]


class WireRequest(Struct, frozen=True):
    """One request. Host and Content-Length are not among its headers: they are the transport's to add."""

    method: str
    target: RequestTarget
    headers: HeaderLines
    content: bytes = b""

    def lines(self) -> HeaderLines:
        """Return all of its headers, as they are sent."""
        lines = [(b"Host", _host_header(self.target.authority)), *self.headers]
        if self.content or self.method == "POST":
            lines.append((b"Content-Length", str(len(self.content)).encode()))
        return lines


@functools.lru_cache(maxsize=128)
def _host_header(authority: str) -> bytes:
    """Return what a Host header says: the name without the dot that ends it, which few servers know themselves by."""
    host, colon, port = authority.partition(":")
    return (host.rstrip(".") + colon + port if host.endswith(".") else authority).encode("ascii")


class WireBody(Protocol):
    """The body of one answer, as it comes in. ``incomplete`` is True where it ended before it should.

    That it stopped making sense is such an end; it is known when the body was read.
    """

    incomplete: bool

    async def read(self) -> bytes:
        """Return the next piece, nothing at the end; raises what the transport raises."""


class WireResponse(Struct):
    """One answer, its body unread.

    ``address`` is where it came from. ``head`` is the head of an HTTP/1 answer as it came, empty for an answer without
    one; None over HTTP/2. ``on_close`` is what the transport does then.
    """

    status: int
    headers: HeaderLines
    body: WireBody
    address: str = ""
    head: bytes | None = None
    on_close: Callable[[], Awaitable[None]] | None = None

    def header(self, name: bytes) -> str:
        """Return a header (lower-case name), its lines joined by commas as HTTP has it; "" where there is none."""
        return b", ".join([value for key, value in self.headers if key.lower() == name]).decode("latin-1")

    async def aclose(self) -> None:
        """Leave the body, however much of it was read; to be called by who asked."""
        if self.on_close is not None:
            await self.on_close()
