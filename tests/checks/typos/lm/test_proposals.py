"""Where corrections are proposed: hardly any in what everybody writes."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm.proposals import _best, _within


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_lies_within_a_wording_is_read_off_its_end(before: int) -> None:
    ends = np.random.default_rng(before).random((2, 60)) < 1 / 12
    ends[:, :5] = False
    within = set()
    for at_end, length in zip(ends, (4, 5), strict=True):
        for end in np.flatnonzero(at_end).tolist():
            within |= set(range(end - length + 1 + before, end + 1))
    assert np.flatnonzero(_within(ends, before)).tolist() == sorted(within)


@pytest.mark.parametrize("count", [0, 1, 400])
def test_the_best_of_each_place_are_kept_and_of_equal_ones_the_first(count: int) -> None:
    lot = np.random.default_rng(count)
    at, score = lot.integers(50, 90, count), (lot.integers(0, 9, count) * np.float32(0.7)).astype(np.float32)
    kept = []
    for place in set(at.tolist()):
        rows = np.flatnonzero(at == place).tolist()
        kept += sorted(rows, key=lambda row: (-score[row], row))[:3]
    assert _best(at, score, 3).tolist() == sorted(kept)
