"""Answer /metrics, /healthz and /readyz from a thread of its own, so that a busy event loop still answers.

The standard library's server is enough: three read-only pages for a Prometheus on the same machine. Opened
to a network, they need a proxy in front (docs/operations.md).
"""

from __future__ import annotations

import errno
import ipaddress
import re
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

import structlog

from monitor.service.metrics.exposition import Exposition

log = structlog.get_logger()

PLAIN = "text/plain; charset=utf-8"
PATIENCE = 10.0
"""Seconds of silence after which a client is hung up on."""
LIFETIME = 30.0
"""Seconds after which a connection is closed, however busy: a client that sends a byte now and then has a thread."""
NO_FILES, BREATH = frozenset({errno.EMFILE, errno.ENFILE}), 1.0
"""Errors of a process, or machine, that has no more files to open, and seconds after which it is tried again."""
AT_ONCE = 32
"""Connections at a time; more are closed at once. A scraper needs one."""


class Health:
    """What the daemon says of itself. ``reason`` is empty when all is well; it is asked at every request."""

    def __init__(self, alive: Callable[[], str], ready: Callable[[], str]) -> None:
        self.alive, self.ready = alive, ready


class Server:
    """The pages on one address. ``port`` 0 takes any free one. Raises OSError where it cannot listen."""

    def __init__(self, host: str, port: int, metrics: Exposition, health: Health) -> None:
        is_local = ipaddress.ip_address(host.partition("%")[0]).is_loopback
        handler = type("Handler", (_Handler,), {"metrics": metrics, "health": health, "is_local": is_local})
        kind = type("Listener", (_Listener,), {"address_family": socket.AF_INET6 if ":" in host else socket.AF_INET})
        self._server: ThreadingHTTPServer = kind((host, port), handler)
        self._thread = Thread(target=self._server.serve_forever, name="web", daemon=True)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that it listens on."""
        host, port = self._server.server_address[:2]
        return str(host), int(port)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port; answers under way are dropped."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def is_own_name(host: str) -> bool:
    """Return whether a Host header can be meant for a server on loopback: an address, or a name without a dot.

    A page of the open web that has its own name resolve to 127.0.0.1 (DNS rebinding) comes with that name.
    """
    name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return "." not in name
    return True


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, *arguments: Any) -> None:  # noqa: ANN401 - socketserver's signature
        super().__init__(*arguments)
        self._opened: dict[socket.socket, float] = {}
        self._lock = Lock()

    def get_request(self) -> tuple[Any, Any]:
        """Take the next connection. Where the process has no file left for it, it waits, and so do we."""
        try:
            return super().get_request()
        except OSError as error:
            if error.errno in NO_FILES:
                log.warning("a client of the web pages waits: no files are left", reason=error.strerror)
                time.sleep(BREATH)  # the connection is ready all the while: without a pause we would ask on and on
            raise

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401
        """Answer in a thread of its own, or hang up where there are too many already."""
        with self._lock:
            is_full = len(self._opened) >= AT_ONCE
            if not is_full:
                self._opened[request] = time.monotonic()
        if is_full:
            self.shutdown_request(request)
        else:
            super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401
        """Close a connection and forget it."""
        with self._lock:
            self._opened.pop(request, None)
        super().shutdown_request(request)

    def service_actions(self) -> None:
        """Hang up on connections that are too old; called twice a second."""
        with self._lock:
            old = [request for request, since in self._opened.items() if time.monotonic() - since > LIFETIME]
            for request in old:
                del self._opened[request]
        for request in old:
            with suppress(OSError):  # the client was quicker
                request.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - socketserver's signature
        """Log instead of printing a traceback: clients hang up as they like."""
        log.debug("a client of the web pages went away")


class _Handler(BaseHTTPRequestHandler):
    metrics: Exposition
    health: Health
    is_local: bool
    protocol_version = "HTTP/1.1"
    server_version = "Sitehealth"
    sys_version = ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        """Answer a GET."""
        path = self.path.partition("?")[0]
        if self.is_local and not is_own_name(self.headers.get("Host", "")):
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, PLAIN, b"no such host here\n")
        elif path == "/metrics":
            zipped = "gzip" in self.headers.get("Accept-Encoding", "")
            kind, parts = self.metrics.page(self.headers.get("Accept", ""), zipped=zipped)
            self._answer(HTTPStatus.OK, kind, *parts, encoding="gzip" if zipped else "")
        elif path in {"/healthz", "/readyz"}:
            reason = self.health.alive() if path == "/healthz" else self.health.ready()
            status = HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK
            self._answer(status, PLAIN, f"{reason or 'ok'}\n".encode())
        elif path == "/":
            self._answer(HTTPStatus.OK, PLAIN, b"sitehealth: /metrics /healthz /readyz\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND, PLAIN, b"not found\n")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _answer(self, status: HTTPStatus, kind: str, *parts: bytes, encoding: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(sum(map(len, parts))))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        for part in parts if self.command != "HEAD" else ():
            self.wfile.write(part)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: a scrape every 30 seconds is no news."""
