"""Read header fields as the Fetch standard and RFC 8941 do: lists split outside quotation marks, and single tokens."""

from __future__ import annotations

import re

from checks.late_pattern import late
from checks.model import Answer, Response

HTTP_SPACE = " \t"

_PIECE = re.compile(r'"(?:[^"\\]|\\.)*"?|,|[^",]+|.', re.DOTALL)
_WORD = r"[A-Za-z*][!#$%&'*+.^_`|~0-9A-Za-z:/-]*"
_STRING = r'"(?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*"'
_ITEM = late(rf'({_WORD})(?: *; *[a-z*][a-z0-9_.*-]*(?:=(?:{_STRING}|[^\s;,"]+))?)*')


def split_values(response: Response, name: str) -> list[str]:
    """Return the parts of all headers of that name ("get, decode, and split" of the Fetch standard)."""
    values = response.header_list(name)
    if not values:
        return []
    parts: list[list[str]] = [[]]
    for piece in _PIECE.findall(", ".join(values)):
        if piece == ",":
            parts.append([])
        else:
            parts[-1].append(piece)
    return ["".join(part).strip(HTTP_SPACE) for part in parts]


def token(response: Response, name: str) -> str | None:
    """Return the token that a structured header holds, without its parameters, or None where it holds no token."""
    found = _ITEM.fullmatch(", ".join(response.header_list(name)).strip(" "))
    return found.group(1) if found else None


def is_html(answer: Answer) -> bool:
    """Whether the answer is an HTML document in the browser's eyes; one without a type is sniffed and may well be."""
    media_type = (answer.response.header("content-type") or "text/html").partition(";")[0].strip(HTTP_SPACE).lower()
    return media_type in {"text/html", "application/xhtml+xml"}
