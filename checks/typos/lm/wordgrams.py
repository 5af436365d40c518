"""Read the word n-grams of the two input-method models that Debian ships.

Both were made for typing, so they know which words follow each other in everyday Chinese:
``libime-data-language-model`` (KenLM's quantised trie, version 5 of its format) and ``sunpinyin-data`` (open-gram,
SunPinyin's threaded model). They are read straight into arrays, once, when the models are installed; nothing of theirs
is needed to run.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

KENLM_MAGIC = b"mmap lm http://kheafield.com/code format version 5\n\0"
KENLM_ORDER = 3
KENLM_QUANTISED_ARRAY_TRIE = 5
KENLM_FIRST_WORD = 0x88
KENLM_MOST_CHOPPED_BITS = 22

THREADED_PROBABILITIES = 1 << 16
THREADED_BACKOFFS = 1 << 14


class ForeignModelError(ValueError):
    """The file is not the model, or not the version of it, that this program reads."""


@dataclass(frozen=True)
class WordGrams:
    """Sequences of words with their joint probability (so P(a b), not P(b | a)), for orders 1, 2 and 3.

    ``words[i]`` is the word of id i, empty for what is no word. ``ids[n - 1]`` has shape (count, n) and is in reading
    order; ``joint[n - 1]`` has shape (count,).
    """

    words: list[str]
    ids: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]
    joint: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]


def bits_for(highest: int) -> int:
    """Return how many bits a number up to ``highest`` takes."""
    return max(1, int(highest).bit_length())


def read_bits(data: NDArray[np.uint8], first_bit: int, stride: int, count: int, width: int) -> NDArray[np.int64]:
    """Return ``count`` little-endian bit fields of ``width`` ≤ 57 bits, ``stride`` bits apart."""
    positions = first_bit + np.arange(count, dtype=np.int64) * stride
    byte = positions >> 3
    value = np.zeros(count, dtype=np.uint64)
    for step in range(8):
        value |= data[byte + step].astype(np.uint64) << np.uint64(8 * step)
    shifted = value >> (positions & 7).astype(np.uint64)
    return (shifted & np.uint64((1 << width) - 1)).astype(np.int64)


def owners(begins: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return for each of ``count`` children the index of its parent, given where each parent's children begin."""
    return np.repeat(np.arange(len(begins), dtype=np.int64), np.diff(np.append(begins, count)))


def bits_chopped(entries: int, highest_next: int) -> int:
    """Return how many high bits of each pointer KenLM keeps in a side table: as many as make the file smallest."""
    required = bits_for(highest_next)
    sizes = [
        (highest_next >> (required - chop)) * 64 - entries * chop
        for chop in range(min(required, KENLM_MOST_CHOPPED_BITS) + 1)
    ]
    return sizes.index(min(sizes))


