"""Know traditional characters, and whether a text is written in simplified ones with such a character by mistake.

So are forms that other norms have (髙, 発) and characters that only look like usual ones (仼, 巿): what reads scanned
paper and what converts documents leaves them behind, and hands that pick the wrong one of a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from checks.packaged import packaged_text

OUTNUMBERED = 3
"""Characters that simplified writing alone has, for each traditional one, from which on a text is simplified."""


@cache
def simplified_forms() -> Mapping[str, str]:
    """Return the simplified form of each character that simplified writing has no use for."""
    return _traditional() | _pairs("variant_characters.txt")


@cache
def _traditional() -> dict[str, str]:
    return _pairs("traditional.txt")


def _pairs(name: str) -> dict[str, str]:
    """Read a line of characters, and a line of what stands for each."""
    return dict(zip(*packaged_text("checks.typos", f"data/{name}").splitlines(), strict=True))


def is_simplified(text: str) -> bool:
    """Return whether a text is written in simplified characters, whatever traditional ones are among them."""
    forms = _traditional()
    old = sum(char in forms for char in text)
    return sum(char in _new() for char in text) >= max(1, OUTNUMBERED * old)


@cache
def _new() -> frozenset[str]:
    return frozenset(_traditional().values())
