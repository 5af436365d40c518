"""Name what a script would do to its page."""

from __future__ import annotations

from typing import NamedTuple

from msgspec import Struct, field

from checks.security.javascript.branches import Kinds


class Conditional(NamedTuple):
    """An effect, or a value given to a variable, in a branch; ``kinds`` is what the conditions around it speak of."""

    sort: str
    text: str
    kinds: Kinds


class Effects(Struct):
    """What a script would do to its page: markup it writes, addresses it moves to or loads code from, code it makes.

    ``conditional`` are those effects that depend on where a reader comes from or what browser asks, by the name of
    their list, and ``value`` for what a variable is given.
    """

    written: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    moves: list[str] = field(default_factory=list)
    loads: list[str] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    conditional: list[Conditional] = field(default_factory=list)
