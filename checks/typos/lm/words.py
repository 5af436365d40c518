"""Find the words around a change: the longest that holds it, the best way to cut the text, what the words are about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from checks.typos.lm import symbols
from checks.typos.lm.scorer import CONTEXT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from checks.typos.lm.asking import CountTable
    from checks.typos.lm.scorer import Rows

BEGIN = 19
"""Bits of a hash that a word of no affinity is told by, 94 times in 100."""

BEYOND_BEGIN = np.uint64(64 - BEGIN)

LONGEST_WORD = 5
REACH = 14
"""Symbols on either side in which words say what a text is about."""

_LEAST = np.float32(-18.0)
_NEVER = np.float32(-99.0)
LOG_TEN_BILLION = np.float32(np.log(1e10))
"""The scale of the general models' log-counts: 1e10 is a certainty."""


class Cover(NamedTuple):
    """The longest word that holds a change: its length (0: none) and its log-count, or its row in the affinities."""

    length: NDArray[np.int64]
    value: NDArray[np.float32]


def holds(start: NDArray[np.int64], length: int, low: int, high: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which windows hold columns ``low`` to ``high`` (or, where these are equal, the seam): (starts, rows)."""
    begin, end = start[:, None], start[:, None] + length
    return np.where(high > low, (begin <= low) & (end >= high), (begin < low) & (end > low))


def hashes_at(rows: NDArray[np.uint64], starts: NDArray[np.int64], length: int) -> NDArray[np.uint64]:
    """Return the hashes of the windows of one length that start in these adjacent columns; shape (starts, rows)."""
    value = np.zeros((len(starts), len(rows)), dtype=np.uint64)
    for step in range(length):
        value = value * symbols.BASE + rows[:, starts[0] + step : starts[-1] + step + 1].T
    return symbols.mixed(value, length)


def starts_around(width: int, low: int, length: int) -> NDArray[np.int64]:
    """Return the first columns of the windows that touch column ``low`` or the one before it."""
    return np.arange(max(0, low - length), min(low, width - length) + 1)


def cover(words: CountTable, rows: NDArray[np.uint64], low: int, high: NDArray[np.int64]) -> Cover:
    """Return the longest word of the vocabulary over columns ``low`` to ``high`` and how common it is."""
    length, common = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows), dtype=np.float32)
    lengths = range(2, LONGEST_WORD + 1)
    starts = [starts_around(rows.shape[1], low, n) for n in lengths]
    keys = [hashes_at(rows, start, n) for start, n in zip(starts, lengths, strict=True)]
    logs = words.log(np.concatenate(keys))
    for n, start in zip(lengths, starts, strict=True):
        found, logs = logs[: len(start)], logs[len(start) :]
        best = np.where(holds(start, n, low, high), found, 0).max(axis=0)
        length, common = np.where(best > 0, n, length), np.where(best > 0, best, common)
    return Cover(length, common)


def cut(words: CountTable, rows: NDArray[np.uint64], single: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the log-probability of the best way to cut rows into words of up to four symbols.

    ``single`` has the rows' shape: the log-probability of each symbol on its own.
    """
    width = rows.shape[1]
    keys = [hashes_at(rows, np.arange(width - n + 1), n) for n in (2, 3, 4)]
    logs = words.log(np.concatenate(keys))
    logs = np.where(logs > 0, logs - LOG_TEN_BILLION, _NEVER)
    begin = {2: 0, 3: width - 1, 4: 2 * width - 3}
    best = [np.zeros(len(rows), dtype=np.float32)]
    for end in range(1, width + 1):
        score = best[end - 1] + np.maximum(single[:, end - 1], _LEAST)
        for n in (2, 3, 4):
            if end >= n:
                score = np.maximum(score, best[end - n] + logs[begin[n] + end - n])
        best.append(score)
    return best[-1]


class Topic(NamedTuple):
    """The words of a text from left to right, and the sums of what they go with; ``sums`` is one longer."""

    begin: NDArray[np.int64]
    end: NDArray[np.int64]
    sums: NDArray[np.float32]


@dataclass(frozen=True)
class Affinity:
    """How well words go together in one sentence: the dot product of ``own[i]`` and ``company[j]``, times ``scale``.

    The vectors are a factorisation of the words' mutual information in official writing; ``keys`` are the sorted
    hashes of the words. It is what tells 满足需求 from 满族需求 where no window of five characters can.
    """

    keys: NDArray[np.uint64]
    own: NDArray[np.int8]
    company: NDArray[np.int8]
    scale: np.float32

    @classmethod
    def of(cls, data: Mapping[str, NDArray[Any]]) -> Affinity:
        """Return the vectors that tools/typos/official.py wrote; ``scale`` holds what a step of either is worth."""
        own, company = data["scale"].astype(np.float32)
        return cls(data["keys"], data["own"], data["company"], own * company)

    def rows_of(self, hashes: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Return the row of each hashed word, -1 for those unknown."""
        asked = hashes.ravel()
        rows = np.full(len(asked), -1, dtype=np.int64)
        likely = np.flatnonzero(self._begins[asked >> BEYOND_BEGIN])  # searching for the others is most of the work
        row = np.minimum(np.searchsorted(self.keys, asked[likely]), len(self.keys) - 1)
        is_there = self.keys[row] == asked[likely]
        rows[likely[is_there]] = row[is_there]
        return rows.reshape(hashes.shape)

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        """Which beginnings the keys have, of ``BEGIN`` bits."""
        begins = np.zeros(1 << BEGIN, dtype=np.bool_)
        begins[self.keys >> BEYOND_BEGIN] = True
        return begins

    def topic(self, codes: NDArray[np.uint64]) -> Topic:
        """Cut a text greedily into known words and add up what each of them goes with."""
        longest, rows = np.zeros(len(codes), dtype=np.int64), np.zeros(len(codes), dtype=np.int64)
        for n in range(2, LONGEST_WORD + 1):
            found = self.rows_of(symbols.mixed(symbols.windows(codes, n), n))
            known = np.flatnonzero(found >= 0)
            longest[known], rows[known] = n, found[known]
        begin = _leftmost(longest)
        sums = np.zeros((len(begin) + 1, self.company.shape[1]), dtype=np.float32)
        np.cumsum(self.company[rows[begin]], axis=0, dtype=np.float32, out=sums[1:])
        return Topic(begin, begin + longest[begin], sums)

    def of_changed(
        self, topic: Topic, rows: Rows, at: NDArray[np.int64], grown: NDArray[np.int64]
    ) -> tuple[NDArray[np.float32], NDArray[np.int64], NDArray[np.bool_]]:
        """Return how well the word over each change at ``at`` goes with the words around it.

        ``grown`` is how many more symbols the rows' text has than the original. Returned are the sum over the words
        around, their number, and whether the word is known at all.
        """
        word, first, length = self._over(rows)
        start = at - CONTEXT + first
        stop = start + length - grown
        one, two = np.searchsorted(topic.begin, start - REACH), np.searchsorted(topic.end, start, side="right")
        three, four = np.searchsorted(topic.begin, stop), np.searchsorted(topic.end, stop + REACH, side="right")
        two, four = np.maximum(one, two), np.maximum(three, four)
        around = topic.sums[two] - topic.sums[one] + topic.sums[four] - topic.sums[three]
        total = np.einsum("ij,ij->i", around, self.own[np.maximum(word, 0)].astype(np.float32)) * self.scale
        return np.where(word >= 0, total, 0), two - one + four - three, word >= 0

    def _over(self, rows: Rows) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Return the row, first column and length of the longest known word over a change; row -1 where none is."""
        count = len(rows.codes)
        word = np.full(count, -1, dtype=np.int64)
        first, length = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
        for n in (2, 3, 4):
            starts = starts_around(rows.codes.shape[1], CONTEXT, n)
            known = self.rows_of(hashes_at(rows.codes, starts, n))
            found = np.where(holds(starts, n, CONTEXT, CONTEXT + rows.size), known, -1)
            best = (found >= 0).argmax(axis=0)
            row = np.take_along_axis(found, best[None], axis=0)[0]
            better = row >= 0
            word, first, length = (
                np.where(better, new, old) for new, old in ((row, word), (best + starts[0], first), (n, length))
            )
        return word, first, length


def _leftmost(longest: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where words begin if each begins as soon as the one before has ended; 0 is no word."""
    known = np.flatnonzero(longest)
    following = np.searchsorted(known, known + longest[known]).tolist()
    chosen, number = [], 0
    while number < len(following):
        chosen.append(number)
        number = following[number]
    return known[chosen]
