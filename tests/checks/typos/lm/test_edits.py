"""Corrections proposed at odd places."""

import numpy as np
import pytest

from checks.typos.lm import edits, symbols
from checks.typos.lm.likely_pairs import LikelyPairs
from checks.typos.lm.scorer import CONTEXT, padded, rows_after, rows_before

TEXT = padded(symbols.read("业企收入收入全部材。").codes)
FIRST = symbols.APART + 1


def made(found, row=0):
    """The text once an edit is made."""
    at, end = int(found.at[row]), int(found.at[row] + found.old[row])
    codes = [*TEXT[:at].tolist(), *found.new[row, : found.size[row]].tolist(), *TEXT[end:].tolist()]
    return "".join(map(chr, codes)).strip(chr(symbols.EDGE))


def pairs(between):
    rows = sorted((ord(key[0]) << 16 | ord(key[1]), ord(value)) for key, value in between.items())
    keys, values = np.array(rows).T
    return edits.Pairs(keys.astype(np.uint32), values.astype(np.uint16))


def likely(*pairs_of_symbols):
    first, second = np.array([list(map(ord, pair)) for pair in pairs_of_symbols], np.uint64).T
    return LikelyPairs.of(first, second)


CASES = [
    (lambda: edits.swapped(TEXT, np.array([FIRST])), "企业收入收入全部材。"),
    (lambda: edits.doubled(TEXT), "业企收入全部材。"),
    (lambda: edits.superfluous(np.array([FIRST + 6])), "业企收入收入部材。"),
    (lambda: edits.missing(TEXT, np.array([FIRST + 9]), pairs({"材。": "料"})), "业企收入收入全部材料。"),
    (lambda: edits.completing(TEXT, np.array([FIRST + 9]), edits.WordHalves.of(["材料"])), "业企收入收入全部材料。"),
    (lambda: edits.completing(TEXT, np.array([FIRST + 8]), edits.WordHalves.of(["题材"])), "业企收入收入全部题材。"),
    (
        lambda: edits.replaced(
            TEXT,
            np.array([FIRST + 8]),
            np.array([False]),
            edits.Confusions(
                edits.Pairs(np.array([ord("材")], np.uint32), np.array([ord("财")], np.uint16)), np.array([1])
            ),
            likely("财。"),
        ),
        "业企收入收入全部财。",
    ),
    (
        lambda: edits.reworded(
            TEXT,
            np.array([FIRST + 1]),
            edits.Pairs(
                np.array([ord("业") << 16 | ord("企")], np.uint32), np.array([ord("夜") << 16 | ord("起")], np.uint32)
            ),
        ),
        "夜起收入收入全部材。",
    ),
]


@pytest.mark.parametrize(("propose", "text"), CASES)
def test_each_slip_is_undone(propose, text):
    found = propose()
    assert text in {made(found, row) for row in range(len(found.at))}


def test_a_missing_character_is_proposed_once():
    twice = edits.completing(TEXT, np.array([FIRST + 9, FIRST + 9]), edits.WordHalves.of(["材料", "材质"]))
    found = edits.distinct(twice)
    assert [made(found, row) for row in range(len(found.at))] == ["业企收入收入全部材料。", "业企收入收入全部材质。"]


def test_in_a_usual_wording_only_what_sounds_the_same_is_proposed():
    confused = edits.Pairs(np.full(3, ord("材"), np.uint32), np.array([ord(char) for char in "财村裁"], np.uint16))
    by_likeness = edits.Confusions(confused, np.array([1, 6 << 4, 3], np.uint8))
    pairs_of_symbols = likely("财。", "村。", "裁。")
    proposed = [
        edits.replaced(TEXT, np.array([FIRST + 8]), np.array([is_usual]), by_likeness, pairs_of_symbols)
        for is_usual in (False, True)
    ]
    assert ["".join(map(chr, found.new[:, 0].tolist())) for found in proposed] == ["财村裁", "财"]


def test_what_is_likely_beside_neither_neighbour_is_not_proposed():
    confused = edits.Pairs(np.full(3, ord("材"), np.uint32), np.array([ord(char) for char in "财村裁"], np.uint16))
    by_likeness = edits.Confusions(confused, np.ones(3, np.uint8))
    proposed = edits.replaced(
        TEXT, np.array([FIRST + 8]), np.array([False]), by_likeness, likely("部财", "裁。", "村部")
    )
    assert "".join(map(chr, proposed.new[:, 0].tolist())) == "财裁"


def test_equal_neighbours_are_not_swapped():
    assert not len(edits.swapped(padded(symbols.read("谢谢").codes), np.array([FIRST])).at)


@pytest.mark.parametrize(("propose", "text"), CASES)
def test_rows_show_a_change_and_nothing_that_it_cannot_reach(propose, text):
    found = propose()
    after, before = rows_after(TEXT, found), rows_before(TEXT, found)
    whole = "".join(map(chr, padded(symbols.read(text).codes).tolist()))
    for row in range(len(found.at)):
        shown = "".join(map(chr, after.codes[row][: 2 * CONTEXT + after.size[row]].tolist()))
        assert shown == whole[found.at[row] - CONTEXT :][: len(shown)] or made(found, row) != text
        assert not after.codes[row][2 * CONTEXT + after.size[row] :].any()
        assert not before.codes[row][2 * CONTEXT + before.size[row] :].any()
