"""Begin with the tests that take long, so that no worker still waits for one of them when all others are done.

pytest-xdist gives each worker a slice of the tests, in their order, and a worker that is done steals from the end of
another's slice (``--dist worksteal``). So slow modules stand at the beginning of the slices, in turn, each of them
whole: what a module sets up once is set up in one worker.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TypeVar

Test = TypeVar("Test")


def slow_first(
    tests: Sequence[Test], workers: int, module_of: Callable[[Test], object], is_slow: Callable[[Test], bool]
) -> list[Test]:
    """Return the tests in the order in which so many workers are to have them."""
    slow: dict[object, list[Test]] = defaultdict(list)
    quick = []
    for test in tests:
        if is_slow(test):
            slow[module_of(test)].append(test)
        else:
            quick.append(test)
    heads: list[list[Test]] = [[] for _ in range(workers)]
    for number, module in enumerate(slow.values()):
        heads[number % workers] += module
    ordered: list[Test] = []
    for number, head in enumerate(heads):
        size = (len(tests) - len(ordered)) // (workers - number)
        taken = max(0, size - len(head))
        ordered += head + quick[:taken]
        del quick[:taken]
    return ordered
