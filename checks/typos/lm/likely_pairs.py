"""Know which symbols may stand side by side often enough: a bit for each pair, in two megabytes.

Of six characters that may be meant for another, five are hardly ever beside either neighbour, and most of what the
tables of counts were asked was how often. A bit stands for many pairs: one pair in twenty is called likely and is not,
but none the other way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

LEAST = 7.5
"""Log-count, on the scale of the general model, beyond which a pair is likely: a replacement must make one such pair
with a neighbour to be looked at further. Of those that came to be reported the least had 8.6."""

SIZE = 24
"""There are 2 to the power of this many bits."""

_SPREAD = np.uint64(0x9E3779B97F4A7C15)
_BEYOND = np.uint64(64 - SIZE)
_CODE = np.uint64(16)
_BYTE, _BIT = np.uint64(3), np.uint64(7)


class LikelyPairs:
    """The pairs of symbols that any of the models has more often than ``LEAST`` says; ``bits`` are eight a byte."""

    def __init__(self, bits: NDArray[np.uint8]) -> None:
        self.bits = bits

    @classmethod
    def of(cls, first: NDArray[np.uint64], second: NDArray[np.uint64]) -> LikelyPairs:
        """Return what knows these pairs."""
        is_likely = np.zeros(1 << SIZE, dtype=np.bool_)
        is_likely[_places(first, second)] = True
        return cls(np.packbits(is_likely, bitorder="little"))

    def hold(self, first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.bool_]:
        """Return which pairs may be likely; of the others none is."""
        places = _places(first, second)
        byte = self.bits.take((places >> _BYTE).view(np.int64))
        return (byte >> (places & _BIT).astype(np.uint8) & np.uint8(1)).view(np.bool_)


def _places(first: NDArray[np.uint64], second: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the bit of each pair."""
    return (first << _CODE | second) * _SPREAD >> _BEYOND
