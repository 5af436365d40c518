"""Learn how a site writes, and use it both ways: a rare variant of a usual phrase is a typo, a usual form is not.

While a site is crawled its deduplicated text is counted: how many *different* texts contain each run of four
characters. Counting texts, not occurrences, makes it the language of many authors: a footer counts once. Nothing
else is kept, 12 bytes a run, so the counts of two workers can be added and kept with the site.

A run that stands in hardly any text and differs in one character, of the same sound or shape, from a run of hundreds is
a variant: one hand slipped where hundreds did not. A form that many texts use is established, and no
guessing layer may call it wrong. (A wording that a person vouched for stays wrong however often it is used.)
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from msgspec import Struct
from numpy.typing import NDArray

from checks.typos.candidate import Suspect
from checks.typos.lexicon.boundaries import is_han, packaged_words

LAYER = "site"
LENGTH = 4
"""Characters in a run: two words, so that the run is a context as well."""

MAGIC = b"SL1\n"
"""What a serialised model begins with; it changes when the layout does."""

Numbers = NDArray[np.int64]

HAN_FIRST, HAN_LAST, HAN_BITS = 0x4E00, 0x9FFF, 15
FIELD = (1 << HAN_BITS) - 1
WHOLE = (1 << HAN_BITS * LENGTH) - 1
MASKS = tuple(WHOLE & ~(FIELD << HAN_BITS * (LENGTH - 1 - inner)) for inner in range(1, LENGTH - 1))
"""What leaves one inner character of a run out."""

EDGE = "|"
"""What stands in a run for the end of a phrase: punctuation, a figure, the end of the text."""

SETTLED_AT = 500
"""How many batches of texts may wait to be sorted into the counts: some megabytes."""

WORDS_ALONE = frozenset("的和由中将以为在有与等及其向对把被从于之或并也就都而但又不未低高上下内外地时使各本")
"""Characters that are words by themselves, so that one in an unusual place is another sentence, not a slip."""


class Habits(Struct, frozen=True):
    """What counts as usual, rare and established, in texts."""

    usual: int = 100
    rare: int = 2
    ratio: int = 100
    established: int = 8


def runs(text: str) -> list[int]:
    """Return each run of ``LENGTH`` characters as a number of 60 bits.

    Whatever is not Han ends a phrase and may be the first or last place of a run, as 0: the end is a context too.
    """
    found: list[int] = _placed_runs(text)[1].tolist()
    return found


def _placed_runs(text: str) -> tuple[Numbers, Numbers]:
    """Return the offset of each run's first place, -1 where that is before the text, and the runs."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
    framed = np.zeros(len(codes) + 2, np.int64)
    framed[1:-1] = np.where((codes >= HAN_FIRST) & (codes <= HAN_LAST), codes - HAN_FIRST + 1, 0)
    first, second, third, fourth = (framed[place : len(framed) - LENGTH + 1 + place] for place in range(LENGTH))
    at = np.flatnonzero((second > 0) & (third > 0))
    number = first[at]
    for place in (second, third, fourth):
        number = number << HAN_BITS | place[at]
    return at - 1, number


def _joined_runs(texts: Sequence[str]) -> tuple[Numbers, Numbers]:
    """Return of all texts, read as lines of one, which text each run is of, and the runs."""
    at, found = _placed_runs("\n".join(texts))
    ends = np.cumsum([len(text) + 1 for text in texts])
    return np.searchsorted(ends, at + 1, side="right"), found


def _number(run: str) -> int:
    number = 0
    for char in run:
        number = number << HAN_BITS | (ord(char) - HAN_FIRST + 1)
    return number


def spelt(number: int) -> str:
    """Return the characters of a run."""
    codes = (number >> HAN_BITS * place & FIELD for place in reversed(range(LENGTH)))
    return "".join(chr(code + HAN_FIRST - 1) if code else EDGE for code in codes)


@dataclass
class SiteLanguage:
    """The counts of one site. ``add`` or ``learn`` every distinct text once; ``merge`` what another worker counted."""

    texts: int = 0
    _keys: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    _counts: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    _fresh: list[Numbers] = field(default_factory=list)

    def add(self, text: str) -> None:
        """Count one text that was not counted before."""
        self.learn([text])

    def learn(self, texts: Sequence[str]) -> None:
        """Count texts that were not counted before, each run once a text; many together take a tenth of the time."""
        self.texts += len(texts)
        owners, found = _joined_runs(texts)
        order = np.lexsort((found, owners))
        owners, found = owners[order], found[order]
        self._fresh.append(found[(np.diff(found, prepend=-1) != 0) | (np.diff(owners, prepend=-1) != 0)])
        if len(self._fresh) >= SETTLED_AT:
            self._settle()

    def _settle(self) -> None:
        """Sort what was added lately into the counts."""
        if self._fresh:
            keys, counts = np.unique(np.concatenate(self._fresh), return_counts=True)
            self._fresh.clear()
            self._join(keys, counts.astype(np.int32))

    def _join(self, keys: NDArray[np.int64], counts: NDArray[np.int32]) -> None:
        joined, place = np.unique(np.concatenate([self._keys, keys]), return_inverse=True)
        totals = np.bincount(place, np.concatenate([self._counts, counts]), len(joined))
        self._keys, self._counts = joined, totals.astype(np.int32)

    def count(self, run: str) -> int:
        """Return in how many texts a run of four characters stands; 0 for other lengths."""
        if len(run) != LENGTH or not all(map(is_han, run)):
            return 0
        return self.frequency(_number(run))

    def frequency(self, number: int) -> int:
        """Return in how many texts a run, as a number, stands."""
        return int(self.frequencies(np.array([number], np.int64))[0])

    def frequencies(self, numbers: Numbers) -> NDArray[np.int32]:
        """Return the same for many runs."""
        self._settle()
        if not len(self._keys):
            return np.zeros(len(numbers), np.int32)
        at = np.minimum(np.searchsorted(self._keys, numbers), len(self._keys) - 1)
        return np.where(self._keys[at] == numbers, self._counts[at], 0).astype(np.int32)

    def to_bytes(self) -> bytes:
        """Return the model for the store: compressed, about 5 bytes a run."""
        self._settle()
        steps = np.diff(self._keys, prepend=0)
        body = np.array([self.texts, len(self._keys)], np.int64).tobytes() + steps.tobytes() + self._counts.tobytes()
        return MAGIC + zlib.compress(body, 6)

    @classmethod
    def from_bytes(cls, stored: bytes) -> SiteLanguage:
        """Read a stored model; raises ValueError for anything else."""
        if not stored.startswith(MAGIC):
            raise ValueError("not a site language model of this version")
        body = zlib.decompress(stored[len(MAGIC) :])
        texts, size = (int(number) for number in np.frombuffer(body, np.int64, 2))
        keys = np.cumsum(np.frombuffer(body, np.int64, size, 16))
        return cls(texts, keys, np.frombuffer(body, np.int32, size, 16 + 8 * size).copy())

    def usual(self, least: int) -> dict[int, int]:
        """Return the runs that at least so many texts have, and in how many each stands."""
        self._settle()
        chosen = self._counts >= least
        return dict(zip(self._keys[chosen].tolist(), self._counts[chosen].tolist(), strict=True))


