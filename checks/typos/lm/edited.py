"""Read a text as each of many edits would make it, and give an edit up once it cannot make the text likely enough.

Of a hundred edits four make a text likelier. What an edit alters is read symbol by symbol, from left to right: no
symbol is likelier than certain, so an edit that has lost too much by then is not read on. Windows that hold nothing new
are taken from the text, which was read before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from checks.typos.lm.scorer import (
    CONTEXT,
    LONGEST_CHANGE,
    WIDTH,
    Grams,
    Rows,
    ScoredRows,
    chance_of,
    mean_chance,
    rows_after,
    rows_before,
)
from checks.typos.lm.symbols import LONGEST, POWERS, mixed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from checks.typos.lm.edits import Edits
    from checks.typos.lm.scorer import Scorer

ALL_PARTS_KNOWN = 3
"""Symbols of the longest windows that are only counted where their parts are. The general counts are of words put
together; of every thousand longer windows that they have, one has a part that they lack."""

ROUNDING = 1e-3
"""More nats than sums of the same six probabilities differ by, in whatever order they are added."""

STEPS = range(1 - LONGEST_CHANGE, CONTEXT + 1)
"""The symbols that an edit alters: up to 0 those that it puts in, of which 0 is the last, and then those behind it."""


class Likelier(NamedTuple):
    """The edits that make a text likelier: their ``rows`` among all, in order, and the nats that each gains.

    ``after`` is what both models know of the text around each once it is made, where it matters; elsewhere 0.
    """

    rows: NDArray[np.int64]
    gain: NDArray[np.float64]
    after: ScoredRows


def likelier(scorer: Scorer, text: ScoredRows, edits: Edits, least: NDArray[np.floating[Any]]) -> Likelier:
    """Return which of K edits make a text that was read likelier by more than ``least`` nats, shape (K,)."""
    was = text.total[edits.at + edits.old + CONTEXT] - text.total[edits.at]
    order = np.argsort(-edits.size, kind="stable")
    steps = list(_steps(scorer, text, edits.pick(order), (was + least)[order] - ROUNDING))
    rows = np.sort(order[steps[-1].rows])
    after = _gathered(text, edits.pick(rows), np.argsort(order)[rows], steps)
    gain = np.where(Rows(after.codes, edits.size[rows]).reached, after.chance, 0).sum(axis=1) - was[rows]
    enough = np.flatnonzero(gain > least[rows])
    return Likelier(rows[enough], gain[enough], after.pick(enough))


def standing(text: ScoredRows, edits: Edits) -> ScoredRows:
    """Return what both models know of the text around each edit as it stands, in the columns of ``Likelier.after``."""
    rows, column = rows_before(text.codes, edits), np.arange(WIDTH)
    place = edits.at[:, None] + column - CONTEXT
    is_behind = column >= edits.old[:, None] + 2 * CONTEXT
    both = []
    for known in (text.general, text.official):
        logs = known.logs.take(place, axis=1)
        logs[:, is_behind | (column < CONTEXT - 1)] = 0
        both.append(Grams(logs, np.where(rows.reached, known.chance.take(place), 0)))
    return ScoredRows(rows.codes, *both)


class _Step(NamedTuple):
    """What both models know of one symbol of the rows that were left: ``logs`` (LONGEST, 2, K), ``chance`` (2, K)."""

    rows: NDArray[np.int64]
    logs: NDArray[np.float32]
    chance: NDArray[np.float32]


def _gathered(text: ScoredRows, edits: Edits, numbers: NDArray[np.int64], steps: Sequence[_Step]) -> ScoredRows:
    """Return what was read of edits that were read to the end; ``numbers`` say which rows of ``steps`` they are."""
    logs = np.zeros((LONGEST, 2, len(numbers), WIDTH), dtype=np.float32)
    chance = np.zeros((2, len(numbers), WIDTH), dtype=np.float32)
    logs[..., CONTEXT - 1] = _of_both(text).take(edits.at - 1, axis=2)
    for number, step in zip(STEPS, steps, strict=True):
        has_it = np.flatnonzero(edits.size > -number)
        column, found = CONTEXT - 1 + edits.size[has_it] + number, np.searchsorted(step.rows, numbers[has_it])
        logs[:, :, has_it, column] = step.logs.take(found, axis=2)
        chance[:, has_it, column] = step.chance.take(found, axis=1)
    grams = (Grams(logs[:, model], chance[model]) for model in range(2))
    return ScoredRows(rows_after(text.codes, edits).codes, *grams)


def _of_both(text: ScoredRows) -> NDArray[np.float32]:
    """Return the log-counts that both models have of the windows of a text; shape (LONGEST, 2, symbols)."""
    return np.stack([text.general.logs, text.official.logs], axis=1)


def _steps(scorer: Scorer, text: ScoredRows, edits: Edits, least: NDArray[np.float64]) -> Iterator[_Step]:
    """Read each of ``STEPS`` of the edits whose probabilities may still add up to more than ``least``.

    Those that put in most come first.
    """
    known = _of_both(text)
    certain = np.array([[scorer.general.total], [scorer.official.total]], dtype=np.float32)
    codes, behind = _aligned(text.codes, edits), edits.at + edits.old - 1
    rows, total, before = np.arange(len(least)), np.zeros(len(least), np.float32), known.take(edits.at - 1, axis=2)
    for place, number in enumerate(STEPS, start=CONTEXT):
        count = int((edits.size[rows] > -number).sum())
        shorter = before[..., :count]
        logs = np.zeros_like(shorter)
        untouched = max(0, number)
        logs[:untouched] = known[:untouched].take(behind[:count] + number, axis=2)
        _ask(scorer, logs, shorter, codes[: place + 1, :count], untouched)
        chance = chance_of(logs, shorter, certain)
        yield _Step(rows[:count], logs, chance)
        total[:count] += mean_chance(*chance)
        before[..., :count] = logs
        if count == len(rows):
            hopeful = np.flatnonzero(total > least)
            rows, total, least, behind = rows[hopeful], total[hopeful], least[hopeful], behind[hopeful]
            codes, before = codes.take(hopeful, axis=1), before.take(hopeful, axis=2)


def _aligned(codes: NDArray[np.uint64], edits: Edits) -> NDArray[np.uint64]:
    """Return the symbols around each edit once it is made, so that the last that it puts in is in one row for all.

    Rows are those of ``STEPS``, and before them as many as a window may hold; shape (…, K).
    """
    front = np.arange(STEPS[0] - CONTEXT, 1)[:, None]
    found = codes.take(
        np.concatenate([edits.at + edits.size - 1 + front, edits.at + edits.old + np.arange(CONTEXT)[:, None]])
    )
    last = len(front) - 1
    for back in range(LONGEST_CHANGE):
        puts = np.flatnonzero(edits.size > back)
        found[last - back, puts] = edits.new[puts, edits.size[puts] - 1 - back]
    return found


def _ask(
    scorer: Scorer,
    logs: NDArray[np.float32],
    before: NDArray[np.float32],
    codes: NDArray[np.uint64],
    untouched: int,
) -> None:
    """Put in the log-counts of the windows that end with the last of ``codes``, but for the shortest ``untouched``.

    ``before`` has the windows that end with the symbol before.
    """
    value = np.zeros(codes.shape[1], dtype=np.uint64)
    for length in range(1, LONGEST + 1):
        value = value + codes[-length] * POWERS[length - 1]
        for model, table in enumerate((scorer.general.table, scorer.official.table)):
            if length > untouched:
                asked = _may_be_known(logs[:, model], before[:, model], length)
                logs[length - 1, model, asked] = table.log(mixed(value[asked], length))


def _may_be_known(logs: NDArray[np.float32], before: NDArray[np.float32], length: int) -> NDArray[np.int64]:
    """Return the rows in which a model may know the window of a length, by the shorter windows that it knows.

    A pair can only be known where both its symbols are, a window of three where both its pairs are, and a longer one
    where one of its two parts is: of the edits that come to nothing, a model has not even the pairs.
    """
    if length == 1:
        return np.arange(logs.shape[1])
    one, other = logs[length - 2] > 0, before[length - 2] > 0
    return np.flatnonzero(one & other if length <= ALL_PARTS_KNOWN else one | other)
