"""Find wordings that are known to be wrong: a reviewed dictionary, mined look-alikes, usage patterns.

pycorrector's ConfusionCorrector matches the reviewed pairs. It matches substrings, so every hit must then survive its
own exceptions, the edges of words, and the masks. ``data/README.md`` says where each list comes from and how it was
checked against clean text.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from msgspec import Struct

from checks.late_pattern import late
from checks.packaged import packaged_bytes
from checks.typos.candidate import LOOK_ALIKE, Basis, Suspect
from checks.typos.lexicon.boundaries import ShortWords, packaged_words
from checks.typos.lexicon.character_runs import Index, Numbers, codes_of
from checks.typos.lexicon.collocations import Collocation, hits, packaged_collocations
from checks.typos.lexicon.near_misses import NearMiss, Source, Wordings, packaged_wordings
from checks.typos.lexicon.pair import Pair, Tier
from checks.typos.pycorrector_lite import ConfusionCorrector, confusion_corrector

if TYPE_CHECKING:
    from numpy.typing import NDArray

LAYER = "lexicon"
"""The layer of pairs that a person reviewed one by one."""

LOOSE = late("[“”‘’\"'《》、，,\\s]+")
"""What a set phrase may be peppered with: it is left out before loose pairs are matched."""


TIERS = {tier.value: tier for tier in Tier}
"""Looked up: the list has thousands of rows, and calling the enumeration takes ten times as long."""

PROBABILITY = {Tier.CONFIRMED: 0.99, Tier.SUSPECTED: 0.5, Tier.STYLE: 0.45, Tier.HINT: 0.4}
"""Chance that a proofreader signs a hit, for pairs that a person vouched for one by one."""

MINED = {Tier.CONFIRMED: 0.93, Tier.SUSPECTED: 0.5, Tier.HINT: 0.2}
"""The same for mined pairs, from their hits on text with known errors (tools/typos/mine.py prints it)."""

MINED_BASIS = {
    Tier.CONFIRMED: Basis.MINED,
    Tier.SUSPECTED: Basis.MINED_DOUBTFUL,
    Tier.HINT: Basis.MINED_HINT,
}

NEAR_MISS = {Tier.CONFIRMED: 0.95, Tier.SUSPECTED: 0.5}
"""The same for slips in wordings that a person, a dictionary or the register of places vouches for."""


class Pattern(Struct, frozen=True):
    """A usage rule that needs its surroundings: the match is wrong, ``right`` may use the pattern's groups."""

    expression: re.Pattern[str]
    right: str
    tier: Tier
    kind: str

    def suspects(self, text: str) -> Iterator[Suspect]:
        """Yield every match."""
        for match in self.expression.finditer(text):
            right = match.expand(self.right)
            yield Suspect(
                match.start(), match[0], right, LAYER, self.kind, PROBABILITY[self.tier], basis=_vouched(self.tier)
            )


class Meant(NamedTuple):
    """What a mined wording stands for; many wordings share one."""

    right: str
    tier: Tier
    kind: str


class Meanings(Struct, frozen=True):
    """What each of very many mined wordings stands for: as tuples of strings it would take 30 MB.

    ``rows[place]`` is the line of ``rights`` (code points, from ``starts[line]`` to the next) with the sort
    ``sorts[line]``.
    """

    rows: NDArray[np.int32]
    rights: NDArray[np.uint32]
    starts: NDArray[np.int32]
    sorts: NDArray[np.uint8]
    kinds: Sequence[tuple[Tier, str]]

    @classmethod
    def of(cls, lines: Sequence[Meant], rows: Iterable[int]) -> Meanings:
        """Pack the lines; ``rows`` has the line of each wording."""
        kinds = list(dict.fromkeys((tier, kind) for _, tier, kind in lines))
        return cls(
            np.fromiter(rows, np.int32),
            np.frombuffer("".join(line.right for line in lines).encode("utf-32-le"), np.uint32),
            np.cumsum([0, *(len(line.right) for line in lines)], dtype=np.int32),
            np.fromiter((kinds.index((tier, kind)) for _, tier, kind in lines), np.uint8),
            kinds,
        )

    def at(self, place: int) -> Meant:
        """Return what the wording at a place stands for."""
        line = int(self.rows[place])
        right = self.rights[self.starts[line] : self.starts[line + 1]].tobytes().decode("utf-32-le")
        return Meant(right, *self.kinds[self.sorts[line]])


