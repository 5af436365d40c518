"""Speak HTTP/2 over one connection, by httpcore.

The only module that imports httpcore, which loads three protocols: sites that speak HTTP/1 never load it.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator
from contextlib import contextmanager
from typing import cast

import httpcore

from monitor.fetch.network_backend import Stream
from monitor.fetch.url import RequestTarget
from monitor.fetch.wire_errors import Http2Error
from monitor.fetch.wire_messages import WireRequest, WireResponse


class Http2Connection:
    """One connection to one origin, one request at a time, and the body of its answer, as ``Http1Connection`` is.

    What was not read to its end is good for no other request: httpcore neither resets a stream that is left early nor
    gives back its window. ``incomplete`` is False: a body that breaks off is an error here.
    """

    incomplete = False

    def __init__(self, target: RequestTarget, stream: Stream, keepalive_expiry: float) -> None:
        self._stream = stream
        self._connection = httpcore.AsyncHTTP2Connection(
            _url(target).origin, cast("httpcore.AsyncNetworkStream", stream), keepalive_expiry
        )
        self._whole = False
        self._answer: httpcore.Response | None = None
        self._pieces: AsyncIterator[bytes]

    async def ask(self, request: WireRequest) -> WireResponse:
        """Ask, and return the answer as soon as its headers are there. Raises Http2Error, OSError."""
        self._whole = False
        asked = httpcore.Request(request.method, _url(request.target), headers=request.lines(), content=request.content)
        with http2_faults():
            answer = await self._connection.handle_async_request(asked)
        self._answer, self._pieces = answer, aiter(cast("AsyncIterable[bytes]", answer.stream))
        return WireResponse(answer.status, answer.headers, self, self._stream.address)

    async def read(self) -> bytes:
        """Return the next piece of the body, nothing at its end; raises Http2Error, OSError."""
        with http2_faults():
            async for piece in self._pieces:
                if piece:
                    return piece
        await self._leave_answer()
        self._whole = True
        return b""

    async def _leave_answer(self) -> None:
        """Have the stream of the last answer closed, read to its end or not."""
        if self._answer is not None:
            await self._answer.aclose()

    def is_idle(self) -> bool:
        """Return whether the last answer was read to its end and the connection may be used again."""
        return self._whole and self._connection.is_idle()

    def has_expired(self) -> bool:
        """Return whether it waited too long, or the server has ended it."""
        return self._connection.has_expired()

    async def aclose(self) -> None:
        """Close."""
        await self._leave_answer()
        await self._connection.aclose()


@contextmanager
def http2_faults() -> Iterator[None]:
    """Raise Http2Error for what is wrong with an answer over HTTP/2, whatever its reader raises for that."""
    try:
        yield
    except (OSError, Http2Error):
        raise
    except Exception as error:
        raise Http2Error(str(error)) from error


def _url(target: RequestTarget) -> httpcore.URL:
    scheme = "https" if target.is_secure else "http"
    return httpcore.URL(scheme=scheme, host=target.host, port=target.port, target=target.path)
