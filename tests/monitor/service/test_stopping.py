"""SIGTERM ends the daemon also while its store or a client hangs, and the next start goes on with the inspection.

How long it may take is bounded generously, for machines are busy: what matters is that the process ends by itself.
"""

from __future__ import annotations

import contextlib
import fcntl
import io
import os
import re
import signal
import socket
import sqlite3
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.monitor.command_server import Forked
from tests.monitor.daemons import FEW, Daemon, daemon
from tests.monitor.postgresql import Server, server
from tests.monitor.service.test_faults import SETTINGS, HeldSite, html
from tests.server.site import Exchange, Site

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


def is_writing(number: int) -> bool:
    """Return whether a process waits for room in a pipe (proc(5))."""
    threads = Path(f"/proc/{number}/task").glob("*/wchan")
    return any("pipe_write" in thread.read_text("ascii") for thread in threads)


def test_while_nobody_reads_the_tracebacks_that_it_logs(tmp_path):
    """As where journald is stuck: the event loop waits for room in the pipe, and hears of no signal."""
    (tmp_path / "reports").touch()  # no report can be written, and each says so with a traceback
    url, (read_from, write_to) = f"sqlite:///{tmp_path / 'store.db'}", os.pipe()
    fcntl.fcntl(write_to, fcntl.F_SETPIPE_SZ, 4096)
    web = HeldSite()
    with web.site.running(), os.fdopen(read_from, "rb"), os.fdopen(write_to, "wb") as log:
        sites = [{"id": name, "url": f"{web.site.url}/?{name}"} for name in "abc"]
        with daemon(tmp_path, **SETTINGS | {"store": {"url": url}, "sites": sites}) as it:
            it.process = Forked(["run", "--config", it.config], stdout=log, stderr=log)
            it.until(lambda: is_writing(it.process.pid), "waiting")
            assert it.stop() < BOUND
            assert it.process.returncode == 0
            it.start()
            it.until(lambda: it.ended(3), "gone on with")
            assert {row.status for row in it.rows()} == {"complete"}


# ---- while other processes work ----------------------------------------------------------------------


def one_page(exchange_of: str | bytes, form: str, ending: str) -> Site:
    """A site with one thing on it that a process of its own reads."""

    async def home(exchange: Exchange) -> None:
        await exchange.answer(html(f"<a href=/hard{ending}>附件</a>"))

    async def hard(exchange: Exchange) -> None:
        await exchange.answer(exchange_of, type=form)

    return Site({"/": home, f"/hard{ending}": hard})


def large_page() -> Site:
    return one_page(html("<p><b>字</b><i>词</i>" * 15_000), "text/html; charset=utf-8", "/")


def text() -> Site:
    return one_page(html("<p>各科室：请于本周五前报送材料。"), "text/html; charset=utf-8", "/")


def attachment() -> Site:
    """A file of Word, the least that is one."""
    made = io.BytesIO()
    name = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    body = "<w:body><w:p><w:r><w:t>公文</w:t></w:r></w:p></w:body>"
    with zipfile.ZipFile(made, "w") as out:
        out.writestr("word/document.xml", f'<w:document xmlns:w="{name}">{body}</w:document>')
    return one_page(made.getvalue(), "application/octet-stream", ".docx")


WORKERS = re.compile(r"monitor\.inspection\.(?:child|attachment_reader)")
"""In the command lines of processes that read texts, pages and files."""


def children(number: int) -> dict[int, str]:
    """Return the processes that a process started, with their command lines (proc(5))."""
    found = {}
    with contextlib.suppress(OSError):
        for path in Path(f"/proc/{number}/task").glob("*/children"):
            for child in map(int, path.read_text("ascii").split()):
                found[child] = Path(f"/proc/{child}/cmdline").read_text("utf-8")
    return found


@pytest.mark.parametrize(
    ("web", "checks"),
    [(large_page, FEW), (text, FEW | {"typos": {"run": True}}), (attachment, FEW | {"leaks": {"run": True}})],
    ids=["large page", "typos", "attachment"],
)
def test_while_other_processes_work_for_ever(tmp_path, web, checks):
    """Each is frozen amid its work: nobody gets an answer from it, as of one that computes for minutes."""
    with web().running() as site:
        settings = SETTINGS | {"checks": checks, "sites": [{"id": "a", "url": f"{site.url}/"}]}
        with daemon(tmp_path, **settings) as it:
            it.start()
            it.until(lambda: [line for line in children(it.process.pid).values() if WORKERS.search(line)], "at work")
            there = children(it.process.pid)
            for number in (number for number, line in there.items() if WORKERS.search(line)):
                os.kill(number, signal.SIGSTOP)
            assert not it.ended(1)
            assert it.stop() < BOUND
            assert it.process.returncode == 0
            assert until(lambda: not [number for number in there if Path(f"/proc/{number}").exists()])
            it.start()
            it.until(lambda: it.ended(1), "gone on with")
            (row,) = it.rows()
            assert (row.status, row.reason) == ("complete", ("", ""))


def until(told: Callable[[], bool], seconds: float = 60.0) -> bool:
    """Wait until something is so; return whether it is."""
    end = time.monotonic() + seconds
    while not told() and time.monotonic() < end:
        time.sleep(0.02)
    return told()
