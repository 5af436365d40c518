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
    )


@pytest.fixture
def two(forest):
    """The same tree twice."""
    arrays = ("feature", "threshold", "left", "right", "value")
    return replace(forest, **{name: np.repeat(getattr(forest, name), 2, axis=0) for name in arrays})


@pytest.mark.parametrize(("row", "log_odds"), [([0, 9], -1), ([1, 9], -1), ([2, 5], 1), ([2, 6], 2)])
def test_a_row_ends_in_its_leaf(forest, row, log_odds):
    assert forest.probability(np.array([row], np.float32))[0] == pytest.approx(1 / (1 + np.exp(-log_odds)))


def test_a_hopeless_row_is_spared_the_other_trees(two):
    rows = np.array([[0, 9], [2, 5], [2, 6]], np.float32)
    stopped = replace(two, stops=(1,), hopeless=(1.0,))
    assert log_odds(stopped.probability(rows)) == pytest.approx([-1, 1, 4])
    assert log_odds(two.probability(rows)) == pytest.approx([-2, 2, 4])


def log_odds(probability):
    return np.log(probability / (1 - probability))


def test_rows_do_not_mind_each_other(forest):
    rows = np.array([[0, 9], [2, 6]], np.float32)
    both = forest.probability(rows)
    assert both.tolist() == [forest.probability(rows[:1])[0], forest.probability(rows[1:])[0]]


def test_a_leaf_is_found_however_deep_it_is():
    depth = 20
    inner = np.arange(depth)
    chain = Forest(
        feature=np.zeros((1, 2 * depth + 1), np.int16),
        threshold=np.append(inner, np.full(depth + 1, np.inf)).astype(np.float32)[None],
        left=np.append(inner + depth, np.arange(depth, 2 * depth + 1)).astype(np.int16)[None],
        right=np.append([*inner[1:], 2 * depth], np.arange(depth, 2 * depth + 1)).astype(np.int16)[None],
        value=np.append(np.zeros(depth), np.arange(depth + 1)).astype(np.float32)[None],
    )
    rows = np.arange(depth + 1, dtype=np.float32)[:, None]
    assert chain.sums(rows, 0, 1).tolist() == list(range(depth + 1))