def read_kenlm(blob: bytes) -> WordGrams:
    """Read KenLM's quantised trie of order 3 with compressed pointers and its vocabulary at the end.

    The layout is KenLM's: header, sorted hashes, quantisation tables, unigrams, then bit-packed levels whose paths run
    from the last word back to the first.

    Raises:
        ForeignModelError: if the header says that it is anything else.

    """
    if not blob.startswith(KENLM_MAGIC) or blob[0x58] != KENLM_ORDER or blob[0x60] != KENLM_QUANTISED_ARRAY_TRIE:
        raise ForeignModelError("not a KenLM trie of order 3, quantised, with compressed pointers")
    data = np.frombuffer(blob + bytes(8), dtype=np.uint8)
    ones, twos, threes = (int(n) for n in np.frombuffer(blob, dtype="<u8", count=3, offset=0x6C))
    at = KENLM_FIRST_WORD + 8 + 8 * ones
    prob_bits, backoff_bits = blob[at + 1], blob[at + 2]
    tables = np.frombuffer(blob, dtype="<f4", count=(2 << prob_bits) + (1 << backoff_bits), offset=at + 8)
    at += 8 + tables.nbytes
    unigrams = np.frombuffer(blob, [("prob", "<f4"), ("backoff", "<f4"), ("next", "<u8")], count=ones + 2, offset=at)
    at += unigrams.nbytes

    word_bits, inline_bits = bits_for(ones), bits_for(threes) - bits_chopped(twos + 1, threes)
    high = np.frombuffer(blob, "<u8", count=(threes >> inline_bits) + 1, offset=(at + 7) // 8 * 8 + 8)
    at += 8 * (1 + len(high)) + 7
    stride = word_bits + backoff_bits + prob_bits + inline_bits
    first = read_bits(data, at * 8, stride, twos, word_bits)
    prob = read_bits(data, at * 8 + word_bits + backoff_bits, stride, twos, prob_bits)
    low = read_bits(data, at * 8 + stride - inline_bits, stride, twos, inline_bits)
    begins = (np.searchsorted(high[1:].astype(np.int64), np.arange(twos), side="right") << inline_bits) | low
    at += ((1 + twos) * stride + 7) // 8 + 8
    stride = word_bits + prob_bits
    zeroth = read_bits(data, at * 8, stride, threes, word_bits)
    prob3 = read_bits(data, at * 8 + word_bits, stride, threes, prob_bits)
    at += ((1 + threes) * stride + 7) // 8 + 8

    words = blob[at:].decode().split("\0")[:-1]
    last = owners(unigrams["next"].astype(np.int64)[:ones], twos)
    parent = owners(begins, threes)
    joint1 = 10.0 ** unigrams["prob"][:ones].astype(np.float64)
    pairs = np.column_stack([first, last])
    joint2 = joint1[first] * 10.0 ** tables[: 1 << prob_bits][prob].astype(np.float64)
    triples = np.column_stack([zeroth, first[parent], last[parent]])
    # P(a b c) = P(a b) P(c | a b); a pair that was pruned away is rarer than any that is listed
    joint3 = pair_lookup(pairs, joint2, triples[:, :2]) * 10.0 ** tables[-(1 << prob_bits) :][prob3].astype(np.float64)
    return WordGrams(words, (np.arange(ones)[:, None], pairs, triples), (joint1, joint2, joint3))


def pair_lookup(pairs: NDArray[np.int64], joint: NDArray[np.float64], wanted: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the joint probability of each wanted pair, or that of the rarest listed pair."""
    keys = pairs[:, 0] << 32 | pairs[:, 1]
    order = np.argsort(keys)
    asked = wanted[:, 0] << 32 | wanted[:, 1]
    found = order[np.minimum(np.searchsorted(keys, asked, sorter=order), len(order) - 1)]
    return np.where(keys[found] == asked, joint[found], joint.min())


def read_sunpinyin(model: bytes, dictionary: bytes) -> WordGrams:
    """Read SunPinyin's threaded model of order 3 and the words that its pinyin dictionary numbers.

    Nodes are bit fields: 18 bits of word, 16 of probability (an index into the table at the head), 23 of first child.

    Raises:
        ForeignModelError: if the sizes in the header do not add up to the file.

    """
    order, logarithmic, *sizes = (int(n) for n in np.frombuffer(model, "<u4", count=6))
    at = 24
    tables = 4 * (THREADED_PROBABILITIES + THREADED_BACKOFFS)
    if order != KENLM_ORDER or len(model) != at + tables + 12 * sum(sizes[:3]) + 8 * sizes[3]:
        raise ForeignModelError("not a SunPinyin model of order 3")
    table = np.frombuffer(model, "<f4", count=THREADED_PROBABILITIES, offset=at).astype(np.float64)
    chance = np.exp(-table) if logarithmic else table
    at += tables + 12 * sizes[0]
    ones, twos = (
        np.frombuffer(model, "<u4", 3 * size, begin).reshape(size, 3)[:-1].astype(np.int64)
        for size, begin in ((sizes[1], at), (sizes[2], at + 12 * sizes[1]))
    )
    threes = np.frombuffer(model, "<u4", 2 * sizes[3], len(model) - 8 * sizes[3]).reshape(-1, 2)[:-1].astype(np.int64)
    parent2 = owners(first_children(ones), len(twos))
    parent3 = owners(first_children(twos), len(threes))
    joint1 = chance[ones[:, 1] & 0xFFFF]
    joint2 = joint1[parent2] * chance[twos[:, 1] & 0xFFFF]
    joint3 = joint2[parent3] * chance[threes[:, 0] >> 18 | (threes[:, 1] >> 25 & 3) << 14]
    word1, word2, word3 = (level[:, 0] & 0x3FFFF for level in (ones, twos, threes))
    pairs = np.column_stack([word1[parent2], word2])
    triples = np.column_stack([pairs[parent3], word3])
    return WordGrams(sunpinyin_words(dictionary), (word1[:, None], pairs, triples), (joint1, joint2, joint3))


def first_children(nodes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each node's children begin: 16 bits of the second word, 7 of the third."""
    return nodes[:, 1] >> 16 | (nodes[:, 2] >> 25) << 16


def sunpinyin_words(dictionary: bytes) -> list[str]:
    """Return the words of the pinyin dictionary by id: the text at its end, in UTF-32, parted by zeros."""
    return dictionary[int.from_bytes(dictionary[8:12], "little") :].decode("utf-32-le").split("\0")
