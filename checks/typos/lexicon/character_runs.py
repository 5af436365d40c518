"""Look runs of characters up in very large lists: a number for each run, and arrays of numbers to find it in.

A list of half a million wordings takes 100 MB as strings in an automaton, and 10 MB as the numbers here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint64]

PLACES = np.array(
    [
        0x9E3779B97F4A7C15,
        0xC2B2AE3D27D4EB4F,
        0x165667B19E3779F9,
        0x27D4EB2F165667C5,
        0x85EBCA77C2B2AE63,
        0xD6E8FEB86659FD93,
    ],
    np.uint64,
)
"""An odd number for each place in a run, so that characters spread over 64 bits; no run is longer."""

SPREAD = np.uint64(0xFF51AFD7ED558CCD)
CELLS = 21
"""A filter has 2 to the power of this many cells of 64 bits: 16 MiB."""

BITS = tuple(np.uint64(6 * place) for place in range(4))
"""Where a number says which four bits of its cell stand for it."""


def codes_of(text: str) -> Numbers:
    """Return the code point of every character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)


def numbers(codes: Numbers, size: int) -> Numbers:
    """Return a number for every run of ``size`` characters; empty where the text is shorter."""
    count = max(0, len(codes) - size + 1)
    total: Numbers = codes[:count] * PLACES[0]
    for place in range(1, size):
        total += codes[place : count + place] * PLACES[place]
    return total


BEGIN = 21
"""Bits of a number that a run of none of half a million is told by, five times in six; as an array they take 2 MiB."""

BEYOND_BEGIN = np.uint64(64 - BEGIN)


@dataclass(frozen=True)
class Index:
    """Runs in the order of their numbers, and where each stood in the list that they came from."""

    sorted: Numbers
    order: NDArray[np.int32]
    sizes: tuple[int, ...]

    @classmethod
    def of(cls, runs: Iterable[str]) -> Index:
        """Take the runs in any order."""
        listed = list(runs)
        lengths = np.array(list(map(len, listed)))
        found = np.zeros(len(listed), np.uint64)
        sizes = tuple(np.unique(lengths).tolist())
        for size in sizes:
            same = np.flatnonzero(lengths == size)
            found[same] = numbers(codes_of("".join(listed[place] for place in same)), size)[::size]
        order = np.argsort(found)
        return cls(found[order], order.astype(np.int32), sizes)

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> Index:
        """Return the index that ``arrays`` took apart."""
        return cls(arrays["sorted"], arrays["order"], tuple(arrays["sizes"].tolist()))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the index as arrays, to be kept."""
        return {"sorted": self.sorted, "order": self.order, "sizes": np.array(self.sizes, np.int32)}

    def places_of(self, run: str) -> Iterator[int]:
        """Yield the places in the list that may hold a run: runs of any length may share a number."""
        if len(run) not in self.sizes:
            return
        wanted = numbers(codes_of(run), len(run))
        first, last = self.sorted.searchsorted(wanted), self.sorted.searchsorted(wanted, side="right")
        yield from self.order[first[0] : last[0]].tolist()

    def holds(self, wanted: Numbers) -> NDArray[np.bool_]:
        """Return which numbers are those of a run in the list."""
        at = np.minimum(np.searchsorted(self.sorted, wanted), len(self.sorted) - 1)
        found: NDArray[np.bool_] = self.sorted[at] == wanted
        return found

    def places(self, codes: Numbers) -> Iterator[tuple[int, int, int]]:
        """Yield start, size and place in the list of every run that occurs."""
        for size in self.sizes:
            wanted = numbers(codes, size)
            likely = np.flatnonzero(self._begins[wanted >> BEYOND_BEGIN])
            at = np.minimum(np.searchsorted(self.sorted, wanted[likely]), len(self.sorted) - 1)
            for found in np.flatnonzero(self.sorted[at] == wanted[likely]).tolist():
                yield int(likely[found]), size, int(self.order[at[found]])

    @cached_property
    def _begins(self) -> NDArray[np.bool_]:
        """Which beginnings the numbers have, of ``BEGIN`` bits: searching for what has another is most of the work."""
        begins = np.zeros(1 << BEGIN, dtype=np.bool_)
        begins[self.sorted >> BEYOND_BEGIN] = True
        return begins


class Filter:
    """A Bloom filter: it says of a run that it was never put in, or that it probably was. ``cells`` are its bits."""

    def __init__(self, cells: Numbers | None = None) -> None:
        """Begin empty, or with the cells of another."""
        self.cells = np.zeros(1 << CELLS, np.uint64) if cells is None else cells

    def put(self, runs: Numbers) -> None:
        """Set the bits of the numbers: of two that share a cell the last one wins, so the others are put again."""
        cells, masks = self._cells_and_masks(runs)
        while len(cells):
            self.cells[cells] |= masks
            lost = self.cells[cells] & masks != masks
            cells, masks = cells[lost], masks[lost]

    def passing(self, runs: Numbers) -> list[int]:
        """Return the places of the numbers that were probably put in."""
        cells, masks = self._cells_and_masks(runs)
        found: list[int] = np.flatnonzero(self.cells[cells] & masks == masks).tolist()
        return found

    @staticmethod
    def _cells_and_masks(runs: Numbers) -> tuple[Numbers, Numbers]:
        spread = (runs ^ runs >> np.uint64(29)) * SPREAD
        masks = np.zeros(len(runs), np.uint64)
        for place in BITS:
            masks |= np.uint64(1) << (spread >> place & np.uint64(63))
        return spread >> np.uint64(64 - CELLS), masks
