"""What is read around an edit is what reading the changed text would say, and no edit that gains enough is given up."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm import edits as slips
from checks.typos.lm.asking import CountTable
from checks.typos.lm.edited import likelier, standing
from checks.typos.lm.likely_pairs import LikelyPairs
from checks.typos.lm.scorer import (
    CONTEXT,
    LONGEST,
    Model,
    Rows,
    ScoredRows,
    Scorer,
    hashes_ending,
    padded,
    rows_after,
    rows_before,
)
from checks.typos.lm.table import shortened, slots

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


@pytest.fixture(scope="module")
def text(scorer) -> ScoredRows:
    return scorer.read(padded(LOT.choice(ALPHABET, 200)))


@pytest.fixture(scope="module")
def edits(text) -> slips.Edits:
    """Edits of every sort, at every place of a padded text, in no order."""
    codes, places = text.codes, np.arange(60, len(text.codes) - 60)
    pairs = slips.Pairs(np.sort(ALPHABET).astype(np.uint32), ALPHABET[::-1].astype(np.uint16))
    confusions = slips.Confusions(pairs, np.zeros(len(ALPHABET), np.uint8))
    pairs_between = slips.Pairs(
        np.sort((ALPHABET[:, None] << np.uint64(16) | ALPHABET).ravel()).astype(np.uint32), np.tile(ALPHABET, 4)
    )
    likely = LikelyPairs.of(np.repeat(ALPHABET, 4), np.tile(ALPHABET, 4))
    every = slips.join(
        [
            slips.replaced(codes, places, np.zeros(len(places), dtype=np.bool_), confusions, likely),
            slips.superfluous(places),
            slips.missing(codes, places, pairs_between),
            slips.swapped(codes, places),
            slips.doubled(codes),
        ]
    )
    assert set(every.size.tolist()) == {0, 1, 2}
    return every.pick(LOT.permutation(len(every.at)))


def assert_same(anew: ScoredRows, around: ScoredRows, rows: Rows) -> None:
    """Compare two readings of the same rows, as far as an edit reaches."""
    assert np.array_equal(anew.codes, around.codes)
    for one, other in ((anew.general, around.general), (anew.official, around.official)):
        assert np.array_equal(one.chance[rows.reached], other.chance[rows.reached])
        assert np.array_equal(one.logs[:, rows.reached], other.logs[:, rows.reached])
        assert np.array_equal(one.logs[: LONGEST - 1, :, CONTEXT - 1], other.logs[: LONGEST - 1, :, CONTEXT - 1])
    assert (around.general.logs[LONGEST - 1] > 0).any()


def test_windows_that_an_edit_leaves_alone_are_those_of_the_text(scorer, text, edits):
    read = likelier(scorer, text, edits, np.full(len(edits.at), -np.inf))
    rows = rows_after(text.codes, edits)
    assert np.array_equal(read.rows, np.arange(len(edits.at)))
    assert_same(scorer.read(rows.codes), read.after, rows)


def test_a_text_as_it_stands_is_read_off_the_text(scorer, text, edits):
    rows = rows_before(text.codes, edits)
    assert_same(scorer.read(rows.codes), standing(text, edits), rows)


@pytest.mark.parametrize("least", [-5.0, 0.0, 3.0])
def test_edits_that_gain_enough_are_those_that_reading_all_would_find(scorer, text, edits, least):
    rows = rows_after(text.codes, edits)
    made = np.where(rows.reached, scorer.read(rows.codes).chance, 0).sum(axis=1)
    gain = made - [text.chance[at : at + old + CONTEXT].sum() for at, old in zip(edits.at, edits.old, strict=True)]
    read = likelier(scorer, text, edits, np.full(len(edits.at), least))
    assert 0 < len(read.rows) < len(edits.at)
    assert np.array_equal(read.rows, np.flatnonzero(gain > least))
    np.testing.assert_allclose(read.gain, gain[read.rows], atol=1e-3)


def test_no_edit_is_likelier_where_there_is_none(scorer, text, edits):
    none = edits.pick(np.zeros(0, dtype=np.int64))
    assert len(likelier(scorer, text, none, np.zeros(0)).rows) == 0
