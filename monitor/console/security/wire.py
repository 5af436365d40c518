"""Name the parts of ASGI that the rooms before the pages speak, and answer without them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from http import HTTPStatus
from typing import Any

Wire = MutableMapping[str, Any]
"""A scope or a message of ASGI 3, as the specification has it."""

Receive = Callable[[], Awaitable[Wire]]
Send = Callable[[Wire], Awaitable[None]]
App = Callable[[Wire, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]


def header(scope: Wire, name: bytes) -> bytes:
    """Return the first value of a header, in lower case, b"" where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")


async def refuse(send: Send, status: HTTPStatus, reason: str, headers: Iterable[Header] = ()) -> None:
    """Answer with a line of plain text."""
    body = f"{reason}\n".encode()
    start = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": int(status), "headers": start})
    await send({"type": "http.response.body", "body": body})
