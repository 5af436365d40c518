"""Reduce text to the symbols that the models count, and hash windows of them.

Numbers, Latin words and blanks each become one symbol, half-width punctuation its full-width twin, so that
"2024年" and "1998年" are the same evidence. A window of symbols is named by a 64-bit polynomial hash: the hash of a
window with one symbol replaced, left out or put in is a few additions away, which is what makes scoring thousands of
corrections a matter of arrays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LONGEST = 5
"""Symbols in the longest window that the models count."""

APART = 50
"""Edges that keep the texts of one reading from having any effect on each other."""

EDGE, OTHER, NUMBER, LATIN = 1, 2, ord("0"), ord("A")

BASE = np.uint64(0x9E3779B97F4A7C15)
POWERS = np.array([pow(int(BASE), n, 1 << 64) for n in range(2 * LONGEST + 2)], dtype=np.uint64)

_SALT = np.arange(LONGEST + 2, dtype=np.uint64) * np.uint64(0xD6E8FEB86659FD93)
_HALF_WIDTH = str.maketrans(",;:?!()", "，；：？！（）")
_PUNCTUATION = "，。；：？！、（）“”‘’《》〈〉〔〕【】…—·"
_COLLAPSED = re.compile(r"[0-9０-９]+(?:[.．,，][0-9０-９]+)*|[A-Za-zＡ-Ｚａ-ｚ]+|\s+")


class Symbols(NamedTuple):
    """A text as symbols: ``codes`` (n,) uint64, and ``at`` (n + 1,) the offset in the text where each began."""

    codes: NDArray[np.uint64]
    at: NDArray[np.int64]


def _symbol_table() -> NDArray[np.uint64]:
    """Return what each character of the basic plane counts as, where it does not stand in a run."""
    table = np.full(0x10000, OTHER, dtype=np.uint64)
    han = np.arange(0x4E00, 0x9FA6)
    table[han] = han
    for char in _PUNCTUATION:
        table[ord(char)] = ord(char)
    for half, full in _HALF_WIDTH.items():
        table[half] = ord(full) if isinstance(full, str) else full
    table[ord("\n")] = EDGE
    return table


SYMBOL_OF = _symbol_table()


def _collapsed(head: str) -> int:
    """Return what a run of characters counts as together, by its first."""
    if head.isdigit():
        return NUMBER
    return LATIN if head.isalpha() else EDGE


def read(text: str) -> Symbols:
    """Return the symbols of a text between two edges; a new line is more edges than anything looks across."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    symbols = np.where(codes < len(SYMBOL_OF), SYMBOL_OF[np.minimum(codes, len(SYMBOL_OF) - 1)], OTHER)
    times = np.ones(len(codes), dtype=np.int64)
    for match in _COLLAPSED.finditer(text):
        begin, end = match.span()
        symbols[begin] = _collapsed(text[begin])
        times[begin:end] = 0
        times[begin] = APART if "\n" in match[0] else 1
    at = np.repeat(np.arange(len(codes)), times)
    edge = np.array([EDGE], dtype=np.uint64)
    inner = np.repeat(symbols.astype(np.uint64), times)
    return Symbols(np.concatenate([edge, inner, edge]), np.concatenate([[0], at, [len(text), len(text)]]))


def windows(codes: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return the hash of every window of that many symbols; shape (n - length + 1,)."""
    count = max(0, len(codes) - length + 1)
    value = np.zeros(count, dtype=np.uint64)
    for offset in range(length):
        value = value * BASE + codes[offset : offset + count]
    return value


def mixed(value: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return hashes spread over all 64 bits, different for every length of window."""
    value = value + _SALT[length]
    value = (value ^ (value >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)
    value = (value ^ (value >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    return value ^ (value >> np.uint64(32))


def joined(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the hashes of pairs of windows, given those of either."""
    return mixed(first * BASE + second, 0)