class MinedPairs(Struct, frozen=True):
    """Pairs that nobody reviewed one by one, so that any word at their edge acquits a hit.

    There are too many for an automaton of strings: ``meant`` lists what stands at each place of the index.
    """

    meant: Meanings
    index: Index

    @classmethod
    def of_compiled(cls, arrays: Mapping[str, NDArray[Any]]) -> MinedPairs:
        """Return the pairs of the arrays that ``compiled`` made."""
        kinds = [(Tier(tier), kind) for tier, kind in json.loads(arrays["kinds"].tobytes())]
        rows, rights, starts, sorts = (arrays[name] for name in ("rows", "rights", "starts", "sorts"))
        return cls(Meanings(rows, rights, starts, sorts, kinds), Index.of_arrays(arrays))

    def compiled(self) -> dict[str, NDArray[Any]]:
        """Return the pairs as arrays, to be kept."""
        meant = self.meant
        columns: dict[str, NDArray[Any]] = {
            "rows": meant.rows,
            "rights": meant.rights,
            "starts": meant.starts,
            "sorts": meant.sorts,
            "kinds": np.frombuffer(json.dumps(meant.kinds).encode(), np.uint8),
        }
        return columns | self.index.arrays()

    def suspects(self, text: str, codes: Numbers, words: ShortWords, masked: bytearray) -> Iterator[Suspect]:
        """Yield the hits that stand clear of other words and of names."""
        for start, size, place in self.index.places(codes):
            if _stands_clear(text, start, start + size, words, masked):
                right, tier, kind = self.meant.at(place)
                wrong = text[start : start + size]
                yield Suspect(start, wrong, right, LOOK_ALIKE, kind, MINED[tier], basis=MINED_BASIS[tier])


class LongLists(NamedTuple):
    """The two lists that take long to read."""

    mined: MinedPairs
    wordings: Wordings


def _stands_clear(text: str, start: int, end: int, words: ShortWords, masked: bytearray) -> bool:
    """Return whether a hit that nobody vouched for is no part of other words, of a name, or of what is masked."""
    return not (any(masked[start:end]) or words.touches(text, start, end) or words.in_name(text, start, end))


class Lexicon(Struct, frozen=True, dict=True):
    """The pairs, ready to match."""

    pairs: Mapping[str, Pair]
    patterns: Sequence[Pattern]
    collocations: Mapping[str, Sequence[Collocation]]
    mined: MinedPairs
    wordings: Wordings
    words: ShortWords

    @cached_property
    def _exact(self) -> ConfusionCorrector:
        return confusion_corrector({pair.wrong: pair.right for pair in self.pairs.values() if not pair.loose})

    @cached_property
    def _loose(self) -> ConfusionCorrector:
        return confusion_corrector({pair.wrong: pair.right for pair in self.pairs.values() if pair.loose})

    def suspects(self, text: str, masked: bytearray) -> Iterator[Suspect]:
        """Yield every wording of the text that the dictionary knows to be wrong, in no particular order.

        ``masked`` has a byte a character (see :mod:`checks.typos.masks`): mined pairs keep out of whatever it covers,
        the others are left to the engine.
        """
        for wrong, _, start in self._exact.correct(text)["errors"]:
            yield from self._judge(self.pairs[wrong], text, start, start + len(wrong))
        yield from self._loose_suspects(text)
        for pattern in self.patterns:
            yield from pattern.suspects(text)
        yield from self._misplaced(text)
        codes = codes_of(text)
        yield from self.mined.suspects(text, codes, self.words, masked)
        for miss in self.wordings.near_misses(text, codes):
            if _stands_clear(text, miss.start, miss.start + len(miss.wrong), self.words, masked):
                yield _weighed(miss)

    def _loose_suspects(self, text: str) -> Iterator[Suspect]:
        """Match the set phrases with their punctuation left out, and report them with it."""
        found = self._loose.correct(LOOSE.sub("", text))["errors"]
        places = [i for i, char in enumerate(text) if not LOOSE.match(char)] if found else []
        for wrong, _, start in found:
            yield from self._judge(self.pairs[wrong], text, places[start], places[start + len(wrong) - 1] + 1)

    def _misplaced(self, text: str) -> Iterator[Suspect]:
        """Yield the words that are right elsewhere and wrong beside what stands here."""
        for start, each in hits(text, self.collocations):
            if not self.words.straddles(text, start, start + len(each.wrong)):
                chance = PROBABILITY[Tier.CONFIRMED]
                yield Suspect(start, each.wrong, each.right, LAYER, "usage", chance, basis=_vouched(Tier.CONFIRMED))

    def _judge(self, pair: Pair, text: str, start: int, end: int) -> Iterator[Suspect]:
        if pair.excused(text, start) or self.words.straddles(text, start, end):
            return
        chance = PROBABILITY[pair.tier]
        yield Suspect(
            start, text[start:end], pair.right, LAYER, pair.kind, chance, severe=pair.severe, basis=_vouched(pair.tier)
        )


