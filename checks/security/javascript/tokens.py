"""Cut JavaScript into tokens, and read its literals."""

from __future__ import annotations

import re
from typing import NamedTuple

from checks.late_pattern import late

UNKNOWN = "\ufffc"
"""Stands for the part of a string that only running the script would tell."""

LONGEST = 200_000
"""Characters of one script that are read."""

TOKEN = late(
    r"""(?P<blank>\s+|//[^\n]*|/\*.*?(?:\*/|$)|<!--[^\n]*)"""
    r"""|(?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`)"""
    r"""|(?P<number>0[xX][0-9a-fA-F]+|\d+(?:\.\d+)?)"""
    r"""|(?P<name>[A-Za-z_$][\w$]*(?:\s*\.\s*[A-Za-z_$][\w$]*)*)"""
    r"""|(?P<sign>.)""",
    re.DOTALL,
)
REGEX = late(r"/(?![/*])(?:[^/\\\n\[]|\\.|\[(?:[^\]\\\n]|\\.){0,200}\]){1,500}/[a-z]*")
JS_ESCAPE = late(r"\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|([0-7]{1,3})|(.))", re.DOTALL)
NAMED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "\n": ""}


class Token(NamedTuple):
    """A piece of a script that means something."""

    kind: str
    text: str


def tokens(source: str) -> list[Token]:
    """Cut a script into tokens; comments and white space fall away."""
    found: list[Token] = []
    source, place = source[:LONGEST], 0
    while place < len(source):
        regex = REGEX.match(source, place) if source[place] == "/" and _operand_next(found) else None
        match = regex or TOKEN.match(source, place)
        if match is None:
            break
        place = match.end()
        kind = "regex" if regex else match.lastgroup or "sign"
        if kind != "blank":
            found.append(Token(kind, re.sub(r"\s", "", match[0]) if kind == "name" else match[0]))
    return found


def _operand_next(before: list[Token]) -> bool:
    """Whether a slash here starts a regular expression: what stands before it is no value that could be divided."""
    return (
        not before or before[-1].text == "return" or (before[-1].kind == "sign" and before[-1].text not in {")", "]"})
    )


def literal(text: str) -> str:
    """Return the string that a literal with its quotes stands for."""
    inner = text[1:-1]
    if text.startswith("`"):
        inner = re.sub(r"\$\{[^}]*\}", UNKNOWN, inner)
    return JS_ESCAPE.sub(_unescape_js, inner) if "\\" in inner else inner


def _unescape_js(match: re.Match[str]) -> str:
    digits = match[1] or match[2] or match[3]
    if digits:
        return character(int(digits, 16))
    if match[4]:
        return character(int(match[4], 8))
    return NAMED.get(match[5], match[5])


def character(code: int) -> str:
    """Return the character of a code, "" for a code that has none."""
    return chr(code) if 0 < code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""
