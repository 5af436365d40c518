"""A store that an older version left in PostgreSQL is carried over as the same one in SQLite is."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, MetaData, Table, func, insert, select, text

from monitor.store import Store
from monitor.store.database import HEAD, connect
from monitor.store.schema import metadata
from tests.monitor.postgresql import Server
from tests.monitor.store.test_migrations import REVISIONS, left_by


@pytest.fixture(params=REVISIONS)
def stores(request, tmp_path, shared_server: Server) -> tuple[str, str]:
    """The URLs of one old store: as SQLite has it, and with the same tables and rows in PostgreSQL."""
    ours = f"sqlite:///{left_by(request.param, tmp_path)}"
    theirs = shared_server.new_database()
    carry(ours, theirs)
    return ours, theirs


def carry(source: str, target: str) -> None:
    """Make the tables of one database in another, as the version did that made the first, and fill them."""
    reading, writing, tables = connect(source), connect(target), MetaData()
    try:
        tables.reflect(reading)
        for column in [column for table in tables.sorted_tables for column in table.columns]:
            column.type, column.server_default = column.type.as_generic(), None  # every row has a value
        tables.create_all(writing)
        with reading.connect() as old, writing.begin() as new:
            for table in tables.sorted_tables:
                if rows := [dict(row) for row in old.execute(select(table)).mappings()]:
                    new.execute(insert(table), rows)
                    go_on_counting(new, table)
    finally:
        reading.dispose()
        writing.dispose()


def go_on_counting(connection: Connection, table: Table) -> None:
    """Have PostgreSQL number the next row behind those that are there."""
    counted = table.autoincrement_column
    if counted is not None:
        sequence = func.pg_get_serial_sequence(table.name, counted.name)
        connection.execute(select(func.setval(sequence, select(func.max(counted)).scalar_subquery())))


def contents(url: str) -> dict[str, list[str]]:
    """Open a store, and return the rows of every table in an order that both databases share."""
    with Store(url) as store, store.engine.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        return {
            table.name: sorted(repr(tuple(row)) for row in connection.execute(select(table)))
            for table in metadata.sorted_tables
        }


def test_an_upgrade_on_postgresql_ends_with_what_one_on_sqlite_ends_with(stores):
    ours, theirs = map(contents, stores)
    assert theirs == ours
    assert ours["runs"]
    assert ours["findings"]
