"""The order in which workers get their tests: slow modules at the beginning of each worker's slice, nothing lost."""

from __future__ import annotations

import random

import pytest

from tests.slow_first import slow_first


def ordered(tests, workers):
    """Order tests such as ``a1``: of the module ``a``, slow where that is a capital letter."""
    return slow_first(tests, workers, lambda test: test[0], lambda test: test[0].isupper())


@pytest.mark.parametrize(
    ("tests", "workers", "expected"),
    [
        ("a1 a2 B1 B2 c1", 1, "B1 B2 a1 a2 c1"),
        ("a1 a2 B1 B2 c1 c2 D1 c3", 2, "B1 B2 a1 a2 D1 c1 c2 c3"),
        ("A1 a1 B1 b1 C1 c1", 2, "A1 C1 a1 B1 b1 c1"),
        ("a1 a2 a3", 2, "a1 a2 a3"),
        ("A1 A2 A3 a1", 2, "A1 A2 A3 a1"),
        ("", 4, ""),
    ],
)
def test_slow_modules_are_at_the_beginning_of_the_slices(tests, workers, expected):
    assert ordered(tests.split(), workers) == expected.split()


@pytest.mark.parametrize("workers", [1, 2, 3, 4, 7])
def test_every_test_is_there_once(workers):
    tests = [f"{module}{number}" for module in "aBcDefG" for number in range(9)]
    random.Random(workers).shuffle(tests)
    assert sorted(ordered(tests, workers)) == sorted(tests)
