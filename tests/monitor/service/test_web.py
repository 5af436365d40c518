"""The daemon's pages bear clients that are slow, many or meant for somebody else."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import threading
import time
import urllib.error
import urllib.request

import pytest
from prometheus_client import CollectorRegistry
from structlog.testing import capture_logs

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


@contextlib.contextmanager
def no_files_left():
    """Have this process open no more files: every number below its limit is taken."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    free = os.open(os.devnull, os.O_RDONLY)
    os.close(free)
    resource.setrlimit(resource.RLIMIT_NOFILE, (free, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_a_client_waits_while_no_files_are_left_and_is_answered_then(server):
    with socket.socket() as client, capture_logs() as logged:
        client.settimeout(60)
        with no_files_left():
            client.connect(server.address)
            end = time.monotonic() + 60
            while not logged and time.monotonic() < end:
                time.sleep(0.01)
        client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    assert {line["event"] for line in logged} == {"a client of the web pages waits: no files are left"}
    assert len(logged) < 100, "it takes a breath between two tries"
