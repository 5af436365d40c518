"""Describe corrections in numbers: what the models, the vocabulary and the topic say before and after each.

The order of the columns is the order in which the trees of ``forest`` were trained: change it and train again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from checks.typos.lm import lattice, symbols, words
from checks.typos.lm.edited import likelier, standing
from checks.typos.lm.edits import Edits, Slip, is_han
from checks.typos.lm.scorer import (
    CONTEXT,
    LONGEST_CHANGE,
    WIDTH,
    Grams,
    Rows,
    ScoredRows,
    Scorer,
    rows_after,
    rows_before,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos.lm.asking import CountTable
    from checks.typos.lm.lattice import WordModel
    from checks.typos.lm.words import Affinity

PAIR = 2

LEAST_GAIN, SHORTER = 1.0, 4.0
"""Nats that a correction must make the text likelier by to be described at all; more if it leaves something out."""

PROMISING = np.zeros(len(Slip), dtype=np.float32)
"""Nats below which a correction that makes the text likelier only counts as the rival of another, by the sort of slip.
Of 2,204 that came to be reported 7 gained less."""

PROMISING[[Slip.REPLACED, Slip.EXTRA, Slip.MISSING, Slip.SWAPPED, Slip.REWORDED]] = 2.4, 5.8, 2.0, 4.5, 3.2

PER_SYMBOL = 6.0
"""Nats that a symbol costs on average: a text is likelier for being shorter, and that is no merit."""

GREAT_GAIN, NEARBY = 8.0, 40
"""Nats, and symbols on either side, for what counts as another odd place."""

SURNAMES = np.array(
    sorted(
        map(
            ord,
            "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾"
            "夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤",
        )
    ),
    dtype=np.uint64,
)


class Described(NamedTuple):
    """Corrections and their numbers: ``rows`` has shape (K, columns)."""

    edits: Edits
    rows: NDArray[np.float32]


class Rivals(NamedTuple):
    """What other corrections there are, for each of K.

    ``fair`` is the gain of each in a text of equal length, ``best`` the best such gain among the others of its place,
    ``number`` how many these are, ``elsewhere`` how many others are near.
    """

    fair: NDArray[np.float32]
    best: NDArray[np.float32]
    number: NDArray[np.int64]
    elsewhere: NDArray[np.int64]

    @classmethod
    def of(cls, at: NDArray[np.int64], fair: NDArray[np.float32]) -> Rivals:
        """Compare all corrections of a text.

        Elsewhere only great gains count: a text with many odd places is odd, not wrong. Read off counts by place, and
        not off all pairs of corrections: of a character that stands 2,000 times in a row there are 12,000, which took
        20 s and now take none.
        """
        size = int(at.max()) + NEARBY + 1
        first, second = _best_two(at, fair, size)
        own = np.where(fair == first[at], second[at], first[at])
        best = np.maximum(own, np.maximum(first[at - 1], first[at + 1]))
        better = np.bincount(at[fair > 0], minlength=size)
        number = better[at - 1] + better[at] + better[at + 1] - (fair > 0)
        great = np.concatenate([[0], np.cumsum(np.bincount(at[fair > GREAT_GAIN], minlength=size))])
        before = great[np.maximum(0, at - CONTEXT)] - great[np.maximum(0, at - NEARBY + 1)]
        after = great[at + NEARBY] - great[at + CONTEXT + 1]
        return cls(fair, best, number, before + after)

    def pick(self, rows: NDArray[np.int64]) -> Rivals:
        """Return some of the rows."""
        return Rivals(self.fair[rows], self.best[rows], self.number[rows], self.elsewhere[rows])


class Describer(Struct, frozen=True):
    """What the numbers are taken from."""

    scorer: Scorer
    vocabulary: CountTable
    dictionary: CountTable
    affinity: Affinity
    word_models: tuple[WordModel, ...]

    def describe(self, reading: ScoredRows, edits: Edits) -> Described | None:
        """Return those corrections that make the text likelier, or None where there are none."""
        better = likelier(self.scorer, reading, edits, LEAST_GAIN + SHORTER * (edits.old > edits.size))
        if not len(better.rows):
            return None
        edits, gain = edits.pick(better.rows), better.gain
        rivals = Rivals.of(edits.at, gain + PER_SYMBOL * (edits.size - edits.old))
        promising = np.flatnonzero(gain >= PROMISING[edits.slip])
        if not len(promising):
            return None
        edits, gain, rivals = edits.pick(promising), gain[promising], rivals.pick(promising)
        old = rows_before(reading.codes, edits)
        both = better.after.pick(promising).over(standing(reading, edits))
        changes = self._changes(both, Rows(both.codes, np.concatenate([edits.size, edits.old])))
        topics = self._topics(reading.codes, edits, rows_after(reading.codes, edits), old)
        place, cuts = self._place(reading, edits, rivals), self._cuts(reading.codes, edits)
        return Described(edits, np.column_stack([gain, changes, *topics, place, cuts]).astype(np.float32))

    def _changes(self, both: ScoredRows, rows: Rows) -> NDArray[np.float32]:
        """Return what the models and the vocabulary say after each change, before it, and the differences.

        ``both`` holds the rows after the changes and, below them, the rows before.
        """
        high = CONTEXT + rows.size
        reached = rows.reached
        chances = (np.where(reached, each.chance, 0).sum(axis=1) for each in (both.general, both.official, both))
        single = np.where(rows.codes > 0, both.general.logs[0] - words.LOG_TEN_BILLION, 0)
        cut = words.cut(self.vocabulary, rows.codes, single)
        table = np.column_stack(
            [
                *chances,
                *_support(both.general, high),
                *_support(both.official, high),
                *words.cover(self.vocabulary, rows.codes, CONTEXT, high),
                *words.cover(self.dictionary, rows.codes, CONTEXT, high),
            ]
        )
        new, was = np.split(table, 2)
        new_cut, old_cut = np.split(cut, 2)
        return np.column_stack([new[:, :2] - was[:, :2], new, was, new_cut - old_cut, old_cut])

    def _topics(self, codes: NDArray[np.uint64], edits: Edits, after: Rows, before: Rows) -> list[NDArray[np.float32]]:
        """Return how the changed word goes with the words around it, after the change and before."""
        topic = self.affinity.topic(codes)
        new, new_count, new_known = self.affinity.of_changed(topic, after, edits.at, edits.size - edits.old)
        was, was_count, was_known = self.affinity.of_changed(topic, before, edits.at, np.zeros_like(edits.at))
        columns = (new, was, new / np.maximum(1, new_count), was / np.maximum(1, was_count), new_count)
        return [np.asarray(column, dtype=np.float32) for column in (*columns, new_known, was_known)]

    def _cuts(self, codes: NDArray[np.uint64], edits: Edits) -> NDArray[np.float32]:
        """Return how well the text can be cut into words after each change, and before it, by each of the models.

        What is replaced at one place is read once, however many corrections there are for it.
        """
        _, place, which = np.unique(edits.at * (LONGEST_CHANGE + 1) + edits.old, return_index=True, return_inverse=True)
        after = rows_after(codes, edits, lattice.REACH).codes
        before = rows_before(codes, edits.pick(place), lattice.REACH).codes
        columns = []
        new, old = slice(len(after)), len(after) + which
        for model in self.word_models:
            total, weakest = model.read(np.concatenate([after, before]))
            columns += [total[new] - total[old], total[old], weakest[new], weakest[old]]
        return np.column_stack(columns)

    def _place(self, reading: ScoredRows, edits: Edits, rivals: Rivals) -> NDArray[np.float32]:
        """Return what else is known of the place and of the change."""
        codes, at, end = reading.codes, edits.at, edits.at + edits.old
        common_new = np.zeros(len(at), dtype=np.float32)
        puts = edits.size > 0
        common_new[puts] = self.scorer.general.table.log(symbols.mixed(edits.new[puts, 0], 1))
        before, after = _distances(is_han(codes), at, end)
        surname = sum(_are_surnames(codes[at - back]) * weight for back, weight in ((1, 1), (2, 2), (0, 4)))
        return np.column_stack(
            [
                edits.slip,
                edits.how & 15,
                edits.how >> 4,
                _surroundings(reading, at, end),
                rivals.best,
                rivals.fair - rivals.best,
                rivals.number,
                np.where(edits.old > 0, reading.general.logs[0][at], 0),
                common_new,
                surname,
                before,
                after,
                *(reading.chance[at + step] for step in (0, 1, 2, -1)),
                codes[at] == codes[at - 1],
                np.where(edits.old > 0, reading.official.logs[0][at], 0),
                codes[at - 1] == symbols.NUMBER,
                codes[end] == symbols.NUMBER,
                rivals.elsewhere,
            ]
        ).astype(np.float32)


def _are_surnames(codes: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which symbols are surnames. ``np.isin`` loads masked arrays: 10 ms of each start."""
    nearest = SURNAMES[np.minimum(np.searchsorted(SURNAMES, codes), len(SURNAMES) - 1)]
    return np.asarray(nearest == codes)


