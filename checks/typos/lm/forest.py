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

    A leaf is its own child on both sides (threshold infinite). ``depth`` is that of the deepest tree. The leaves and
    ``offset`` add up to log-odds; rows under ``hopeless`` after ``head`` trees never come to anything.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    depth: int
    offset: float
    head: int
    hopeless: float

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
                offset=float(data["offset"]),
                head=int(data["head"]),
                hopeless=float(data["hopeless"]),
            )

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability that each row's correction is one that a proofreader would sign.

        Most rows are hopeless after the first trees, and spared the others: their probability is low, not exact.
        """
        total = self.offset + self._sum(rows, 0, self.head)
        promising = np.flatnonzero(total > self.hopeless)
        total[promising] += self._sum(rows[promising], self.head, len(self.feature))
        return np.asarray(1 / (1 + np.exp(-total)))

    def _sum(self, rows: NDArray[np.float32], first: int, last: int) -> NDArray[np.float64]:
        """Return the sum of the leaves that each row ends in, in some of the trees."""
        trees = np.arange(first, last)
        node = np.zeros((len(rows), len(trees)), dtype=np.int64)
        row = np.arange(len(rows))[:, None]
        for _ in range(self.depth):
            goes_left = rows[row, self.feature[trees, node]] <= self.threshold[trees, node]
            node = np.where(goes_left, self.left[trees, node], self.right[trees, node])
        return np.asarray(self.value[trees, node].sum(axis=1, dtype=np.float64))
