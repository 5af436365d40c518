"""Tell whether one character may be a slip for another: of the same or nearly the same sound, or of similar shape."""

from __future__ import annotations

import io
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray


def alike(wrong: str, right: str) -> bool:
    """Tell whether a hurried hand puts ``wrong`` for ``right``."""
    pairs, wanted = _pairs(), ord(wrong) << 16 | ord(right)
    at = int(np.searchsorted(pairs, wanted))
    return at < len(pairs) and int(pairs[at]) == wanted


@cache
def _pairs() -> NDArray[np.int64]:
    """Read ``data/confusions.npz`` (tools/typos/confusions.py): every pair as one number, sorted."""
    packed = resources.files("checks.typos").joinpath("data/confusions.npz").read_bytes()
    with np.load(io.BytesIO(packed)) as table:
        return np.sort(table["wrong"].astype(np.int64) << 16 | table["right"].astype(np.int64))
