"""Keep a part of a page true while somebody looks: server-sent events, each the part anew where it has changed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from typing import NamedTuple

import anyio
from anyio.to_thread import run_sync
from starlette.responses import StreamingResponse

from monitor.console.visit import Visit

EVERY = 1.0
"""Seconds between two looks."""

SILENCE = 15.0
"""Seconds after which something is sent even where nothing has changed, so that no proxy hangs up."""

LONGEST = 300.0
"""Seconds after which the browser has to ask again, and with that show that it may still see the page."""


class Part(NamedTuple):
    """A part of a page as HTML of ours; ``is_last`` where it will not change any more."""

    html: str
    is_last: bool = False


def stream(visit: Visit, render: Callable[[], Part]) -> StreamingResponse:
    """Return an answer that sends a part of a page whenever it has changed. ``render`` is called in a thread.

    It breaks off with the session of who looks: who is let in no more, or has other rights, has to ask again.
    """
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(_events(visit, render), media_type="text/event-stream", headers=headers)


async def _events(visit: Visit, render: Callable[[], Part]) -> AsyncIterator[str]:
    until, sent_at, shown = time.monotonic() + LONGEST, time.monotonic(), ""

    def look() -> Part | None:
        return render() if visit.goes_on else None

    yield f"retry: {int(EVERY * 1000)}\n\n"
    while time.monotonic() < until and not await visit.request.is_disconnected():
        part = await run_sync(look)
        if part is None:
            return
        if part.html != shown:
            shown, sent_at = part.html, time.monotonic()
            yield _event("part", part.html)
        if part.is_last:
            yield _event("end", "-")
            return
        if time.monotonic() - sent_at > SILENCE:
            sent_at = time.monotonic()
            yield ": still here\n\n"
        await anyio.sleep(EVERY)


def _event(name: str, text: str) -> str:
    """Return one event as the HTML standard has it (9.2.6): a line of data for each line of text."""
    lines = "".join(f"data: {line}\n" for line in text.splitlines())
    return f"event: {name}\n{lines}\n"
