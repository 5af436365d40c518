"""Tell whether one character may be a slip for another: of the same or nearly the same sound, or of similar shape."""

from __future__ import annotations

import io
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

CLOSE = 3
"""Likeness of shape, 0 to 15, from which on two characters are taken for each other."""

SOUND = 15
"""Mask of the class of sound in ``how``; the likeness of shape is in the four bits above."""


def alike(wrong: str, right: str) -> bool:
    """Tell whether a hurried hand puts ``wrong`` for ``right``."""
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


@cache
def _pairs() -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Read the closer pairs of ``data/confusions.npz`` (tools/typos/confusions.py) and whether they sound alike.

    Each pair is one number, the right character above the wrong one, and they are sorted.
    """
    packed = resources.files("checks.typos").joinpath("data/confusions.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as table:
        how = table["how"]
        close = ((how & SOUND) > 0) | ((how >> 4) >= CLOSE)
        pairs = table["right"][close].astype(np.int64) << 16 | table["wrong"][close].astype(np.int64)
        order = np.argsort(pairs)
        return pairs[order], (how[close] & SOUND > 0)[order]
