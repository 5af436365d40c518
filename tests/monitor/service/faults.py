"""What goes wrong with a store for real: a disk that fills up, a file that goes away, a database that does."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from monitor.store import Store
from monitor.store.file_mark import read_mark
from monitor.store.upkeep import back_up
from tests.monitor.postgresql import Server

ENDINGS = ("-wal", "-shm", "")
"""Of the files of a SQLite store, in the order in which they go: the log is of no use without what it belongs to."""

NO_STORE = ".* 处没有数据库：还没有检查过，或者文件不见了"

ROOM = 2**16
"""Bytes of a log that hold less than an inspection writes."""


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Disk]:
    """Give a disk of its own that can be filled. Skips where this process may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], check=False, capture_output=True
    )
    if done.returncode:
        pytest.skip(f"NOT TESTED: full disks, because only root may mount a small one: {done.stderr.decode().strip()}")
    try:
        yield Disk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


@dataclass
class Disk:
    """A small file system."""

    folder: Path

    def fill(self, *, but: int = 0) -> None:
        """Leave no room, or so many bytes."""
        with (self.folder / "filler").open("wb", buffering=0) as out:
            try:
                while True:
                    out.write(bytes(2**16))
            except OSError:
                out.truncate(max(out.tell() - but, 0))

    def clear(self) -> None:
        (self.folder / "filler").unlink(missing_ok=True)


@dataclass
class Fault:
    """Something that happens to a store and ends again. ``reason`` is a part of what the operator reads meanwhile.

    It is empty where nothing is to be seen: the store answers again before anybody looks.
    """

    name: str
    begin: Callable[[], object]
    end: Callable[[], object] = lambda: None
    reason: str = ""
    passes: bool = field(default=False, kw_only=True)
    """Whether it is over by itself."""
    quiet: bool = field(default=False, kw_only=True)
    """Whether it shows only when an inspection writes."""
    status: str = field(default="", kw_only=True)
    """What `sitehealth status` says meanwhile; empty where it can read how the sites stand."""
    opens: bool = field(default=False, kw_only=True)
    """Whether the store can be opened meanwhile, so that a daemon starts and waits for its end."""
    at_start: str | None = field(default=None, kw_only=True)
    """What the log says where a daemon starts as if all were well; empty where there is nothing to say."""
    is_used: bool = field(default=False, kw_only=True)
    """Whether another store is there meanwhile, which the daemon uses; the end is seen in the log, too."""


def of_sqlite(path: Path, disk: Disk) -> dict[str, Fault]:
    """Return what can happen to the store at a path of a disk."""
    aside = path.with_name("aside.db")

    def fill(but: int = 0) -> None:
        """Leave no room on the disk, nor any in the log, which the daemon may lengthen between the two steps."""
        log = path.with_name(f"{path.name}-wal")
        while True:
            fold_log(path)
            disk.fill(but=but)
            if not log.exists() or log.stat().st_size <= ROOM:
                return
            disk.clear()

    faults = [
        Fault("full", fill, disk.clear, "full|磁盘已满"),
        Fault("nearly full", lambda: fill(200_000), disk.clear, "full|磁盘已满", opens=True),
        Fault(
            "moved away",
            lambda: move(path, aside),
            lambda: move(aside, path),
            GONE,
            status=NO_STORE,
            at_start=NEW_STORE,
        ),
        Fault(
            "deleted",
            lambda: keep_and_delete(path, aside),
            lambda: aside.replace(path),
            GONE,
            status=NO_STORE,
            at_start=NEW_STORE,
        ),
        Fault("replaced", lambda: replace(path, aside), reason=f"{REPLACED}|{GONE}", passes=True, at_start=""),
        Fault("overwritten", lambda: overwrite(path, aside), reason=OVERWRITTEN, passes=True, at_start=""),
        Fault(
            "another store",
            lambda: (move(path, aside), Store(f"sqlite:///{path}").close()),
            lambda: move(aside, path),
            f"{REPLACED}|{GONE}",
            passes=True,
            at_start="",
            is_used=True,
        ),
        Fault(
            "garbage",
            lambda: (move(path, aside), path.write_bytes(b"notes\n" * 500)),
            lambda: move(aside, path),
            f"{REPLACED}|{GONE}|file is not a database",
            status="打不开：.*file is not a database",
        ),
        Fault(
            "a folder",
            lambda: (move(path, aside), path.mkdir()),
            lambda: (path.rmdir(), move(aside, path)),
            f"{REPLACED}|{GONE}|it is a folder|是文件夹",
            status="是文件夹",
        ),
        Fault(
            "read-only",
            lambda: set_mode(path, 0o444),
            lambda: path.chmod(0o644),  # the file that an operator knows; its log and index are the daemon's own
            "its file is read-only",
            opens=True,
        ),
    ]
    return {fault.name: fault for fault in faults}


