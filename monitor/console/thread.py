"""Serve the console in a thread and a loop of its own: a stuck page delays neither a scrape nor an inspection."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from monitor.console.security.bounded_protocol import BoundedProtocol

AT_ONCE = 100
"""Connections and requests at a time; each that is more is answered 503. Twenty people hold two each, and streams."""

IDLE = 15
"""Seconds after which a connection that asks for nothing is closed."""

ENDING = 5
"""Seconds that requests under way get when the console stops."""

HEAD = 64 * 1024
"""Bytes of a request line and headers."""


class ConsoleThread:
    """The console on one address; port 0 takes any free one. Raises OSError where it cannot listen.

    ``build`` makes the application in the thread, so that what it imports and reads first holds up nobody.
    """

    def __init__(self, host: str, port: int, build: Callable[[], ASGIApp]) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._socket = socket.create_server((host, port), family=family, backlog=256)
        # Connections have it from the port. asyncio would set it only where a socket names its protocol, which this one
        # does not; without it the end of a page waits 40 ms for the reader's system to confirm its beginning.
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._build = build
        self._server: uvicorn.Server | None = None
        self._thread = threading.Thread(target=self._serve, name="console", daemon=True)
        self._ready = threading.Event()
        self.fault: BaseException | None = None

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it listens on."""
        host, port = self._socket.getsockname()[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Begin to answer; who connects before the application is built waits."""
        self._thread.start()

    def wait_until_built(self, seconds: float) -> bool:
        """Wait for the first answer that can be given; return whether it can."""
        return self._ready.wait(seconds) and self.fault is None

    def stop(self) -> None:
        """Close the port, and end with what is under way, or after some seconds without it."""
        if self._server is not None:
            self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(ENDING + 2)
        self._socket.close()

    def _serve(self) -> None:
        try:
            config = uvicorn.Config(
                self._build(),
                loop="asyncio",
                http=BoundedProtocol,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # Forwarding knows who is believed
                limit_concurrency=AT_ONCE,
                timeout_keep_alive=IDLE,
                timeout_graceful_shutdown=ENDING,
                h11_max_incomplete_event_size=HEAD,
            )
            # uvicorn captures signals in a main thread alone, which this is not.
            self._server = uvicorn.Server(config)
            self._ready.set()
            asyncio.run(self._server.serve([self._socket]))
        except BaseException as error:  # noqa: BLE001 - the thread's end is told to who started it
            self.fault = error
            self._ready.set()
