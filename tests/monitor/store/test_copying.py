"""A store moves from SQLite to PostgreSQL and back, and nothing in it changes."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from monitor.output.report import build_report
from monitor.store import Store, StoreError
from monitor.store.copying import copy_store
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from tests.monitor import command_server
from tests.monitor.postgresql import server

NEWEST = max((Path(__file__).parents[2] / "data").glob("store-*.sql"))


@pytest.fixture(scope="module")
def postgresql():
    with server() as started:
        yield started


@pytest.fixture
def filled(tmp_path) -> str:
    """A store with four runs and their ledger."""
    path = tmp_path / "store.db"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(NEWEST.read_text("utf-8"))
    url = f"sqlite:///{path}"
    Store(url).close()
    return url


def told(url: str) -> list[object]:
    """Return what people are shown of a store."""
    with Store(url) as store:
        numbers = [run.id for run in store.runs.latest()]
        entries = list(EntryStore(store.engine).select(LedgerFilter()))
        return [numbers, [build_report(store, number) for number in numbers], entries]


def test_it_moves_there_and_back(filled, postgresql, tmp_path):
    with postgresql.connect() as connection:
        connection.execute("CREATE DATABASE moved")
    there = f"{postgresql.url.rpartition('/')[0]}/moved"
    back = f"sqlite:///{tmp_path / 'back.db'}"
    counts: dict[str, int] = {}
    copy_store(filled, there, counts.__setitem__)
    copy_store(there, back, lambda table, rows: None)
    assert counts["runs"] == len(told(filled)[0]) == 4
    assert counts["findings"] > 0
    assert told(filled) == told(there) == told(back)
    for url in (there, back):
        with Store(url) as store:
            begun = store.runs.begin(site="new", name="", url="http://new/", scope="site", engine="")
            assert begun.id == max(told(filled)[0]) + 1
    done = command_server.run("db", "copy", "--from", filled, "--to", there, text=True)
    assert (done.returncode, "目标不是空的" in done.stderr) == (3, True)


def test_what_is_no_store_is_not_copied(tmp_path, filled):
    with pytest.raises(StoreError, match="there is no store"):
        copy_store(f"sqlite:///{tmp_path / 'none.db'}", filled, lambda table, rows: None)
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE x (y)")
    with pytest.raises(StoreError, match="the source is no store"):
        copy_store(f"sqlite:///{tmp_path / 'other.db'}", filled, lambda table, rows: None)


def test_a_store_is_brought_up_to_date(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text(f"store: {{url: 'sqlite:///{tmp_path / 'store.db'}'}}\n", "utf-8")
    done = command_server.run("db", "migrate", "--config", config, text=True)
    assert (done.returncode, "已是最新" in done.stdout) == (0, True), done.stderr
