"""Keep millions of counts in a file that processes share and arrays can ask by the thousand (``asking``).

A count's key is 40 bits of hash. It has two places and is in one of them (cuckoo hashing). A place is a pair of slots,
so that they can be filled to five sixths; a slot of 32 bits holds 24 bits of the key and the logarithm of the count in
8. Asking costs two reads whatever the size, and a window that is not there is taken for another one less than once in
100,000 times.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

STEP = np.float32(0.1)
"""What one step of a stored value is worth, in nats."""

HIGHEST = 255
LOAD = 0.84
"""Share of the slots that are filled: with two places of two slots each it can be 0.89, in ever more rounds."""

ROUNDS = 2000
_SPREAD = (np.uint64(0xD6E8FEB86659FD93), np.uint64(0x9FB21C651E98DF25))
_HALF = np.uint64(32)
DROPPED = np.uint64(24)
"""Bits of a hash that are no part of the key."""

PRINT = np.uint64(0xFFFFFF)
"""Mask of the bits of a key that a slot holds."""


def places(keys: NDArray[np.uint64], size: int) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return the two places where a key may be, of that many."""
    one, two = ((keys * odd >> _HALF) * np.uint64(size) >> _HALF for odd in _SPREAD)
    return one, two


def quantised(logs: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return logarithms in the steps that a slot can hold, 1 at least."""
    return np.clip(np.rint(logs / STEP), 1, HIGHEST).astype(np.uint8)


def shortened(hashes: NDArray[np.uint64], logs: NDArray[np.float64]) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return the sorted 40-bit keys of hashes and their values in steps; of two with one key, the larger value."""
    keys, values = hashes >> DROPPED, quantised(logs)
    order = np.lexsort((-values.astype(np.int16), keys))
    keys, values = keys[order], values[order]
    first = np.append([True], keys[1:] != keys[:-1])
    return keys[first], values[first]


def slots(keys: NDArray[np.uint64], values: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """Return the slots of a table of distinct 40-bit keys, two for each place.

    A key that finds both slots of a place taken throws one out by lot; that goes to its second place; the few that
    still wander after ``ROUNDS`` are left out.
    """
    size = int(len(keys) / LOAD) // 2 + 8
    home = np.stack(places(keys, size)).astype(np.int64)
    side = np.zeros(len(keys), dtype=np.int8)
    owner = np.full(2 * size, -1, dtype=np.int64)
    moving = np.arange(len(keys))
    lot = np.random.default_rng(0)
    for _ in range(ROUNDS):
        target = 2 * home[side[moving], moving]
        taken = owner[target] >= 0
        target += taken & ((owner[target + 1] < 0) | (lot.random(len(moving)) < 1 / 2))
        evicted = owner[np.unique(target)]
        owner[target] = moving
        lost = moving[owner[target] != moving]
        moving = np.concatenate([lost, evicted[evicted >= 0]])
        if not len(moving):
            break
        side[moving] ^= 1
    table = np.zeros(2 * size, dtype=np.uint32)
    held = np.flatnonzero(owner >= 0)
    item = owner[held]
    table[held] = (keys[item] & PRINT).astype(np.uint32) << np.uint32(8) | values[item]
    return table


def packed(keys: NDArray[np.uint64], values: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """Return sorted keys and their values as byte planes that compress well: the steps from key to key."""
    steps = np.diff(keys, prepend=np.uint64(0))
    width = 4
    planes = {f"step{n}": (steps >> np.uint64(8 * n) & np.uint64(0xFF)).astype(np.uint8) for n in range(width)}
    return {**planes, "value": values}


def unpacked(planes: Mapping[str, NDArray[np.uint8]]) -> tuple[NDArray[np.uint64], NDArray[np.uint8]]:
    """Return the keys and values that ``packed`` was given."""
    steps = sum(planes[f"step{n}"].astype(np.uint64) << np.uint64(8 * n) for n in range(4))
    return np.cumsum(steps, dtype=np.uint64), planes["value"]
