"""Serve a site of handlers on loopback, in a thread of its own, down to the bytes on the wire.

One request a connection unless a handler says ``keep_alive``: what one misbehaviour leaves must not reach the next.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qs, urlsplit

CRLF = b"\r\n"
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER for no time: close() answers the peer with RST."""


@dataclass
class Exchange:
    """One request, and the means to answer it well or badly."""

    site: Site
    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    writer: asyncio.StreamWriter
    keep_alive: bool = False

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def last(self) -> str:
        """The last segment of the path: what the routes of a family differ in."""
        return self.path.rpartition("/")[2]

    def query(self, name: str, default: str = "") -> str:
        return parse_qs(urlsplit(self.target).query).get(name, [default])[0]

    async def raw(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        await asyncio.sleep(0)  # a TLS transport takes bytes for a client that has gone, and never waits
        self.site.sent[self.path] += len(data)

    async def head(self, status: int, headers: Iterable[tuple[str, str]] = ()) -> None:
        phrase = HTTPStatus(status).phrase if status in set(HTTPStatus) else "Whatever"
        lines = [f"HTTP/1.1 {status} {phrase}", *(f"{name}: {value}" for name, value in headers)]
        await self.raw(CRLF.join(line.encode() for line in lines) + CRLF * 2)

    async def answer(
        self,
        body: bytes | str = b"",
        *,
        status: int = 200,
        type: str | None = "text/html; charset=utf-8",  # noqa: A002
        headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    ) -> None:
        """Answer as HTTP wants it: Content-Length, no body to HEAD."""
        data = body.encode() if isinstance(body, str) else body
        pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
        kind = [("Content-Type", type)] if type else []
        length = [] if status in {204, 304} else [("Content-Length", str(len(data)))]
        await self.head(status, [*kind, *length, *pairs])
        if self.method != "HEAD" and status not in {204, 304}:
            await self.raw(data)

    async def redirect(self, location: str, status: int = 302, headers: Iterable[tuple[str, str]] = ()) -> None:
        await self.answer("moved", status=status, headers=[("Location", location), *headers])

    def reset(self) -> None:
        """Cut the connection with RST instead of FIN."""
        connection = self.writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.writer.transport.abort()


Handler = Callable[[Exchange], Awaitable[None]]


@dataclass
class Site:
    """A running server. ``routes`` map a path, or the first part of a family of paths (``/status/``), to a handler."""

    routes: Mapping[str, Handler]
    tls: ssl.SSLContext | None = None
    host: str = "127.0.0.1"
    sent: Counter[str] = field(default_factory=Counter)
    """Bytes written, by path."""
    requests: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    """Method, target and headers (lower-case names) of every request, in order."""
    connections: int = 0
    busy: Counter[str] = field(default_factory=Counter)
    """Answers that are being given, by path."""
    port: int = 0
    _loop: asyncio.AbstractEventLoop | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://{self.host}:{self.port}"

    def asked(self, path: str) -> list[tuple[str, dict[str, str]]]:
        """Method and headers of the requests for one path."""
        return [(method, headers) for method, target, headers in self.requests if urlsplit(target).path == path]

    def settled(self, path: str, seconds: float = 60.0) -> bool:
        """Wait until nobody listens to a path's answers any more; False where somebody still does."""
        end = time.monotonic() + seconds
        while self.busy[path] and time.monotonic() < end:
            time.sleep(0.02)
        return not self.busy[path]

    @contextlib.contextmanager
    def running(self):
        """Serve until the block ends."""
        ready = threading.Event()
        stop = asyncio.Event()

        async def serve() -> None:
            self._loop = asyncio.get_running_loop()
            server = await asyncio.start_server(self._serve, self.host, self.port, ssl=self.tls, backlog=512)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await stop.wait()
            server.close()
            answering = asyncio.all_tasks() - {asyncio.current_task()}
            for task in answering:
                task.cancel()
            await asyncio.gather(*answering, return_exceptions=True)
            for writer in self._writers:
                writer.transport.abort()  # of a task that was cancelled before its first step
            await asyncio.sleep(0.05)  # for handshakes that have just failed

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert ready.wait(120)
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(stop.set)
            thread.join(60)

    def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Coroutine[Any, Any, None]:
        self._writers.add(writer)
        return self._converse(reader, writer)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._serve_one(reader, writer):
                pass
        except (OSError, EOFError, asyncio.LimitOverrunError):
            pass  # the client hung up
        except asyncio.CancelledError:
            writer.transport.abort()  # a client in the thread that waits for our end says no goodbye to TLS
        finally:
            writer.close()
            with contextlib.suppress(OSError, asyncio.CancelledError):
                await writer.wait_closed()
            self._writers.discard(writer)

    async def _serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        head = (await reader.readuntil(CRLF * 2)).decode("latin-1")
        request, *lines = head.rstrip().split("\r\n")
        method, target, _ = request.split(" ", 2)
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        self.requests.append((method, target, headers))
        exchange = Exchange(self, method, target, headers, body, writer)
        self.busy[exchange.path] += 1
        try:
            await until_hung_up(self.handler(exchange.path)(exchange), reader, writer)
        finally:
            self.busy[exchange.path] -= 1
        return exchange.keep_alive

    def handler(self, path: str) -> Handler:
        if path in self.routes:
            return self.routes[path]
        families = [route for route in self.routes if route.endswith("/") and route != "/" and path.startswith(route)]
        return self.routes[max(families, key=len)] if families else not_found


Speaker = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@contextlib.asynccontextmanager
async def listening(speak: Speaker, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """Serve bytes in the running loop, and yield the port; connections that are left at the end are cut."""
    speaking: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        speaking.add(asyncio.current_task())
        try:
            await speak(reader, writer)
        except asyncio.CancelledError:
            pass  # the block has ended, and asyncio logs a handler that ends like this
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in speaking:
            task.cancel()
        await asyncio.gather(*speaking, return_exceptions=True)
        await asyncio.sleep(0)


async def until_hung_up(work: Awaitable[None], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Finish the answer, or drop it when the client has gone: a handler may wait for ever."""
    answering = asyncio.ensure_future(work)
    try:
        while not answering.done():
            await asyncio.wait({answering}, timeout=0.05)
            if reader.at_eof() or writer.is_closing():
                break
        if answering.done():
            answering.result()
    finally:
        answering.cancel()


async def not_found(exchange: Exchange) -> None:
    await exchange.answer("<title>404</title><h1>404 Not Found</h1>", status=404)
