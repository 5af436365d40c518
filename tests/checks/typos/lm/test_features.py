"""How the corrections around a correction describe it."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm.features import CONTEXT, GREAT_GAIN, NEARBY, Rivals


def rivals_by_pairs(at: np.ndarray, gain: np.ndarray) -> tuple[np.ndarray, ...]:
    """Return what ``Rivals.of`` should, by looking at every pair of corrections."""
    distance = np.abs(at[:, None] - at[None, :])
    close = (distance <= 1) & ~np.eye(len(at), dtype=bool) & (gain[None, :] > 0)
    far = (distance > CONTEXT) & (distance < NEARBY) & (gain[None, :] > GREAT_GAIN)
    return np.where(close, gain[None, :], 0).max(axis=1), close.sum(axis=1), far.sum(axis=1)


@pytest.mark.parametrize("seed", range(20))
def test_rivals_are_those_that_every_pair_shows(seed: int) -> None:
    random = np.random.default_rng(seed)
    at = random.integers(CONTEXT, CONTEXT + 150, 60)
    gain = np.round(random.normal(3, 8, 60))  # rounded, so that some are equal
    found = Rivals.of(at, gain)
    for expected, column in zip((gain, *rivals_by_pairs(at, gain)), found, strict=True):
        assert np.array_equal(column, expected)
    assert all(np.array_equal(some, column[[5, 2]]) for some, column in zip(found.pick([5, 2]), found, strict=True))


def test_a_correction_alone_has_no_rival() -> None:
    alone = Rivals.of(np.array([CONTEXT]), np.array([5.0]))
    assert (alone.best[0], alone.number[0], alone.elsewhere[0]) == (0, 0, 0)
