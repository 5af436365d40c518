"""The language model on toy tables: what it suspects, where, and why."""

import numpy as np
import pytest

from checks.typos.language_model import LAYER, LanguageModel
from checks.typos.lm import prepare, symbols, table
from checks.typos.lm.features import PROMISING
from checks.typos.lm.likely_pairs import LikelyPairs

KNOWN = """
需提交营业执照副本、法定代表人身份证明及授权委托书。
企业应当为技术创新的主体，统筹推进企业改革。
本年收入合计增长百分之五，支出合计下降。
请一次性补齐全部材料。
"""
COMMON = {1: 9.0, 2: 8.5, 3: 8.2, 4: 8.0, 5: 7.8}
"""Log-count that the toy tables give every window of known text, by its length."""


def slots(lengths):
    """A table of all windows of the known text."""
    codes = symbols.read(KNOWN).codes
    keys = [np.unique(symbols.mixed(symbols.windows(codes, n), n)) for n in lengths]
    logs = [np.full(len(some), COMMON[n]) for n, some in zip(lengths, keys, strict=True)]
    return table.slots(*table.shortened(np.concatenate(keys), np.concatenate(logs)))


def pair_slots():
    """A table of all pairs of words of known text, taking any window of one to four symbols for a word."""
    codes = symbols.read(KNOWN).codes
    spans = {n: symbols.mixed(symbols.windows(codes, n), n) for n in range(1, 5)}
    keys = [symbols.joined(spans[n][: len(spans[m]) - n], spans[m][n:]) for n in spans for m in spans]
    found = np.unique(np.concatenate(keys))
    return table.slots(*table.shortened(found, np.full(len(found), COMMON[5])))


def between(codes):
    pairs = (codes[:-2] << np.uint64(16) | codes[2:]).astype(np.uint32)
    order = np.argsort(pairs)
    return pairs[order], codes[1:-1][order].astype(np.uint16)


@pytest.fixture(scope="module")
def model():
    """A model that knows four sentences and nothing else."""
    codes = symbols.read(KNOWN).codes
    pairs, middles = between(codes)
    tables = {
        prepare.GENERAL: slots(range(1, 6)),
        prepare.OFFICIAL: slots(range(1, 6)),
        prepare.WORDS: slots((1, 2, 4)),
        prepare.PAIRS: pair_slots(),
        prepare.OFFICIAL_WORDS: slots((1, 2, 4)),
        prepare.OFFICIAL_PAIRS: pair_slots(),
        prepare.DICTIONARY: slots((2, 4)),
        prepare.MISSING: pairs,
        prepare.BETWEEN: middles,
        prepare.LIKELY: LikelyPairs.of(codes[:-1], codes[1:]).bits,
    }
    return LanguageModel.of(tables)


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("需提交营业职照副本、法定代表人身份证明。", (5, 6, "执")),
        ("需提交营业执照副木、法定代表人身份证明。", (8, 9, "本")),
        ("统筹推进业企改革。", (4, 6, "企业")),
        ("本年收入收入合计增长", (2, 4, "")),
        ("请一次性补齐全部材。", (9, 9, "料")),
    ],
)
def test_the_correction_that_makes_known_text_gains_most(model, text, change):
    considered = model.reader.consider(text)
    assert considered.change(int(considered.rows[:, 0].argmax())) == change


@pytest.mark.parametrize(
    ("text", "change", "kind"),
    [
        ("需提交营业职照副本、法定代表人身份证明。", (5, "职", "执"), "homophone"),
        ("需提交营业执照副木、法定代表人身份证明。", (8, "木", "本"), "shape"),
        ("本年收入收入合计增长", (2, "收入", ""), "repeated"),
    ],
)
def test_a_suspect_says_what_where_and_why(model, text, change, kind):
    best = max(model.suspects(text), key=lambda suspect: suspect.probability)
    assert ((best.start, best.wrong, best.right), best.kind, best.layer) == (change, kind, LAYER)
    assert f"“{best.wrong}”" in best.reason.zh


def test_what_gains_too_little_for_its_sort_is_not_described(model):
    considered = model.reader.consider(
        "需提交营业职照副木、法定代表人。本年收入收入合计增长。统筹推进业企改革。补齐全部材。"
    )
    assert len(set(considered.edits.slip.tolist())) > len("一二三")
    assert (considered.rows[:, 0] >= PROMISING[considered.edits.slip]).all()


@pytest.mark.parametrize("text", [*KNOWN.split(), "", "。", "Windows 11", "2024", "\U00020000"])
def test_known_text_and_text_without_characters_are_left_alone(model, text):
    assert model.suspects(text) == []


def test_masked_characters_are_left_alone(model):
    text = "需提交营业职照副本"
    assert model.suspects(text, bytearray(len(text)))
    assert not any(
        suspect.start <= 5 < suspect.end for suspect in model.suspects(text, bytes([0, 0, 0, 0, 0, 1, 0, 0, 0]))
    )


def test_texts_of_one_reading_do_not_change_each_others_verdicts(model):
    texts = ["需提交营业职照副本", "本年收入收入合计增长", "请一次性补齐全部材。"]
    together = model.suspects("\n".join(texts))
    alone = [(suspect.wrong, suspect.probability) for text in texts for suspect in model.suspects(text)]
    assert [(suspect.wrong, suspect.probability) for suspect in together] == alone
