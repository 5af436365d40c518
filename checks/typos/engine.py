"""Compose the layers of the typo check and decide which of two suspicions about one place to believe."""

from __future__ import annotations

from bisect import bisect, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, Protocol

from msgspec import Struct
from msgspec.structs import replace

from checks.typos import form
from checks.typos.candidate import Suspect
from checks.typos.lexicon.own_words import OwnWords
from checks.typos.lexicon.pairs import Lexicon
from checks.typos.lexicon.phrases import SetPhrases
from checks.typos.masks import FIXED, is_foreign, mask
from checks.typos.opinion import SecondOpinion
from checks.typos.weighing import weigh

PIECE = 6000
"""Characters that a guesser reads at a time, cut at the end of a sentence."""

PRECEDENCE = ("lexicon", "form", "look-alike", "site", "language-model", "llm", "neural")
"""Which layer explains a place when several are equally sure: the one whose reason is easiest to check comes first."""


class Guesser(Protocol):
    """A layer that reads whole sentences: the language model."""

    def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
        """Return what it would correct outside the masked characters."""


class Engine(Struct, frozen=True):
    """The layers, loaded."""

    lexicon: Lexicon
    phrases: SetPhrases
    own: OwnWords
    guessers: Sequence[Guesser] = ()
    opinions: Sequence[SecondOpinion] = ()
    skip_quotations: bool = False

    def suspects(self, text: str, least: float = 0.0) -> list[Suspect]:
        """Return what is likely wrong, from left to right, no two overlapping, nothing below ``least``."""
        return self.read([text], least)[0]

    def read(self, texts: Sequence[str], least: float = 0.0) -> list[list[Suspect]]:
        """Return the same for each text; short texts together are read three times as fast as one by one."""
        masks = [None if is_foreign(text) else self._mask(text) for text in texts]
        listed, guesses = self._listed(texts, masks), self._guesses(texts, masks)
        return [self._decide(*each, least) for each in zip(texts, masks, listed, guesses, strict=True)]

    def _mask(self, text: str) -> bytearray:
        return mask(text, self.own.protected, quotations=self.skip_quotations)

    def _decide(
        self, text: str, masked: bytearray | None, listed: list[Suspect], guesses: list[Suspect], least: float
    ) -> list[Suspect]:
        """Weigh everything that the layers say of a text."""
        if masked is None:
            return list(_resolve(form.residues(text)))
        known = (*listed, *form.suspects(text))
        found = [suspect for suspect in known if FIXED not in masked[suspect.start : suspect.end]]
        agreed = list(weigh(text, [*found, *guesses], model_read=bool(self.guessers)))
        for opinion in self.opinions:
            agreed = opinion.weigh(text, agreed)
        likely = (suspect for suspect in _resolve(agreed) if suspect.probability >= least)
        return sorted(likely, key=lambda suspect: suspect.start)

    def listed(self, texts: Sequence[str]) -> list[list[Suspect]]:
        """Return what the lists alone know to be wrong in each text, before anything is weighed."""
        return self._listed(texts, [None if is_foreign(text) else self._mask(text) for text in texts])

    def evidence(self, texts: Sequence[str]) -> list[list[Suspect]]:
        """Return what all layers say of each text, before it is weighed: to fit the weights on."""
        masks = [None if is_foreign(text) else self._mask(text) for text in texts]
        both = zip(texts, self._listed(texts, masks), self._guesses(texts, masks), strict=True)
        return [[*listed, *form.suspects(text), *guessed] for text, listed, guessed in both]

    def _listed(self, texts: Sequence[str], masks: Sequence[bytearray | None]) -> list[list[Suspect]]:
        """Return what the lists know to be wrong in each text; none is cut, for a phrase may lie across any cut."""
        found: list[list[Suspect]] = [[] for _ in texts]
        for batch in _batches(texts, masks, _whole):
            joined, masked = _joined(batch, texts, masks)
            _hand_out(self.lexicon.suspects(joined, masked), batch, found)
            _hand_out(self.phrases.suspects(joined), batch, found)
        return found

    def _guesses(self, texts: Sequence[str], masks: Sequence[bytearray | None]) -> list[list[Suspect]]:
        """Return what the guessers say of each text; texts and parts of texts are joined to pieces of a good length."""
        guesses: list[list[Suspect]] = [[] for _ in texts]
        if self.guessers:
            for batch in _batches(texts, masks, _pieces):
                joined, masked = _joined(batch, texts, masks)
                for guesser in self.guessers:
                    _hand_out(guesser.suspects(joined, masked), batch, guesses)
        return guesses


class _Part(NamedTuple):
    """Characters ``start`` to ``end`` of the text of a number."""

    number: int
    start: int
    end: int


def _batches(
    texts: Sequence[str], masks: Sequence[bytearray | None], cut: Callable[[str], Iterable[tuple[int, int]]]
) -> Iterator[list[_Part]]:
    """Yield the texts that have a mask, cut to spans and gathered to about ``PIECE`` characters."""
    batch: list[_Part] = []
    size = 0
    for number, text in enumerate(texts):
        for start, end in cut(text) if masks[number] is not None else ():
            if batch and size + end - start > PIECE:
                yield batch
                batch, size = [], 0
            batch.append(_Part(number, start, end))
            size += end - start
    if batch:
        yield batch


def _joined(batch: Sequence[_Part], texts: Sequence[str], masks: Sequence[bytearray | None]) -> tuple[str, bytearray]:
    """Return the parts as lines of one text, and its mask, which keeps the ends of lines from being touched."""
    joined = "\n".join(texts[part.number][part.start : part.end] for part in batch)
    return joined, bytearray(b"\1").join((masks[part.number] or b"")[part.start : part.end] for part in batch)


def _hand_out(suspects: Iterable[Suspect], batch: Sequence[_Part], found: list[list[Suspect]]) -> None:
    """Give each suspect of joined parts to the text that it is from, with its place there."""
    ends = list(accumulate(part.end - part.start + 1 for part in batch))
    for suspect in suspects:
        place = bisect_right(ends, suspect.start)
        part, begin = batch[place], ends[place - 1] if place else 0
        if suspect.end < ends[place]:
            found[part.number].append(replace(suspect, start=suspect.start - begin + part.start))


def _whole(text: str) -> Iterator[tuple[int, int]]:
    """Yield the span of the text."""
    yield 0, len(text)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that a guesser reads at a time: it holds some hundred numbers a character."""
    start = 0
    while len(text) - start > PIECE:
        cut = max(text.rfind(mark, start, start + PIECE) for mark in "。！？；\n，")
        end = cut + 1 if cut > start else start + PIECE
        yield start, end
        start = end
    yield start, len(text)


def _resolve(suspects: Iterable[Suspect]) -> Iterator[Suspect]:
    """Yield the most credible of overlapping suspects."""
    taken: list[tuple[int, int]] = []
    for suspect in sorted(suspects, key=_rank):
        place = bisect(taken, (suspect.start, suspect.end))  # spans that are taken do not overlap: two are near
        if all(suspect.end <= start or suspect.start >= end for start, end in taken[max(0, place - 1) : place + 1]):
            taken.insert(place, (suspect.start, suspect.end))
            yield suspect


def _rank(suspect: Suspect) -> tuple[bool, float, int, int]:
    layer = PRECEDENCE.index(suspect.layer)
    return not suspect.severe, -round(suspect.probability, 2), layer, -len(suspect.wrong)
