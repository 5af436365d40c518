"""Apply the methods of JavaScript strings and arrays to constants."""

from __future__ import annotations

import re

from checks.security.javascript.tokens import UNKNOWN, Token, literal


def apply(value: str | list[str], name: str, raw: Token, arguments: list[str]) -> str | list[str]:
    """Apply one method of a string or an array to constant arguments."""
    if name == "split" and isinstance(value, str):
        return list(value) if not arguments or not arguments[0] else value.split(arguments[0])
    if name == "join" and isinstance(value, list):
        return (arguments[0] if arguments else ",").join(value)
    if name == "reverse" and isinstance(value, list):
        return value[::-1]
    if name == "concat":
        return as_string(value) + "".join(arguments)
    if name == "replace" and isinstance(value, str) and len(arguments) > 1:
        return _replace(value, raw, arguments[1])
    return value if name in {"toString", "trim", "toLowerCase"} else UNKNOWN


def _replace(value: str, raw: Token, replacement: str) -> str:
    """Replace as JavaScript would, for a string or a regular expression without anything that could run away."""
    if raw.kind == "string":
        return value.replace(literal(raw.text), replacement, 1)
    pattern = raw.text[1 : raw.text.rindex("/")]
    simple = re.fullmatch(r"(?:\\.|[^\\()*+?{}|^$]|\[[^\]]*\]){1,60}", pattern)
    if raw.kind != "regex" or simple is None:
        return UNKNOWN
    try:
        return re.sub(pattern, lambda _: replacement, value, count=0 if "g" in raw.text[raw.text.rindex("/") :] else 1)
    except re.error:
        return UNKNOWN


def as_string(value: str | list[str]) -> str:
    """Return a value as JavaScript prints it."""
    return value if isinstance(value, str) else ",".join(value)


def as_list(value: str | list[str]) -> list[str]:
    """Return the elements of a value, a string being its own only one."""
    return value if isinstance(value, list) else [value]
