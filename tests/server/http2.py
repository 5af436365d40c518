"""Serve one page over HTTP/2, as a site behind a modern load balancer does, or answers that break its rules."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events
import hpack

from tests.server.bodies import TEXT
from tests.server.site import listening

HEADERS, DATA, RESET, GOODBYE = 1, 0, 3, 7
"""Kinds of frames (RFC 9113, 6)."""
END_STREAM, END_HEADERS = 1, 4
PAGE = b"<title>over HTTP/2</title>"

Frames = Callable[[int], bytes]
"""What is sent on a stream, by its number."""


def frame(kind: int, flags: int, stream: int, payload: bytes) -> bytes:
    return len(payload).to_bytes(3, "big") + bytes([kind, flags]) + stream.to_bytes(4, "big") + payload


def head(stream: int, *more: tuple[str, str], end: bool = False) -> bytes:
    packed = hpack.Encoder().encode([(":status", "200"), ("content-type", "text/html"), *more])
    return frame(HEADERS, END_HEADERS | (END_STREAM if end else 0), stream, packed)


def page(stream: int, *more: tuple[str, str]) -> bytes:
    return head(stream, *more) + frame(DATA, END_STREAM, stream, PAGE)


def goodbye(last: int, code: int = 0) -> bytes:
    return frame(GOODBYE, 0, 0, last.to_bytes(4, "big") + code.to_bytes(4, "big"))


ODD: dict[str, Frames] = {
    "/length-too-long": lambda stream: page(stream, ("content-length", "99")),
    "/length-too-short": lambda stream: page(stream, ("content-length", "5")),
    "/two-lengths": lambda stream: page(stream, ("content-length", "5"), ("content-length", "26")),
    "/bad-length": lambda stream: page(stream, ("content-length", "many")),
    "/not-over-http2": lambda stream: frame(RESET, 0, stream, (13).to_bytes(4, "big")),
    "/goodbye-first": lambda stream: goodbye(stream) + page(stream),
    "/refused": lambda stream: frame(RESET, 0, stream, (7).to_bytes(4, "big")),
    "/broken-off": lambda stream: head(stream) + frame(DATA, 0, stream, PAGE) + frame(RESET, 0, stream, bytes(4)),
    "/no-status": lambda stream: frame(HEADERS, END_HEADERS, stream, hpack.Encoder().encode([(":status", "ok")])),
}
"""Answers that h2, our reader, refuses; browsers show the first six."""


@dataclass
class Http2Site:
    """Answers every request with the same page but those of ``odd``; ``seen`` holds the headers of each."""

    port: int = 0
    connections: int = 0
    odd: Mapping[str, Frames] = field(default_factory=dict)
    seen: list[dict[str, str]] = field(default_factory=list)

    @contextlib.asynccontextmanager
    async def running(self, context: ssl.SSLContext) -> AsyncIterator[Http2Site]:
        """Serve in the running loop until the block ends."""
        context.set_alpn_protocols(["h2", "http/1.1"])
        async with listening(self._serve, context) as self.port:
            yield self

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("ssl_object").selected_alpn_protocol() == "h2":
            self.connections += 1
            await self._speak(reader, writer)
            return
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi")
        await reader.read()

    async def _speak(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        settings = h2.config.H2Configuration(client_side=False, header_encoding="utf-8")
        connection = h2.connection.H2Connection(settings)
        connection.initiate_connection()
        writer.write(connection.data_to_send())
        while data := await reader.read(65536):
            raw = b""
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    raw += self._answer(connection, event)
            writer.write(connection.data_to_send() + raw)

    def _answer(self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived) -> bytes:
        """Answer, and return what is to be sent past the library, which sends nothing wrong."""
        self.seen.append(dict(event.headers))
        odd = self.odd.get(self.seen[-1][":path"])
        if odd is not None:
            return odd(event.stream_id)
        connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html; charset=utf-8")])
        connection.send_data(event.stream_id, TEXT.encode(), end_stream=True)
        return b""
