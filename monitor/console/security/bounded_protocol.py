"""Hang up on connections that ask for nothing: uvicorn waits for the head of a request as long as a client likes.

A hundred connections that send a byte now and then would be all that the console has room for.
"""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_WITHIN = 10.0
"""Seconds in which a request has to be there with its headers, after the connection or the answer before."""

LOOK = 2.0
"""Seconds between two looks."""


class BoundedProtocol(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with a limit to silence."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as h11_impl has it
        """Begin to watch the connection."""
        super().connection_made(transport)
        self._quiet_since = self.loop.time()
        self._look = self.loop.call_later(LOOK, self._watch)

    def on_response_complete(self) -> None:
        """Count the silence anew: between two looks a connection may have asked for much, and is not idle."""
        self._quiet_since = self.loop.time()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Watch no longer."""
        self._look.cancel()
        super().connection_lost(exc)

    def _watch(self) -> None:
        if self.cycle is not None and not self.cycle.response_complete:
            self._quiet_since = self.loop.time()
        elif self.loop.time() - self._quiet_since > HEAD_WITHIN:
            self.transport.close()
            return
        self._look = self.loop.call_later(LOOK, self._watch)
