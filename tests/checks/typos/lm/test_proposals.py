"""Where corrections are proposed: hardly any in what everybody writes."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm.proposals import _within


@pytest.mark.parametrize("before", [0, 1, 2])
def test_what_lies_within_a_wording_is_read_off_its_end(before: int) -> None:
    ends = np.random.default_rng(before).random((2, 60)) < 1 / 12
    ends[:, :5] = False
    within = set()
    for at_end, length in zip(ends, (4, 5), strict=True):
        for end in np.flatnonzero(at_end).tolist():
            within |= set(range(end - length + 1 + before, end + 1))
    assert np.flatnonzero(_within(ends, before)).tolist() == sorted(within)
