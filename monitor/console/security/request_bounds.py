"""Bound what a request may bring: bytes, and the time that it takes to bring them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus

from monitor.console.security.wire import App, Receive, Send, Wire, header, is_api, refuse
from monitor.settings.console import ConsoleSettings

FORM = 256 * 1024
"""Bytes of a form without a file, or of a request of the API: names, numbers, a note."""

ENVELOPE = 64 * 1024
"""Bytes that an uploaded file may come with: the other fields, and what parts them."""

PATIENCE = 60.0
"""Seconds in which a body must have come: a client that sends a byte now and then holds a connection."""


class RequestBounds:
    """Refuses bodies that are too large before or while they come, and gives up those that come too slowly."""

    def __init__(self, app: App, settings: Callable[[], ConsoleSettings]) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Wire, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        limit = self._limit(scope)

        async def refuse_body(status: HTTPStatus, reason: str) -> None:
            await refuse(send, status, reason, CLOSE, to_program=is_api(scope["path"], self._settings().root))

        announced = header(scope, b"content-length")
        if announced and (not announced.isdigit() or int(announced) > limit):
            await refuse_body(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {limit} bytes")
            return
        body = _BoundedBody(receive, limit)

        async def send_unless_broken(message: Wire) -> None:
            # What reads forms makes of any fault of the body a "bad request"; what was wrong with it is known here.
            if not body.fault:
                await send(message)

        with suppress(_BrokenBodyError):
            await self._app(scope, body.receive, send_unless_broken)
        if body.fault:
            await refuse_body(body.fault, f"at most {limit} bytes in {PATIENCE:g} seconds")

    def _limit(self, scope: Wire) -> int:
        kind = header(scope, b"content-type").lower()
        return self._settings().upload + ENVELOPE if kind.startswith(b"multipart/form-data") else FORM


CLOSE = ((b"connection", b"close"),)
"""What is left of a body that nobody reads must not be taken for the next request."""


class _BrokenBodyError(Exception):
    """The body was too large, or did not come in time."""


class _BoundedBody:
    """The body of one request. ``fault`` is the status of what was wrong with it, None as long as nothing is."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self.fault: HTTPStatus | None = None
        self._receive, self._left = receive, limit
        self._until, self._complete = asyncio.get_running_loop().time() + PATIENCE, False

    async def receive(self) -> Wire:
        """Return the next message. Raises _BrokenBodyError."""
        if self._complete:  # what is left to come is the end of the connection, which a stream of events waits for
            return await self._receive()
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            self.fault = HTTPStatus.REQUEST_TIMEOUT
            raise _BrokenBodyError from None
        if message["type"] == "http.request":
            self._left -= len(message.get("body", b""))
            self._complete = not message.get("more_body", False)
        if self._left < 0:
            self.fault = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            raise _BrokenBodyError
        return message
