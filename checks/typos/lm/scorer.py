"""Say how likely each symbol of a text is after the ones before it, and how much a correction would gain.

Two models answer together: everyday Chinese (the two input-method models, see ``wordgrams``) and official writing
(counts of statutes and of newspaper text). Each backs off from five symbols to one; the probability is their average,
so what one of them knows well the other cannot call odd.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from msgspec import Struct

from checks.typos.lm import symbols
from checks.typos.lm.symbols import APART, EDGE, LONGEST

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos.lm.asking import CountTable
    from checks.typos.lm.edits import Edits

BACKOFF = np.float32(0.9)
"""Nats that a model pays for forgetting its farthest symbol, where it knew the rest."""

RARE = np.float32(-16.0)
"""Log-probability of a symbol that a model has never seen."""

CONTEXT = LONGEST - 1
"""Symbols on either side of a change whose probability it can alter."""

LONGEST_CHANGE = 2
"""Symbols that a change takes out or puts in at most."""

WIDTH = 2 * CONTEXT + LONGEST_CHANGE
"""Symbols of a change with its surroundings."""


class Grams(NamedTuple):
    """What one model knows of rows of symbols.

    ``logs[n - 1]`` has a row's shape: the log-count of the window of n symbols that *ends* there, 0 for unseen.
    ``chance`` is the log-probability of each symbol after those before it.
    """

    logs: NDArray[np.float32]
    chance: NDArray[np.float32]

    def pick(self, rows: NDArray[np.int64]) -> Grams:
        """Return some of the rows."""
        return Grams(self.logs[:, rows], self.chance[rows])

    def over(self, other: Grams) -> Grams:
        """Return the rows of both, the other's below."""
        return Grams(np.concatenate([self.logs, other.logs], axis=1), np.concatenate([self.chance, other.chance]))


class Model(Struct, frozen=True):
    """One table of window counts; ``total`` is the log-count that a certainty would have."""

    table: CountTable
    total: float

    def grams(self, hashes: NDArray[np.uint64]) -> Grams:
        """Look up what ``hashes_ending`` returned."""
        logs = self.table.log(hashes)
        logs[hashes == 0] = 0
        return self.with_chance(logs)

    def with_chance(self, logs: NDArray[np.float32]) -> Grams:
        """Return log-counts with the probabilities that follow from them."""
        before = np.zeros_like(logs)
        before[..., 1:] = logs[..., :-1]
        return Grams(logs, chance_of(logs, before, np.float32(self.total)))


def chance_of(
    own: NDArray[np.float32], before: NDArray[np.float32], certain: NDArray[np.float32] | np.float32
) -> NDArray[np.float32]:
    """Return the log-probability of symbols: of the longest window that is known, and less for each that is not.

    ``own[n - 1]`` are the log-counts of the windows of n symbols that end with them, ``before[n - 1]`` those of the
    windows that end with the symbol before, ``certain`` is the log-count that a certainty would have.
    """
    found = np.where(own[0] > 0, own[0] - certain, RARE)
    for n in range(1, LONGEST):
        known = np.minimum(own[n] - before[n - 1], np.float32(0))
        found = np.where(own[n] > 0, known, found - BACKOFF * (before[n - 1] > 0))
    return found


class ScoredRows(Struct, frozen=True, dict=True):
    """Rows of symbols, or one text, with what both models know of them."""

    codes: NDArray[np.uint64]
    general: Grams
    official: Grams

    def pick(self, rows: NDArray[np.int64]) -> ScoredRows:
        """Return some of the rows."""
        return ScoredRows(self.codes[rows], self.general.pick(rows), self.official.pick(rows))

    def over(self, other: ScoredRows) -> ScoredRows:
        """Return the rows of both, the other's below."""
        codes = np.concatenate([self.codes, other.codes])
        return ScoredRows(codes, self.general.over(other.general), self.official.over(other.official))

    @cached_property
    def chance(self) -> NDArray[np.float32]:
        """The log-probability of each symbol by both models together: the mean of their probabilities."""
        return mean_chance(self.general.chance, self.official.chance)

    @cached_property
    def total(self) -> NDArray[np.float64]:
        """The sums of ``chance`` up to each symbol of a text; one longer than the text."""
        return np.concatenate([[0.0], np.cumsum(self.chance, dtype=np.float64)])


