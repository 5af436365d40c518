"""Serve one page over HTTP/2, as a site behind a modern load balancer does."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import h2.config
import h2.connection
import h2.events

from tests.server.bodies import TEXT
from tests.server.site import listening


@dataclass
class Http2Site:
    """Answers every request with the same page; ``seen`` holds the headers of each."""

    port: int = 0
    connections: int = 0
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
            for event in connection.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    self._answer(connection, event)
            writer.write(connection.data_to_send())

    def _answer(self, connection: h2.connection.H2Connection, event: h2.events.RequestReceived) -> None:
        self.seen.append(dict(event.headers))
        connection.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/html; charset=utf-8")])
        connection.send_data(event.stream_id, TEXT.encode(), end_stream=True)
