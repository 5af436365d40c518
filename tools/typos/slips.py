"""Make slips like those of a hurried hand: the wrong key, the wrong candidate of the input method, the wrong copy."""

from __future__ import annotations

import math
import random
from collections import Counter, defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pypinyin import lazy_pinyin

SHARES = {
    "sound": 40,
    "shape": 24,
    "similar sound": 6,
    "word": 12,
    "missing": 6,
    "extra": 3,
    "repeated": 4,
    "swapped": 4,
    "doubled": 1,
}
"""How often each sort of slip is made, in a hundred."""

STRAY = "的了是在和有就不人为也对年与到上一于中等"
"""What slips in between without being meant."""

RARE = 2e-6
TRIES = 6


class Slipped(NamedTuple):
    """One slip in the text as it now stands: ``text[start:end]`` should read ``right``."""

    start: int
    end: int
    right: str


class Hand:
    """A hand that slips, the same way for the same seed."""

    def __init__(self, words: dict[str, float], confusions: Path, seed: int) -> None:
        """Learn which characters and words are confused; ``words`` have their probability."""
        self._random = random.Random(seed)
        self._words = words
        self._common: Counter[str] = Counter()
        for word, chance in words.items():
            for char in word:
                self._common[char] += chance
        self._confused: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
        with np.load(confusions) as data:
            for wrong, right, how in zip(*(data[name].tolist() for name in ("wrong", "right", "how")), strict=True):
                if self._common[chr(right)] > RARE:
                    self._confused[chr(wrong)].append((chr(right), how & 15, how >> 4))
        self._homophones: dict[str, list[str]] = defaultdict(list)
        for word, chance in words.items():
            if len(word) <= 4 and chance > 1e-7:
                self._homophones[" ".join(lazy_pinyin(word))].append(word)

    def spoil(self, text: str, slips: int = 1) -> tuple[str, list[Slipped]] | None:
        """Return the text with that many slips in it and where they are, or None where none could be made."""
        made: list[tuple[int, int, str]] = []
        for _ in range(TRIES * slips):
            slip = self._slip(text)
            if slip and all(slip[1] + 2 <= start or slip[0] >= end + 2 for start, end, _ in made):
                made.append(slip)
            if len(made) == slips:
                break
        spoilt, last, slipped = "", 0, []
        for start, end, wrong in sorted(made):
            spoilt += text[last:start]
            slipped.append(Slipped(len(spoilt), len(spoilt) + len(wrong), text[start:end]))
            spoilt, last = spoilt + wrong, end
        return (spoilt + text[last:], slipped) if made else None

    def _cut(self, text: str) -> list[tuple[int, str]]:
        found, place = [], 0
        while place < len(text):
            word = next((text[place : place + n] for n in (5, 4, 3, 2) if text[place : place + n] in self._words), "")
            found += [(place, word)] if word else []
            place += len(word) or 1
        return found

    def _slip(self, text: str) -> tuple[int, int, str] | None:
        """Return where to cut the text and what to put there, or None where this sort of slip is not possible."""
        words = self._cut(text)
        if not words:
            return None
        pick = self._random
        start, word = pick.choice(words)
        sort = pick.choices(list(SHARES), list(SHARES.values()))[0]
        place = pick.randrange(len(word))
        at = start + place
        if sort in {"sound", "shape", "similar sound"}:
            if pick.random() < 0.12:
                at = pick.randrange(len(text))
            wrong = self._confuse(text[at], sort)
            return (at, at + 1, wrong) if wrong else None
        if sort == "word":
            return self._homophone(start, word)
        if sort == "swapped":
            at = min(at, start + len(word) - 2)
            return (at, at + 2, text[at + 1] + text[at]) if text[at] != text[at + 1] else None
        return {
            "missing": (at, at + 1, ""),
            "repeated": (at, at, text[at]),
            "extra": (at, at, pick.choice(STRAY)),
            "doubled": (start, start, word) if len(word) == 2 else None,
        }[sort]

    def _confuse(self, char: str, sort: str) -> str | None:
        weigh = {
            "sound": lambda common, sound, _: {1: 4.0, 2: 2.5}.get(sound, 0.0) * math.sqrt(common),
            "similar sound": lambda common, sound, _: (sound == 3) * math.sqrt(common),
            "shape": lambda common, _, shape: shape**1.5 * common**0.25,
        }[sort]
        options = [(other, weigh(self._common[other], sound, shape)) for other, sound, shape in self._confused[char]]
        options = [option for option in options if option[1] > 0]
        return self._random.choices(*zip(*options, strict=True))[0] if options else None

    def _homophone(self, start: int, word: str) -> tuple[int, int, str] | None:
        """Return another word of the same sound, without what the two have in common."""
        sound = " ".join(lazy_pinyin(word))
        others = [other for other in self._homophones.get(sound, ()) if other != word and len(other) == len(word)]
        if not others:
            return None
        other = self._random.choices(others, [math.sqrt(self._words[each]) for each in others])[0]
        different = [place for place, (one, two) in enumerate(zip(word, other, strict=True)) if one != two]
        first, last = different[0], different[-1] + 1
        return start + first, start + last, other[first:last]
