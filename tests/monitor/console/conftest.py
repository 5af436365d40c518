"""A console that every test of this folder may ask for. Those that change something take a bureau of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.monitor.console.bureau import Bureau, ServedConsole


@pytest.fixture(scope="session")
def made(tmp_path_factory) -> Path:
    """The file of a store, for tests to copy."""
    bureau = Bureau(tmp_path_factory.mktemp("bureau"))
    bureau.close()
    return bureau.folder / "bureau.db"


@pytest.fixture(scope="session")
def console(tmp_path_factory, made) -> Iterator[ServedConsole]:
    """A console that is looked at, and never changed."""
    bureau = Bureau(tmp_path_factory.mktemp("console"), made)
    with bureau.served() as served:
        yield served
    bureau.close()


@pytest.fixture
def own_console(tmp_path, made) -> Iterator[ServedConsole]:
    """A console of a test's own."""
    bureau = Bureau(tmp_path, made)
    with bureau.served() as served:
        yield served
    bureau.close()


@pytest.fixture(scope="session")
def admin(console) -> Iterator[httpx.Client]:
    with console.person("admin") as client:
        yield client


@pytest.fixture(scope="session")
def viewer(console) -> Iterator[httpx.Client]:
    with console.person("viewer") as client:
        yield client


@pytest.fixture(scope="session")
def editor(console) -> Iterator[httpx.Client]:
    with console.person("editor") as client:
        yield client


@pytest.fixture(scope="session")
def mender(console) -> Iterator[httpx.Client]:
    with console.person("mender") as client:
        yield client
