"""Suspect wordings that two language models find odd and one small correction away from likely.

The text is read once; where it reads oddly, corrections are proposed, scored in their surroundings, described in
numbers and weighed into a probability by trees trained on made-up slips (tools/typos/train.py). All of it is arrays:
no loop runs over characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec import Struct

from checks.model import Text
from checks.packaged import packaged_arrays
from checks.typos.candidate import Suspect, Usage
from checks.typos.lm.edits import SAME_SYLLABLE, Slip
from checks.typos.lm.forest import Forest
from checks.typos.lm.reader import Considered, Reader, Shipped

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from numpy.typing import NDArray

LAYER = "language-model"

LEAST, LEAST_RIVAL = 0.05, 0.01
"""Probability under which nothing is worth telling the engine, and under which no second opinion is worth asking."""

REASONS = {
    "homophone": Text(
        "同音字误用：“{wrong}”在此处少见，“{right}”通顺", "sounds alike: “{wrong}” is odd here, “{right}” reads well"
    ),
    "near-homophone": Text(
        "近音字误用：“{wrong}”在此处少见，“{right}”通顺", "sounds similar: “{wrong}” is odd here, “{right}” reads well"
    ),
    "shape": Text(
        "形近字误用：“{wrong}”在此处少见，“{right}”通顺", "looks alike: “{wrong}” is odd here, “{right}” reads well"
    ),
    "extra": Text("疑似多字：去掉“{wrong}”后语句通顺", "one too many: it reads well without “{wrong}”"),
    "repeated": Text("疑似重复：“{wrong}”连写了两次", "typed twice: “{wrong}”"),
    "missing": Text("疑似漏字：应为“{right}”", "left out: it should be “{right}”"),
    "transposed": Text("疑似颠倒：应为“{right}”", "the wrong way round: it should be “{right}”"),
}


class LanguageModel(Struct, frozen=True):
    """The models, loaded: about 100 MB that worker processes share, in a few milliseconds."""

    reader: Reader
    forest: Forest
    rivals: bool = False
    """Whether every correction of a place is given, for a second opinion to choose from, or only the likeliest."""

    @classmethod
    def of(
        cls, tables: Mapping[str, NDArray[Any]], shipped: Shipped | None = None, *, rivals: bool = False
    ) -> LanguageModel:
        """Return the model with the tables that ``prepare`` made, by their names, and what the package ships."""
        forest = Forest.of(packaged_arrays("checks.typos", "data/forest.npz"))
        return cls(Reader.of(tables, shipped), forest, rivals)

    def suspects(self, text: str, masked: bytes | bytearray = b"") -> list[Suspect]:
        """Return the likeliest correction of each odd place, from left to right, none overlapping but rivals.

        ``masked`` has a byte a character; what touches one that is not 0 is left alone.
        """
        considered = self.reader.consider(text)
        if considered is None:
            return []
        probability = self.forest.probability(considered.rows)
        least = LEAST_RIVAL if self.rivals else LEAST
        likely = np.argsort(-probability, kind="stable")[: int((probability >= least).sum())]
        usage = self.reader.usage(considered, likely)
        suspects = (
            _suspect(text, considered, row, float(probability[row]), used)
            for row, used in zip(likely.tolist(), usage, strict=True)
        )
        free = (suspect for suspect in suspects if not any(masked[suspect.start : suspect.end]))
        return sorted(free if self.rivals else _apart(free), key=lambda suspect: suspect.start)


def _apart(suspects: Iterable[Suspect]) -> Iterator[Suspect]:
    """Yield the suspects that do not touch a likelier one."""
    taken: set[int] = set()
    for suspect in suspects:
        places = set(range(suspect.start, suspect.end))
        if not places & taken:
            taken |= places
            yield suspect


def _suspect(text: str, considered: Considered, row: int, probability: float, usage: Usage) -> Suspect:
    """Return a correction as a suspect; what is missing is shown with the character before it."""
    start, end, right = considered.change(row)
    if start == end:
        start, end, right = (start - 1, end, text[start - 1] + right) if start else (start, 1, right + text[:1])
    wrong = text[start:end]
    kind = _kind(text, start, end, Slip(considered.edits.slip[row]), int(considered.edits.how[row]))
    reason = Text(*(wording.format(wrong=wrong, right=right) for wording in REASONS[kind]))
    return Suspect(start, wrong, right, LAYER, kind, probability, reason, usage=usage)


def _kind(text: str, start: int, end: int, slip: Slip, how: int) -> str:
    """Name the sort of error."""
    if slip in {Slip.REPLACED, Slip.REWORDED}:
        sound = how & 15
        if not sound:
            return "shape"
        return "homophone" if sound <= SAME_SYLLABLE else "near-homophone"
    if slip is Slip.EXTRA:
        return "repeated" if text[start:end] in (text[start - 1 : start], text[end : end + 1]) else "extra"
    return {Slip.MISSING: "missing", Slip.SWAPPED: "transposed", Slip.DOUBLED: "repeated"}[slip]
