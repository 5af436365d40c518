"""Tell Python's garbage collector what the objects of our processes are like."""

from __future__ import annotations

import atexit
import gc

YOUNG = 50_000
"""New objects after which the collector looks at them; Python's own 700 is for programs that make few."""


def expect_many_objects() -> None:
    """Have the collector look seldom, and not at all as the process ends: a short command takes a tenth less.

    What is imported is never garbage, and what a command makes dies by itself or with the process.
    """
    gc.set_threshold(YOUNG, 20, 20)
    atexit.register(gc.freeze)
