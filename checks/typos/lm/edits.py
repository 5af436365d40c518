"""Propose what the writer may have meant at every place that reads oddly.

Six sorts of slip: one character for another that sounds or looks like it, one too many, one left out, two swapped, two
typed twice, and a word of two characters for another of the same sound. What is proposed here is only possible;
``scorer`` says how much likelier it makes the text.
"""

from __future__ import annotations

from enum import IntEnum
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from checks.typos.lm.likely_pairs import LikelyPairs

HAN_FIRST, HAN_LAST = 0x4E00, 0x9FA5

ONE_CHARACTER = 0xFFFF
"""The last code point of the characters that keys are made of; those of two characters have one above the other."""


SAME_SYLLABLE = 2
"""Sound class up to which a pair is a homophone; 1 has the tone in common too, 3 is nearly one, 0 sounds different."""


class Slip(IntEnum):
    """What the hand did."""

    REPLACED = 0
    EXTRA = 1
    MISSING = 2
    SWAPPED = 3
    DOUBLED = 4
    REWORDED = 5


class Edits(NamedTuple):
    """K proposed corrections: put ``new[:size]`` in the place of ``old`` symbols from ``at``.

    ``new`` has shape (K, 2). ``how`` packs the confusion: sound class in the low 4 bits, likeness of shape in the high.
    """

    slip: NDArray[np.int8]
    at: NDArray[np.int64]
    old: NDArray[np.int64]
    size: NDArray[np.int64]
    new: NDArray[np.uint64]
    how: NDArray[np.uint8]

    def pick(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Edits:
        """Return the chosen rows."""
        slip, at, old, size, new, how = self
        return Edits(slip[chosen], at[chosen], old[chosen], size[chosen], new[chosen], how[chosen])


def is_han(codes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which symbols are Chinese characters."""
    return (codes >= HAN_FIRST) & (codes <= HAN_LAST)


class Pairs(Struct, frozen=True, dict=True):
    """For each key some values: ``keys`` sorted and repeated, ``values`` beside them."""

    keys: NDArray[np.uint32]
    values: NDArray[np.uint16] | NDArray[np.uint32]

    def of(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return all rows of all wanted keys: which of ``wanted`` each row is for, and the row."""
        first, last = self._rows_of(wanted)
        count = last - first
        which = np.repeat(np.arange(len(wanted)), count)
        return which, np.arange(len(which)) - np.repeat(np.cumsum(count) - count - first, count)

    def _rows_of(self, wanted: NDArray[np.uint64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first row of each wanted key, and the row behind its last."""
        if self.keys[-1] <= ONE_CHARACTER:
            return self._starts.take(wanted), self._starts.take(wanted + np.uint64(1))
        asked = wanted.astype(np.uint32)
        return np.searchsorted(self.keys, asked), np.searchsorted(self.keys, asked, side="right")

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """The first row of every key of one character: a quarter of a megabyte that spares two searches."""
        return np.searchsorted(self.keys, np.arange(ONE_CHARACTER + 2, dtype=np.uint32))


class WordHalves(NamedTuple):
    """For each character those that stand in words ``after`` it, and ``before`` it."""

    after: Pairs
    before: Pairs

    @classmethod
    def of(cls, words: Iterable[str]) -> WordHalves:
        """Return what stands beside each other in words of two characters and more."""
        pairs = sorted({pair for word in words for pair in pairwise(word)})
        codes = np.array([[ord(first), ord(second)] for first, second in pairs], dtype=np.uint16)
        by_second = codes[np.argsort(codes[:, 1], kind="stable")]
        return cls(
            Pairs(codes[:, 0].astype(np.uint32), codes[:, 1].copy()),
            Pairs(by_second[:, 1].astype(np.uint32), by_second[:, 0].copy()),
        )


class Confusions(Struct, frozen=True):
    """Which characters are put for which, and how they are alike; rows by the wrong character."""

    pairs: Pairs
    how: NDArray[np.uint8]

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Confusions:
        """Return the confusions of the arrays that tools/typos/confusions.py wrote."""
        wrong, right, how = arrays["wrong"], arrays["right"], arrays["how"]
        order = np.argsort(wrong, kind="stable")
        return cls(Pairs(wrong[order].astype(np.uint32), right[order]), how[order])


def replaced(
    codes: NDArray[np.uint64],
    odd: NDArray[np.int64],
    usual: NDArray[np.bool_],
    confusions: Confusions,
    likely: LikelyPairs,
) -> Edits:
    """Propose every character that sounds or looks like the odd ones and that is likely beside either neighbour.

    For those in a usual wording only the same sounds are proposed.
    """
    which, row = confusions.pairs.of(codes[odd])
    sound = confusions.how[row] & 15
    asked = np.flatnonzero(~usual[which] | ((sound > 0) & (sound <= SAME_SYLLABLE)))
    which, row = which[asked], row[asked]
    right = confusions.pairs.values[row].astype(np.uint64)
    fitting = np.flatnonzero(likely.hold(codes[odd - 1][which], right) | likely.hold(right, codes[odd + 1][which]))
    return _edits(Slip.REPLACED, odd[which[fitting]], 1, right[fitting, None], confusions.how[row[fitting]])


def superfluous(odd: NDArray[np.int64]) -> Edits:
    """Propose to leave the odd characters out."""
    return _edits(Slip.EXTRA, odd, 1, np.zeros((len(odd), 0), dtype=np.uint64))


def missing(codes: NDArray[np.uint64], odd: NDArray[np.int64], between: Pairs) -> Edits:
    """Propose what often stands between an odd character and the one before it."""
    which, row = between.of(codes[odd - 1] << np.uint64(16) | codes[odd])
    return _edits(Slip.MISSING, odd[which], 0, between.values[row].astype(np.uint64)[:, None])


def completing(codes: NDArray[np.uint64], odd: NDArray[np.int64], words: WordHalves) -> Edits:
    """Propose what makes a word with the character before an odd one, or with the odd one: 半核问题 → 半岛核问题."""
    first, after = words.after.of(codes[odd - 1])
    second, before = words.before.of(codes[odd])
    new = np.concatenate([words.after.values[after], words.before.values[before]]).astype(np.uint64)
    return _edits(Slip.MISSING, odd[np.concatenate([first, second])], 0, new[:, None])


def distinct(found: Edits) -> Edits:
    """Return insertions without those that stand twice."""
    _, kept = np.unique(found.at.astype(np.uint64) << np.uint64(16) | found.new[:, 0], return_index=True)
    return found.pick(kept)


def swapped(codes: NDArray[np.uint64], odd: NDArray[np.int64]) -> Edits:
    """Propose to exchange an odd character with the next one."""
    both = odd[is_han(codes[odd + 1]) & (codes[odd] != codes[odd + 1])]
    return _edits(Slip.SWAPPED, both, 2, np.column_stack([codes[both + 1], codes[both]]))


def doubled(codes: NDArray[np.uint64]) -> Edits:
    """Propose to leave out a pair of characters that stands twice."""
    first = np.flatnonzero(
        (codes[:-3] == codes[2:-1]) & (codes[1:-2] == codes[3:]) & is_han(codes[:-3]) & is_han(codes[1:-2])
    )
    return _edits(Slip.DOUBLED, first, 2, np.zeros((len(first), 0), dtype=np.uint64))


def reworded(codes: NDArray[np.uint64], odd: NDArray[np.int64], homophones: Pairs) -> Edits:
    """Propose the words that sound like a word of two characters with an odd one in it."""
    first = _merged(odd, odd - 1)
    which, row = homophones.of(codes[first] << np.uint64(16) | codes[first + 1])
    word = homophones.values[row].astype(np.uint64)
    new = np.column_stack([word >> np.uint64(16), word & np.uint64(0xFFFF)])
    return _edits(Slip.REWORDED, first[which], 2, new, np.full(len(row), SAME_SYLLABLE, dtype=np.uint8))


def _merged(one: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places of both, sorted, each once. ``np.union1d`` loads masked arrays: 20 ms of each start."""
    both = np.sort(np.concatenate([one, other]))
    return both[np.append(True, both[1:] != both[:-1])] if len(both) else both


def join(parts: Sequence[Edits]) -> Edits:
    """Return all the rows of several."""
    return Edits(*(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _edits(
    slip: Slip, at: NDArray[np.int64], old: int, new: NDArray[np.uint64], how: NDArray[np.uint8] | None = None
) -> Edits:
    count, size = len(at), new.shape[1]
    padded = np.zeros((count, 2), dtype=np.uint64)
    padded[:, :size] = new
    return Edits(
        np.full(count, slip, dtype=np.int8),
        at,
        np.full(count, old, dtype=np.int64),
        np.full(count, size, dtype=np.int64),
        padded,
        np.zeros(count, dtype=np.uint8) if how is None else how,
    )
