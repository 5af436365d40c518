"""Say when a round that failed is tried again: a homepage that was away for a minute must not cost the quarter.

The thousandths of a second of the instant that a run serves count its tries: rounds fall on whole seconds, so the run
of a retry has an instant of its own, which is still the same round (``monitor.rounds.same``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from monitor.store.schedules import Key

HOUR = 3600.0
STEP = 0.001
"""Seconds between the instants of two tries."""


class Retry(NamedTuple):
    """A further try of a round: the instant that its run serves, when it is due, and which it is, from 1."""

    fire: float
    at: float
    number: int


def retries_of(failed: Mapping[Key, tuple[float, float]], hours: Sequence[float]) -> dict[Key, Retry]:
    """Return the next try of each round that failed, where ``hours`` allow one more.

    ``failed`` has the instant that the last run served, and when it ended; ``hours`` how long to wait after each try.
    """
    found = {}
    for key, (fire, ended) in failed.items():
        done = tries_before(fire)
        if done < len(hours):
            found[key] = Retry(fire + STEP, ended + hours[done] * HOUR, done + 1)
    return found


def tries_before(fire: float) -> int:
    """Return which retry a run was: 0 for the round itself."""
    return round((fire % 1.0) / STEP)
