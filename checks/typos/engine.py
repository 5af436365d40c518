"""Compose the layers of the typo check and decide which of two suspicions about one place to believe."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Protocol

from checks.typos import form
from checks.typos.candidate import Suspect
from checks.typos.lexicon import LAYER, LOOK_ALIKE, Lexicon
from checks.typos.masks import FIXED, is_foreign, mask
from checks.typos.opinion import SecondOpinion
from checks.typos.own_words import OwnWords
from checks.typos.phrases import SetPhrases

ENGINE = "1"
"""Raised by hand when the code would judge the same text differently."""

PIECE = 4000
"""Characters that a guesser reads at a time, cut at the end of a sentence."""

PRECEDENCE = ("lexicon", "form", "look-alike", "site", "language-model", "llm", "neural")
"""Which layer explains a place when several are equally sure: the one whose reason is easiest to check comes first."""


class Guesser(Protocol):
    """A layer that reads whole sentences: the language model."""

    def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
        """Return what it would correct outside the masked characters."""


@dataclass(frozen=True)
class Engine:
    """The layers, loaded."""

    lexicon: Lexicon
    phrases: SetPhrases
    own: OwnWords
    guessers: Sequence[Guesser] = ()
    opinions: Sequence[SecondOpinion] = ()
    skip_quotations: bool = False

    def suspects(self, text: str, least: float = 0.0) -> list[Suspect]:
        """Return what is likely wrong, from left to right, no two overlapping, nothing below ``least``."""
        if is_foreign(text):
            return list(_resolve(form.residues(text)))
        masked = mask(text, self.own.protected, quotations=self.skip_quotations)
        found = [suspect for suspect in self._all(text, masked) if not _covered(suspect, masked)]
        for opinion in self.opinions:
            found = opinion.weigh(text, found)
        agreed = (suspect for suspect in _agree(found) if suspect.probability >= least)
        return sorted(_resolve(agreed), key=lambda suspect: suspect.start)

    def _all(self, text: str, masked: bytearray) -> Iterator[Suspect]:
        yield from self.lexicon.suspects(text, masked)
        yield from self.phrases.suspects(text)
        yield from form.suspects(text)
        for guesser in self.guessers:
            for start, end in _pieces(text):
                for suspect in guesser.suspects(text[start:end], masked[start:end]):
                    yield replace(suspect, start=start + suspect.start)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that a guesser reads at a time: it holds some hundred numbers a character."""
    start = 0
    while len(text) - start > PIECE:
        cut = max(text.rfind(mark, start, start + PIECE) for mark in "。！？；\n，")
        end = cut + 1 if cut > start else start + PIECE
        yield start, end
        start = end
    yield start, len(text)


def _covered(suspect: Suspect, masked: bytearray) -> bool:
    return FIXED in masked[suspect.start : suspect.end]


def edit(suspect: Suspect) -> tuple[int, str, str]:
    """Return the change itself: position, what goes, what comes, without the characters that stay."""
    wrong, right, start = suspect.wrong, suspect.right, suspect.start
    head = _common(wrong, right)
    wrong, right, start = wrong[head:], right[head:], start + head
    tail = _common(wrong[::-1], right[::-1])
    return start, wrong[: len(wrong) - tail], right[: len(right) - tail]


def _common(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def _agree(suspects: Iterable[Suspect]) -> Iterator[Suspect]:
    """Yield the suspects, more likely where another layer makes the same change: their errors are independent."""
    listed = list(suspects)
    groups: dict[tuple[int, str, str], dict[str, float]] = {}
    for suspect in listed:
        layers = groups.setdefault(edit(suspect), {})
        layers[suspect.layer] = max(suspect.probability, layers.get(suspect.layer, 0.0))
    for suspect in listed:
        yield replace(suspect, probability=_together(suspect, groups[edit(suspect)]))


def _together(suspect: Suspect, layers: Mapping[str, float]) -> float:
    """Return what a suspect's probability is, given those of every layer that makes the same change.

    A mined pair beside a reviewed one adds nothing: both are the same dictionary.
    """
    counted = layers.keys() - {LOOK_ALIKE} if LAYER in layers else layers.keys()
    doubt = math.prod(1 - layers[layer] for layer in counted)
    return max(suspect.probability, min(0.999, 1 - doubt))


def _resolve(suspects: Iterable[Suspect]) -> Iterator[Suspect]:
    """Yield the most credible of overlapping suspects."""
    taken: list[tuple[int, int]] = []
    for suspect in sorted(suspects, key=_rank):
        if all(suspect.end <= start or suspect.start >= end for start, end in taken):
            taken.append((suspect.start, suspect.end))
            yield suspect


def _rank(suspect: Suspect) -> tuple[bool, float, int, int]:
    layer = PRECEDENCE.index(suspect.layer)
    return not suspect.severe, -round(suspect.probability, 2), layer, -len(suspect.wrong)


@cache
def data_version() -> str:
    """Return 12 hex digits that change with the code's edition or any packaged list."""
    digest = hashlib.sha256(ENGINE.encode())
    folder = resources.files("checks.typos").joinpath("data")
    for name in sorted(entry.name for entry in folder.iterdir() if entry.name != "README.md"):
        digest.update(folder.joinpath(name).read_bytes())
    return digest.hexdigest()[:12]
