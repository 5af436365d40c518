"""State a rule of form: an expression, and how to read its match."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from collections.abc import Set as AbstractSet

from msgspec import Struct

from checks.typos.candidate import Suspect

LAYER = "form"

SURE, LIKELY, DOUBTFUL = 0.97, 0.92, 0.5
"""Chances that a proofreader signs a hit of a rule, from its hits on clean text (bench/typos.py)."""

HAN = "\u4e00-\u9fff"
"""Han characters, to be put into a class of an expression."""


class FormRule(Struct, frozen=True):
    """An expression, how to correct its match (None: the match is fine after all), and how sure that is.

    A text with a match has one of the ``signs`` in it, if any are given: to look for them is ten times as fast. It also
    has a match of ``outline``, where that is given: less of the same, with no whole scripts in classes. Each such class
    takes a millisecond to compile, and most pages have nothing of that outline.
    """

    kind: str
    expression: re.Pattern[str]
    correct: Callable[[re.Match[str]], str | None]
    probability: float
    signs: str = ""
    outline: re.Pattern[str] | None = None

    def may_match(self, chars: AbstractSet[str]) -> bool:
        """Return whether it is worth trying on a text of these characters."""
        return not self.signs or not chars.isdisjoint(self.signs)

    def suspects(self, text: str) -> Iterator[Suspect]:
        """Yield the matches that have a correction."""
        if self.outline is not None and not self.outline.search(text):
            return
        for match in self.expression.finditer(text):
            right = self.correct(match)
            if right is not None:
                yield Suspect(match.start(), match[0], right, LAYER, self.kind, self.probability)


def gone(match: re.Match[str]) -> str:  # noqa: ARG001 - the signature of a correction
    """Leave the match out: what should stand there is not known."""
    return ""


def first(match: re.Match[str]) -> str:
    """Keep the first character of the match."""
    return match[0][0]


def last(match: re.Match[str]) -> str:
    """Keep the last character of the match."""
    return match[0][-1]


def half(match: re.Match[str]) -> str:
    """Keep one half of a match that says something twice."""
    return match[0][: len(match[0]) // 2]
