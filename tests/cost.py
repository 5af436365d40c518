"""What a piece of work costs, measured so that neither a slow or busy machine nor a long test run changes the verdict.

Cost is the CPU time of the calling thread, with the garbage collector held: neither other processes, nor other
threads, nor the thousands of objects that earlier tests left are part of it. What is left of a machine's speed cancels
out: growth is a quotient, and a bound is in seconds of the machine where it was found, known by the yardstick that runs
beside the work.
"""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Callable
from typing import TypeVar

Input = TypeVar("Input")

QUARTER = 4
STEEP = 8.0
"""Four times as much input costs 4 times as much where the cost is linear, and 16 times where it is quadratic."""

ATTEMPTS = 5
"""A busy machine can only make work look dearer, so the least of some attempts is nearest to what it costs."""

HOPELESS = 2
"""What costs so many times as much as it may is not tried again: it may take minutes."""

TRIFLE = 0.03
"""Seconds below which growth is not looked at: what shows there are caches and the measure itself."""

YARDSTICK_SECONDS = 0.0125
"""What the yardstick took where the bounds of the tests were found."""


def assert_linear(work: Callable[[Input], object], make: Callable[[int], Input], size: int, seconds: float) -> None:
    """Assert that the cost of ``work(make(n))`` grows no faster than n up to ``size``, and is below a bound there."""
    small, large = make(size // QUARTER), make(size)
    assert_bounded(lambda: work(small), seconds)  # first, so that what is quadratic fails in seconds, not in minutes
    assert_bounded(lambda: work(large), seconds)
    least_small = least_large = float("inf")
    for _ in range(ATTEMPTS):
        least_large = min(least_large, cpu_seconds(lambda: work(large)))
        least_small = min(least_small, cpu_seconds(lambda: work(small)))
        if least_large < max(TRIFLE, STEEP * least_small):
            return
    growth = least_large / least_small
    raise AssertionError(f"{QUARTER} times the input costs {growth:.1f} times as much: {least_large:.3f} s of CPU")


def assert_bounded(work: Callable[[], object], seconds: float) -> None:
    """Assert that some work costs less than a bound, in seconds of the machine where the bounds were found.

    The work is done again, up to ``ATTEMPTS`` times, while it costs too much. What shares a core with it changes from
    one moment to the next, so the yardstick stands on both sides of it.
    """
    costs, before = [], 1.0
    for _ in range(ATTEMPTS):
        costs.append(cpu_seconds(work))
        if costs[-1] < seconds:
            return
        after = slowness()
        allowed, before = seconds * max(1.0, before, after), after
        if costs[-1] < allowed:
            return
        if costs[-1] > HOPELESS * allowed:
            break
    raise AssertionError(f"{min(costs):.2f} s of CPU; {allowed:.2f} s are allowed at the speed of this machine")


def patience(seconds: float) -> float:
    """Return how long to wait for what takes less than so many seconds where every process has a core to itself.

    For what other processes do: they share the cores with all that runs there (getloadavg(3)).
    """
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the CPU time that this thread spends on some work, without that of the garbage collector."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        began = time.thread_time()
        work()
        return time.thread_time() - began
    finally:
        if enabled:
            gc.enable()


def slowness() -> float:
    """Return how many times as long the yardstick takes here and now as where the bounds were found."""
    return cpu_seconds(yardstick) / YARDSTICK_SECONDS


def yardstick() -> None:
    """Do what the code under test mostly does, in a fixed amount: loops of Python, dictionaries, patterns, strings."""
    counts: dict[int, int] = {}
    for number in range(60_000):
        counts[number % 977] = counts.get(number % 977, 0) + number
    text = "发布时间：2026-09-04 来源：本站 " * 4_000
    assert len(re.findall(r"\d{4}-\d\d-\d\d", text)) == text.count("来源")
