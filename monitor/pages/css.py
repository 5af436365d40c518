"""Read what style sheets load, with tinycss2, which reads CSS as its Syntax standard has it.

Comments, strings (``content: "url(x)"``) and escapes are told apart by the tokeniser. It takes about 1 ms for 3 KB,
so that only CSS in which one of STARTS stands is read at all, and a template's sheet once for all pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from tinycss2 import parse_component_value_list
from tinycss2.ast import AtKeywordToken, FunctionBlock, LiteralToken, Node, StringToken, URLToken

from checks.late_pattern import late

STARTS = late(r"url|image-set|@import|\\", re.IGNORECASE)
"""What every CSS that loads something contains; a backslash may spell any of the others."""

LONGEST = 256 * 1024
"""Characters of one style sheet that are read; hostile ones cost the tokeniser 5 µs each."""

FUNCTIONS = frozenset({"url", "src", "image-set", "-webkit-image-set"})
"""Functions whose string arguments are addresses."""

REMEMBERED = 256
"""Style sheets whose addresses are remembered."""


def css_urls(text: str) -> Iterator[str]:
    """Yield the addresses that a style sheet or a ``style`` attribute loads; data URLs and ``#…`` are left out."""
    if STARTS.search(text):
        yield from _loaded(text[:LONGEST])


@lru_cache(maxsize=REMEMBERED)
def _loaded(text: str) -> tuple[str, ...]:
    values = parse_component_value_list(text, skip_comments=True)
    found = (href.strip() for href in _addresses(values))
    return tuple(href for href in found if href and not href.lower().startswith(("data:", "#", "about:")))


def _addresses(values: Sequence[Node]) -> Iterator[str]:
    """Yield the addresses in document order; blocks wait on a stack, since hostile CSS nests without end."""
    stack = [_Level(values)]
    while stack:
        value = next(stack[-1].values, None)
        if value is None:
            stack.pop()
        elif isinstance(value, FunctionBlock):
            stack.append(_Level(value.arguments, value.lower_name, stack[-1].at_rule))
        elif hasattr(value, "content"):
            stack[-1].at_rule = ""
            stack.append(_Level(value.content))
        elif (href := stack[-1].address_in(value)) is not None:
            yield href


class _Level:
    """One block, function or the sheet itself while it is read: the values to come, and what their strings mean."""

    __slots__ = ("at_rule", "function", "values")

    def __init__(self, values: Sequence[Node], function: str = "", at_rule: str = "") -> None:
        self.values, self.function, self.at_rule = iter(values), function, at_rule

    def address_in(self, value: Node) -> str | None:
        """Return the address that a token is, None for any other token."""
        if isinstance(value, URLToken):
            return None if self.at_rule == "namespace" else str(value.value)
        if isinstance(value, StringToken):
            return str(value.value) if self._strings_are_addresses() else None
        if isinstance(value, AtKeywordToken):
            self.at_rule = value.lower_value
        elif isinstance(value, LiteralToken) and value.value == ";":
            self.at_rule = ""
        return None

    def _strings_are_addresses(self) -> bool:
        """Return whether a string here is an address: in ``url("a")`` and the like, and after ``@import``."""
        if self.at_rule == "namespace":
            return False
        return self.function in FUNCTIONS or (not self.function and self.at_rule == "import")
