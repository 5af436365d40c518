"""Programs that ask the console of this folder: a token for each person, of every scope that their rights reach."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import httpx
import pytest

from tests.monitor.console.bureau import Bureau, ServedConsole
from tests.monitor.console.programs import FakeInspections, program

__all__ = ["program"]


@pytest.fixture(scope="module")
def shared(tmp_path_factory, made) -> Iterator[ServedConsole]:
    """A console that the tests of a module look at."""
    groups = {"groups": '{"县直": ["a"]}'}
    bureau = Bureau(tmp_path_factory.mktemp("api"), made, groups, inspections=FakeInspections())
    with bureau.served() as served:
        yield served
    bureau.close()


@pytest.fixture
def own(tmp_path, made) -> Iterator[ServedConsole]:
    """A console that a test changes."""
    bureau = Bureau(tmp_path, made, inspections=FakeInspections())
    with bureau.served() as served:
        yield served
    bureau.close()


@pytest.fixture(scope="module")
def reader(shared) -> Iterator[httpx.Client]:
    with program(shared, "admin") as client:
        yield client


@pytest.fixture
def editor_program(own) -> Iterator[httpx.Client]:
    with program(own, "editor") as client:
        yield client


@pytest.fixture
def ask(own):
    """Return a program in somebody's place."""
    return partial(program, own)
