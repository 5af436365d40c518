"""Ask the tables of counts for many windows at once, and for none that cannot be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from checks.typos.lm.table import CountTable

AT_ONCE = 1 << 13
"""Windows asked for together: what is computed on the way then stays in a processor's own cache, and a window costs a
third of what it costs where 100,000 are asked for together."""


def log_counts(table: CountTable, hashes: NDArray[np.uint64]) -> NDArray[np.float32]:
    """Return what ``table.log`` returns, for hashes of any shape."""
    asked = hashes.ravel()
    found = np.empty(len(asked), dtype=np.float32)
    for first in range(0, len(asked), AT_ONCE):
        found[first : first + AT_ONCE] = table.log(asked[first : first + AT_ONCE])
    return found.reshape(hashes.shape)
