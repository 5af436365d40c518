"""A PostgreSQL for the tests of fleets, and a database for each of them."""

from __future__ import annotations

import pytest

from tests.monitor.postgresql import Server, server


@pytest.fixture(scope="session")
def postgresql():
    with server() as started:
        yield started


@pytest.fixture
def store(postgresql: Server, request) -> str:
    """A database of the test's own."""
    name = f"fleet_{abs(hash(request.node.nodeid))}"
    with postgresql.connect() as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgresql.url.rpartition('/')[0]}/{name}"
