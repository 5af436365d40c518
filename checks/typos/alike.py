"""Tell whether one character may be a slip for another: of the same or nearly the same sound, or of similar shape."""

from __future__ import annotations

import io
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

CLOSE = 3
"""Likeness of shape, 0 to 15, from which on two characters are taken for each other."""


def alike(wrong: str, right: str) -> bool:
    """Tell whether a hurried hand puts ``wrong`` for ``right``."""
    pairs, wanted = _pairs(), ord(wrong) << 16 | ord(right)
    at = int(np.searchsorted(pairs, wanted))
    return at < len(pairs) and int(pairs[at]) == wanted


@cache
def _pairs() -> NDArray[np.int64]:
    """Read the closer pairs of ``data/confusions.npz`` (tools/typos/confusions.py), each as one number, sorted.

    Its ``how`` holds the class of sound in the lower four bits (0: none) and the likeness of shape in the upper four.
    """
    packed = resources.files("checks.typos").joinpath("data/confusions.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as table:
        close = ((table["how"] & 15) > 0) | ((table["how"] >> 4) >= CLOSE)
        return np.sort(table["wrong"][close].astype(np.int64) << 16 | table["right"][close].astype(np.int64))
