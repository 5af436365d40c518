"""A store that fails is said to fail, pauses what needs it, and is gone on with when it answers: nothing is lost."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from prometheus_client import Gauge
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError, InternalError, OperationalError, ProgrammingError

from monitor.service.store_watch import StoreWatch
from monitor.settings.site import StoreSettings
from monitor.store import Store
from monitor.store.outage import outage_of, try_writing
from monitor.store.schedules import ScheduleStore
from monitor.store.upkeep import back_up
from tests.monitor.service.faults import without_override

AWAY = OperationalError("INSERT", {}, Exception("database or disk is full"))


def nested(outer, cause):
    try:
        raise outer from cause
    except type(outer) as error:
        return error


@pytest.mark.parametrize(
    ("error", "is_outage"),
    [
        (AWAY, True),
        (nested(RuntimeError("on the way"), AWAY), True),
        (ExceptionGroup("several", [ValueError(), AWAY]), True),
        (IntegrityError("INSERT", {}, Exception("UNIQUE constraint failed")), False),
        (ValueError("a fault of ours"), False),
        (OSError(28, "No space left on device"), False),
        (InternalError("INSERT", {}, psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT")), True),
        (ProgrammingError("SELECT", {}, psycopg.errors.UndefinedTable('relation "runs" does not exist')), True),
        (ProgrammingError("SELEKT", {}, psycopg.errors.SyntaxError("syntax error")), False),
    ],
)
def test_an_outage_is_told_from_a_fault_of_ours(error, is_outage):
    assert (outage_of(error) is not None) == is_outage


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as opened:
        yield opened


class Watched:
    """A watch over a store, and what it called."""

    def __init__(self, store: Store) -> None:
        self.gauge, self.recovered, self.replaced = Gauge("available", "", registry=None), [], 0
        self.watch = StoreWatch(store, self.gauge, self.recovered.append, self.leave, StoreSettings())

    async def leave(self) -> None:
        self.replaced += 1

    @property
    def state(self) -> tuple[str, float, list[bool]]:
        return self.watch.fault, self.gauge._value.get(), self.recovered


async def test_a_full_disk_is_reported_and_its_end_too(store):
    """SQLite finds its disk full where it may not grow by a page."""
    watched, limit = Watched(store), [1]

    @event.listens_for(store.engine, "checkout")
    def tighten(connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count = {limit[0]}")

    await watched.watch.look()
    assert watched.state == ("", 1, [])
    with pytest.raises(OperationalError) as full:
        try_writing(store.engine, 1_000_000)
    assert watched.watch.report(full.value)
    assert watched.watch.is_in_doubt
    await watched.watch.look()
    assert watched.state == ("database or disk is full", 0, [])
    limit[0] = 100_000
    await watched.watch.look()
    assert watched.state == ("", 1, [True])
    assert not watched.watch.is_in_doubt


async def test_an_error_that_the_trial_write_does_not_meet_is_no_failure_of_the_store(store):
    watched = Watched(store)
    assert watched.watch.report(AWAY)
    await watched.watch.look()
    assert watched.state == ("", 1, [False])


async def test_a_file_that_is_replaced_is_noticed_and_the_new_one_used(store, tmp_path):
    watched = Watched(store)
    path, aside = tmp_path / "store.db", tmp_path / "aside.db"
    path.rename(aside)
    await watched.watch.look()
    assert watched.watch.fault == "its file is gone"
    assert not path.exists()
    with Store(f"sqlite:///{path}") as other:
        other.runs.begin(site="b", name="", url="http://b/", scope="site", engine="")
    with pytest.raises(OperationalError, match="its file was replaced"):
        store.runs.latest()
    await watched.watch.look()
    assert (watched.watch.fault, watched.replaced) == ("its file was replaced", 0), "it may still be copied"
    await watched.watch.look()
    assert (watched.watch.fault, watched.replaced) == ("", 1)
    assert [run.site for run in store.runs.latest()] == ["b"]


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"", "its file was replaced"), (b"\0" * 8192, "not a database"), (b"notes\n" * 500, "not a database")],
)
async def test_a_file_that_is_no_store_is_not_made_one(store, tmp_path, content, fault):
    watched, path = Watched(store), tmp_path / "store.db"
    await watched.watch.look()
    path.unlink()
    path.write_bytes(content)
    for _ in range(4):
        await watched.watch.look()
        assert watched.watch.fault
    assert fault in watched.watch.fault
    assert path.read_bytes() == content


async def test_the_log_of_the_old_file_is_not_played_into_a_new_one(store, tmp_path):
    """SQLite knows a log by its name: one that an operator leaves behind would be mixed into the backup."""
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    back_up(f"sqlite:///{path}", backup)
    watched = Watched(store)
    store.runs.begin(site="later", name="", url="http://b/", scope="site", engine="")
    await watched.watch.look()
    backup.replace(path)
    for _ in range(2):
        await watched.watch.look()
    assert (watched.watch.fault, store.runs.latest()) == ("", [])
    assert len(list(tmp_path.glob("store.db-wal.*.replaced"))) == 1


async def test_a_file_that_comes_back_after_a_stranger_keeps_its_log(store, tmp_path):
    """Another reader keeps SQLite from folding the log into the file: the log may hold all that was ever written."""
    path, away = tmp_path / "store.db", tmp_path / "away"
    away.mkdir()
    watched = Watched(store)
    with contextlib.closing(sqlite3.connect(path)) as reader:
        reader.execute("SELECT count(*) FROM runs").fetchall()
        store.runs.begin(site="b", name="", url="http://b/", scope="site", engine="")
        await watched.watch.look()
        pieces = sorted(tmp_path.glob("store.db*"))
        for piece in pieces:
            piece.replace(away / piece.name)
        path.mkdir()
        for _ in range(3):
            await watched.watch.look()
        assert "unable to open database file" in watched.watch.fault
        path.rmdir()
        for piece in pieces:
            (away / piece.name).replace(piece)
        for _ in range(3):
            await watched.watch.look()
    assert (watched.watch.fault, [run.site for run in store.runs.latest()]) == ("", ["b"])
    assert list(tmp_path.glob("*.replaced")) == []


# ---- a file that another one is copied over ----------------------------------------------------------


def sites(store: Store) -> list[str]:
    return [run.site for run in store.runs.latest()]


def begin(store: Store, site: str) -> None:
    store.runs.begin(site=site, name="", url="http://b/", scope="site", engine="")


def copy_over(path: Path, other: Path) -> None:
    """Copy as an operator does, in another process: one that closes a file ends the locks of its own SQLite on it."""
    subprocess.run(["cp", other, path], check=True)


async def test_a_backup_that_is_copied_over_the_store_is_taken_up_and_mixed_with_nothing(store, tmp_path):
    path, backup = tmp_path / "store.db", tmp_path / "backup.db"
    watched = Watched(store)
    begin(store, "in both")
    await watched.watch.look()
    back_up(f"sqlite:///{path}", backup)
    await watched.watch.look()
    begin(store, "later")  # in the log, which SQLite would fold into whatever stands there
    copy_over(path, backup)
    await watched.watch.look()
    assert watched.state == ("its file was overwritten", 0, [])
    with store.engine.connect(), pytest.raises(OperationalError, match="its file was overwritten"):
        store.engine.connect()  # a new one
    for _ in range(4):
        await watched.watch.look()
    assert (watched.state, watched.replaced) == (("", 1, [True]), 1)
    assert sites(store) == ["in both"]
    (log,) = tmp_path.glob("store.db-wal.*.replaced")
    assert log.stat().st_size
    with contextlib.closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    begin(store, "after")
    copy_over(path, backup)  # once more: the copy began with a number of its own
    for _ in range(5):
        await watched.watch.look()
    assert (watched.watch.fault, sites(store)) == ("", ["in both"])


@pytest.mark.parametrize("is_marked", [True, False])
async def test_another_store_that_is_copied_over_is_taken_up(store, tmp_path, is_marked):
    watched, path, other = Watched(store), tmp_path / "store.db", tmp_path / "other.db"
    with Store(f"sqlite:///{other}") as opened:
        begin(opened, "theirs")
        if is_marked:
            await Watched(opened).watch.look()
    await watched.watch.look()
    begin(store, "ours")
    copy_over(path, other)
    for _ in range(5):
        await watched.watch.look()
    assert (watched.watch.fault, sites(store)) == ("", ["theirs"])


async def test_a_store_that_is_cut_off_fails_until_something_is_there(store, tmp_path):
    watched, path, backup = Watched(store), tmp_path / "store.db", tmp_path / "backup.db"
    begin(store, "a")
    await watched.watch.look()
    back_up(f"sqlite:///{path}", backup)
    nothing, half = tmp_path / "nothing", tmp_path / "half"
    nothing.touch()
    half.write_bytes(backup.read_bytes()[:-4096])  # as far as a copy has come
    copy_over(path, nothing)
    for _ in range(3):
        await watched.watch.look()
        assert watched.watch.fault == "its file was overwritten"
    copy_over(path, half)
    await watched.watch.look()
    copy_over(path, backup)
    for _ in range(5):
        await watched.watch.look()
    assert (watched.watch.fault, sites(store)) == ("", ["a"])


async def test_two_that_watch_one_store_take_each_other_for_no_stranger(store, tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as same:
        ours, theirs = Watched(store), Watched(same)
        for one in (ours, theirs, theirs, theirs, ours, theirs):
            await one.watch.look()
            begin(one.watch._store, "a")
        assert (ours.state, theirs.state) == (("", 1, []), ("", 1, []))
    assert len(sites(store)) == 6


async def test_the_log_is_folded_at_every_look_and_by_nobody_else(store, tmp_path):
    watched, path = Watched(store), tmp_path / "store.db"
    before = path.stat().st_mtime_ns
    for _ in range(300):  # more than the 1,000 pages after which SQLite does it by itself
        try_writing(store.engine, 50_000)
    assert path.stat().st_mtime_ns == before
    assert store.file.is_log_long()
    await watched.watch.look()
    assert path.stat().st_mtime_ns > before
    assert not store.file.is_log_long()


async def test_a_log_that_was_made_read_only_is_mended_with_its_file(store, tmp_path):
    """What SQLite makes beside a file has its mode: a file that an operator made writable again would not be so."""
    watched, log = Watched(store), tmp_path / "store.db-wal"
    store.runs.begin(site="b", name="", url="http://b/", scope="site", engine="")
    (tmp_path / "store.db").chmod(0o640)
    log.chmod(0o440)
    assert watched.watch.report(AWAY)
    watched.watch.fault = "its file is read-only"
    await watched.watch.look()
    assert (watched.watch.fault, stat.S_IMODE(log.stat().st_mode)) == ("", 0o640)


async def test_another_database_is_not_made_a_store(store, tmp_path):
    watched, path = Watched(store), tmp_path / "store.db"
    path.unlink()
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE notes (text TEXT)")
    for _ in range(4):
        await watched.watch.look()
    assert watched.watch.fault == "its file was replaced by one that is no store"


def test_trying_leaves_nothing_behind(store):
    try_writing(store.engine)
    try_writing(store.engine)
    assert ScheduleStore(store.engine).load() == {}


LENT_WHILE_READ_ONLY = """
import asyncio, gc, sys
from pathlib import Path
from prometheus_client import Gauge
from monitor.service.store_watch import StoreWatch
from monitor.settings.site import StoreSettings
from monitor.store import Store

