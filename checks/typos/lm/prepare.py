"""Turn what Debian and this package ship into the tables that the language model maps at run time.

Done once, when the models are installed: about 20 seconds and 1.5 GB of memory. The tables hold windows of one to five
symbols: those of everyday Chinese are counted from the words and word sequences of the two input-method models, each
weighted by its probability; those of official writing come with the package.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from checks.packaged import packaged_arrays
from checks.typos.lm import likely_pairs, symbols, table
from checks.typos.lm.asking import CountTable
from checks.typos.lm.likely_pairs import LikelyPairs
from checks.typos.lm.symbols import BASE, LONGEST, OTHER
from checks.typos.lm.wordgrams import WordGrams, read_kenlm, read_sunpinyin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

GENERAL, OFFICIAL, WORDS, PAIRS, OFFICIAL_WORDS, OFFICIAL_PAIRS, DICTIONARY, MISSING, BETWEEN, LIKELY = (
    "general.npy",
    "official.npy",
    "words.npy",
    "pairs.npy",
    "official_words.npy",
    "official_pairs.npy",
    "dictionary.npy",
    "missing.npy",
    "between.npy",
    "likely.npy",
)

TABLES = (GENERAL, OFFICIAL, WORDS, PAIRS, OFFICIAL_WORDS, OFFICIAL_PAIRS, DICTIONARY, MISSING, BETWEEN, LIKELY)
"""The files of the tables."""

WORD_LISTS = ("word_freq.txt", "place_name.txt")
"""The files of pycorrector's data whose words make the dictionary."""

HAN = re.compile("[\u4e00-\u9fa5]+")

CERTAIN = 1e10
"""The count of a window that were all of the language: log-counts are logarithms of probability times this."""

OFFICIAL_SYMBOLS = 22.6e6
"""How many symbols the counts of official writing were taken from."""

RAREST = (0.0, 0.0, 1e-9, 3e-9, 3e-9, 3e-9)
"""Probability under which a window of 0, 1, 2 … 5 symbols is left out."""

LONGEST_WORD = 5
LONGEST_SPELT = 8

COMMON_BETWEEN = 2e-8
MOST_BETWEEN = 4
"""How probable three symbols must be for the middle one to be proposed where it is missing, and how many middles."""


def prepare(
    libime: bytes, sunpinyin: bytes, dictionary: bytes, *, word_lists: Iterable[str]
) -> dict[str, NDArray[np.generic]]:
    """Return the tables by file name, each to be saved with ``numpy.save``.

    The arguments are the contents of ``zh_CN.lm``, ``lm_sc.t3g`` and ``pydict_sc.bin``, and texts with a word a line,
    its count behind it (``WORD_LISTS`` of pycorrector).

    Raises:
        ForeignModelError: if one of them is not what this version reads.

    """
    sources = (read_kenlm(libime), read_sunpinyin(sunpinyin, dictionary))
    spelt = [list(_spelt(source)) for source in sources]
    everything = [part for parts in spelt for part in parts]
    data = packaged_arrays("checks.typos", "data/official.npz")
    official = table.slots(*table.unpacked(data))
    triples = data["triple"].astype(np.uint64), np.exp(data["triple_log"].astype(np.float64) * table.STEP)
    missing, between = _between(everything, *triples)
    official_words, official_pairs = (_packed_table(f"official_{name}.npz") for name in ("words", "pairs"))
    return {
        GENERAL: table.slots(*table.shortened(*_windows(everything))),
        OFFICIAL: official,
        WORDS: table.slots(*table.shortened(*_vocabulary(everything))),
        PAIRS: table.slots(*table.shortened(*_word_pairs(sources))),
        OFFICIAL_WORDS: official_words,
        OFFICIAL_PAIRS: official_pairs,
        DICTIONARY: table.slots(*table.shortened(*_dictionary(word_lists))),
        MISSING: missing,
        BETWEEN: between,
        LIKELY: LikelyPairs.of(*_likely_pairs(everything, CountTable(official))).bits,
    }


