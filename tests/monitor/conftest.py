"""Fixtures of tests that keep something: a store on either database, empty at the beginning of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from tempfile import TemporaryDirectory

import pytest

from monitor.store import Store
from tests.monitor.postgresql import Server, server

WIPE = """DO $$
DECLARE name text; is_filled boolean;
BEGIN
  SET LOCAL session_replication_role = replica;  -- whichever order they are emptied in
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version' LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_filled;
    IF is_filled THEN EXECUTE format('DELETE FROM %I', name); END IF;
  END LOOP;
  PERFORM setval(format('%I', sequencename)::regclass, 1, false) FROM pg_sequences WHERE last_value IS NOT NULL;
END $$"""
"""Empties a store and has it count from one again: 10 ms, where a copy of a database writes 8 MB."""


@pytest.fixture(scope="session")
def shared_server() -> Iterator[Server]:
    """A PostgreSQL for all tests of a process that leave it running."""
    with server() as started:
        yield started


@pytest.fixture(scope="session")
def shared_database(shared_server: Server) -> str:
    """The name of a database with a store on it, which each test leaves empty."""
    url = shared_server.new_database()
    Store(url).close()
    return url.rpartition("/")[2]


@pytest.fixture
def postgresql_store(shared_server: Server, shared_database: str) -> Iterator[str]:
    """The URL of an empty store on PostgreSQL."""
    yield shared_server.url_of(shared_database)
    with shared_server.connect(shared_database) as connection:
        connection.execute(WIPE)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def lasting_store_url(request: pytest.FixtureRequest, tmp_path_factory) -> str:
    """The URL of an empty store that the tests of a module share, on each of the databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path_factory.mktemp('store') / 'store.db'}"
    return request.getfixturevalue("shared_server").new_database()


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path) -> str:
    """The URL of an empty store, on each of the databases."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return request.getfixturevalue("postgresql_store")


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_store(request: pytest.FixtureRequest) -> Callable[[], AbstractContextManager[Store]]:
    """Opens an empty store as often as it is called, on each of the databases: one for each example of a property."""

    @contextmanager
    def on_sqlite() -> Iterator[Store]:
        # In a file: all connections to a database in memory are one, and what one takes back the others lose.
        with TemporaryDirectory() as folder, Store(f"sqlite:///{folder}/store.db") as made:
            yield made

    if request.param == "sqlite":
        return on_sqlite
    server_of_all, name = (request.getfixturevalue(each) for each in ("shared_server", "shared_database"))

    @contextmanager
    def on_postgresql() -> Iterator[Store]:
        with Store(server_of_all.url_of(name)) as made:
            yield made
        with server_of_all.connect(name) as connection:
            connection.execute(WIPE)

    return on_postgresql


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, on each of the databases."""
    with Store(store_url) as made:
        yield made
