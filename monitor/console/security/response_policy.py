"""Tell browsers what an answer of ours may do: next to nothing. `sitehealth headers` gives these an A+.

Scripts and styles are files of ours; nothing inline, nothing of others, no frame around a page.
"""

from __future__ import annotations

from monitor.console.security.wire import App, Receive, Send, Wire

PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of pages. An answer that sets its own keeps it: a snapshot may do even less."""

HEADERS = {
    b"content-security-policy": PAGE_POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"x-frame-options": b"DENY",
    b"referrer-policy": b"no-referrer",
    b"permissions-policy": b"camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"cross-origin-embedder-policy": b"require-corp",
    b"cache-control": b"no-store",
}
"""What an answer carries that does not say otherwise."""

TRANSPORT = (b"strict-transport-security", b"max-age=63072000")
"""Over https alone: on plain http browsers ignore it, and an intranet may have no https."""


class ResponsePolicy:
    """Adds the headers to every answer."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def __call__(self, scope: Wire, receive: Receive, send: Send) -> None:
        """Pass a request on, and add to what is answered."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_policy(message: Wire) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                wanted = dict(HEADERS)
                if scope["scheme"] == "https":
                    wanted[TRANSPORT[0]] = TRANSPORT[1]
                message["headers"] = [
                    *message["headers"],
                    *((name, value) for name, value in wanted.items() if name not in given),
                ]
            await send(message)

        await self._app(scope, receive, send_with_policy)
