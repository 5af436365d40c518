"""Know traditional characters, and whether a text is written in simplified ones with such a character by mistake."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checks.packaged import packaged_text

OUTNUMBERED = 3
"""Characters that simplified writing alone has, for each traditional one, from which on a text is simplified."""


@cache
def simplified_forms() -> Mapping[str, str]:
    """Return the simplified form of each traditional character that simplified writing has no use for."""
    return dict(zip(*packaged_text("checks.typos", "data/traditional.txt").splitlines(), strict=True))


def is_simplified(text: str) -> bool:
    """Return whether a text is written in simplified characters, whatever traditional ones are among them."""
    forms = simplified_forms()
    old = sum(char in forms for char in text)
    return sum(char in _new() for char in text) >= max(1, OUTNUMBERED * old)


@cache
def _new() -> frozenset[str]:
    return frozenset(simplified_forms().values())
