"""Note what happens in a page while it is drawn, and answer what it wants of its reader with no.

Exceptions come by Chromium's own protocol: what playwright passes on of one that stands in a script's grammar does not
say in which script.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from checks.model import ScriptFault
from monitor.browser.chromium import quiet
from monitor.browser.page_network import BLOCKED, REFUSED, Asked, PageNetwork

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, CDPSession, Dialog, Page, Request, WebSocketRoute

NOTED = 20
"""Exceptions that are kept; after them a page is no longer listened to."""

LONGEST = 500
"""Characters of an exception's message that are kept."""

FRAMES = 10
"""Calls, from the innermost, whose scripts are kept of an exception."""


@dataclass  # without slots: playwright writes into whose methods it is given
class PageEvents:
    """What happens in one page: ``faults`` are the exceptions that nobody caught; the rest goes to its ``network``."""

    network: PageNetwork
    faults: list[ScriptFault] = field(default_factory=list)
    _page: Page | None = None
    _session: CDPSession | None = None

    async def open(self, context: BrowserContext) -> Page:
        """Return a new page that is listened to."""
        await context.route_web_socket("**/*", self._refuse_socket)
        page = self._page = await context.new_page()
        page.on("dialog", lambda dialog: asyncio.ensure_future(self._dismiss(dialog)))
        page.on("requestfailed", self._note_failure)
        context.on("page", lambda opened: asyncio.ensure_future(self._close(opened)))
        self._session = await context.new_cdp_session(page)
        self._session.on("Runtime.exceptionThrown", self._note_exception)
        await self._session.send("Runtime.enable")
        return page

    def _note_exception(self, event: dict[str, Any]) -> None:
        self.faults.append(_fault(event["exceptionDetails"]))
        if len(self.faults) == NOTED and self._session is not None:
            asyncio.ensure_future(self._stop_listening(self._session))  # noqa: RUF006 - it ends by itself

    async def _stop_listening(self, session: CDPSession) -> None:
        with quiet():
            await session.send("Runtime.disable")

    def _note_failure(self, request: Request) -> None:
        if request.failure == "mixed-content":
            self.network.note(request, BLOCKED)

    def _refuse_socket(self, socket: WebSocketRoute) -> None:
        """Close a live connection; over an https page, one in the clear is refused by every browser."""
        is_blocked = self.network.document.response.url.startswith("https:") and socket.url.startswith("ws:")
        self.network.asked.append(
            Asked(socket.url, "websocket", "GET", BLOCKED if is_blocked else f"{REFUSED}websocket")
        )
        self.network.hindered = True
        asyncio.ensure_future(socket.close())  # noqa: RUF006 - it ends by itself

    async def _dismiss(self, dialog: Dialog) -> None:
        self.network.hindered |= dialog.type != "alert"  # which asks for nothing
        with quiet():
            await dialog.dismiss()

    async def _close(self, opened: Page) -> None:
        """Close a window that the page opens."""
        if opened is not self._page:
            self.network.hindered = True
            with quiet():
                await opened.close()


def _fault(details: dict[str, Any]) -> ScriptFault:
    """Return an exception as Chromium tells of it (``Runtime.ExceptionDetails``)."""
    exception = details.get("exception", {})
    described = str(exception.get("description") or exception.get("value") or details.get("text", ""))
    first_line = described.partition("\n")[0]
    name, _, message = first_line.partition(": ")
    if not message or " " in name:
        name, message = str(exception.get("className", "")), first_line
    frames = details.get("stackTrace", {}).get("callFrames", [])[:FRAMES]
    scripts = [str(frame.get("url", "")) for frame in frames] or [str(details.get("url", ""))]
    return ScriptFault(name, message[:LONGEST], tuple(dict.fromkeys(filter(None, scripts))))