class SiteReader(Struct, frozen=True, dict=True):
    """The site's language, ready to judge texts: its usual runs indexed by what they are but for one character."""

    language: SiteLanguage
    alike: Callable[[str, str], bool]
    habits: Habits = Habits()

    @cached_property
    def _frames(self) -> tuple[Numbers, Numbers]:
        """The frames of usual runs, sorted, and the run of each: the most usual one where several share it.

        A frame is a run with an inner character blanked.
        """
        usual = self.language.usual(self.habits.usual)
        by_frame = {run & mask: run for run in sorted(usual, key=usual.__getitem__) for mask in MASKS}
        frames = sorted(by_frame)
        return np.array(frames, np.int64), np.array([by_frame[frame] for frame in frames], np.int64)

    def strange(self, texts: Sequence[str]) -> frozenset[str]:
        """Return the texts that may hold a variant of a usual phrase, in a fraction of the time of ``suspects``."""
        if not texts or not len(self._frames[0]):
            return frozenset()
        owners, found = _joined_runs(texts)
        return frozenset(texts[owners[at]] for at, _, _ in self._unusual(found))

    def suspects(self, text: str, masked: bytearray) -> list[Suspect]:
        """Return the rare variants of usual phrases in a text."""
        return list(self._find(text, masked)) if len(self._frames[0]) else []

    def _find(self, text: str, masked: bytearray) -> Iterator[Suspect]:
        places, found = _placed_runs(text)
        for index, usual, inner in self._unusual(found):
            at, run = int(places[index]), int(found[index])
            if self._is_slip(run, usual, inner):
                start, wrong, right = _word_around(spelt(run), spelt(usual), inner)
                if not any(masked[at + start : at + start + len(wrong)]):
                    yield Suspect(at + start, wrong, right, LAYER, "site-variant", PROBABILITY)

    def _unusual(self, found: Numbers) -> Iterator[tuple[int, int, int]]:
        """Yield the index of each rare run that is a usual one but for an inner character, that one, and the place."""
        frames, usuals = self._frames
        for inner, mask in enumerate(MASKS, start=1):
            wanted = found & mask
            at = np.minimum(np.searchsorted(frames, wanted), len(frames) - 1)
            other = np.flatnonzero((frames[at] == wanted) & (usuals[at] != found))
            rare = other[self.language.frequencies(found[other]) <= self.habits.rare]
            yield from ((int(index), int(usuals[at[index]]), inner) for index in rare)

    def _is_slip(self, run: int, usual: int, inner: int) -> bool:
        """Return whether a rare run has a look-alike in it and is no other sentence.

        The character is an inner one: beyond the first and the last another word may begin. It must not make a known
        word with a neighbour either, for then something else may be meant.
        """
        wrong, right = spelt(run), spelt(usual)
        words = {wrong[inner - 1 : inner + 1], wrong[inner : inner + 2]} & packaged_words().known
        if words or wrong[inner] in WORDS_ALONE or not self.alike(wrong[inner], right[inner]):
            return False
        rare = self.language.frequency(run)
        return rare <= self.habits.rare and self.language.frequency(usual) >= self.habits.ratio * max(1, rare)

    def is_established(self, text: str, start: int, end: int) -> bool:
        """Return whether many texts of the site have the wording with a character or two of what is around it here."""
        first, last = max(0, end - LENGTH), min(start, len(text) - LENGTH)
        places = range(min(first, last), max(first, last) + 1) if last >= 0 else ()
        counts = [self.language.count(text[at : at + LENGTH]) for at in places]
        return bool(counts) and max(counts) >= self.habits.established


PROBABILITY = 0.5
"""Chance that a proofreader signs a variant of a usual phrase; with the language model's agreement it is confirmed."""


def _word_around(wrong: str, right: str, at: int) -> tuple[int, str, str]:
    """Return the place and the two forms of the word that slipped: the known word around it, else one character."""
    for size in (3, 2):
        for start in range(max(0, at - size + 1), min(at, LENGTH - size) + 1):
            if right[start : start + size] in packaged_words().known:
                return start, wrong[start : start + size], right[start : start + size]
    return at, wrong[at], right[at]
