"""Compile an expression when it is first asked: together they cost a start a quarter of a second."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

ASKED = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub", "subn")


class _Late:
    """What stands for a pattern; its methods become the pattern's own with the first call."""

    def __init__(self, expression: str, flags: int) -> None:
        self.pattern = expression
        self._flags = flags

    def __repr__(self) -> str:
        """Tell it from others, and be the same in every process: the version of a check may depend on it."""
        return f"late({self.pattern!r}, {int(self._flags)})"

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name not in ASKED:
            raise AttributeError(name)
        compiled = re.compile(self.pattern, self._flags)
        for each in ASKED:
            setattr(self, each, getattr(compiled, each))
        method: Callable[..., Any] = getattr(compiled, name)
        return method


def late(expression: str, flags: int = 0) -> re.Pattern[str]:
    """Return what does as ``re.compile(expression, flags)``; a wrong expression raises re.error with its first use.

    For expressions that most processes never use. ``re``'s functions do not take it.
    """
    return cast("re.Pattern[str]", _Late(expression, flags))
