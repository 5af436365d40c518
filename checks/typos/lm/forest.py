"""Weigh what is known of a correction into one probability: gradient-boosted trees, as plain arrays.

All trees are walked at once for all rows, one level a step: a text has a handful of candidates, and a loop over trees
would cost more than the arithmetic. tools/typos/train.py writes the arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray


STRIDE = 6
"""Levels that are walked before those that have ended in a leaf are left behind: most have."""


@dataclass(frozen=True)
class Forest:
    """Trees of shape (trees, nodes): at a node, go ``left`` if the feature is at most the threshold, else right.

    A leaf is its own child on both sides. The leaves add up to log-odds. Rows whose sum after ``stops[i]`` trees is at
    most ``hopeless[i]`` never come to anything.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    value: NDArray[np.float32]
    stops: tuple[int, ...] = ()
    hopeless: tuple[float, ...] = ()

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Forest:
        """Return the forest of the arrays that tools/typos/train.py wrote."""
        return cls(
            arrays["feature"],
            arrays["threshold"],
            arrays["left"],
            arrays["right"],
            arrays["value"],
            tuple(arrays["stops"].tolist()),
            tuple(arrays["hopeless"].tolist()),
        )

    def probability(self, rows: NDArray[np.float32]) -> NDArray[np.float64]:
        """Return the probability that each row's correction is one that a proofreader would sign.

        Most rows are hopeless after the first trees, and spared the others: their probability is low, not exact.
        """
        total = np.zeros(len(rows))
        promising = np.arange(len(rows))
        floors = (*self.hopeless, -np.inf)
        for (first, last), floor in zip(pairwise((0, *self.stops, len(self.feature))), floors, strict=True):
            total[promising] += self.sums(rows[promising], first, last)
            promising = promising[total[promising] > floor]
        return np.asarray(1 / (1 + np.exp(-total)))

    def sums(self, rows: NDArray[np.float32], first: int, last: int) -> NDArray[np.float64]:
        """Return the sum of the leaves that each row ends in, in some of the trees."""
        width = self.feature.shape[1]
        ends = np.tile(np.arange(first, last) * width, len(rows))
        node, row, walk = ends, np.repeat(np.arange(len(rows)) * rows.shape[1], last - first), np.arange(len(ends))
        numbers, feature, threshold = rows.ravel(), self.feature.ravel(), self.threshold.ravel()
        while len(walk):
            for _ in range(STRIDE):
                goes_left = numbers.take(row + feature.take(node)) <= threshold.take(node)
                node = self._children.take(2 * node + goes_left)
            ends[walk] = node
            is_inner = self._children.take(2 * node) != node
            node, row, walk = node[is_inner], row[is_inner], walk[is_inner]
        values = self.value.take(ends).reshape(len(rows), last - first)
        return np.asarray(values.sum(axis=1, dtype=np.float64))

    @cached_property
    def _children(self) -> NDArray[np.int64]:
        """The child to the right and the child to the left of each node, numbered through all trees."""
        root = np.arange(len(self.feature))[:, None] * self.feature.shape[1]
        return np.stack([root + self.right, root + self.left], axis=-1).ravel()
