"""The cut into words: which way is the likeliest, and what its weakest word is."""

import itertools
import math

import numpy as np
import pytest

from checks.typos.lm import lattice, symbols, table
from checks.typos.lm.asking import CountTable
from checks.typos.lm.lattice import PUNCTUATION, STRANGERS, WIDTH, WordModel

CERTAIN, RAREST = 20.0, -18.0
WORDS = {"灌溉": 12.0, "面积": 14.0, "灌": 6.0, "面": 9.0, "积": 4.0, "概": 1.0, "我": 15.0, "我面": 2.0}
PAIRS = {("灌溉", "面积"): 10.0, ("我", "灌溉"): 8.0}


def codes(text):
    return np.array([ord(char) for char in text], dtype=np.uint64)


def name(word):
    return symbols.mixed(symbols.windows(codes(word), len(word)), len(word))


def entries(counts, key):
    hashed = [key(each) for each in counts]
    return np.concatenate(hashed), np.array(list(counts.values()))


@pytest.fixture(scope="module")
def model():
    words = entries(WORDS, name)
    pairs = entries(PAIRS, lambda pair: symbols.joined(name(pair[0]), name(pair[1])))
    tables = (CountTable(table.slots(*table.shortened(*each))) for each in (words, pairs))
    return WordModel(*tables, CERTAIN, RAREST)


def row(text):
    padded = np.zeros((1, WIDTH), dtype=np.uint64)
    padded[0, : len(text)] = codes(text)
    return padded


def chance(word, before):
    """The log-probability of a word after another, None for none; what the model is documented to say."""
    alone = max(WORDS[word] - CERTAIN, RAREST) if word in WORDS else RAREST if len(word) == 1 else -math.inf
    if before is None:
        return alone
    if (before, word) in PAIRS:
        return min(0.0, PAIRS[before, word] - CERTAIN - chance(before, None))
    return alone - float(STRANGERS)


def ways(text):
    """All ways to cut a text into words, by brute force."""
    for size in range(len(text)):
        for cuts in itertools.combinations(range(1, len(text)), size):
            edges = [0, *cuts, len(text)]
            words = [text[one:other] for one, other in itertools.pairwise(edges)]
            chances = [chance(word, before) for word, before in zip(words, [None, *words], strict=False)]
            yield sum(chances), min(chances[1:], default=0.0) if chances[0] > -math.inf else -math.inf


@pytest.mark.parametrize("text", ["灌溉面积", "灌概面积", "我灌溉面积", "我面积", "面积积", "概概概", "我灌灌溉"])
def test_the_best_way_is_the_best_of_all_ways(model, text):
    found = model.read(row(text))
    nothing = (WIDTH - len(text)) * float(STRANGERS)
    assert found.total[0] + nothing == pytest.approx(max(total for total, _ in ways(text)), abs=0.02)
    weakest = min(max(weakest for _, weakest in ways(text)), -float(STRANGERS))
    assert found.weakest[0] == pytest.approx(weakest, abs=0.02)


def test_the_right_word_can_be_cut_and_the_wrong_one_cannot(model):
    right, wrong = (model.read(row(text)) for text in ("我灌溉面积", "我灌概面积"))
    assert right.total[0] > wrong.total[0] + 10
    assert right.weakest[0] > wrong.weakest[0] + 5


def test_punctuation_costs_the_same_wherever_it_stands(model):
    one, other = (model.read(row(text)).total[0] for text in ("我，面积", "我。面积"))
    assert one == other
    assert one > model.read(row("我概面积")).total[0] + float(PUNCTUATION)


def test_rows_do_not_change_each_other(model):
    texts = ["灌溉面积", "灌概面积", "我面积"]
    together = model.read(np.concatenate([row(text) for text in texts]))
    alone = [model.read(row(text)) for text in texts]
    assert together.total.tolist() == [float(way.total[0]) for way in alone]
    assert together.weakest.tolist() == [float(way.weakest[0]) for way in alone]


def test_the_width_holds_the_longest_change_and_its_surroundings():
    assert WIDTH == 2 * lattice.REACH + 2
