"""Answer /metrics, /healthz and /readyz from a thread of its own, so that a busy event loop still answers.

The standard library's server is enough: three read-only pages for a Prometheus on the same machine. Whoever opens it
to a network puts a proxy in front (docs/operations.md).
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import structlog

from monitor.service.metrics.exposition import Exposition

log = structlog.get_logger()

PLAIN = "text/plain; charset=utf-8"
PATIENCE = 10.0
"""Seconds that a client may take for its request."""


class Health:
    """What the daemon says of itself. ``reason`` is empty when all is well; it is asked at every request."""

    def __init__(self, alive: Callable[[], str], ready: Callable[[], str]) -> None:
        self.alive, self.ready = alive, ready


class Server:
    """The pages on one address. ``port`` 0 takes any free one. Raises OSError where it cannot listen."""

    def __init__(self, host: str, port: int, metrics: Exposition, health: Health) -> None:
        handler = type("Handler", (_Handler,), {"metrics": metrics, "health": health})
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


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401, ARG002 - socketserver's signature
        """Log instead of printing a traceback: clients hang up as they like."""
        log.debug("a client of the web pages went away")


class _Handler(BaseHTTPRequestHandler):
    metrics: Exposition
    health: Health
    protocol_version = "HTTP/1.1"
    server_version = "Sitehealth"
    sys_version = ""
    timeout = PATIENCE

    def do_GET(self) -> None:
        """Answer a GET."""
        path = self.path.partition("?")[0]
        if path == "/metrics":
            zipped = "gzip" in self.headers.get("Accept-Encoding", "")
            kind, body = self.metrics.page(self.headers.get("Accept", ""), zipped=zipped)
            self._answer(HTTPStatus.OK, kind, body, encoding="gzip" if zipped else "")
        elif path in {"/healthz", "/readyz"}:
            reason = self.health.alive() if path == "/healthz" else self.health.ready()
            status = HTTPStatus.SERVICE_UNAVAILABLE if reason else HTTPStatus.OK
            self._answer(status, PLAIN, f"{reason or 'ok'}\n".encode())
        elif path == "/":
            self._answer(HTTPStatus.OK, PLAIN, b"sitehealth: /metrics /healthz /readyz\n")
        else:
            self._answer(HTTPStatus.NOT_FOUND, PLAIN, b"not found\n")

    do_HEAD = do_GET  # noqa: N815 - http.server's name

    def _answer(self, status: HTTPStatus, kind: str, body: bytes, *, encoding: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if encoding:
            self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Stay silent: a scrape every 30 seconds is no news."""
