"""Speak HTTP/1 over one connection, and understand what browsers understand.

h11, httpcore's reader, is strict by design: it must not be fooled on either side of a proxy. Nothing here passes a
message on, so nothing can be smuggled; what a reader's browser opens must not be called broken. llhttp does not reach
as far with all of its lenient flags (httptools 0.9): a line without a colon, a blank in or after a name, a status
without a number, and a length that is unreadable or stands twice are errors to it. With this reader a fetch costs 0.6
of the CPU that it costs with h11 (``bench/fetch.py``, five rounds interleaved).
"""

from __future__ import annotations

import re
import time
from collections.abc import AsyncGenerator

from monitor.fetch.framing import BodyReader
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
from monitor.fetch.wire_messages import BodyState, WireRequest, WireResponse

HTTP_PORT = 80
BINARY = re.compile(rb"(?!\xfe\xff|\xff\xfe).*?[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]", re.DOTALL)
"""Bytes that no text holds (WHATWG, MIME Sniffing, 3), unless it begins as UTF-16 does."""


class Http1Connection:
    """One connection to one origin, one request at a time.

    ``target`` is one at that origin. ``keepalive_expiry`` is how many seconds it may wait for the next request.
    """

    def __init__(self, target: RequestTarget, stream: Stream, keepalive_expiry: float) -> None:
        self._may_be_headless = not target.is_secure and target.port == HTTP_PORT
        self._stream = stream
        self._keepalive_expiry = keepalive_expiry
        self._received = bytearray()
        self._idle = False
        self._expire_at = 0.0

    async def ask(self, request: WireRequest) -> WireResponse:
        """Ask, and return the answer as soon as its headers are there.

        Raises OSError, MalformedResponseError for what is not HTTP, and UnsendableRequestError for a request that
        cannot be sent.
        """
        self._idle = False
        try:
            self._send(request)
            head = await self._receive_head()
            reader = body_reader(head, request.method)
        except BaseException:
            await self.aclose()
            raise
        state = BodyState()
        body = self._body(reader, state, reusable=keeps_alive(head))
        return WireResponse(head.status, head.headers, body, self._stream.address, head.raw, state)

    def _send(self, request: WireRequest) -> None:
        lines = [f"{request.method} {request.target.path} HTTP/1.1".encode("ascii")]
        lines += [b"%s: %s" % header for header in request.lines()]
        head = b"\r\n".join(lines)
        ends = len(lines) - 1
        if head.count(b"\r") != ends or head.count(b"\n") != ends or b"\0" in head:  # what ends it before its time
            raise UnsendableRequestError("a line end inside of a header that was to be sent")
        try:
            self._stream.send(head + b"\r\n\r\n" + request.content)
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
            if end is not None:
                raw = bytes(received[:end])
                del received[:end]
                return raw
            if len(received) > HEAD_BYTES:
                raise MalformedResponseError(f"more than {HEAD_BYTES} bytes of headers")
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

    async def _body(self, reader: BodyReader, state: BodyState, *, reusable: bool) -> AsyncGenerator[bytes, None]:
        """Yield the body. One that breaks off after it has begun is what came of it: browsers show that.

        With the last of it the connection is free, whether its reader stays for the end or not.
        """
        began = False
        self._settle(reader, reusable=reusable)
        while not (reader.ended or reader.broken):
            piece = await self._next_piece()
            if piece:
                content = reader.feed(piece)
            else:
                reader.close()
                content, reusable = b"", False
            self._settle(reader, reusable=reusable)
            if content:
                began = True
                yield content
        if reader.broken and not began:
            raise MalformedResponseError(reader.broken)
        state.incomplete = bool(reader.broken)

    def _settle(self, reader: BodyReader, *, reusable: bool) -> None:
        """Be free for the next request where the answer has ended, and nothing came after it."""
        if reader.ended and reusable and not reader.rest and not self._received:
            self._idle, self._expire_at = True, time.monotonic() + self._keepalive_expiry

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
