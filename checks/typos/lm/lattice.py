"""Read a text as words: the likeliest way to cut it, where each word depends on the one before.

Windows of characters cannot tell a part of a word from a word. 灌 and 概 are common characters, but nobody writes 概 as
a word of its own, so 灌概面积 has no good way to be cut; 减尘 has one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from checks.typos.lm import symbols, words
from checks.typos.lm.edits import is_han
from checks.typos.lm.scorer import LONGEST_CHANGE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos.lm.asking import CountTable

REACH = 7
"""Symbols on either side of a change that are read with it: two words or three."""

WIDTH = 2 * REACH + LONGEST_CHANGE
LONGEST_WORD = 4

STRANGERS = np.float32(1.2)
"""Nats that a word pays for following one that it was never seen after."""

PUNCTUATION = np.float32(-3.0)
"""Log-probability of whatever is no Chinese character."""

_NO_WORD = np.float32(-99.0)


class _Layout(NamedTuple):
    """The spans that words can fill, in reading order, and which of them follow each other.

    ``start`` and ``length`` are those of S spans. Of P pairs, ``one`` and ``other`` name the spans, and the pairs with
    span s as the other are rows ``first[s]`` to ``first[s + 1]``.
    """

    start: NDArray[np.int64]
    length: NDArray[np.int64]
    one: NDArray[np.int64]
    other: NDArray[np.int64]
    first: NDArray[np.int64]

    @classmethod
    def of(cls, width: int) -> _Layout:
        spans = [(s, n) for s in range(width) for n in range(1, LONGEST_WORD + 1) if s + n <= width]
        start, length = np.array(spans).T
        other, one = np.nonzero(start[:, None] == (start + length)[None, :])
        return cls(start, length, one, other, np.searchsorted(other, np.arange(len(spans) + 1)))


_LAYOUT = _Layout.of(WIDTH)


class Ways(NamedTuple):
    """The best ways to cut K rows: the log-probability of the likeliest, and how likely a word is at the least.

    ``weakest`` is that of the way whose least likely word is the likeliest.
    """

    total: NDArray[np.float32]
    weakest: NDArray[np.float32]


class WordModel(Struct, frozen=True):
    """How common words are, and words after one another.

    ``certain`` is the log-count that a certainty would have, ``rarest`` the least log-probability of a word.
    """

    words: CountTable
    pairs: CountTable
    certain: float
    rarest: float

    def read(self, rows: NDArray[np.uint64]) -> Ways:
        """Find the best ways to cut rows of symbols, shape (K, WIDTH); symbols of 0 are not there."""
        hashes = _hashes(rows)
        alone = self._alone(rows, hashes)
        follows = self._follows(hashes, alone)
        total, weakest = alone.copy(), np.where(alone > _NO_WORD, np.float32(0), _NO_WORD)
        for span, (first, last) in enumerate(zip(_LAYOUT.first[:-1], _LAYOUT.first[1:], strict=True)):
            if first < last:
                before, step = _LAYOUT.one[first:last], follows[first:last]
                total[span] = (total[before] + step).max(axis=0)
                weakest[span] = np.minimum(weakest[before], step).max(axis=0)
        ends = _LAYOUT.start + _LAYOUT.length == WIDTH
        return Ways(total[ends].max(axis=0), weakest[ends].max(axis=0))

    def _alone(self, rows: NDArray[np.uint64], hashes: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Return the log-probability of each span as a word; shape (S, K)."""
        logs = self.words.log(hashes)
        rarest = np.float32(self.rarest)
        alone = np.where(logs > 0, np.maximum(logs - np.float32(self.certain), rarest), _NO_WORD)
        single = _LAYOUT.length == 1
        known = np.where(is_han(rows.T), np.maximum(alone[single], rarest), PUNCTUATION)
        alone[single] = np.where(rows.T > 0, known, np.float32(0))
        return alone

    def _follows(self, hashes: NDArray[np.uint64], alone: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the log-probability of the second word of each pair after the first; shape (P, K).

        Only words follow words: of the pairs of spans, one in ten is asked for.
        """
        follows = alone[_LAYOUT.other] - STRANGERS
        is_word = alone > _NO_WORD
        pair, row = np.nonzero(is_word[_LAYOUT.one] & is_word[_LAYOUT.other])
        one = _LAYOUT.one[pair], row
        joint = self.pairs.log(symbols.joined(hashes[one], hashes[_LAYOUT.other[pair], row]))
        known = np.minimum(joint - np.float32(self.certain) - alone[one], np.float32(0))
        met = joint > 0
        follows[pair[met], row[met]] = known[met]
        return follows


def _hashes(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hashes of all spans; shape (S, K)."""
    hashes = np.empty((len(_LAYOUT.start), len(rows)), dtype=np.uint64)
    for length in range(1, LONGEST_WORD + 1):
        hashes[_LAYOUT.length == length] = words.hashes_at(rows, np.arange(WIDTH - length + 1), length)
    return hashes
