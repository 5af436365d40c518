"""Say what a guess is worth near a slip: a hand that slipped once was in haste, and nobody read the text again.

Edited text has one slip in thousands of characters, and all that is asked of a guess is asked for that reason. Where
one is certain, the next is many times likelier, and less of the language model will do. So will two guesses near each
other that are nearly certain: each is the other's slip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checks.typos.weighing.groups import Group

APART, NEARBY = 1, 100
"""Characters between two changes, from which on they are not two ways to mend one place, and up to which one hand made
both in one go."""

CERTAIN, NEARLY = 0.65, 0.97
"""Chance from which on a change mends a slip, and what the language model must give to one that is only suspected."""

WORTH_A_LOOK = 0.15
"""Chance from which on a change is suspected."""

ANOTHER, MAYBE = 0.9, 0.75
"""What the language model must give to another slip, to be believed and to be looked at. Chosen on the sets with known
errors, of four pairs; none of them reports anything more in 3.2 million characters of clean text."""


def is_slip(group: Group, chance: float) -> bool:
    """Return whether a change mends a slip of the hand, and not marks or what stands twice, which may be a habit."""
    is_nearly_one = chance >= WORTH_A_LOOK and group.model >= NEARLY
    return (chance >= CERTAIN or is_nearly_one) and not group.form


def is_beside(group: Group, slip: Group) -> bool:
    """Return whether a change is near a slip, and not another way to mend it."""
    (at, wrong, _), (other, spoilt, _) = group.change, slip.change
    return APART < max(at - other - len(spoilt), other - at - len(wrong)) <= NEARBY


def best_by_place(groups: Sequence[Group], chances: Sequence[float]) -> dict[int, float]:
    """Return the best chance of the changes at each place: a change is at all places from its beginning to its end."""
    best: dict[int, float] = {}
    for group, chance in zip(groups, chances, strict=True):
        for place in _places(group):
            best[place] = max(chance, best.get(place, 0.0))
    return best


def is_mended_otherwise(group: Group, chance: float, best: Mapping[int, float]) -> bool:
    """Return whether a likelier change mends the place that a guess is about: of 业工 either may move."""
    return not group.pair and not group.form and any(best[place] > chance for place in _places(group))


def _places(group: Group) -> range:
    at, wrong, _ = group.change
    return range(at, at + len(wrong) + 1)
