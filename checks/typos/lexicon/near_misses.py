"""Find set wordings of three to six characters with one character put for another that sounds or looks like it.

Which words stand side by side decides what neither shows alone: 政策解毒, 履行公式程序. Every slip of every listed
wording goes into a filter, which says in a few nanoseconds of almost every place that no slip is there; the rest is
looked at. ``data/wordings.tsv.xz`` lists the right wordings, the slips that are right as well, and those that make
another word and are wrong all the same.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from checks.packaged import packaged_bytes
from checks.typos.lexicon.alike import how_alike, meant_by, typed_for
from checks.typos.lexicon.boundaries import ShortWords, packaged_words
from checks.typos.lexicon.character_runs import PLACES, Filter, Index, Numbers, codes_of, numbers
from checks.typos.lexicon.new_words import new_words

if TYPE_CHECKING:
    from numpy.typing import NDArray

SHORTEST, LONGEST = 3, 6
"""Characters of the wordings."""

CHUNK = 2000
"""Wordings whose slips are worked out at a time: 100,000 slips."""

GRAMMAR = frozenset(
    "的了着过是在和与及其不也就都而之为以于等有无未已被把将对从向由自至到按经上下中内外前后里间者们个各每该此本这那"
    "吗呢吧啊能使说还仅及让给很更才会要可应须"
    "一二三四五六七八九十百千万亿零两几第年月日元省市县区乡镇村"
)
"""Characters that hold sentences together or count: at the edge of a wording another phrase may begin with them."""

PARTICLES = frozenset("的地得")
LARGER_PLACE = frozenset("省市州盟区县")
"""What the name of a larger place ends with, which the name of a smaller one may follow."""


class Source(StrEnum):
    """Who vouches for a wording."""

    REVIEWED = "reviewed"
    IDIOM = "idiom"
    PLACE = "place"
    FREQUENT = "frequent"


class Wording(NamedTuple):
    """What is known of a right wording: which slips of it are right as well, which are wrong though they are words."""

    source: Source
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()

    @classmethod
    def of(cls, line: str) -> tuple[str, Wording]:
        """Read a line of the list: source, wording, slips of it that are right, slips that never are."""
        source, wording, right, wrong = line.split("\t")
        return wording, cls(Source(source), frozenset(right.split()), frozenset(wrong.split()))


@dataclass(frozen=True, slots=True, eq=False)
class WordingTable(Mapping[str, Wording]):
    """The list as arrays, for a process to map; a line is read when its wording is asked for.

    Line ``n`` is the UTF-8 text ``lines[starts[n]:starts[n + 1]]``, with its end; ``index`` finds it by its wording.
    """

    lines: NDArray[np.uint8]
    starts: NDArray[np.int32]
    index: Index

    @classmethod
    def of(cls, text: str) -> WordingTable:
        """Take the lines of the list."""
        lines = [f"{line}\n".encode() for line in text.splitlines()]
        starts = np.cumsum([0, *map(len, lines)], dtype=np.int32)
        index = Index.of(Wording.of(line.decode())[0] for line in lines)
        return cls(np.frombuffer(b"".join(lines), np.uint8), starts, index)

    def __getitem__(self, wording: str) -> Wording:
        """Return what is known of a wording; two may share a number, so each is read."""
        for place in self.index.places_of(wording):
            listed, known = self._line(place)
            if listed == wording:
                return known
        raise KeyError(wording)

    def __iter__(self) -> Iterator[str]:
        return (self._line(place)[0] for place in range(len(self)))

    def __len__(self) -> int:
        return len(self.starts) - 1

    def _line(self, place: int) -> tuple[str, Wording]:
        return Wording.of(self.lines[self.starts[place] : self.starts[place + 1]].tobytes().decode().rstrip("\n"))


class NearMiss(NamedTuple):
    """A slip: what stands there, what is meant, how the two are alike, and whether it may be right all the same."""

    start: int
    wrong: str
    right: str
    kind: str
    source: Source
    doubtful: bool


@dataclass(frozen=True)
class Wordings:
    """The wordings, ready to be looked for."""

    known: Mapping[str, Wording]
    words: ShortWords
    new: frozenset[str] = frozenset()
    """Words of today\'s writing that dictionaries lack: 数智, 提质."""
    slips: Filter | None = None
    """The filter of all slips, where it was made before; it takes 0.7 s."""

    @cached_property
    def _filter(self) -> Filter:
        return self.slips or filter_of(self.known)

    @cached_property
    def _index(self) -> Index:
        return self.known.index if isinstance(self.known, WordingTable) else Index.of(self.known)

    def near_misses(self, text: str, codes: Numbers) -> Iterator[NearMiss]:
        """Yield the slips that stand clear of other words; ``codes`` are the text's characters as numbers."""
        for size in range(SHORTEST, LONGEST + 1):
            for start in self._filter.passing(numbers(codes, size)):
                yield from self._slips_at(text, start, size)

    def _slips_at(self, text: str, start: int, size: int) -> Iterator[NearMiss]:
        wrong = text[start : start + size]
        if wrong in self.known or self.words.touches(text, start, start + size):
            return
        for at, right in self._listed_near(wrong):
            known = self.known.get(right)
            kind = how_alike(wrong[at], right[at]) if known else ""
            if known and wrong not in known.right and not _proves_nothing(wrong, right, at, kind, known.source):
                doubtful = wrong not in known.wrong and self._is_doubtful(text, start, at, right, known.source)
                yield NearMiss(start, wrong, right, kind, known.source, doubtful)

    def _listed_near(self, wrong: str) -> Iterator[tuple[int, str]]:
        """Yield where a character may be meant for another, and the wording with that one, if it may be listed.

        Some ninety wordings are looked up at once, by their numbers: 40 µs; one by one they took 500.
        """
        codes = codes_of(wrong)
        meant = [meant_by(char) for char in wrong]
        places, others = np.repeat(np.arange(len(wrong)), list(map(len, meant))), codes_of("".join(meant))
        found = numbers(codes, len(wrong)) + (others - codes[places]) * PLACES[places]
        for row in np.flatnonzero(self._index.holds(found)).tolist():
            at = int(places[row])
            yield at, wrong[:at] + chr(int(others[row])) + wrong[at + 1 :]

    def _is_doubtful(self, text: str, start: int, at: int, right: str, source: Source) -> bool:
        """Return whether the slip made a word that the right wording does not have, or hit a short name of a place.

        合同中止 may be what was meant, and 数智经济 is; 山阴县 may be a village's unless a larger place goes before it.
        """
        first, last = max(start, start + at - 2), start + len(right)
        parts = {text[i : i + n] for n in (2, 3) for i in range(first, last - n + 1) if i <= start + at < i + n}
        others = {part for part in parts if part not in right}
        if source is Source.REVIEWED and len(right) > SHORTEST:
            return not others.isdisjoint(self.new)
        if source is Source.PLACE and len(right) == SHORTEST and start and text[start - 1] not in LARGER_PLACE:
            return True
        return not (others.isdisjoint(self.words.known) and others.isdisjoint(self.new))


