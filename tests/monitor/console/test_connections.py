"""Connections to the console: an answer is sent at once, and who goes on asking is not hung up on."""

from __future__ import annotations

import socket
import time

import httpx
import pytest

from monitor.console.security import bounded_protocol
from monitor.console.security.bounded_protocol import BoundedProtocol
from monitor.console.thread import ConsoleThread


async def empty_page(scope, receive, send) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"0")]})
        await send({"type": "http.response.body"})


@pytest.fixture
def connections(monkeypatch) -> list[BoundedProtocol]:
    """The connections that are made, in their order; nobody looks at their silence but a test."""
    made: list[BoundedProtocol] = []
    begin = BoundedProtocol.connection_made

    def connection_made(self, transport) -> None:
        made.append(self)
        begin(self, transport)

    monkeypatch.setattr(BoundedProtocol, "connection_made", connection_made)
    monkeypatch.setattr(bounded_protocol, "LOOK", 3600.0)
    return made


@pytest.fixture
def url(connections):
    thread = ConsoleThread("127.0.0.1", 0, lambda: empty_page)
    thread.start()
    yield "http://{}:{}".format(*thread.address)
    thread.stop()


def test_the_end_of_an_answer_does_not_wait_for_its_beginning_to_be_confirmed(url, connections):
    with httpx.Client(base_url=url) as client:
        client.get("/")
        (protocol,) = connections
        served = protocol.transport.get_extra_info("socket")
        assert served.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_is_silent_since_its_last_answer_whenever_it_was_looked_at(url, connections):
    with httpx.Client(base_url=url) as client:
        client.get("/")
        (protocol,) = connections
        began = protocol._quiet_since = protocol.loop.time() - 10 * bounded_protocol.HEAD_WITHIN
        client.get("/")
        assert len(connections) == 1
        # The answer may be here before the server has taken note that it is sent.
        end = time.monotonic() + 60
        while protocol._quiet_since == began and time.monotonic() < end:
            time.sleep(0.01)
        assert protocol._quiet_since > began
