"""Find set phrases with one slip inside: a character lost, added, replaced or swapped with its neighbour.

Official writing repeats its phrases word for word, so a text that agrees with one in all but one place has a slip in
that place. The first and the last character must agree: beyond them another phrase may have begun. A wording that
differs from a phrase but is listed itself (全面建成小康社会, 全面建设小康社会) is right, and so is one that clean text
uses: ``data/phrase_variants.txt`` holds those (tools/typos/phrase_variants.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from msgspec import Struct

from checks.packaged import packaged_text
from checks.typos.candidate import LOOK_ALIKE, Basis, Suspect
from checks.typos.lexicon.alike import alike
from checks.typos.lexicon.boundaries import ShortWords, is_han, packaged_words
from checks.typos.pycorrector_lite import ConfusionCorrector, confusion_corrector

KIND = "set-phrase"

SHORTEST, LONG = 6, 8
"""From how many characters on a near miss is suspected, and proves the phrase."""

SURE, DOUBTFUL = 0.95, 0.6

LONGEST = 24
"""Characters of context that hold any phrase."""

LOOSE = frozenset("的等和与及或其本各新总不未已再又也都大小上下内外级类性化型中后前副原好将了着过")
"""Characters that may be put into or taken out of a phrase on purpose."""

NUMERALS = frozenset("〇零一二三四五六七八九十百两0123456789")
"""Characters that a phrase with a number, a year or an ordinal has others of next year: 第十四个五年规划."""


class Phrase(Struct, frozen=True):
    """One set phrase; ``severe`` where an error in it is an incident.

    A ``crowded`` one has neighbours that differ in a character and are right (行政主管部门, 行业主管部门), so that only
    a lost, doubled or swapped character is a slip.
    """

    words: str
    severe: bool = False
    crowded: bool = False

    @classmethod
    def of(cls, line: str) -> Phrase:
        """Read a line of the list: ``!`` marks a severe one, ``~`` a crowded one."""
        return cls(line.lstrip("!~"), line.startswith("!"), line.startswith("~"))


class SetPhrases(Struct, frozen=True):
    """The phrases, found by either half: one slip leaves the other half as it is."""

    phrases: Mapping[str, Phrase]
    halves: Mapping[str, Sequence[tuple[str, int]]]
    corrector: ConfusionCorrector
    words: ShortWords
    variants: frozenset[str]

    def suspects(self, text: str) -> Iterator[Suspect]:
        """Yield the near misses, longest phrase first where several explain a place."""
        seen: set[tuple[int, int]] = set()
        for half, _, at in self.corrector.correct(text)["errors"]:
            for phrase, offset in self.halves[half]:
                whole = text.startswith(phrase, at - offset)
                for start, end, kind in () if whole else _near_misses(text, self.phrases[phrase], at, offset):
                    if (start, end) not in seen and not self._right(text, start, end, phrase):
                        seen.add((start, end))
                        yield self._suspect(text[start:end], self.phrases[phrase], start, kind)

    def _right(self, text: str, start: int, end: int, phrase: str) -> bool:
        """Return whether the wording is right as well: listed, part of a whole phrase, or made of other words."""
        if self._is_another(text[start:end], phrase):
            return True
        wrong, around = text[start:end], text[max(0, start - LONGEST) : end + LONGEST]
        if any(variant in around for variant in self.variants if wrong in variant or variant in wrong):
            return True
        whole = any(wrong in other and other in around for other in self.phrases)
        return whole or self.words.touches(text, start, end)

    def _suspect(self, wrong: str, phrase: Phrase, start: int, kind: str) -> Suspect:
        sure = phrase.severe or len(phrase.words) >= LONG
        chance = SURE if sure else DOUBTFUL
        return Suspect(
            start,
            wrong,
            phrase.words,
            LOOK_ALIKE,
            kind,
            chance,
            severe=phrase.severe,
            basis=Basis.PHRASE,
            doubtful=not sure,
        )

    def _is_another(self, wrong: str, phrase: str) -> bool:
        """Return whether another phrase is meant: one with a character that nobody puts for the right one by mistake.

        征收补偿安置方案 stands beside 征地补偿安置方案, and 现将有关事项通告如下 beside 现将有关事项通知如下.
        """
        different = [at for at, (one, other) in enumerate(zip(wrong, phrase, strict=False)) if one != other]
        if len(wrong) != len(phrase) or len(different) != 1:
            return False
        (at,) = different
        return not alike(wrong[at], phrase[at])


def _near_misses(text: str, listed: Phrase, at: int, offset: int) -> Iterator[tuple[int, int, str]]:
    """Yield (start, end, kind) where the text around a half is the phrase with one slip; ``offset``: the half's in it.

    With the first half found, the text starts at ``at``; with the second, it ends where that half ends.
    """
    phrase = listed.words
    size, half_end = len(phrase), at + len(phrase) - offset
    edge, other = (phrase[-1], at + size - 1) if offset == 0 else (phrase[0], half_end - size)
    if edge not in text[max(0, other - 1) : other + 2]:
        return
    for length, kind in ((size - 1, "missing"), (size, KIND), (size + 1, "extra")):
        start = at if offset == 0 else half_end - length
        found = text[start : start + length] if start >= 0 else ""
        if len(found) == length and found[0] == phrase[0] and found[-1] == phrase[-1]:
            slip = _slip(found, phrase)
            if slip and not (listed.crowded and slip in {"replaced", "added"}):
                yield start, start + length, "transposed" if slip == "transposed" else kind


def _slip(found: str, phrase: str) -> str:
    """Return what one slip it takes from the phrase to the text, or "" for none or more than one."""
    head = next((i for i, (x, y) in enumerate(zip(found, phrase, strict=False)) if x != y), None)
    if head is None:
        return ""
    if len(found) == len(phrase):
        if found[head + 1 :] == phrase[head + 1 :]:
            return "replaced" if _is_slip_of(found[head], phrase[head]) else ""
        swapped = found[head : head + 2] == phrase[head : head + 2][::-1]
        return "transposed" if swapped and found[head + 2 :] == phrase[head + 2 :] else ""
    longer, shorter = (found, phrase) if len(found) > len(phrase) else (phrase, found)
    if longer[head + 1 :] != shorter[head:] or not is_han(longer[head]):
        return ""
    stutter = longer[head] in {longer[head - 1], longer[head + 1]}
    if not stutter and longer[head] in LOOSE:
        return ""
    kind = "doubled" if stutter else "added"
    return "lost" if longer is phrase else kind


def _is_slip_of(found: str, listed: str) -> bool:
    """Return whether a character was hardly meant: not one of those that phrases are varied with, nor a number."""
    return is_han(found) and is_han(listed) and found not in LOOSE and not {found, listed} <= NUMERALS


@cache
def packaged_phrases() -> SetPhrases:
    """Read ``data/phrases.txt``: a phrase a line."""
    listed = map(Phrase.of, _lines("phrases.txt"))
    phrases = {phrase.words: phrase for phrase in listed if len(phrase.words) >= SHORTEST}
    halves: dict[str, list[tuple[str, int]]] = {}
    for phrase in phrases:
        middle = (len(phrase) + 1) // 2
        halves.setdefault(phrase[:middle], []).append((phrase, 0))
        halves.setdefault(phrase[middle:], []).append((phrase, middle))
    return SetPhrases(
        phrases,
        halves,
        confusion_corrector(dict.fromkeys(halves, "")),
        packaged_words(),
        frozenset(_lines("phrase_variants.txt")),
    )


def _lines(name: str) -> list[str]:
    """Return the lines of a list but for its notes, which say where it is from and of when."""
    lines = packaged_text("checks.typos", f"data/{name}").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
