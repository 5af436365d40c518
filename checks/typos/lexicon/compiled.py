"""Turn the lists that take long to read into arrays, which many processes can map from one file.

Read anew, 330,000 mined pairs and the filter of five million slips take 1.8 s of every start; mapped, they take 2 ms.
Where the arrays are kept is not for a check to know: ``monitor/typo_engine/list_cache.py`` hands them in.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from checks.packaged import packaged_arrays, packaged_edition, take_arrays
from checks.typos import segmentation
from checks.typos.lexicon import alike, boundaries, near_misses
from checks.typos.lexicon.pairs import LongLists, MinedPairs, packaged_mined
from checks.typos.lm.reader import Shipped

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

FOREST_ARCHIVE = "data/forest.npz"
"""The trees that weigh corrections, kept as they are: to unpack them takes 8 ms."""

MADE_FROM = (
    "lexicon/alike.py",
    "lexicon/boundaries.py",
    "lexicon/character_runs.py",
    "lexicon/near_misses.py",
    "lexicon/pairs.py",
    "lm/edits.py",
    "lm/reader.py",
    "lm/words.py",
    "segmentation.py",
    "data/affinity.npz",
    "data/confusions.npz",
    FOREST_ARCHIVE,
    "data/homophones.npz",
    "data/lost.tsv.xz",
    "data/mined.tsv.xz",
    "data/vocabulary.npz",
    "data/wordings.tsv.xz",
    "data/words.txt.xz",
)
"""The code and the lists that the arrays depend on. Whatever is added to ``compile_lists`` must be added here."""

MINED, WORDINGS, SHIPPED, ALIKE, WORDS = "mined.", "wordings.", "shipped.", "alike.", "words."
VOCABULARY, FOREST = "vocabulary.", "forest."


@cache
def compiler() -> str:
    """Return 16 hex digits that change with whatever the arrays are made from."""
    parts = (packaged_edition("checks.typos", name) for name in MADE_FROM)
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def compile_lists() -> dict[str, NDArray[Any]]:
    """Return the arrays by name; 1.8 s."""
    parts = {
        MINED: packaged_mined().compiled(),
        WORDINGS: near_misses.compiled(),
        SHIPPED: Shipped.packaged().compiled(),
        ALIKE: alike.compiled(),
        WORDS: {"text": np.frombuffer(boundaries.unpacked(), np.uint8)},
        VOCABULARY: segmentation.compiled(),
        FOREST: packaged_arrays("checks.typos", FOREST_ARCHIVE),
    }
    return {f"{prefix}{name}": array for prefix, arrays in parts.items() for name, array in arrays.items()}


class CompiledLists(NamedTuple):
    """What the arrays hold: the long lists of the lexicon, and what the package ships for the language model."""

    lexicon: LongLists
    shipped: Shipped

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> CompiledLists:
        """Return the lists of the arrays that ``compile_lists`` made. Raises KeyError where one is missing."""
        alike.take(_under(ALIKE, arrays))
        boundaries.take(arrays[f"{WORDS}text"].tobytes())
        segmentation.take(_under(VOCABULARY, arrays))
        take_arrays("checks.typos", FOREST_ARCHIVE, _under(FOREST, arrays))
        mined = MinedPairs.of_compiled(_under(MINED, arrays))
        wordings = near_misses.of_compiled(_under(WORDINGS, arrays))
        return cls(LongLists(mined, wordings), Shipped.of_compiled(_under(SHIPPED, arrays)))


def _under(prefix: str, arrays: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    return {name.removeprefix(prefix): array for name, array in arrays.items() if name.startswith(prefix)}
