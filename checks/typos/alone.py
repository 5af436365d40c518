"""Know how rarely a character is a word of its own: 努 never is, so 努和 lacks something or has too much."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checks.packaged import packaged_text
from checks.typos.lexicon.boundaries import is_han

UNSEEN = 4.0
"""Nats of a character that the counted text hardly has: most of them stand alone about that seldom."""


def rarity(char: str) -> float:
    """Return minus the logarithm of the share of a character's occurrences that are words of one character.

    0 for what is no Chinese character, at most 6: as good as never.
    """
    return _rarities().get(char, UNSEEN) if is_han(char) else 0.0


@cache
def _rarities() -> Mapping[str, float]:
    """Read ``data/alone.tsv``: nats, the characters of that step."""
    rows = (line.split("\t") for line in packaged_text("checks.typos", "data/alone.tsv").splitlines()[1:])
    return {char: float(nats) for nats, chars in rows for char in chars}
