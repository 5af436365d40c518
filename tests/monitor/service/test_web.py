"""The daemon's pages bear clients that are slow, many or meant for somebody else."""

from __future__ import annotations

import socket
import threading
import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry

from monitor.service import web
from monitor.service.metrics.exposition import Exposition


@pytest.fixture
def server():
    metrics = Exposition(CollectorRegistry(), CollectorRegistry(), lambda: 0)
    made = web.Server("127.0.0.1", 0, metrics, web.Health(lambda: "", lambda: ""))
    made.start()
    yield made
    made.stop()


def ask(server, host=None):
    """Return the status of /healthz, asked for under a name."""
    address = "http://{}:{}/healthz".format(*server.address)
    request = urllib.request.Request(address, headers={"Host": host} if host else {})
    try:
        return urllib.request.urlopen(request, timeout=60).status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (None, 200),
        ("localhost:9464", 200),
        ("127.0.0.1", 200),
        ("[::1]:9464", 200),
        ("sitehealth:9464", 200),
        ("evil.example.com", 421),
        ("evil.example.com:9464", 421),
        ("127.0.0.1.evil.example", 421),
    ],
)
def test_a_page_of_the_web_cannot_pass_for_this_machine(server, host, status):
    assert ask(server, host) == status


def dribbling(server):
    """Open a connection that begins a request and never ends it."""
    client = socket.create_connection(server.address)
    client.sendall(b"GET /metrics HTTP/1.1\r\nX: ")
    return client


def is_closed(client):
    client.settimeout(10)
    try:
        return client.recv(100) == b""
    except ConnectionError:
        return True


def test_connections_are_few_and_old_ones_make_room(server, monkeypatch):
    before = threading.active_count()
    clients = [dribbling(server) for _ in range(web.AT_ONCE + 20)]
    assert all(is_closed(client) for client in clients[web.AT_ONCE :])
    assert threading.active_count() - before <= web.AT_ONCE
    monkeypatch.setattr(web, "LIFETIME", 0.0)
    assert all(is_closed(client) for client in clients[: web.AT_ONCE])
    monkeypatch.undo()
    assert ask(server) == 200
    for client in clients:
        client.close()