def _support(grams: Grams, high: NDArray[np.int64]) -> list[NDArray[np.float32]]:
    """Return the rarest and the commonest pair over a change, and the commonest windows of 3, 4 and 5.

    A window counts if it holds any of the symbols from CONTEXT to ``high``, or, where none is left, their seam.
    """
    columns = []
    end = np.arange(WIDTH)
    for length in range(2, symbols.LONGEST + 1):
        start = end - length + 1
        some = (
            (end >= CONTEXT) & (start < high[:, None]) & (start >= 0) & ((start < CONTEXT) | (high[:, None] > CONTEXT))
        )
        logs = grams.logs[length - 1]
        columns += [np.where(some, logs, np.inf).min(axis=1)] if length == PAIR else []
        columns.append(np.where(some, logs, 0).max(axis=1))
    return columns


def _best_two(
    at: NDArray[np.int64], gain: NDArray[np.float32], size: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the best and the second-best gain at each of ``size`` places, 0 where there is none above it."""
    order = np.lexsort((gain, at))
    places, ranked = at[order], np.maximum(gain[order], 0)
    is_last = np.append(places[1:] != places[:-1], [True])
    is_second = np.append(~is_last[:-1] & is_last[1:], [False])
    first, second = np.zeros(size, gain.dtype), np.zeros(size, gain.dtype)
    first[places[is_last]] = ranked[is_last]
    second[places[is_second]] = ranked[is_second]
    return first, second


def _distances(han: NDArray[np.bool_], at: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how far the nearest symbol that is no character is to the left and to the right; shape (2, K)."""
    index = np.arange(len(han))
    left = np.maximum.accumulate(np.where(han, 0, index))
    right = np.minimum.accumulate(np.where(han, len(han), index)[::-1])[::-1]
    return np.stack([at - left[at - 1], right[end] - at])


def _surroundings(reading: ScoredRows, at: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the mean log-probability of the symbols around but not next to a place: odd text has odd neighbours."""
    spans = ((at - 10, at - 2), (end + CONTEXT, end + 12))
    clipped = [tuple(np.clip(edge, 0, len(reading.codes)) for edge in span) for span in spans]
    total = sum(reading.total[last] - reading.total[first] for first, last in clipped)
    count = sum(last - first for first, last in clipped)
    return np.asarray(total / np.maximum(1, count))