def _vouched(tier: Tier) -> Basis:
    return Basis.PAIR if tier is Tier.CONFIRMED else Basis.DOUBTFUL_PAIR


def _weighed(miss: NearMiss) -> Suspect:
    """Return the slip with the chance that a proofreader signs it."""
    tier = Tier.SUSPECTED if miss.doubtful else Tier.CONFIRMED
    chances = MINED if miss.source is Source.FREQUENT else NEAR_MISS
    kind = {Source.IDIOM: "idiom", Source.PLACE: "place-name"}.get(miss.source, miss.kind)
    return Suspect(
        miss.start,
        miss.wrong,
        miss.right,
        LOOK_ALIKE,
        kind,
        chances[tier],
        basis=Basis(miss.source.value),
        doubtful=miss.doubtful,
    )


def build(own: Iterable[Pair] = (), *, style: bool = False, long_lists: LongLists | None = None) -> Lexicon:
    """Return the packaged dictionary with the operator's own pairs, which win over ours.

    ``style`` adds wordings that are not wrong but out of favour: 异形词, former names of bodies, repealed laws.
    ``long_lists`` are the packaged ones, where they were compiled before: read anew they take 1.8 s.
    """
    pairs = {pair.wrong: pair for pair in packaged_pairs() if style or pair.tier is not Tier.STYLE}
    pairs.update((pair.wrong, pair) for pair in own)
    patterns = tuple(pattern for pattern in packaged_patterns() if style or pattern.tier is not Tier.STYLE)
    mined, wordings = long_lists or LongLists(packaged_mined(), packaged_wordings())
    return Lexicon(pairs, patterns, packaged_collocations(), mined, wordings, packaged_words())


@cache
def packaged_pairs() -> tuple[Pair, ...]:
    """Read ``data/lexicon.tsv``: wrong, right, tier, kind, flags, exceptions."""
    return tuple(_pair(line.split("\t")) for line in _rows("lexicon.tsv"))


@cache
def packaged_patterns() -> tuple[Pattern, ...]:
    """Read ``data/patterns.tsv``: regular expression, right, tier, kind."""
    rows = (line.split("\t") for line in _rows("patterns.tsv"))
    return tuple(Pattern(late(wrong), right, Tier(tier), kind) for wrong, right, tier, kind in rows)


@cache
def packaged_mined() -> MinedPairs:
    """Read ``data/lost.tsv.xz`` and ``mined.tsv.xz``: tier, kind, right, the wrong wordings separated by blanks."""
    lines: list[Meant] = []
    line_of: dict[str, int] = {}
    rows = (line.split("\t") for name in ("lost.tsv.xz", "mined.tsv.xz") for line in _rows(name))
    for tier, kind, right, wrongs in rows:
        line_of |= dict.fromkeys(wrongs.split(), len(lines))
        lines.append(Meant(right, TIERS[tier], kind))
    return MinedPairs(Meanings.of(lines, line_of.values()), Index.of(line_of))


def _rows(name: str) -> list[str]:
    """Return the lines of a packaged table, without its heading."""
    packaged = packaged_bytes("checks.typos", f"data/{name}")
    return (lzma.decompress(packaged) if name.endswith(".xz") else packaged).decode().splitlines()[1:]


def _pair(fields: Sequence[str]) -> Pair:
    wrong, right, tier, kind, flags, exceptions = (*fields, "", "")[:6]
    excused = tuple(exceptions.split("|")) if exceptions else ()
    return Pair(wrong, right, TIERS[tier], kind, "severe" in flags, "loose" in flags, excused)
