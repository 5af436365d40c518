"""Decode what injected scripts hide addresses in: escapes, character codes, base64, packers, shifted signs."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator
from itertools import islice
from urllib.parse import unquote

from checks.late_pattern import late
from checks.security.javascript.tokens import LONGEST, UNKNOWN, character, literal, tokens

PERCENT_U = late(r"%u([0-9a-fA-F]{4})")


def unescape(text: str) -> str:
    """Do what JavaScript's ``unescape`` and ``decodeURIComponent`` do."""
    return unquote(PERCENT_U.sub(lambda match: character(int(match[1], 16)), text))


def _from_codes(arguments: list[str]) -> str:
    return "".join(
        character(int(part, 0)) if re.fullmatch(r"0[xX][0-9a-fA-F]{1,6}|[1-9]\d{0,6}", part) else UNKNOWN
        for part in arguments
    )


def from_base64(text: str) -> str:
    """Return what base64 stands for, or UNKNOWN."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return UNKNOWN


def _first(transform: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda arguments: transform(arguments[0]) if arguments else UNKNOWN


FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "unescape": _first(unescape),
    "decodeURIComponent": _first(unescape),
    "decodeURI": _first(unescape),
    "String.fromCharCode": _from_codes,
    "atob": _first(from_base64),
    "String": _first(str),
    "encodeURI": _first(str),
    "escape": _first(str),
}
"""Functions of JavaScript that turn constants into constants."""

SHORTEST_CIPHER, LONGEST_CIPHER = 24, 4000
"""Lengths of strings that are tried as ciphers."""

MOST_PACKED = 10
"""Packers of one script that are undone."""

MOST_CIPHERS = 20_000
"""Characters of one script that are tried as ciphers: each is turned in a hundred ways."""

PACKED = late(
    r"""\}\s*\(\s*(?P<code>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*,\s*(?P<base>\d{1,2})\s*,\s*\d{1,5}\s*,"""
    r"""\s*(?P<words>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")\s*\.\s*split\(\s*['"]\|['"]\s*\)""",
    re.DOTALL,
)
WORD = late(r"\b\w+\b")
SIGNS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

CODES = late(r"(?:(?:0x[0-9a-fA-F]{1,5}|\d{1,6})\s*[,|]\s*){11,}(?:0x[0-9a-fA-F]{1,5}|\d{1,6})")
BASE64 = late(r"""["']([A-Za-z0-9+/]{24,}={0,2})["']""")


def unpacked(code: str) -> list[str]:
    """Return the code inside ``eval(function(p,a,c,k,e,d){…})`` packers."""
    return list(_unpack(code)) if "split" in code else []


def _unpack(code: str) -> Iterator[str]:
    for match in islice(PACKED.finditer(code[:LONGEST]), MOST_PACKED):
        base, words = int(match["base"]), literal(match["words"]).split("|")
        if 2 <= base <= len(SIGNS):
            yield _spelled_out(literal(match["code"]), words, base)


def _spelled_out(code: str, words: list[str], base: int) -> str:
    """Return packed code with its words, cut where it gets longer than any script is read.

    Code may unpack itself again and again, each time to its length times that of its longest word.
    """
    pieces, length, at = list[str](), 0, 0
    for sign in WORD.finditer(code):
        word = _word(sign[0], words, base)
        pieces += (code[at : sign.start()], word)
        length += sign.start() - at + len(word)
        at = sign.end()
        if length > LONGEST:
            return "".join(pieces)[:LONGEST]
    return "".join((*pieces, code[at:]))


def _word(sign: str, words: list[str], base: int) -> str:
    index = 0
    for digit in map(SIGNS.find, sign):
        if not 0 <= digit < base:
            return sign
        index = index * base + digit
    return words[index] if index < len(words) and words[index] else sign


def decoded(source: str) -> list[str]:
    """Return what the raw stuff of a script turns into, however it is put together: code lists, base64, escapes.

    A net under the evaluator: for scripts whose own decoder is too clever for it.
    """
    found = []
    if "fromCharCode" in source:
        found += [_from_codes(re.split(r"\s*[,|]\s*", match[0])) for match in CODES.finditer(source[:LONGEST])]
    if "atob" in source or "base64" in source.lower():
        found += [from_base64(match[1]) for match in BASE64.finditer(source[:LONGEST])]
    if "%3" in source or "%u" in source or "\\x" in source or "\\u" in source:
        found += [
            unescape(literal(token.text))
            for token in tokens(source)
            if token.kind == "string" and re.search(r"%[3u]|\\[xu]", token.text)
        ]
    if "fromCharCode" in source and "charCodeAt" in source:
        found += _deciphered(source)
    return [text for text in found if UNKNOWN not in text]


def _deciphered(source: str) -> Iterator[str]:
    tried = 0
    for token in tokens(source):
        if token.kind == "string" and tried < MOST_CIPHERS:
            text = literal(token.text)[:LONGEST_CIPHER]
            tried += len(text)
            yield from _shifted(text)


def _shifted(text: str) -> Iterator[str]:
    """Yield what a string says once every sign is moved or flipped by one small number, where that gives markup."""
    if len(text) < SHORTEST_CIPHER:
        return
    codes = [ord(sign) for sign in text]
    for amount in range(1, 33):
        for turned in (
            [code - amount for code in codes],
            [code + amount for code in codes],
            [code ^ amount for code in codes],
        ):
            plain = "".join(map(character, turned))
            if "href=" in plain or "http" in plain or "<script" in plain:
                yield plain
