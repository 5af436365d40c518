"""SIGTERM ends the daemon also while its store or a client hangs, and the next start goes on with the inspection.

How long it may take is bounded generously, for machines are busy: what matters is that the process ends by itself.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.monitor.daemons import Daemon, daemon
from tests.monitor.postgresql import Server, server
from tests.monitor.service.test_faults import SETTINGS, HeldSite

pytestmark = pytest.mark.slow

BOUND = 90.0
"""Seconds; the process ends itself after 9."""


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a SQLite store, as a backup or somebody's shell may."""
    holder = sqlite3.connect(path, timeout=60, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()


@contextlib.contextmanager
def frozen(started: Server) -> Iterator[None]:
    """Let no process of a PostgreSQL turn: its sockets are there, and nobody answers."""
    first = int((started.folder / "data" / "postmaster.pid").read_text("ascii").split()[0])
    children = Path(f"/proc/{first}/task/{first}/children").read_text("ascii").split()
    processes = [first, *map(int, children)]
    for number in processes:
        os.kill(number, signal.SIGSTOP)
    try:
        yield
    finally:
        for number in processes:
            os.kill(number, signal.SIGCONT)


def stop_while(trouble: contextlib.AbstractContextManager[None], it: Daemon, web: HeldSite) -> None:
    """Stop a daemon amid a crawl while its store is in trouble, start it again, and see that the inspection ends."""
    it.until(lambda: web.waiting, "amid the crawl")
    with trouble:
        web.let_go()
        assert it.stop() < BOUND
        assert it.process.returncode == 0
    it.start()
    it.until(lambda: it.ended(1), "gone on with")
    (row,) = it.rows()
    assert (row.status, row.reason) == ("complete", ("", ""))


@contextlib.contextmanager
def amid_a_crawl(folder: Path, url: str) -> Iterator[tuple[Daemon, HeldSite]]:
    web = HeldSite()
    web.begin("crawl")
    with web.site.running():
        site = {"id": "a", "url": f"{web.site.url}/"}
        with daemon(folder, **SETTINGS | {"store": {"url": url}, "sites": [site]}) as it:
            it.start()
            yield it, web


def test_while_another_holds_the_lock_of_sqlite(tmp_path):
    path = tmp_path / "store.db"
    with amid_a_crawl(tmp_path, f"sqlite:///{path}") as (it, web):
        stop_while(locked(path), it, web)


def test_while_postgresql_is_frozen(tmp_path):
    with server() as started, amid_a_crawl(tmp_path, started.url) as (it, web):
        stop_while(frozen(started), it, web)


@contextlib.contextmanager
def half_asked(it: Daemon) -> Iterator[None]:
    """Have a client ask for the metrics so slowly that it never comes to the end, and another that reads nothing."""
    with (
        socket.create_connection(("127.0.0.1", it.port)) as slow,
        socket.create_connection(("127.0.0.1", it.port)) as deaf,
    ):
        slow.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nAccept:")
        deaf.sendall(b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500)
        yield


def test_while_slow_clients_are_answered(tmp_path):
    with amid_a_crawl(tmp_path, f"sqlite:///{tmp_path / 'store.db'}") as (it, web):
        stop_while(half_asked(it), it, web)
        assert it.events("stopped"), "it ended by itself, and was not ended after nine seconds"
