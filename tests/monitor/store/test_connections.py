"""Connections are closed when nobody will use them again, and not only when the garbage collector comes."""

from __future__ import annotations

import sqlite3

import pytest
from sqlalchemy.exc import DatabaseError

from monitor.store.database import open_engine


def is_closed(connection) -> bool:
    if not isinstance(connection, sqlite3.Connection):
        return connection.closed
    try:
        connection.total_changes  # noqa: B018 - raises where it is closed
    except sqlite3.ProgrammingError:
        return True
    return False


def test_one_that_was_lent_while_its_pool_was_given_up_is_closed_when_it_comes_back(store):
    with store.engine.connect() as lent:
        driver = lent.connection.driver_connection
        store.engine.dispose()
        lent.exec_driver_sql("SELECT 1")
        assert not is_closed(driver)
    assert is_closed(driver)
    with store.engine.connect() as another:
        driver = another.connection.driver_connection
    assert not is_closed(driver)  # it is lent again


def test_one_that_cannot_be_set_up_is_closed(tmp_path, monkeypatch):
    engine, _ = open_engine(f"sqlite:///{tmp_path / 'store.db'}")
    engine.dispose()
    (tmp_path / "store.db").write_bytes(b"notes\n" * 500)
    opened, connect = [], engine.dialect.connect

    def noted(*args: object, **options: object) -> sqlite3.Connection:
        opened.append(connect(*args, **options))
        return opened[-1]

    monkeypatch.setattr(engine.dialect, "connect", noted)
    with pytest.raises(DatabaseError, match="not a database"):
        engine.connect()
    assert [is_closed(each) for each in opened] == [True]
