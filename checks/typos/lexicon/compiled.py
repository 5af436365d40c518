"""Turn the lists that take long to read into arrays, which many processes can map from one file.

Read anew, 330,000 mined pairs and the filter of five million slips take 1.8 s of every start; mapped, they take 2 ms.
Where the arrays are kept is not for a check to know: ``monitor/typo_engine/list_cache.py`` hands them in.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from checks.packaged import packaged_bytes
from checks.typos.lexicon import near_misses
from checks.typos.lexicon.pairs import LongLists, MinedPairs, packaged_mined

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

MADE_FROM = (
    "lexicon/alike.py",
    "lexicon/character_runs.py",
    "lexicon/near_misses.py",
    "lexicon/pairs.py",
    "data/confusions.npz",
    "data/lost.tsv.xz",
    "data/mined.tsv.xz",
    "data/wordings.tsv.xz",
)
"""The code and the lists that the arrays depend on. Whatever is added to ``compile_lists`` must be added here."""

MINED, WORDINGS = "mined.", "wordings."


@cache
def compiler() -> str:
    """Return 16 hex digits that change with whatever the arrays are made from."""
    parts = (packaged_bytes("checks.typos", name) for name in MADE_FROM)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def compile_lists() -> dict[str, NDArray[Any]]:
    """Return the arrays by name; 1.8 s."""
    both = ((MINED, packaged_mined().compiled()), (WORDINGS, near_misses.compiled()))
    return {f"{prefix}{name}": array for prefix, arrays in both for name, array in arrays.items()}


def long_lists(arrays: Mapping[str, NDArray[Any]]) -> LongLists:
    """Return the lists of the arrays that ``compile_lists`` made. Raises KeyError where one is missing."""
    return LongLists(MinedPairs.of_compiled(_under(MINED, arrays)), near_misses.of_compiled(_under(WORDINGS, arrays)))


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
