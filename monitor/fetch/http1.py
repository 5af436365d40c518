"""Speak HTTP/1 over one connection, and understand what browsers understand.

h11, httpcore's reader, is strict by design: it must not be fooled on either side of a proxy. Nothing here passes a
message on, so nothing can be smuggled; what a reader's browser opens must not be called broken. llhttp does not reach
as far with all of its lenient flags (httptools 0.9): a line without a colon, a blank in or after a name, a status
without a number, and a length that is unreadable or stands twice are errors to it. With this reader a fetch costs 0.6
of the CPU that it costs with h11 (``bench/fetch.py``, five rounds interleaved).
"""

from __future__ import annotations

import functools
import re
import time

from monitor.fetch.framing import BodyReader, CountedBody
from monitor.fetch.network_backend import Stream
from monitor.fetch.response_head import (
    HEAD_BYTES,
    START,
    Head,
    begins_like_http,
    body_reader,
    find_end,
    keeps_alive,
    parse_head,
    slop_before,
    telling_lines,
)
from monitor.fetch.url import RequestTarget
from monitor.fetch.wire_errors import MalformedResponseError, UnsendableRequestError
from monitor.fetch.wire_messages import WireRequest, WireResponse

HTTP_PORT = 80
ENDING = re.compile(rb"[\r\n\0]")
"""What ends a line of a head for one server or another."""
BINARY = re.compile(rb"(?!\xfe\xff|\xff\xfe).*?[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]", re.DOTALL)
"""Bytes that no text holds (WHATWG, MIME Sniffing, 3), unless it begins as UTF-16 does."""


class Http1Connection:
    """One connection to one origin, one request at a time, and the body of the answer to that.

    ``target`` is one at that origin. ``keepalive_expiry`` is how many seconds it may wait for the next request.
    ``incomplete`` is True where the body broke off.
    """

    def __init__(self, target: RequestTarget, stream: Stream, keepalive_expiry: float) -> None:
        self._may_be_headless = not target.is_secure and target.port == HTTP_PORT
        self._stream = stream
        self._keepalive_expiry = keepalive_expiry
        self._received = bytearray()
        self._reader: BodyReader = CountedBody(0)
        self._reusable = False
        self._began = False
        self._idle = False
        self._expire_at = 0.0
        self.incomplete = False

    async def ask(self, request: WireRequest) -> WireResponse:
        """Ask, and return the answer as soon as its headers are there.

        Raises OSError, MalformedResponseError for what is not HTTP, and UnsendableRequestError for a request that
        cannot be sent.
        """
        self._idle = self._began = self.incomplete = False
        try:
            self._send(request)
            head = await self._receive_head()
            self._reader, self._reusable = body_reader(head, request.method), keeps_alive(head)
        except BaseException:
            await self.aclose()
            raise
        return WireResponse(head.status, head.headers, self, self._stream.address, head.raw)

    def _send(self, request: WireRequest) -> None:
        first = f"{request.method} {request.target.path} HTTP/1.1".encode("ascii")
        written = b"%s\r\n%s\r\n%s" % (_one_line(first), header_lines(tuple(request.lines())), request.content)
        try:
            self._stream.send(written)
        except ConnectionResetError:
            return  # some servers answer, and close, before they have read it all: their answer may be there

    async def _receive_head(self) -> Head:
        """Return the first head that is not in between (1xx, 101 unasked as well); raises MalformedResponseError."""
        while True:
            raw = await self._receive_raw_head()
            if raw is None:
                return Head(200, [], modern=False)
            head = parse_head(raw)
            if head.status >= 200:
                return head

    async def _receive_raw_head(self) -> bytes | None:
        """Take a head off what was received; None for an answer without one (HTTP/0.9), on the web's own port only."""
        received, searched = self._received, 0
        while True:
            if len(received) == searched:
                piece = await self._stream.read(HEAD_BYTES)
                if not piece:
                    return self._cut_short()
                received += piece
            if received.startswith((b"\r", b"\n")):  # left over from the answer before
                del received[: len(received) - len(received.lstrip(b"\r\n"))]
            slop = slop_before(received)
            if slop:  # it may hold an empty line, which ends no head
                del received[:slop]
                searched = 0
            end = find_end(received, searched)
            if (len(received) >= START or end is not None) and not begins_like_http(received):
                self._refuse_unless_headless()
                return None
            if (end or len(received)) > HEAD_BYTES:
                raise MalformedResponseError(f"more than {HEAD_BYTES} bytes of headers")
            if end is not None:
                raw = bytes(received[:end])
                del received[:end]
                return raw
            searched = len(received)

    def _cut_short(self) -> bytes | None:
        """Return what a connection that has ended said of a head."""
        whole_lines = telling_lines(self._received)
        if whole_lines is None:
            self._refuse_unless_short()
            return None
        self._received.clear()
        return whole_lines

    def _refuse_unless_short(self) -> None:
        """Raise MalformedResponseError for a connection that ended without a head; HTTP/0.9 may be that short."""
        if not self._received or begins_like_http(self._received):
            where = "within the headers" if self._received else "without an answer"
            raise MalformedResponseError(f"the server disconnected {where}")
        self._refuse_unless_headless()

    def _refuse_unless_headless(self) -> None:
        """Raise MalformedResponseError where browsers would not show an answer without a head.

        What is no text they offer to keep: the alert of a port that speaks TLS, the greeting of a data base.
        """
        if not self._may_be_headless or BINARY.match(self._received, 0, HEAD_BYTES):
            raise MalformedResponseError(f"it begins with {bytes(self._received[:20])!r}, not with HTTP")

    async def read(self) -> bytes:
        """Return the next piece of the body, nothing at its end; raises OSError, MalformedResponseError.

        One that breaks off after it has begun is what came of it: browsers show that. With the last piece the
        connection is free, whether its reader stays for the end or not.
        """
        reader, content = self._reader, b""
        while not (content or reader.ended or reader.broken):
            piece = await self._next_piece()
            if piece:
                content = reader.feed(piece)
            else:
                reader.close()
                self._reusable = False
        if content:
            self._began = True
        elif reader.broken and not self._began:
            raise MalformedResponseError(reader.broken)
        else:
            self.incomplete = bool(reader.broken)
        if reader.ended and self._reusable and not reader.rest and not self._received:  # nothing came after the answer
            self._idle, self._expire_at = True, time.monotonic() + self._keepalive_expiry
        return content

    async def _next_piece(self) -> bytes:
        if not self._received:
            return await self._stream.read(HEAD_BYTES)
        piece = bytes(self._received)
        self._received.clear()
        return piece

    def is_idle(self) -> bool:
        """Return whether the last answer was read to its end and the connection may be used again."""
        return self._idle

    def has_expired(self) -> bool:
        """Return whether it waited too long, or the server said something unasked: a goodbye, as a rule."""
        return time.monotonic() > self._expire_at or bool(self._stream.get_extra_info("is_readable"))

    async def aclose(self) -> None:
        """Close."""
        self._idle = False
        await self._stream.aclose()


@functools.lru_cache(maxsize=64)  # a crawl sends the same ones with nearly every request
def header_lines(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """Return headers as they are sent; raises UnsendableRequestError."""
    return b"".join([b"%s\r\n" % _one_line(b"%s: %s" % header) for header in headers])


def _one_line(line: bytes) -> bytes:
    """Return a line of a head; raises UnsendableRequestError for one that ends before its time."""
    if ENDING.search(line):
        raise UnsendableRequestError("a line end inside of a header that was to be sent")
    return line
