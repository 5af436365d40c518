"""Learn from a reverse proxy who asks and how, where the configuration names that proxy; else from nobody.

RFC 7239 calls these headers forgeable by who sends a request: those of a peer that is no configured proxy are
taken off, so that nothing behind can read them by mistake.
"""

from __future__ import annotations

from collections.abc import Callable

from monitor.console.security.wire import App, Header, Receive, Send, Wire, header
from monitor.settings.console import ConsoleSettings

FORWARDED = (b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix", b"forwarded")
"""Headers in which proxies tell of the request that they got."""


class Forwarding:
    """Sets ``client``, ``scheme`` and Host of a request by what a trusted proxy says of it."""

    def __init__(self, app: App, settings: Callable[[], ConsoleSettings]) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Wire, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] == "http":
            settings = self._settings()
            if settings.trusts(_peer(scope)):
                _believe(scope, settings)
            if settings.https:
                scope["scheme"] = "https"
            scope["headers"] = [each for each in scope["headers"] if each[0] not in FORWARDED]
        await self._app(scope, receive, send)


def _peer(scope: Wire) -> str:
    client = scope.get("client")
    return str(client[0]) if client else ""


def _believe(scope: Wire, settings: ConsoleSettings) -> None:
    hops = [hop.strip() for hop in header(scope, b"x-forwarded-for").decode("latin-1").split(",") if hop.strip()]
    # The rightmost hop that is no proxy of ours: what stands to its left was written by the client itself.
    client = next((hop for hop in reversed(hops) if not settings.trusts(hop)), hops[0] if hops else "")
    if client:
        scope["client"] = (client[:64], 0)
    if header(scope, b"x-forwarded-proto").strip().lower() == b"https":
        scope["scheme"] = "https"
    if host := header(scope, b"x-forwarded-host").split(b",")[-1].strip():
        rest: list[Header] = [each for each in scope["headers"] if each[0] != b"host"]
        scope["headers"] = [*rest, (b"host", host)]
