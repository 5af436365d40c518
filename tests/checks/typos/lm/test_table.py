"""Counts in a table of two-place slots."""

import numpy as np
import pytest

from checks.typos.lm import table


@pytest.fixture(scope="module")
def counted():
    pick = np.random.default_rng(7)
    hashes = pick.integers(0, 2**63, 50_000).astype(np.uint64)
    return hashes, pick.uniform(0.1, 20, len(hashes))


def test_counts_beyond_the_scale_are_held_at_its_ends():
    assert table.quantised(np.array([0.0, 1e9])).tolist() == [1, table.HIGHEST]


def test_of_two_counts_with_one_key_the_larger_stays():
    keys, values = table.shortened(np.array([1 << 24, (1 << 24) + 5], dtype=np.uint64), np.array([1.0, 2.0]))
    assert (keys.tolist(), values.tolist()) == ([1], [20])


def test_packing_is_undone_by_unpacking(counted):
    keys, values = table.shortened(*counted)
    again, same = table.unpacked(table.packed(keys, values))
    np.testing.assert_array_equal(keys, again)
    np.testing.assert_array_equal(values, same)
