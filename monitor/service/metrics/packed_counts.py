"""Keep a few tables of numbers by label for each of thousands of runs."""

from __future__ import annotations

from array import array
from collections.abc import Hashable, Mapping
from typing import Any

TableLabels = tuple[tuple[Hashable, ...], ...]
"""The labels of each table."""


class PackedTables:
    """Tables of numbers by label, in their order; ``TablePacker`` makes them.

    The numbers of all tables lie in one array, and the labels are shared with the other runs that have the same ones:
    five dictionaries for each of 26,000 runs took 40 MB, an array for each table 16, these take 5.
    """

    __slots__ = ("_labels", "_numbers")

    def __init__(self, labels: TableLabels, numbers: array[float]) -> None:
        self._labels, self._numbers = labels, numbers

    def table(self, number: int) -> dict[Any, float]:
        """Return a table, which is made anew each time; the first is 0."""
        before = sum(map(len, self._labels[:number]))
        labels = self._labels[number]
        return dict(zip(labels, self._numbers[before : before + len(labels)], strict=True))


class TablePacker:
    """Packs the tables of many runs; each set of labels is kept once."""

    def __init__(self) -> None:
        self._known: dict[TableLabels, TableLabels] = {}

    def pack(self, *tables: Mapping[Any, float]) -> PackedTables:
        """Return the same numbers, to be kept."""
        labels = tuple(map(tuple, tables))
        numbers = array("d", [number for table in tables for number in table.values()])
        return PackedTables(self._known.setdefault(labels, labels), numbers)
