"""Have Python's compiler of expressions read a set of characters once, in however many expressions it stands.

It walks through ranges character by character: 一 to 鿿 takes it half a millisecond, and what reads texts for typos
compiles that forty times.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

Read = tuple[list[Any], bool]
"""What the compiler makes of a set: its steps, and whether the case of letters was changed in them."""

STEP = "_optimize_charset"


def remember_character_sets() -> None:
    """Remember what the compiler makes of sets, unless the case of letters is ignored.

    The step is Python's own and not for others: where there is none of that name nothing changes, and what is compiled
    is the same with it and without.
    """
    compiler = vars(re).get("_compiler")
    read: Callable[..., Read] | None = getattr(compiler, STEP, None)
    if read is None or read.__module__ == __name__:
        return
    known: dict[tuple[Any, ...], Read] = {}

    def read_once(characters: list[Any], *case: object) -> Read:
        if any(case):
            return read(characters, *case)
        key = tuple(characters)
        if key not in known:
            known[key] = read(characters)
        return known[key]

    setattr(compiler, STEP, read_once)
