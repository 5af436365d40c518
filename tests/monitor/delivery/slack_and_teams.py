"""Imitate the webhooks of Slack and of Teams (Power Automate): real servers that answer as the services' documents say.

Slack answers ``ok``, or the name of what is wrong as plain text, which a proxy may make a 200 of; Power Automate
answers 202 with nothing, or JSON with an error.
"""

from __future__ import annotations

import json
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.monitor import authority

WELL = {"slack": (200, "ok"), "teams": (202, "")}
"""What a service answers that has taken a message."""


@dataclass
class Webhook:
    """What was taken, by which address, and what is answered: status and body."""

    port: int
    answer: tuple[int, str]
    taken: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)


@contextmanager
def webhook(service: str) -> Iterator[Webhook]:
    """Run the webhook of a service, ``slack`` over http and ``teams`` over https with a certificate of its own."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.paths.append(self.path)
            status, text = state.answer
            if state.answer == WELL[service]:
                state.taken.append(content)
            self.send_response(status)
            self.send_header("Content-Length", str(len(text.encode())))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    state = Webhook(server.server_port, WELL[service])
    if service == "teams":
        server.socket = _tls().wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile("wb") as file:
        file.write(authority.self_signed().pem())
        file.flush()
        context.load_cert_chain(file.name)
    return context