async def live(path):
    gc.disable()  # the collector comes seldom where little is made
    store = Store(f"sqlite:///{path}")
    watch = StoreWatch(store, Gauge("available", "", registry=None), lambda _: None, None, StoreSettings())
    files = [path, *path.parent.glob(f"{path.name}-*")]
    for file in files:
        file.chmod(0o444)
    for _ in range(2):  # SQLite makes the index anew, read-only as the file, and then opens it as such
        await watch.look()
    lent = store.engine.connect()
    lent.exec_driver_sql("SELECT * FROM runs")
    await watch.look()
    print(watch.fault, file=sys.stderr)
    path.chmod(0o644)
    if sys.argv[2] == "given back":
        lent.close()
    await watch.look()
    print(watch.fault or "answers", file=sys.stderr)

asyncio.run(live(Path(sys.argv[1])))
"""


def said(program: str, *args: str) -> list[str]:
    """Run a program to which a file that is read-only is so, and return the lines that it wrote."""
    command = [*without_override(), sys.executable, "-c", program, *args]
    if os.geteuid() == 0 and command[0] == sys.executable:
        pytest.skip("needs setpriv (Debian: util-linux): root may write what is read-only")
    return subprocess.run(command, check=True, capture_output=True, text=True).stderr.splitlines()


@pytest.mark.parametrize("lent", ["given back", "kept"])
def test_a_connection_lent_while_the_file_was_read_only_does_not_keep_it_so(tmp_path, lent):
    """All connections of a process share one index, as it was when the first of them opened it."""
    fault, after = said(LENT_WHILE_READ_ONLY, str(tmp_path / "store.db"), lent)
    assert "readonly" in fault
    assert after == "answers"


LENT_BEFORE = """
import asyncio, sys
from pathlib import Path
from prometheus_client import Gauge
from monitor.service.store_watch import StoreWatch
from monitor.settings.site import StoreSettings
from monitor.store import Store

async def live(path):
    store = Store(f"sqlite:///{path}")
    watch = StoreWatch(store, Gauge("available", "", registry=None), lambda _: None, None, StoreSettings())
    given_back, lent = store.engine.connect(), store.engine.connect()
    for connection in (given_back, lent):
        connection.exec_driver_sql("SELECT * FROM runs").all()
    given_back.close()
    path.chmod(0o444)
    await watch.look()
    print(watch.fault, file=sys.stderr)
    path.chmod(0o644)
    await watch.look()
    print(watch.fault or "answers", file=sys.stderr)

asyncio.run(live(Path(sys.argv[1])))
"""


def test_a_connection_lent_before_the_file_was_read_only_does_not_have_the_store_answer(tmp_path):
    """SQLite keeps what a connection had opened for the next one, as long as another has a lock on the file."""
    assert said(LENT_BEFORE, str(tmp_path / "store.db")) == ["its file is read-only", "answers"]
