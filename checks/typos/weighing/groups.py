"""Gather all that the layers say of one change, as the inputs of the regression."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from msgspec.structs import replace

from checks.typos.candidate import Basis, Suspect, Usage
from checks.typos.segmentation import vocabulary
from checks.typos.weighing.rereading import LANGUAGE_MODEL, Edit, Reading, edit, last_places

FORM = "form"

MOST_ODDS, LEAST_GAIN, MOST_GAIN = 9.0, -5.0, 15.0
"""Where inputs are cut: beyond, more of the same says nothing more."""

HALF_A_WORD = 0.8
"""Least probability of either of two changes that make a word together."""

TRUST = (
    Basis.REVIEWED,
    Basis.IDIOM,
    Basis.PHRASE,
    Basis.MINED,
    Basis.FREQUENT,
    Basis.MINED_DOUBTFUL,
    Basis.PLACE,
    Basis.MINED_HINT,
)
"""What lists know that nobody vouched for one by one, the most trustworthy first; of several the first speaks."""


class Group(NamedTuple):
    """All that the layers say of one change."""

    change: Edit
    suspects: tuple[Suspect, ...]

    @property
    def model(self) -> float:
        """The probability that the language model gives to the change; 0 where it is silent."""
        return max((one.probability for one in self.suspects if one.layer == LANGUAGE_MODEL), default=0.0)

    @property
    def usage(self) -> Usage:
        """How well the language model knows the text that the change makes."""
        return max((one.usage for one in self.suspects), default=Usage.UNKNOWN)

    @property
    def of_model(self) -> Group:
        """The same change as if no list knew of it."""
        return self._replace(suspects=tuple(one for one in self.suspects if one.basis not in TRUST))

    @property
    def form(self) -> float:
        """The probability that the rules of form give to it."""
        return max((one.probability for one in self.suspects if one.layer == FORM), default=0.0)

    @property
    def listed(self) -> Basis:
        """What the lists know of it that nobody vouched for one by one."""
        known = {one.basis for one in self.suspects}
        return next((basis for basis in TRUST if basis in known), Basis.NONE)

    @property
    def pair(self) -> float:
        """The probability of a reviewed pair that makes the change."""
        pairs = (one.probability for one in self.suspects if one.basis in {Basis.PAIR, Basis.DOUBTFUL_PAIR})
        return max(pairs, default=0.0)

    @property
    def repeats(self) -> bool:
        """Whether the change takes out what stands twice."""
        return any(one.kind == "repeated" for one in self.suspects)

    @property
    def doubtful(self) -> bool:
        """Whether what stands there may be meant, by all lists that know it."""
        listed = [one.doubtful for one in self.suspects if one.basis in TRUST]
        return bool(listed) and all(listed)


def groups(text: str, suspects: Iterable[Suspect]) -> Iterator[Group]:
    """Yield the suspects by the change that they make to the text."""
    found: dict[Edit, list[Suspect]] = {}
    known = _as_words(suspects)
    for suspect, change in zip(known, last_places(text, map(edit, known)), strict=True):
        found.setdefault(change, []).append(suspect)
    yield from (Group(change, tuple(group)) for change, group in found.items())


def _listed(group: Group) -> dict[str, float]:
    """Return the input of the list that has the pair, another one where the language model is silent."""
    if not group.listed:
        return {}
    return {group.listed if group.model else f"{group.listed} alone": 1.0}


def _as_words(suspects: Iterable[Suspect]) -> list[Suspect]:
    """Return the suspects, but two changes of neighbours that make a word together as one: 元宵 → 院校.

    Each alone breaks the word that stands there, and the language model proposes words that sound alike only where
    an input method offers them for each other.
    """
    kept = list(suspects)
    by_start = {one.start: one for one in kept if one.layer == LANGUAGE_MODEL and _is_likely_character(one)}
    for start, first in by_start.items():
        second = by_start.get(start + 1)
        word = first.right + second.right if second else ""
        if second and first in kept and vocabulary().costs([word]) != [None]:
            chance, usage = max(first.probability, second.probability), max(first.usage, second.usage)
            kept = [one for one in kept if one is not first and one is not second]
            kept.append(replace(first, wrong=first.wrong + second.wrong, right=word, probability=chance, usage=usage))
    return kept


def _is_likely_character(one: Suspect) -> bool:
    return len(one.wrong) == len(one.right) == 1 and one.probability >= HALF_A_WORD


def inputs(group: Group, words: Reading) -> dict[str, float]:
    """Return the inputs of the regression."""
    model = group.model
    odds = math.log(model / (1 - model)) if 0 < model < 1 else 0.0
    kinds = {one.kind for one in group.suspects}
    return {
        "model": max(-MOST_ODDS, min(MOST_ODDS, odds)),
        "silent": float(not model),
        **_listed(group),
        "doubtful": float(group.doubtful),
        "gain": max(LEAST_GAIN, min(MOST_GAIN, words.gain)),
        "stands": float(words.before > 1),
        "mends": float(words.after > 1),
        "long": float(words.after > 2),
        **{kind: 1.0 for kind in ("missing", "extra", "transposed") if kind in kinds},
        "repeated alone": float(group.repeats and not group.form),
    }
