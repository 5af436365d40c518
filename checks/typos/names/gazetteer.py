"""Look names up in sorted arrays: 80,000 names take 4 MB and 17 ms to load, an automaton 300 ms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from checks.packaged import packaged_arrays

LONGEST = 12
"""Characters of the longest name."""


class Gazetteer(Struct, frozen=True, eq=False):
    """Names, sorted, of two to ``LONGEST`` characters."""

    names: NDArray[np.str_]

    @classmethod
    def of(cls, names: Iterable[str]) -> Gazetteer:
        """Return these names."""
        return cls(np.array(sorted(names), dtype=f"<U{LONGEST}"))

    def find(self, text: str) -> list[tuple[int, int]]:
        """Return where names stand, from left to right: of those that begin at one place the longest."""
        longest = np.zeros(len(text), dtype=np.int64)
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
        for size in range(2, min(LONGEST, len(text)) + 1):
            windows = np.zeros((len(text) - size + 1, LONGEST), dtype=np.uint32)
            windows[:, :size] = np.lib.stride_tricks.sliding_window_view(codes, size)
            candidates = windows.view(f"<U{LONGEST}")[:, 0]
            row = np.minimum(np.searchsorted(self.names, candidates), len(self.names) - 1)
            longest[np.flatnonzero(self.names[row] == candidates)] = size
        return [(int(start), int(start + longest[start])) for start in np.flatnonzero(longest)]


def packed(lists: Mapping[str, Gazetteer]) -> dict[str, NDArray[np.uint16]]:
    """Return arrays to save, by kind; columns of characters of sorted names compress well."""
    return {kind: names.names.view(np.uint32).reshape(-1, LONGEST).T.astype(np.uint16) for kind, names in lists.items()}


@cache
def packaged(kind: str) -> Gazetteer:
    """Read a list of data/names.npz: places, villages, organisations or officials (once a process)."""
    columns = packaged_arrays("checks.typos", "data/names.npz")[kind]
    return Gazetteer(columns.T.astype(np.uint32).copy().view(f"<U{LONGEST}")[:, 0])
