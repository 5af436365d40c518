"""Weigh what is known of a correction into one probability: gradient-boosted trees, as plain arrays.

All trees are walked at once for all rows, one level a step: a text has a handful of candidates, and a loop over trees
would cost more than the arithmetic. tools/typos/train.py writes the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


@dataclass(frozen=True)
class Forest:
    """Trees of shape (trees, nodes): at a node, go ``left`` if the feature is at most the threshold, else right.

    The right child follows the left one; a leaf is its own child on both sides (threshold infinite). ``depth`` is that
    of the deepest tree. ``slope`` and ``offset`` calibrate the sum of the leaves into log-odds.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    depth: int
    slope: float
    offset: float

    @classmethod
    def load(cls, path: Path) -> Forest:
        """Read the arrays of a trained forest."""
        with np.load(path, allow_pickle=False) as data:
            return cls(
                data["feature"],
                data["threshold"],
                data["left"],
                data["right"],
                data["value"],
                depth=int(data["depth"]),
                slope=float(data["slope"]),
                offset=float(data["offset"]),
            )

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability that each row's correction is one that a proofreader would sign."""
        trees = np.arange(len(self.feature))
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        row = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[row, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        total = self.value[trees, node].sum(axis=1, dtype=np.float64)
        return np.asarray(1 / (1 + np.exp(-(self.slope * total + self.offset))))
