"""Serve the demo site on loopback: as much of HTTP/1.1 as crawlers and browsers ask of a bureau's site.

GET, HEAD, validators, one byte range, keep-alive; and, where the content says so, no answer at all.
"""

from __future__ import annotations

import asyncio
import re
import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import date
from http import HTTPStatus
from typing import NamedTuple

from monitor.demo.bureau import DemoSite, Reply
from monitor.demo.edition import Edition

HOME, NEIGHBOUR, LAPSED = "127.0.0.1", "127.0.0.2", "127.0.0.3"
"""The bureau and those it links to: addresses of the same loopback interface."""

PORT = 8520
"""Where the site stands if nobody else does: an address that stays lets two inspections be compared."""

_RANGE = re.compile(r"bytes=(\d+)-(\d*)")

Respond = Callable[[str, str], Reply]
"""Target and referrer → what is answered."""

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class DemoRequest(NamedTuple):
    """A request without its body; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]


class Stage:
    """The addresses where the bureau and those it links to stand, and the site that is shown there.

    ``origins`` are theirs in the order of ``DemoSite``, up to the one that refuses.
    """

    def __init__(self, today: date, *origins: str) -> None:
        home, neighbour, lapsed, refused = origins
        secure = neighbour.replace("http", "https", 1)
        self.site = DemoSite(today, home, neighbour, lapsed, refused, secure)

    def answer(self, target: str, referrer: str) -> Reply:
        """Answer for the bureau, whichever week is shown."""
        return self.site.answer(target, referrer)

    def answer_neighbour(self, target: str, referrer: str) -> Reply:
        """Answer for the neighbour."""
        return self.site.answer_neighbour(target, referrer)

    def show(self, edition: Edition) -> DemoSite:
        """Show the site of another week from the next request on, and return it."""
        self.site = replace(self.site, edition=edition)
        return self.site


@contextmanager
def serving(today: date, port: int = PORT) -> Iterator[DemoSite]:
    """Serve in a thread of its own until the block ends, on that port (0: any) or another if it is taken."""
    with opening(today, port) as stage:
        yield stage.site


@contextmanager
def opening(today: date, port: int = PORT) -> Iterator[Stage]:
    """Serve as ``serving`` does, whatever site is shown on the stage."""
    with _listening(port) as listening:
        stage = Stage(today, *map(_origin, listening))
        home, neighbour, lapsed, _ = listening
        loop, stop = asyncio.new_event_loop(), asyncio.Event()
        hosts = (home, stage.answer), (neighbour, stage.answer_neighbour), (lapsed, stage.site.answer_lapsed)
        serve = _serve(stop, *hosts)
        thread = threading.Thread(target=loop.run_until_complete, args=(serve,), name="demo", daemon=True)
        thread.start()
        try:
            yield stage
        finally:
            loop.call_soon_threadsafe(stop.set)
            thread.join()
            loop.close()


@contextmanager
def _listening(port: int) -> Iterator[tuple[socket.socket, ...]]:
    """Open the sockets that listen, home first, and last one that is bound and does not, so that its port refuses."""
    with _bind(HOME, port) as home:
        number = home.getsockname()[1]
        with _bind(NEIGHBOUR, number) as neighbour, _bind(LAPSED, number) as lapsed:
            for opened in (home, neighbour, lapsed):
                opened.listen()
            with _bind(NEIGHBOUR, number + 1) as refused:
                yield home, neighbour, lapsed, refused


def _origin(opened: socket.socket) -> str:
    address, number = opened.getsockname()
    return f"http://{address}:{number}"


def _bind(address: str, port: int) -> socket.socket:
    """Take the port, or any other if somebody has it."""
    opened = socket.socket()
    opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        opened.bind((address, port))
    except OSError:
        opened.bind((address, 0))
    return opened


async def _serve(stop: asyncio.Event, *hosts: tuple[socket.socket, Respond]) -> None:
    connections: set[asyncio.Task[None]] = set()
    servers = [await asyncio.start_server(_handler(respond, connections), sock=sock) for sock, respond in hosts]
    await stop.wait()
    for server in servers:
        server.close()
    for connection in connections:
        connection.cancel()
    await asyncio.gather(*connections, return_exceptions=True)


def _handler(respond: Respond, connections: set[asyncio.Task[None]]) -> Handler:
    """Return what asyncio calls for a connection, which notes it down so that stopping need not wait for it."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            connections.add(task)
            task.add_done_callback(connections.discard)
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            while (request := await _request(reader)) and await _respond(writer, request, _chosen(respond, request)):
                pass
        writer.close()

    return handle


def _chosen(respond: Respond, request: DemoRequest) -> Reply:
    return respond(request.target, request.headers.get("referer", ""))


async def _request(reader: asyncio.StreamReader) -> DemoRequest | None:
    """Read one request, or None where the other side speaks something else (TLS, say)."""
    first = await reader.readexactly(1)
    if not first.isalpha():
        return None
    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    method, target, _ = head[0].split(" ", 2)
    pairs = (line.partition(":") for line in head[1:] if line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    await reader.readexactly(int(headers.get("content-length", "0")))
    return DemoRequest(method, target, headers)


async def _respond(writer: asyncio.StreamWriter, request: DemoRequest, answer: Reply) -> bool:
    """Write the answer and return whether the connection goes on."""
    await asyncio.sleep(answer.wait)
    if answer.drop:
        return False
    status, headers, body = _conditional(request, answer)
    lines = [f"HTTP/1.1 {status} {_phrase(status)}", *(f"{name}: {value}" for name, value in headers)]
    if status != HTTPStatus.NOT_MODIFIED:
        lines.append(f"Content-Length: {len(body)}")
    writer.write("\r\n".join([*lines, "", ""]).encode("latin-1"))
    if request.method != "HEAD":
        writer.write(body)
    await writer.drain()
    return request.headers.get("connection", "").lower() != "close"


def _conditional(request: DemoRequest, answer: Reply) -> tuple[int, tuple[tuple[str, str], ...], bytes]:
    """Apply If-None-Match and Range (RFC 9110, 13 and 14) to a good answer; others go out as they are."""
    if answer.status != HTTPStatus.OK:
        return answer.status, answer.headers, answer.body
    headers = (*answer.headers, ("ETag", answer.etag))
    if request.headers.get("if-none-match") == answer.etag:
        return HTTPStatus.NOT_MODIFIED, headers, b""
    asked = _RANGE.fullmatch(request.headers.get("range", ""))
    if asked is None or int(asked[1]) >= len(answer.body):
        return answer.status, headers, answer.body
    start, end = int(asked[1]), min(int(asked[2] or len(answer.body)), len(answer.body) - 1)
    content_range = ("Content-Range", f"bytes {start}-{end}/{len(answer.body)}")
    return HTTPStatus.PARTIAL_CONTENT, (*headers, content_range), answer.body[start : end + 1]


def _phrase(status: int) -> str:
    """Return the reason phrase; the firewalls' own codes have none."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else "Unknown"
