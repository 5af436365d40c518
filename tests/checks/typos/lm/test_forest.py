"""Trees as arrays."""

from dataclasses import replace

import numpy as np
import pytest

from checks.typos.lm.forest import Forest


@pytest.fixture
def forest():
    """One tree: the first number above 1 and the second above 5 give 2, the first above 1 gives 1, else -1."""
    return Forest(
        feature=np.array([[0, 0, 1, 0, 0]], np.int16),
        threshold=np.array([[1, np.inf, 5, np.inf, np.inf]], np.float32),
        left=np.array([[1, 1, 3, 3, 4]], np.int16),
        right=np.array([[2, 1, 4, 3, 4]], np.int16),
        value=np.array([[0, -1, 0, 1, 2]], np.float32),
        depth=2,
        offset=0.5,
        head=0,
        hopeless=-9.0,
    )


@pytest.mark.parametrize(("row", "log_odds"), [([0, 9], -0.5), ([1, 9], -0.5), ([2, 5], 1.5), ([2, 6], 2.5)])
def test_a_row_ends_in_its_leaf(forest, row, log_odds):
    assert forest.probability(np.array([row], np.float32))[0] == pytest.approx(1 / (1 + np.exp(-log_odds)))


def test_a_hopeless_row_is_spared_the_other_trees(forest):
    hopeless = replace(forest, hopeless=1.0)
    assert hopeless.probability(np.array([[2, 6]], np.float32))[0] == pytest.approx(1 / (1 + np.exp(-0.5)))


def test_rows_do_not_mind_each_other(forest):
    rows = np.array([[0, 9], [2, 6]], np.float32)
    both = forest.probability(rows)
    assert both.tolist() == [forest.probability(rows[:1])[0], forest.probability(rows[1:])[0]]
