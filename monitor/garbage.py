"""Tell Python's garbage collector what the objects of our processes are like."""

from __future__ import annotations

import atexit
import gc

YOUNG = 50_000
"""New objects after which the collector looks at them; Python's own 700 is for programs that make few."""

IMPORTED = 200_000
"""New objects after which it looks for the first time: half again as many as the imports of a whole inspection make."""


def expect_many_objects() -> None:
    """Have the collector look seldom, and not at all as the process ends: a short command takes a sixth less.

    What is imported is never garbage, and what a command makes dies by itself or with the process.
    """
    gc.set_threshold(IMPORTED, 20, 20)
    if _look_sooner not in gc.callbacks:
        gc.callbacks.append(_look_sooner)
    atexit.register(gc.freeze)


def _look_sooner(phase: str, _info: dict[str, int]) -> None:
    """Once it has looked for the first time, have the collector look at each ``YOUNG`` objects (gc.callbacks)."""
    if phase == "stop":
        gc.set_threshold(YOUNG, 20, 20)
        gc.callbacks.remove(_look_sooner)
