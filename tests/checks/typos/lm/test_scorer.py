"""What is read around an edit is what reading the changed text would say."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm import edits as slips
from checks.typos.lm.scorer import CONTEXT, LONGEST, Model, Scorer, hashes_ending, padded, rows_after, rows_before
from checks.typos.lm.table import CountTable, shortened, slots

LOT = np.random.default_rng(0)
ALPHABET = np.arange(0x4E00, 0x4E04, dtype=np.uint64)
"""Few symbols, so that windows of every length are met again."""


def model(text: np.ndarray, total: float) -> Model:
    """A model that counted the windows of a text, but for one of three symbols that it forgot."""
    counted = hashes_ending(text)
    hashes = np.setdiff1d(counted, [0, counted[2, 2]])
    return Model(CountTable(slots(*shortened(hashes, LOT.uniform(0.1, 9, len(hashes))))), total)


@pytest.fixture(scope="module")
def scorer() -> Scorer:
    counted = LOT.choice(ALPHABET, 300)
    return Scorer(model(counted, 10.0), model(counted[:100], 8.0))


def edits(codes: np.ndarray) -> slips.Edits:
    """Edits of every sort, at every place of a padded text."""
    places = np.arange(60, len(codes) - 60)
    pairs = slips.Pairs(np.sort(ALPHABET).astype(np.uint32), ALPHABET[::-1].astype(np.uint16))
    confusions = slips.Confusions(pairs, np.zeros(len(ALPHABET), np.uint8))
    pairs_between = slips.Pairs(
        np.sort((ALPHABET[:, None] << np.uint64(16) | ALPHABET).ravel()).astype(np.uint32), np.tile(ALPHABET, 4)
    )
    return slips.join(
        [
            slips.replaced(codes, places, np.zeros(len(places), dtype=np.bool_), confusions),
            slips.superfluous(places),
            slips.missing(codes, places, pairs_between),
            slips.swapped(codes, places),
            slips.doubled(codes),
        ]
    )


@pytest.mark.parametrize("made", [True, False])
def test_windows_that_an_edit_leaves_alone_are_those_of_the_text(scorer, made):
    text = scorer.read(padded(LOT.choice(ALPHABET, 200)))
    every = edits(text.codes)
    rows = rows_after(text.codes, every) if made else rows_before(text.codes, every)
    anew, around = scorer.read(rows.codes, CONTEXT), scorer.read_around(text, rows, every, made=made)
    reached = rows.reached
    assert set(rows.size.tolist()) == {0, 1, 2}
    for one, other in ((anew.general, around.general), (anew.official, around.official)):
        assert np.array_equal(one.chance[reached], other.chance[reached])
        assert np.array_equal(one.logs[:, reached], other.logs[:, reached])
        assert np.array_equal(one.logs[: LONGEST - 1, :, CONTEXT - 1], other.logs[: LONGEST - 1, :, CONTEXT - 1])
    assert (around.general.logs[LONGEST - 1] > 0).any()
