"""Apply the methods of JavaScript strings and arrays to constants."""

from __future__ import annotations

import re

from checks.late_pattern import late
from checks.security.javascript.tokens import UNKNOWN, Token, literal

SIMPLE = late(r"(?:\\.|[^\\()*+?{}|^$\[]|\[[^\[\]]*\]){1,60}")
"""Regular expressions without anything that could run away, or that Python reads otherwise than JavaScript."""

LONGEST_VALUE = 100_000
"""Characters of a value that a script makes; one that doubles itself would fill any memory."""


def apply(value: str | list[str], name: str, raw: Token, arguments: list[str]) -> str | list[str]:
    """Apply one method of a string or an array to constant arguments; UNKNOWN for a result beyond LONGEST_VALUE."""
    if _grows_beyond(value, name, arguments):
        return UNKNOWN
    if name == "concat":
        return as_string(value) + "".join(arguments)
    made = _of_string(value, name, raw, arguments) if isinstance(value, str) else _of_array(value, name, arguments)
    if made is not None:
        return made
    return value if name in {"toString", "trim", "toLowerCase"} else UNKNOWN


def _of_string(value: str, name: str, raw: Token, arguments: list[str]) -> str | list[str] | None:
    if name == "split":
        return list(value) if not arguments or not arguments[0] else value.split(arguments[0])
    return _replace(value, raw, arguments[1]) if name == "replace" and len(arguments) > 1 else None


def _of_array(value: list[str], name: str, arguments: list[str]) -> str | list[str] | None:
    if name == "join":
        return (arguments[0] if arguments else ",").join(value)
    return value[::-1] if name == "reverse" else None


def _grows_beyond(value: str | list[str], name: str, arguments: list[str]) -> bool:
    """Return whether a result may be longer than LONGEST_VALUE: looked at before it is made."""
    length, added = length_of(value), sum(map(len, arguments))
    times = len(value) + 1 if name in {"join", "replace"} else 1
    return length + times * added > LONGEST_VALUE


def _replace(value: str, raw: Token, replacement: str) -> str:
    """Replace as JavaScript would, for a string or a regular expression without anything that could run away."""
    if raw.kind == "string":
        return value.replace(literal(raw.text), replacement, 1)
    if raw.kind != "regex":  # a name, such as that of a RegExp object
        return UNKNOWN
    pattern, _, flags = raw.text[1:].rpartition("/")
    if SIMPLE.fullmatch(pattern) is None:
        return UNKNOWN
    try:
        return re.sub(pattern, lambda _: replacement, value, count=0 if "g" in flags else 1)
    except re.error:
        return UNKNOWN


def length_of(value: str | list[str]) -> int:
    """Return how long a value would be as a string, without making it."""
    return len(value) if isinstance(value, str) else sum(map(len, value)) + len(value)


def as_string(value: str | list[str]) -> str:
    """Return a value as JavaScript prints it."""
    return value if isinstance(value, str) else ",".join(value)


def as_list(value: str | list[str]) -> list[str]:
    """Return the elements of a value, a string being its own only one."""
    return value if isinstance(value, list) else [value]
