"""Look where a text reads oddly, and keep the corrections that could be meant there.

Nearly all places are passed over for the price of reading them, nearly all corrections of the others for the price of
two or five look-ups; only what is left is worth scoring in full.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from checks.typos.lm import edits as slips
from checks.typos.lm.edits import Edits, is_han
from checks.typos.lm.likely_pairs import LEAST
from checks.typos.lm.scorer import CONTEXT
from checks.typos.lm.symbols import BASE, mixed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos.lm.likely_pairs import LikelyPairs
    from checks.typos.lm.scorer import ScoredRows, Scorer

ODD = -7.0
"""Log-probability under which a character, or the one after it, makes us look: it finds 97 of 100 typos."""

ODD_GAP = -6.0
"""The same for the character behind one that may be missing: some 的 or comma follows nearly everything."""

USUAL = 8.5
"""Log-count from which on four characters are a wording that everybody writes. Half of the odd places are in one, or in
five that are known at all: they are odd for where a rare word begins. Of 760 slips of one character nine were in one,
eight of them for a character of the same sound."""

KEPT_PER_PLACE = 5

LEAST_WINDOWS, LEAST_SCORE, KEPT_PER_GAP = 2, 16.0, 3
"""Of the three windows of three characters that hold what may be missing, how many must be known, and with which sum of
log-counts: of 74 that the language model believed one had less. How many such characters are scored in full."""


class Proposer(Struct, frozen=True):
    """What can be confused with what, and what often stands between two characters."""

    confusions: slips.Confusions
    between: slips.Pairs
    homophones: slips.Pairs
    scorer: Scorer
    halves: slips.WordHalves
    likely: LikelyPairs

    def propose(self, reading: ScoredRows) -> Edits:
        """Return the corrections of a padded text that are worth scoring."""
        codes, chance = reading.codes, reading.chance
        inner = np.zeros(len(codes), dtype=bool)
        inner[CONTEXT + 1 : -CONTEXT - 1] = True
        worst = np.minimum(chance, np.append(chance[1:], 0))
        odd = np.flatnonzero((worst < ODD) & is_han(codes) & inner)
        beside_han = is_han(codes) | is_han(np.append(codes[:1], codes[:-1]))
        gaps = np.flatnonzero((chance < ODD_GAP) & beside_han & (inner | np.append(inner[:1], inner[:-1])))
        usual = self._ends_of_usual(reading)
        return slips.join(
            [
                self._supported(
                    codes, slips.replaced(codes, odd, _within(usual, 0)[odd], self.confusions, self.likely)
                ),
                slips.superfluous(odd[~_within(usual, 2)[odd + 1]]),
                self._missing(codes, gaps, gaps[~_within(usual, 1)[gaps]]),
                slips.swapped(codes, odd[~_within(usual, 1)[odd + 1]]),
                slips.doubled(codes),
                slips.reworded(codes, odd, self.homophones),
            ]
        )

    def _ends_of_usual(self, reading: ScoredRows) -> NDArray[np.bool_]:
        """Return where wordings of four and five symbols end that everybody writes; shape (2, symbols)."""
        of_four, of_five = self.scorer.larger(reading.general.logs[3:], reading.official.logs[3:])
        return np.stack([of_four > USUAL, of_five > 0])

    def _supported(self, codes: NDArray[np.uint64], found: Edits) -> Edits:
        """Return the replacements that fit their neighbours best, at most ``KEPT_PER_PLACE`` for each place."""
        pairs = self._pairs(codes, found)
        some = np.flatnonzero(pairs.max(axis=0) > LEAST)
        found, (left, right) = found.pick(some), pairs[:, some]
        score = left + right + 2 * self._triples(codes, found, left > 0, right > 0)
        return found.pick(_best(found.at, score, KEPT_PER_PLACE))

    def _missing(self, codes: NDArray[np.uint64], gaps: NDArray[np.int64], unusual: NDArray[np.int64]) -> Edits:
        """Return what may be missing: what is common between two characters, and what makes one of them a word.

        The latter is asked only at gaps that no usual wording lies across.
        """
        common = slips.missing(codes, gaps, self.between)
        found = slips.completing(codes, unusual, self.halves)
        new, at = found.new[:, 0], found.at
        known = self._windows((codes[at - 1], new, codes[at]), (new, codes[at], codes[at + 1]))
        some = np.flatnonzero((known > 0).any(axis=0))  # where neither is known, two of three cannot be
        found, known, new, at = found.pick(some), known[:, some], new[some], at[some]
        known = np.concatenate([known, self._windows((codes[at - 2], codes[at - 1], new))])
        score = known.sum(axis=0)
        some = np.flatnonzero(((known > 0).sum(axis=0) >= LEAST_WINDOWS) & (score >= LEAST_SCORE))
        found, score = found.pick(some), score[some]
        return slips.distinct(slips.join([common, found.pick(_best(found.at, score, KEPT_PER_GAP))]))

    def _pairs(self, codes: NDArray[np.uint64], found: Edits) -> NDArray[np.float32]:
        """Return how common each new character is with the one before it and the one after it; shape (2, K)."""
        new, at = found.new[:, 0], found.at
        keys = np.concatenate([codes[at - 1] * BASE + new, new * BASE + codes[at + 1]])
        return self.scorer.known(mixed(keys, 2)).reshape(2, -1)

    def _triples(
        self, codes: NDArray[np.uint64], found: Edits, left: NDArray[np.bool_], right: NDArray[np.bool_]
    ) -> NDArray[np.float32]:
        """Return how common the commonest three characters with the new one in them are.

        ``left`` and ``right`` say whether its pairs with the neighbours are known: without them no three can be.
        """
        best = np.zeros(len(found.at), dtype=np.float32)
        for first, both in ((-2, left), (-1, left & right), (0, right)):
            some = np.flatnonzero(both)
            new, at = found.new[some, 0], found.at[some]
            window = (new if step == 0 else codes[at + step] for step in range(first, first + 3))
            best[some] = np.maximum(best[some], self._windows(tuple(window))[0])
        return best

    def _windows(self, *windows: tuple[NDArray[np.uint64], ...]) -> NDArray[np.float32]:
        """Return how common windows of three characters are; a row for each tuple of columns."""
        keys = np.concatenate([(one * BASE + two) * BASE + three for one, two, three in windows])
        return self.scorer.known(mixed(keys, 3)).reshape(len(windows), -1)


def _within(ends: NDArray[np.bool_], before: int) -> NDArray[np.bool_]:
    """Return which symbols are in a wording of four or five symbols with as many of its symbols ``before`` them.

    With one before it, the gap before a symbol is within; with two, so is that symbol and both its neighbours are.
    ``ends`` says where wordings of either length end, shape (2, symbols).
    """
    covered = np.zeros(ends.shape[1], dtype=np.bool_)
    for at_end, length in zip(ends, (4, 5), strict=True):
        for back in range(length - before):
            covered[: len(covered) - back] |= at_end[back:]
    return covered


def _best(at: NDArray[np.int64], score: NDArray[np.float32], most: int) -> NDArray[np.int64]:
    """Return the rows with the best scores of each place, at most so many, in order."""
    by_score = _order(~score.view(np.uint32))  # floats that are not negative are in the order of their bits
    order = by_score[_order(at[by_score])]
    place = at[order]
    index = np.arange(len(order))
    is_first = np.append([True], place[1:] != place[:-1])[: len(place)]
    rank = index - np.maximum.accumulate(np.where(is_first, index, 0))
    return np.sort(order[rank < most])


def _order(keys: NDArray[np.int64] | NDArray[np.uint32]) -> NDArray[np.int64]:
    """Return the rows by their keys, numbers of 32 bits; of equal ones the first comes first.

    Keys and rows are sorted together, as one number each: a stable ``argsort`` takes eight times as long.
    """
    rows = np.arange(len(keys), dtype=np.uint64)
    together = np.sort(keys.astype(np.uint64) << np.uint64(32) | rows)
    return (together & np.uint64(0xFFFF_FFFF)).view(np.int64)
