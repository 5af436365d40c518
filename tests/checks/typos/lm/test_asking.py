"""Tables are asked in portions, and answer as if they were asked at once."""

import numpy as np

from checks.typos.lm.asking import AT_ONCE, log_counts
from checks.typos.lm.table import CountTable, shortened, slots


def test_portions_make_no_difference():
    pick = np.random.default_rng(5)
    hashes = pick.integers(0, 2**63, 3 * AT_ONCE + 6).astype(np.uint64)
    table = CountTable(slots(*shortened(hashes[::2], pick.uniform(0.1, 20, len(hashes[::2])))))
    np.testing.assert_array_equal(log_counts(table, hashes), table.log(hashes))


def test_answers_have_the_shape_of_the_question():
    table = CountTable(slots(*shortened(np.array([1 << 24], dtype=np.uint64), np.array([2.0]))))
    asked = np.array([[0, 1 << 24, 2 << 24], [1 << 24, 0, 0]], dtype=np.uint64)
    np.testing.assert_allclose(log_counts(table, asked), [[0, 2, 0], [2, 0, 0]], atol=0.05)
    assert log_counts(table, asked[:0]).shape == (0, 3)
