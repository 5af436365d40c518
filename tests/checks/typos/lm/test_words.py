"""What words a text is about."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm.words import _leftmost


@pytest.mark.parametrize(
    ("longest", "begins"),
    [
        ([], []),
        ([0, 0], []),
        ([3, 2, 0, 2, 0], [0, 3]),  # what begins within a word is none
        ([0, 2, 4, 0, 3], [1, 4]),  # nor does a longer one count that begins later
    ],
)
def test_words_are_cut_from_left_to_right(longest: list[int], begins: list[int]) -> None:
    assert _leftmost(np.array(longest, dtype=np.int64)).tolist() == begins