def _proves_nothing(wrong: str, right: str, at: int, kind: str, source: Source) -> bool:
    """Return whether the character put in holds sentences together (联系方是), or says what sort of place it is."""
    last = len(wrong) - 1
    if (source is Source.PLACE and at == last) or (wrong[at] in PARTICLES and right[at] not in PARTICLES):
        return True
    return wrong[at] in GRAMMAR and (kind == "shape" or at in {0, last})


def filter_of(known: Iterable[str]) -> Filter:
    """Return the filter that lets every slip of the wordings pass."""
    slips = Filter()
    by_size = sorted(known, key=len)
    for size, same in groupby(by_size, key=len):
        listed = sorted(same)
        for first in range(0, len(listed), CHUNK):
            for at in range(size):
                slips.put(_slips(listed[first : first + CHUNK], at))
    return slips


def _slips(listed: Sequence[str], at: int) -> Numbers:
    """Return the numbers of all slips at one place of wordings that are equally long."""
    size = len(listed[0])
    codes = codes_of("".join(listed))
    totals, chars = numbers(codes, size)[::size], codes[at::size]
    order = np.argsort(chars)
    totals, chars = totals[order], chars[order]
    firsts = np.flatnonzero(np.diff(chars, prepend=0))
    slips = [
        (same[:, None] + (typed_for(chr(char)).astype(np.uint64) - np.uint64(char)) * PLACES[at]).ravel()
        for char, same in zip(chars[firsts].tolist(), np.split(totals, firsts[1:]), strict=True)
    ]
    return np.concatenate(slips)


@cache
def packaged_wordings() -> Wordings:
    """Read ``data/wordings.tsv.xz`` (see ``Wording.of``)."""
    return _with_packaged_words(dict(map(Wording.of, _packaged_lines().splitlines())))


def compiled() -> dict[str, NDArray[Any]]:
    """Return the packaged list and the filter of its slips as arrays, which ``of_compiled`` reads in no time."""
    table = WordingTable.of(_packaged_lines())
    arrays: dict[str, NDArray[Any]] = {
        "lines": table.lines,
        "starts": table.starts,
        "slips": filter_of(table).cells,
    }
    return arrays | table.index.arrays()


def of_compiled(arrays: Mapping[str, NDArray[Any]]) -> Wordings:
    """Return what ``packaged_wordings`` returns, from the arrays that ``compiled`` made."""
    table = WordingTable(arrays["lines"], arrays["starts"], Index.of_arrays(arrays))
    return _with_packaged_words(table, Filter(arrays["slips"]))


def _with_packaged_words(known: Mapping[str, Wording], slips: Filter | None = None) -> Wordings:
    return Wordings(known, packaged_words(), new_words(), slips)


def _packaged_lines() -> str:
    """Return the lines of the list, without its heading."""
    return lzma.decompress(packaged_bytes("checks.typos", "data/wordings.tsv.xz")).decode().partition("\n")[2]