class _Spelt:
    """Word sequences of one shape: their symbols (count, length), where words end, and their probability."""

    def __init__(self, codes: NDArray[np.uint64], lengths: tuple[int, ...], chance: NDArray[np.float64]) -> None:
        self.codes, self.lengths, self.chance = codes, lengths, chance

    def own_windows(self, length: int) -> range:
        """Return where the windows begin that touch the first and the last word: the others are counted elsewhere."""
        total, first, last = sum(self.lengths), self.lengths[0], sum(self.lengths[:-1])
        if len(self.lengths) == 1:
            return range(total - length + 1)
        return range(max(0, last - length + 1), min(first - 1, total - length) + 1)


def _spelt(source: WordGrams) -> Iterator[_Spelt]:
    """Yield a model's word sequences spelt out, grouped by the lengths of their words; half of all probability each."""
    codes, lengths = _spellings(source.words)
    for order, (ids, joint) in enumerate(zip(source.ids, source.joint, strict=True), start=1):
        sizes = lengths[ids]
        known = (sizes > 0).all(axis=1)
        shapes = sizes @ (np.int64(100) ** np.arange(order))
        for shape in np.unique(shapes[known]):
            rows = ids[known & (shapes == shape)]
            size = tuple(int(n) for n in lengths[rows[0]])
            spelt = np.concatenate([codes[rows[:, place], : size[place]] for place in range(order)], axis=1)
            yield _Spelt(spelt, size, joint[known & (shapes == shape)] / 2)


