"""Which pairs of symbols are likely agrees with what the models have counted: none that is likely is missing."""

from __future__ import annotations

import numpy as np
import pytest

from checks.typos.lm import prepare, symbols, table
from checks.typos.lm.asking import CountTable
from checks.typos.lm.likely_pairs import LEAST, LikelyPairs
from monitor.models import folder
from monitor.typo_engine.load import is_prepared, load_guessers, map_tables
from tests.checks.typos.equipped import typos

LOT = np.random.default_rng(3)


def test_pairs_that_were_put_in_are_likely_and_few_others():
    first, second, other, another = LOT.integers(0x4E00, 0x9FA6, (4, 100_000)).astype(np.uint64)
    likely = LikelyPairs.of(first, second)
    assert likely.hold(first, second).all()
    assert likely.hold(other, another).mean() < 1 / 50


def test_what_either_model_has_often_enough_is_likely():
    codes = np.array([[ord(char) for char in word] for word in ("企业", "业企", "改革")], dtype=np.uint64)
    chance = np.exp([LEAST + 0.5, LEAST - 0.5, LEAST + 0.5]) / prepare.CERTAIN
    parts = [prepare._Spelt(codes, (2,), chance)]
    scale = np.log(prepare.CERTAIN / prepare.OFFICIAL_SYMBOLS)
    written = np.array([[ord(char) for char in word] for word in ("企业", "统筹", "筹统")], dtype=np.uint64)
    hashes = [prepare._hash(written), prepare._hash(written[:, :1]), prepare._hash(written[:, 1:])]
    logs = [np.array([9.0, LEAST - scale + 0.5, LEAST - scale - 0.5]), np.ones(3), np.ones(3)]
    official = CountTable(table.slots(*table.shortened(np.concatenate(hashes), np.concatenate(logs))))
    first, second = prepare._likely_pairs(parts, official)
    assert {chr(one) + chr(two) for one, two in zip(first.tolist(), second.tolist(), strict=True)} == {
        "企业",
        "改革",
        "统筹",
    }


def test_no_pair_that_the_installed_models_have_often_enough_is_missing():
    if not is_prepared(str(folder())):
        pytest.skip("the language model's tables are not installed (sitehealth models install)")
    (guesser,) = load_guessers(typos(models=str(folder())))
    likely = LikelyPairs(map_tables(folder())[prepare.LIKELY])
    usual = symbols.read("根据企业改革和发展的需要，统筹推进各项工作。依法公开市县区水电路网信息").codes
    first, second = np.repeat(usual, 0x9FA6 - 0x4E00), np.tile(np.arange(0x4E00, 0x9FA6, dtype=np.uint64), len(usual))
    for one, other in ((first, second), (second, first)):
        counted = guesser.reader.proposer.scorer.known(symbols.mixed(one * symbols.BASE + other, 2)) > LEAST
        taken_for_another = len(one) / 100_000
        assert np.count_nonzero(counted) > 1_000 * taken_for_another
        assert np.count_nonzero(counted & ~likely.hold(one, other)) < taken_for_another
