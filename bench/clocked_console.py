"""Be the command ``sitehealth console``, and clock what ``bench/console.py`` asks for, from arrival to last byte.

    python -m bench.clocked_console CONFIG

At the end a line says in JSON how many seconds each request with the header ``MEASURED`` took. Nothing is imported that
the command does without: its memory is measured as well.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from monitor.logs import without_rich

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from monitor.console.console_parts import ConsoleParts

MEASURED = "x-measured"


class Clocked:
    """The application, and how many seconds each measured request took in it."""

    def __init__(self, app: ASGIApp) -> None:
        self.seconds: list[float] = []
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and clock it."""
        began = time.perf_counter()
        await self._app(scope, receive, send)
        if scope["type"] == "http" and any(name == MEASURED.encode() for name, _ in scope["headers"]):
            self.seconds.append(time.perf_counter() - began)


def main() -> None:
    with without_rich():
        from monitor.commands.work import console as command
    from monitor.settings.config_file import load

    made: list[Clocked] = []
    create = command.create_app

    def create_clocked(parts: ConsoleParts) -> Clocked:
        made.append(Clocked(create(parts)))
        return made[0]

    command.create_app = create_clocked
    settings = load(Path(sys.argv[1]), ["console.listen=127.0.0.1:0"])
    command.serve_console(settings, lambda text: print(text, flush=True))
    print(json.dumps(made[0].seconds), flush=True)


if __name__ == "__main__":
    main()