def _spellings(vocabulary: list[str]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Return words as padded rows of symbols, and their lengths, 0 for what is no Chinese word or punctuation."""
    codes = np.zeros((len(vocabulary), LONGEST_SPELT), dtype=np.uint64)
    lengths = np.zeros(len(vocabulary), dtype=np.int64)
    for row, word in enumerate(vocabulary):
        if 0 < len(word) <= LONGEST_SPELT and max(map(ord, word)) < len(symbols.SYMBOL_OF):
            spelt = symbols.SYMBOL_OF[[ord(char) for char in word]]
            if (spelt > OTHER).all():
                codes[row, : len(word)], lengths[row] = spelt, len(word)
    return codes, lengths


def _windows(parts: list[_Spelt]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of all windows of word sequences and the logarithm of how often each occurs."""
    hashes, logs = [], []
    for length in range(1, LONGEST + 1):
        found = [(part, start) for part in parts for start in part.own_windows(length)]
        keys = np.concatenate([_hash(part.codes[:, start : start + length]) for part, start in found])
        unique, chance = _summed(keys, np.concatenate([part.chance for part, _ in found]))
        frequent = chance > max(RAREST[length], 1 / CERTAIN)
        hashes.append(unique[frequent])
        logs.append(np.log(chance[frequent] * CERTAIN))
    return np.concatenate(hashes), np.concatenate(logs)


def _vocabulary(parts: list[_Spelt]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of the words of one to five characters and the logarithm of how often each occurs."""
    single = [part for part in parts if len(part.lengths) == 1 and part.lengths[0] <= LONGEST_WORD]
    keys = np.concatenate([_hash(part.codes) for part in single])
    unique, chance = _summed(keys, np.concatenate([part.chance for part in single]))
    return unique, np.log(np.maximum(chance * CERTAIN, 1.2))


def _word_pairs(sources: Iterable[WordGrams]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of two words in a row, by those of either, and the logarithm of how often they occur."""
    keys, chances = [], []
    for source in sources:
        codes, lengths = _spellings(source.words)
        hashes = np.zeros(len(lengths), dtype=np.uint64)
        for length in range(1, LONGEST_WORD + 1):
            hashes[lengths == length] = _hash(codes[lengths == length, :length])
        pairs, joint = source.ids[1], source.joint[1]
        known = ((lengths[pairs] > 0) & (lengths[pairs] <= LONGEST_WORD)).all(axis=1)
        keys.append(symbols.joined(hashes[pairs[known, 0]], hashes[pairs[known, 1]]))
        chances.append(joint[known] / 2)
    unique, chance = _summed(np.concatenate(keys), np.concatenate(chances))
    frequent = chance * CERTAIN > 1
    return unique[frequent], np.log(chance[frequent] * CERTAIN)


def _packed_table(name: str) -> NDArray[np.uint32]:
    """Return the slots of a table that the package ships."""
    return table.slots(*table.unpacked(packaged_arrays("checks.typos", f"data/{name}")))


def _dictionary(word_lists: Iterable[str]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    """Return the hashes of pycorrector's words and place names, and one more than the logarithm of their counts.

    They hold many a name and term that the models do not know, and some misspellings: they may protect a wording, but
    prove nothing.
    """
    counts: dict[str, int] = {}
    for text in word_lists:
        for line in text.splitlines():
            word, count, *_ = *line.split(), "1", "1"
            if 2 <= len(word) <= LONGEST_WORD and HAN.fullmatch(word):
                counts[word] = max(counts.get(word, 0), int(count) if count.isdigit() else 1)
    hashes, logs = [], []
    for length in range(2, LONGEST_WORD + 1):
        words = [word for word in counts if len(word) == length]
        codes = np.array([[ord(char) for char in word] for word in words], dtype=np.uint64)
        hashes.append(_hash(codes))
        logs.append(1 + np.log([counts[word] for word in words]))
    return np.concatenate(hashes), np.concatenate(logs)


def _between(
    parts: list[_Spelt], official: NDArray[np.uint64], official_chance: NDArray[np.float64]
) -> tuple[NDArray[np.uint32], NDArray[np.uint16]]:
    """Return pairs of symbols, sorted and repeated, and beside each a character that often stands between them."""
    found = [(part, start) for part in parts for start in part.own_windows(3)]
    keys = np.concatenate(
        [
            part.codes[:, start] << np.uint64(32) | part.codes[:, start + 2] << np.uint64(16) | part.codes[:, start + 1]
            for part, start in found
        ]
    )
    chances = np.concatenate([part.chance / 2 for part, _ in found])
    triple, chance = _summed(np.concatenate([keys, official]), np.concatenate([chances, official_chance / 2]))
    middle = triple & np.uint64(0xFFFF)
    common = (chance > COMMON_BETWEEN) & (middle >= 0x4E00) & (middle <= 0x9FA5)
    pair, middle, chance = (triple >> np.uint64(16))[common], middle[common], chance[common]
    order = np.lexsort((-chance, pair))
    pair, middle = pair[order], middle[order]
    kept = np.arange(len(pair)) - np.searchsorted(pair, pair) < MOST_BETWEEN
    return pair[kept].astype(np.uint32), middle[kept].astype(np.uint16)


def _likely_pairs(parts: list[_Spelt], official: CountTable) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the symbols of pairs that either model has more often than ``likely_pairs.LEAST``, or nearly so.

    Of official writing only hashes are known: all pairs of the symbols that it has are asked for.
    """
    least = likely_pairs.LEAST - table.STEP
    found = [(part, start) for part in parts for start in part.own_windows(2)]
    keys = np.concatenate([part.codes[:, start] << np.uint64(16) | part.codes[:, start + 1] for part, start in found])
    unique, chance = _summed(keys, np.concatenate([part.chance for part, _ in found]))
    likely = [unique[chance * CERTAIN > np.exp(least)]]
    everything = np.arange(len(symbols.SYMBOL_OF), dtype=np.uint64)
    alone = everything[official.log(symbols.mixed(everything, 1)) > 0]
    for first in alone[:, None]:
        logs = official.log(symbols.mixed(first * BASE + alone, 2))
        likely.append(first << np.uint64(16) | alone[logs > least - np.log(CERTAIN / OFFICIAL_SYMBOLS)])
    pairs = np.concatenate(likely)
    return pairs >> np.uint64(16), pairs & np.uint64(0xFFFF)


def _hash(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    value = np.zeros(len(codes), dtype=np.uint64)
    for column in codes.T:
        value = value * BASE + column
    return symbols.mixed(value, codes.shape[1])


def _summed(keys: NDArray[np.uint64], amounts: NDArray[np.float64]) -> tuple[NDArray[np.uint64], NDArray[np.float64]]:
    unique, where = np.unique(keys, return_inverse=True)
    return unique, np.bincount(where, amounts).astype(np.float64)
