"""Name the parts of ASGI that the rooms before the pages speak, and answer without them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http import HTTPStatus
from typing import Any

Wire = MutableMapping[str, Any]
"""A scope or a message of ASGI 3, as the specification has it."""

Receive = Callable[[], Awaitable[Wire]]
Send = Callable[[Wire], Awaitable[None]]
App = Callable[[Wire, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]

API = "/api/"
"""Below it programs ask, and what goes wrong is answered as JSON."""

PROBLEM = "application/problem+json"
"""The media type of that (RFC 9457)."""


def header(scope: Wire, name: bytes) -> bytes:
    """Return the first value of a header, in lower case, b"" where there is none."""
    return next((value for key, value in scope["headers"] if key == name), b"")


def is_api(path: str, root: str) -> bool:
    """Return whether a path is one that programs ask for; a proxy may have taken the root off, or left it on."""
    return path.removeprefix(root).startswith(API)


def as_json(document: object) -> bytes:
    """Return a document as JSON; half of a pair of surrogates, which pages may write, becomes a question mark."""
    return json.dumps(document, ensure_ascii=False).encode("utf-8", "replace")


def problem_body(status: HTTPStatus, detail: str = "", members: Mapping[str, object] | None = None) -> bytes:
    """Return as JSON what is wrong, as RFC 9457 has it."""
    document = {"type": "about:blank", "title": status.phrase, "status": int(status), **(members or {})}
    if detail:
        document["detail"] = detail
    return as_json(document)


async def refuse(
    send: Send, status: HTTPStatus, reason: str, headers: Iterable[Header] = (), *, to_program: bool = False
) -> None:
    """Answer a program with a problem, and anybody else with a line of plain text."""
    if to_program:
        kind, body = PROBLEM, problem_body(status, reason)
    else:
        kind, body = "text/plain; charset=utf-8", f"{reason}\n".encode()
    start = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": int(status), "headers": start})
    await send({"type": "http.response.body", "body": body})