def mean_chance(general: NDArray[np.float32], official: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the logarithms of the means of two models' probabilities, given those of either."""
    mean: NDArray[np.float32] = np.logaddexp(general, official) - np.float32(np.log(2))
    return mean


class Scorer(Struct, frozen=True):
    """The two models."""

    general: Model
    official: Model

    def read(self, rows: NDArray[np.uint64]) -> ScoredRows:
        """Return what both models know of rows of symbols."""
        hashes = hashes_ending(rows)
        return ScoredRows(rows, self.general.grams(hashes), self.official.grams(hashes))

    def known(self, hashes: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Return the larger log-count of windows in the two models, on the scale of the general one."""
        return self.larger(self.general.table.log(hashes), self.official.table.log(hashes))

    def larger(self, general: NDArray[np.float32], official: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the larger of the log-counts that the two models have, on the scale of the general one."""
        scale = np.float32(self.general.total - self.official.total)
        return np.maximum(general, np.where(official > 0, official + scale, np.float32(0)))


def hashes_ending(rows: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return for lengths 1 to LONGEST the hash of the window that ends at each place; shape (LONGEST, …rows.shape).

    0 stands where no window fits.
    """
    width = rows.shape[-1]
    found = np.zeros((LONGEST, *rows.shape), dtype=np.uint64)
    value = np.zeros_like(rows)
    for n in range(1, min(LONGEST, width) + 1):
        # a window grows to the left, where a symbol weighs one power more
        value = (value if n == 1 else value[..., 1:]) + rows[..., : width - n + 1] * symbols.POWERS[n - 1]
        found[n - 1, ..., n - 1 :] = symbols.mixed(value, n)
    return found


def padded(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return a text with more edges around it than anything looks across."""
    edges = np.full(APART, EDGE, dtype=np.uint64)
    return np.concatenate([edges, codes, edges])


class Rows(NamedTuple):
    """The surroundings of K changes: ``codes`` (K, WIDTH), each with ``size`` symbols in question from CONTEXT on.

    What lies farther than CONTEXT symbols behind them is 0. Rows with another reach than CONTEXT are as much wider.
    """

    codes: NDArray[np.uint64]
    size: NDArray[np.int64]

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Which columns hold symbols whose probability the change can alter."""
        column = np.arange(WIDTH)
        reached: NDArray[np.bool_] = (column >= CONTEXT) & (column < self.size[:, None] + 2 * CONTEXT)
        return reached


def rows_before(codes: NDArray[np.uint64], edits: Edits, reach: int = CONTEXT) -> Rows:
    """Return each edit's surroundings as they stand."""
    return Rows(_row(codes, edits.at, edits.old, 0, reach), edits.old)


def rows_after(codes: NDArray[np.uint64], edits: Edits, reach: int = CONTEXT) -> Rows:
    """Return each edit's surroundings once it is made."""
    rows = _row(codes, edits.at, edits.size, edits.old - edits.size, reach)
    for place in range(edits.new.shape[1]):
        puts = edits.size > place
        rows[puts, reach + place] = edits.new[puts, place]
    return Rows(rows, edits.size)


def _row(
    codes: NDArray[np.uint64],
    at: NDArray[np.int64],
    size: NDArray[np.int64],
    shift: NDArray[np.int64] | int,
    reach: int,
) -> NDArray[np.uint64]:
    """Return rows around ``at``; what stands behind ``size`` symbols is taken ``shift`` symbols farther on."""
    column = np.arange(2 * reach + LONGEST_CHANGE)
    behind = column >= reach + size[:, None]
    source = at[:, None] + column - reach + behind * np.reshape(shift, (-1, 1))
    rows: NDArray[np.uint64] = codes[np.minimum(source, len(codes) - 1)]
    rows[column >= 2 * reach + size[:, None]] = 0
    return rows
