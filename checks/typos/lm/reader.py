"""Read a text with the models and describe the corrections that it invites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct

from checks.packaged import packaged_arrays
from checks.typos.candidate import Usage
from checks.typos.change import Change
from checks.typos.lm import prepare, symbols
from checks.typos.lm.asking import CountTable
from checks.typos.lm.edits import Confusions, Edits, Pairs, WordHalves
from checks.typos.lm.features import Describer
from checks.typos.lm.lattice import WordModel
from checks.typos.lm.likely_pairs import LikelyPairs
from checks.typos.lm.proposals import Proposer
from checks.typos.lm.scorer import CONTEXT, Model, Rows, Scorer, padded, rows_after
from checks.typos.lm.symbols import APART, LONGEST
from checks.typos.lm.words import Affinity, hashes_at, holds
from checks.typos.segmentation import STEPS_A_NAT, vocabulary

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

OFFICIAL_TOKENS = 11.8e6
"""How many words the counts of official writing were taken from."""

RAREST, RAREST_OFFICIAL = -20.0, -17.0
"""Log-probability of a character that is no word by itself, in everyday Chinese and in official writing."""

WORD_TABLES = (prepare.WORDS, prepare.PAIRS, prepare.OFFICIAL_WORDS, prepare.OFFICIAL_PAIRS, prepare.DICTIONARY)


class Shipped(NamedTuple):
    """What the package ships for a reader beside the tables: which characters and words sound or look alike."""

    confusions: Confusions
    homophones: Pairs
    affinity: Affinity
    halves: WordHalves

    @classmethod
    def packaged(cls) -> Shipped:
        """Read it: 0.1 s, most of it to unpack."""
        homophones = packaged_arrays("checks.typos", "data/homophones.npz")
        return cls(
            Confusions.of(packaged_arrays("checks.typos", "data/confusions.npz")),
            Pairs(homophones["wrong"], homophones["right"]),
            Affinity.of(packaged_arrays("checks.typos", "data/affinity.npz")),
            WordHalves.of(_common_words()),
        )

    @classmethod
    def of_compiled(cls, arrays: Mapping[str, NDArray[Any]]) -> Shipped:
        """Return what ``compiled`` took apart."""
        confused, sound_alike, after, before = (
            Pairs(arrays[f"{name}.keys"], arrays[f"{name}.values"]) for name in PAIRS
        )
        affinity = Affinity(
            arrays["affinity.keys"],
            arrays["affinity.own"],
            arrays["affinity.company"],
            np.float32(arrays["affinity.scale"][0]),
        )
        return cls(Confusions(confused, arrays["how"]), sound_alike, affinity, WordHalves(after, before))

    def compiled(self) -> dict[str, NDArray[Any]]:
        """Return it as arrays, to be kept."""
        affinity = self.affinity
        arrays: dict[str, NDArray[Any]] = {
            "how": self.confusions.how,
            "affinity.keys": affinity.keys,
            "affinity.own": affinity.own,
            "affinity.company": affinity.company,
            "affinity.scale": np.array([affinity.scale]),
        }
        for name, pairs in zip(PAIRS, (self.confusions.pairs, self.homophones, *self.halves), strict=True):
            arrays |= {f"{name}.keys": pairs.keys, f"{name}.values": pairs.values}
        return arrays


PAIRS = ("confusions", "homophones", "after", "before")
"""What the pairs of a ``Shipped`` are called when they are kept."""

LONGEST_COMPLETED, COMMON = 4, 13.0
"""Characters of the longest words that a missing character may complete, and their highest cost in nats."""


def _common_words() -> list[str]:
    """Return the words of two characters and more that are common enough to lack one."""
    known = vocabulary()
    size = np.char.str_len(known.words)
    chosen = (size > 1) & (size <= LONGEST_COMPLETED) & (known.steps <= COMMON * STEPS_A_NAT)
    words: list[str] = known.words[chosen].tolist()
    return words


class Considered(NamedTuple):
    """The K corrections of a text that make it likelier: what they are, and ``rows`` (K, columns) describing them.

    ``codes`` are the symbols of the text, which the edits count in.
    """

    codes: NDArray[np.uint64]
    edits: Edits
    at: NDArray[np.int64]
    rows: NDArray[np.float32]

    def change(self, row: int) -> Change:
        """Return one of them in characters of the text."""
        first = int(self.edits.at[row])
        right = "".join(map(chr, self.edits.new[row, : self.edits.size[row]].tolist()))
        return Change(int(self.at[first]), int(self.at[first + self.edits.old[row]]), right)


class Reader(Struct, frozen=True):
    """The models and what is known of words and confusions."""

    proposer: Proposer
    describer: Describer

    @classmethod
    def of(cls, tables: Mapping[str, NDArray[Any]], shipped: Shipped | None = None) -> Reader:
        """Return a reader with the tables that ``prepare`` made, by their names, and what the package ships."""
        shipped = shipped or Shipped.packaged()
        scorer = Scorer(
            Model(CountTable(tables[prepare.GENERAL]), float(np.log(prepare.CERTAIN))),
            Model(CountTable(tables[prepare.OFFICIAL]), float(np.log(prepare.OFFICIAL_SYMBOLS))),
        )
        between = Pairs(tables[prepare.MISSING], tables[prepare.BETWEEN])
        counts = {name: CountTable(tables[name]) for name in WORD_TABLES}
        vocabulary, dictionary = counts[prepare.WORDS], counts[prepare.DICTIONARY]
        word_models = (
            WordModel(vocabulary, counts[prepare.PAIRS], float(np.log(prepare.CERTAIN)), RAREST),
            WordModel(
                counts[prepare.OFFICIAL_WORDS],
                counts[prepare.OFFICIAL_PAIRS],
                float(np.log(OFFICIAL_TOKENS)),
                RAREST_OFFICIAL,
            ),
        )
        describer = Describer(scorer, vocabulary, dictionary, shipped.affinity, word_models)
        likely = LikelyPairs(tables[prepare.LIKELY])
        proposer = Proposer(shipped.confusions, between, shipped.homophones, scorer, shipped.halves, likely)
        return cls(proposer, describer)

    def consider(self, text: str) -> Considered | None:
        """Return the corrections that make a text likelier, or None where there are none."""
        read = symbols.read(text)
        reading = self.proposer.scorer.read(padded(read.codes))
        described = self.describer.describe(reading, self.proposer.propose(reading))
        if described is None:
            return None
        at = np.concatenate([np.zeros(APART, dtype=np.int64), read.at, np.full(APART, len(text))])
        return Considered(reading.codes, described.edits, at, described.rows)

    def usage(self, considered: Considered, rows: NDArray[np.int64]) -> list[Usage]:
        """Return how well known the text is that each of some corrections makes.

        Asked are the windows of ``LONGEST`` symbols, and of one fewer, that hold all that is put in and something
        beside it.
        """
        after = rows_after(considered.codes, considered.edits.pick(rows))
        scorer = self.proposer.scorer
        official, general = scorer.official.table, scorer.general.table
        in_official = _commonest(official, after, LONGEST)
        is_met = (in_official > 0) | (_commonest(general, after, LONGEST) > 0)
        is_met |= _commonest(official, after, LONGEST - 1) >= AGAIN_AND_AGAIN
        levels = np.where(in_official >= AGAIN_AND_AGAIN, Usage.USUAL, np.where(is_met, Usage.MET, Usage.UNKNOWN))
        return [Usage(level) for level in levels.tolist()]


AGAIN_AND_AGAIN = 2.0
"""Logarithm of the count from which on a window is usual: seven times in 22 million symbols."""


def _commonest(table: CountTable, rows: Rows, length: int) -> NDArray[np.float32]:
    """Return the log-count of the commonest window of a length over each change, 0 where a table has none."""
    starts = np.arange(CONTEXT - length + 1, CONTEXT + 1)
    starts = starts[starts >= 0]
    logs = table.log(hashes_at(rows.codes, starts, length))
    found: NDArray[np.float32] = np.where(holds(starts, length, CONTEXT, CONTEXT + rows.size), logs, 0).max(axis=0)
    return found
