"""Say what a suspicion changes in a text, and how the words around read with the change and without."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from msgspec.structs import replace

from checks.typos.alone import rarity
from checks.typos.candidate import Suspect
from checks.typos.segmentation import Cut, vocabulary

LANGUAGE_MODEL = "language-model"

Edit = tuple[int, str, str]
"""A change: position, what goes, what comes, without the characters that stay."""

AROUND = 6
"""Characters on either side that are cut into words with a change: two words or three."""


def edit(suspect: Suspect) -> Edit:
    """Return the change itself, without the characters that stay."""
    wrong, right, start = suspect.wrong, suspect.right, suspect.start
    head = _common(wrong, right)
    wrong, right, start = wrong[head:], right[head:], start + head
    tail = _common(wrong[::-1], right[::-1])
    return start, wrong[: len(wrong) - tail], right[: len(right) - tail]


def _common(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    return next((i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y), min(len(one), len(other)))


def reading(text: str, change: Edit) -> Reading:
    """Return how the words of a text change with it."""
    at, wrong, right = change
    first, last = max(0, at - AROUND), min(len(text), at + len(wrong) + AROUND)
    place = at - first
    standing, changed = text[first:last], text[first:at] + right + text[at + len(wrong) : last]
    if not changed:
        return Reading(0.0, 0, 0)
    before, after = vocabulary().cut(standing), vocabulary().cut(changed)
    (own, beside), (_, left) = _alone(before, place, len(wrong)), _alone(after, place, len(right))
    return Reading(
        before.cost - after.cost,
        _longest_over(before.borders, place, place + len(wrong)),
        _longest_over(after.borders, place, place + len(right)),
        own,
        beside - left,
    )


def _alone(cut: Cut, place: int, size: int) -> tuple[float, float]:
    """Return how seldom the one-character words of a cut are such words, in nats: those of a span, and the others."""
    within, beside = 0.0, 0.0
    for start, end in pairwise(cut.borders):
        if end - start == 1:
            if place <= start < place + size:
                within += rarity(cut.text[start])
            else:
                beside += rarity(cut.text[start])
    return within, beside


def last_place(text: str, change: Edit) -> Edit:
    """Return a change where it can last be made to the same effect: of 管管 it is all one which 管 goes."""
    return next(last_places(text, [change]))


def last_places(text: str, changes: Iterable[Edit]) -> Iterator[Edit]:
    """Yield the same for each of many changes; a run of one character that all of them are in is passed once."""
    last: dict[Edit, Edit] = {}
    for change in changes:
        passed = []
        place: Edit | None = change
        while place and place not in last:
            passed.append(place)
            place = _next_place(text, place)
        found = last[place] if place else passed[-1]
        last.update(dict.fromkeys(passed, found))
        yield found


def _next_place(text: str, change: Edit) -> Edit | None:
    """Return the same change made a character later; None where it would be another one."""
    at, wrong, right = change
    part, end = wrong or right, at + len(wrong)
    if bool(wrong) == bool(right) or text[end : end + 1] != part[0]:
        return None
    part = part[1:] + part[0]
    return (at + 1, part, "") if wrong else (at + 1, "", part)


class Reading(NamedTuple):
    """How a text can be cut into words at a place, as it stands and changed.

    ``gain`` is how many nats easier the changed text is to cut; ``before`` and ``after`` are the characters of the
    longest word over the place, 1 where it is a word by itself and 0 where nothing is left of it.

    Characters that stand alone as the text is cut and hardly ever are words are counted in nats (``rarity``): ``own``
    are those of the place itself, ``stranded`` those beside it, less what of them is left after the change. 努和 has
    a stranded 努, which 努力和 has not. That is read off tagged text, and not off how common words are.
    """

    gain: float
    before: int
    after: int
    own: float = 0.0
    stranded: float = 0.0


def _longest_over(borders: Sequence[int], start: int, end: int) -> int:
    """Return the length of the longest word that touches a span, or that a seam lies in."""
    words = pairwise(borders)
    over = (
        last - first
        for first, last in words
        if (first < end and last > start) or (start == end and first < start < last)
    )
    return max(over, default=0)


def in_words(text: str, suspect: Suspect) -> Suspect:
    """Return a guess about less than a word with the words around it: 服好务 → 服务 and 咸有 → 现有, not 好 → nothing.

    People judge words, and every guess then has a right-hand side.
    """
    at, wrong, right = edit(suspect)
    if suspect.layer != LANGUAGE_MODEL or len(suspect.right) > 1:
        return suspect
    if not right:
        at, _, _ = last_place(text, (at, wrong, ""))
        wrong = text[at : at + len(wrong)]
        if text.endswith(wrong, 0, at):
            return replace(suspect, start=at - len(wrong), wrong=wrong * 2, right=wrong)
    first, last = max(0, at - AROUND), min(len(text), at + len(wrong) + AROUND)
    changed = text[first:at] + right + text[at + len(wrong) : last]
    if not changed:
        return suspect
    place = at - first
    borders = vocabulary().cut(changed).borders
    begin = max(border for border in borders if border <= place and (border < place or right or not place))
    end = min(border for border in borders if border >= place + max(len(right), not place))
    grown = len(right) - len(wrong)
    return replace(
        suspect, start=first + begin, wrong=text[first + begin : first + end - grown], right=changed[begin:end]
    )
