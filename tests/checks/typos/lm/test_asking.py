"""Tables of counts say how often windows occur, whatever the shape of what they are asked."""

import numpy as np
import pytest

from checks.typos.lm import table
from checks.typos.lm.asking import AT_ONCE, CountTable


@pytest.fixture(scope="module")
def counted():
    pick = np.random.default_rng(7)
    hashes = pick.integers(0, 2**63, 50_000).astype(np.uint64)
    return hashes, pick.uniform(0.1, 20, len(hashes))


@pytest.fixture(scope="module")
def known(counted):
    return CountTable(table.slots(*table.shortened(*counted)))


def test_every_count_is_found_to_half_a_step(counted, known):
    hashes, logs = counted
    assert np.abs(known.log(hashes) - logs).max() <= table.STEP / 2 + 1e-5


def test_what_was_never_counted_is_zero(known):
    others = np.random.default_rng(8).integers(0, 2**63, 20_000).astype(np.uint64)
    assert np.count_nonzero(known.log(others)) <= 2


def test_the_highest_count_is_told_from_another_window(counted):
    hashes, _ = counted
    highest = CountTable(table.slots(*table.shortened(hashes[::2], np.full(len(hashes[::2]), 99.0))))
    found = highest.log(hashes)
    assert (found[::2] == np.float32(table.HIGHEST) * table.STEP).all()
    assert np.count_nonzero(found[1::2]) <= 2


def test_portions_make_no_difference(counted, known):
    hashes = np.resize(counted[0], 3 * AT_ONCE + 6)
    one_by_one = [known.log(hashes[place : place + 1])[0] for place in (0, AT_ONCE - 1, AT_ONCE, 3 * AT_ONCE + 5)]
    assert known.log(hashes)[[0, AT_ONCE - 1, AT_ONCE, 3 * AT_ONCE + 5]].tolist() == one_by_one


def test_answers_have_the_shape_of_the_question():
    known = CountTable(table.slots(*table.shortened(np.array([1 << 24], dtype=np.uint64), np.array([2.0]))))
    asked = np.array([[0, 1 << 24, 2 << 24], [1 << 24, 0, 0]], dtype=np.uint64)
    np.testing.assert_allclose(known.log(asked), [[0, 2, 0], [2, 0, 0]], atol=0.05)
    assert known.log(asked[:0]).shape == (0, 3)


def test_a_table_is_mapped_from_its_file(tmp_path, counted):
    hashes, logs = counted
    np.save(tmp_path / "t.npy", table.slots(*table.shortened(hashes, logs)))
    slots = np.load(tmp_path / "t.npy", mmap_mode="r").view(np.ndarray)
    assert np.count_nonzero(CountTable(slots).log(hashes[:100])) == 100
