"""Counts in a table of two-place slots."""

import numpy as np
import pytest

from checks.typos.lm import table


@pytest.fixture(scope="module")
def counted():
    pick = np.random.default_rng(7)
    hashes = pick.integers(0, 2**63, 50_000).astype(np.uint64)
    return hashes, pick.uniform(0.1, 20, len(hashes))


def test_every_count_is_found_to_half_a_step(counted):
    hashes, logs = counted
    found = table.CountTable(table.slots(*table.shortened(hashes, logs))).log(hashes)
    assert np.abs(found - logs).max() <= table.STEP / 2 + 1e-5


def test_what_was_never_counted_is_zero(counted):
    known = table.CountTable(table.slots(*table.shortened(*counted)))
    others = np.random.default_rng(8).integers(0, 2**63, 20_000).astype(np.uint64)
    assert np.count_nonzero(known.log(others)) <= 2


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


def test_a_table_is_mapped_from_its_file(tmp_path, counted):
    hashes, logs = counted
    np.save(tmp_path / "t.npy", table.slots(*table.shortened(hashes, logs)))
    slots = np.load(tmp_path / "t.npy", mmap_mode="r").view(np.ndarray)
    assert np.count_nonzero(table.CountTable(slots).log(hashes[:100])) == 100
