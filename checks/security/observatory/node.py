"""Read headers as the Observatory's Node.js does, where that differs from Python.

Node keeps the first of some repeated headers and joins the rest with a comma; JavaScript's white space is not Python's,
and its ``parseInt`` stops at the first character that is no digit. Verdicts hang on all three.
"""

from __future__ import annotations

import re

from checks.late_pattern import late
from checks.model import Response

SPACE = "\t\n\v\f\r \u00a0\u1680" + "".join(map(chr, range(0x2000, 0x200B))) + "\u2028\u2029\u202f\u205f\u3000\ufeff"
r"""What ``trim()`` and ``\s`` take for white space (ECMA-262: WhiteSpace and LineTerminator)."""

FIRST_ONLY = frozenset(
    {
        "age",
        "authorization",
        "content-length",
        "content-type",
        "etag",
        "expires",
        "from",
        "host",
        "if-modified-since",
        "if-unmodified-since",
        "last-modified",
        "location",
        "max-forwards",
        "proxy-authorization",
        "referer",
        "retry-after",
        "server",
        "user-agent",
    },
)
"""Headers of which Node keeps the first and drops the rest (``http.IncomingMessage.headers``)."""

_SPACES = late(f"[{SPACE}]+")
_INTEGER = re.compile(r"[+-]?[0-9]+")


def header(response: Response, name: str) -> str | None:
    """Return a header as Node hands it out, or None where it is absent."""
    values = response.header_list(name)
    if not values:
        return None
    return values[0] if name.lower() in FIRST_ONLY else ", ".join(values)


def trim(text: str) -> str:
    """Strip what JavaScript strips."""
    return text.strip(SPACE)


def words(text: str) -> list[str]:
    r"""Split at white space after trimming; an empty text gives one empty word, as ``split(/\s+/)`` does."""
    return _SPACES.split(trim(text))


def parse_int(text: str) -> int | None:
    """Return the number that a text starts with, or None for JavaScript's NaN."""
    found = _INTEGER.match(text.lstrip(SPACE))
    return int(found.group()) if found else None
