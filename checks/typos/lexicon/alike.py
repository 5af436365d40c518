"""Return whether one character may be a slip for another: of the same or nearly the same sound, or of similar shape."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checks.packaged import packaged_arrays

CLOSE = 3
"""Likeness of shape, 0 to 15, from which on two characters are taken for each other."""

LAST_USUAL = b"\xd7\xf9"
"""The last of the 3,755 characters of GB 2312's first level, which are the usual ones."""

SOUND = 15
"""Mask of the class of sound in ``how``; the likeness of shape is in the four bits above."""


def alike(wrong: str, right: str) -> bool:
    """Return whether a hurried hand puts ``wrong`` for ``right``."""
    return how_alike(wrong, right) != ""


def how_alike(wrong: str, right: str) -> str:
    """Return ``homophone``, ``shape``, or "" for characters that nobody confuses."""
    pairs, sounds = _pairs()
    wanted = ord(right) << 16 | ord(wrong)
    at = int(np.searchsorted(pairs, wanted))
    if at == len(pairs) or int(pairs[at]) != wanted:
        return ""
    return "homophone" if sounds[at] else "shape"


@cache
def meant_by(wrong: str) -> str:
    """Return the characters that ``wrong`` may have been put for; likeness goes both ways."""
    pairs, _ = _pairs()
    first, last = np.searchsorted(pairs, [ord(wrong) << 16, (ord(wrong) + 1) << 16])
    return "".join(map(chr, (pairs[first:last] & 0xFFFF).tolist()))


def typed_for(right: str) -> NDArray[np.int64]:
    """Return the characters that a hand may put for ``right``: of those that sound like it the usual ones."""
    pairs = _likely_pairs()
    first, last = np.searchsorted(pairs, [ord(right) << 16, (ord(right) + 1) << 16])
    typed: NDArray[np.int64] = pairs[first:last] & 0xFFFF
    return typed


@cache
def _likely_pairs() -> NDArray[np.int64]:
    """Return the pairs but those of a rare character (not in GB 2312, level 1) that only sounds like the right one."""
    pairs, sounds = _pairs()
    usual = np.zeros(1 << 16, dtype=np.bool_)
    level_1 = (bytes([row, cell]) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    usual[[ord(each.decode("gb2312")) for each in level_1 if each <= LAST_USUAL]] = True
    likely: NDArray[np.int64] = pairs[usual[pairs & 0xFFFF] | ~sounds]
    return likely


def compiled() -> dict[str, NDArray[Any]]:
    """Return the pairs as arrays to keep; ``take`` takes them."""
    pairs, sounds = _pairs()
    return {"pairs": pairs, "sounds": sounds}


def take(arrays: Mapping[str, NDArray[Any]]) -> None:
    """Have this process use the pairs that ``compiled`` made: the same as it would read in 40 ms. Raises KeyError."""
    _taken.update({name: arrays[name] for name in ("pairs", "sounds")})


_taken: dict[str, NDArray[Any]] = {}


@cache
def _pairs() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return the closer pairs of ``data/confusions.npz`` (tools/typos/confusions.py) and whether they sound alike.

    Each pair is one number, the right character above the wrong one, and they are sorted.
    """
    if _taken:
        return _taken["pairs"], _taken["sounds"]
    table = packaged_arrays("checks.typos", "data/confusions.npz")
    how = table["how"]
    close = ((how & SOUND) > 0) | ((how >> 4) >= CLOSE)
    pairs = table["right"][close].astype(np.int64) << 16 | table["wrong"][close].astype(np.int64)
    order = np.argsort(pairs)
    return pairs[order], (how[close] & SOUND > 0)[order]
