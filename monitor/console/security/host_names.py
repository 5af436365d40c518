"""Answer under our own names alone: a page of the open web must not reach the console under a name of its own.

Without this a name that resolves to 127.0.0.1 (DNS rebinding) makes a stranger's page and the console one origin.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from http import HTTPStatus

from monitor.console.security.wire import App, Receive, Send, Wire, header, is_api, refuse
from monitor.settings.console import ConsoleSettings

PORT = re.compile(r":\d{1,5}$")


class HostNames:
    """Refuses requests for hosts that are not ours, and puts the configured path before those that lack it."""

    def __init__(self, app: App, settings: Callable[[], ConsoleSettings]) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Wire, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        settings = self._settings()
        hosts = [value for key, value in scope["headers"] if key == b"host"]
        if len(hosts) != 1 or not is_ours(header(scope, b"host").decode("latin-1"), settings):
            reason, to_program = "no such host here (console.hosts)", is_api(scope["path"], settings.root)
            await refuse(send, HTTPStatus.MISDIRECTED_REQUEST, reason, to_program=to_program)
            return
        root = settings.root
        if root:
            scope["root_path"] = root
            path = scope["path"]
            # A proxy may have taken the prefix off or left it on: both mean the same page.
            if path != root and not path.startswith(f"{root}/"):
                scope["path"] = root + path
        await self._app(scope, receive, send)


def is_ours(host: str, settings: ConsoleSettings) -> bool:
    """Return whether a Host header names us: as configured, else any address, or ``localhost``."""
    name = PORT.sub("", host.strip().lower())
    bare = name.removeprefix("[").removesuffix("]")
    if bare in settings.hosts:
        return True
    try:
        address = ipaddress.ip_address(bare)
    except ValueError:
        return bare == "localhost"
    # An address cannot be rebound. Where names are configured, people use them; loopback stays for who looks after it.
    return address.is_loopback or not settings.hosts