REPLACED = "its file was replaced"

GONE = "its file is gone"
"""Also of a file in whose place something else is put: a look may fall between the two; the first reason is logged."""
OVERWRITTEN = "its file was overwritten"

NEW_STORE = "there was no store, though there are reports"

SERVER_AWAY = "connection failed|closed the connection|terminating connection"
"""What libpq says of a server on its way down, gone, or on its way up, by the moment at which it is asked.

The second part of "connection failed" is whatever the server said: that it is shutting down, starting up or recovering.
"""


def of_postgresql(server: Server, disk: Disk) -> dict[str, Fault]:
    """Return what can happen to a server whose data lie on a disk."""

    def room() -> None:
        disk.clear()
        if not server.is_running():
            server.start()

    def set_database(change: str) -> None:
        """Change what new sessions may do, and end those that are there."""
        with server.connect("template1") as connection:
            connection.execute(f"ALTER DATABASE postgres {change}")
        server.cut_off("template1")

    faults = [
        Fault("full", disk.fill, room, f"No space left|{SERVER_AWAY}", quiet=True, at_start=""),
        Fault(
            "refusing",
            lambda: set_database("ALLOW_CONNECTIONS false"),
            lambda: set_database("ALLOW_CONNECTIONS true"),
            f"not currently accepting connections|{SERVER_AWAY}",
            status="打不开：.*not currently accepting connections",
        ),
        Fault(
            "read-only",  # as the standby that an address leads to after a failover
            lambda: set_database("SET default_transaction_read_only = on"),
            lambda: set_database("RESET default_transaction_read_only"),
            f"read-only transaction|{SERVER_AWAY}",  # it ends the sessions that are there
            opens=True,
        ),
        Fault("cut off", server.cut_off, passes=True),
        Fault("restarted", server.restart, passes=True),
        Fault("stopped", server.stop, server.start, SERVER_AWAY, status=f"打不开：.*({SERVER_AWAY})"),
    ]
    return {fault.name: fault for fault in faults}


def fold_log(path: Path) -> None:
    """Fold a store's log into its file, so that the next write needs room."""
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        while True:
            is_busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            if not is_busy:
                return


def move(path: Path, to: Path) -> None:
    """Move a store with its log and index, as an operator would who thinks that the daemon is down."""
    for ending in ENDINGS:
        piece = path.with_name(path.name + ending)
        if piece.exists():
            piece.replace(to.with_name(to.name + ending))


def keep_and_delete(path: Path, backup: Path) -> None:
    """Back a store up, and delete it."""
    back_up(f"sqlite:///{path}", backup)
    for ending in ENDINGS:
        path.with_name(path.name + ending).unlink(missing_ok=True)


def replace(path: Path, backup: Path) -> None:
    """Put a backup in the place of a store that is in use."""
    keep_and_delete(path, backup)
    backup.replace(path)


def overwrite(path: Path, backup: Path) -> None:
    """Copy a backup over a store with ``cp``; one that is in use has gone on from there."""
    back_up(f"sqlite:///{path}", backup)
    before, end = mark_of(backup), time.monotonic() + 60
    while path.with_name(f"{path.name}-wal").exists() and mark_of(path) <= before:
        assert time.monotonic() < end, "nobody looks at the store"
        time.sleep(0.05)
    fold_log(path)  # when the daemon is not at it: what is copied amid that is a damaged store, and said to be one
    subprocess.run(["cp", backup, path], check=True)


def mark_of(path: Path) -> int:
    with path.open("rb") as file:
        return read_mark(file.fileno())


def set_mode(path: Path, mode: int) -> None:
    for ending in ENDINGS:
        piece = path.with_name(path.name + ending)
        if piece.exists():
            piece.chmod(mode)


def without_override() -> list[str]:
    """Return what starts a command as root without root's right to write what is read-only."""
    if os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]
