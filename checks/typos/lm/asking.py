"""Ask the tables of counts for many windows at once.

Apart from ``table``, which makes them: tables outlive a change of how they are asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from checks.typos.lm import table

if TYPE_CHECKING:
    from numpy.typing import NDArray

AT_ONCE = 1 << 13
"""Windows asked for together: what is computed on the way then stays in a processor's own cache, and a window costs a
third of what it costs where 100,000 are asked for together."""

_UPPER = np.uint64(32)
_VALUE = np.uint64(8)


class CountTable:
    """A read-only map from hashed windows to the natural logarithm of how often they occur."""

    def __init__(self, slots: NDArray[np.uint32]) -> None:
        """Wrap the slots. Mapped from a file, nothing is read until it is asked, and workers share the pages."""
        self._places = slots.view(np.uint64)

    def log(self, hashes: NDArray[np.uint64]) -> NDArray[np.float32]:
        """Return the logarithm of each window's count, 0 for those that are not there (0.1 is the least kept).

        ``hashes`` may have any shape.
        """
        asked = hashes.ravel()
        found = np.empty(len(asked), dtype=np.uint32)
        for first in range(0, len(asked), AT_ONCE):
            found[first : first + AT_ONCE] = self._values(asked[first : first + AT_ONCE])
        return (found.astype(np.float32) * table.STEP).reshape(hashes.shape)

    def _values(self, hashes: NDArray[np.uint64]) -> NDArray[np.uint32]:
        """Return the values of windows in steps, 0 for those that are not there.

        What is left of a slot without the print that is looked for is its value where it has that print, and more than
        any value where it has another: of the four slots the one with the least left is the window's, if any is.
        """
        keys = hashes >> table.DROPPED
        pairs = np.empty((2, len(keys)), dtype=np.uint64)
        for place, pair in zip(table.places(keys, len(self._places)), pairs, strict=True):
            self._places.take(place.view(np.int64), out=pair, mode="clip")
        prints = (keys & table.PRINT) << _VALUE
        pairs ^= prints | prints << _UPPER
        left = np.minimum(*pairs.view(np.uint32))
        least = np.minimum(left[::2], left[1::2])
        return np.where(least <= table.HIGHEST, least, np.uint32(0))
