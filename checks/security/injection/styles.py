"""Read CSS as far as hiding goes: declarations of a style attribute, and the rules of a ``<style>`` element.

A small reader on purpose (CSS Syntax Module Level 3 in outline): escapes, comments, ``!important``, nested at-rules.
It never fails; what it does not understand hides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from checks.late_pattern import late

Declarations = dict[str, str]
Style = tuple[tuple[str, str], ...]
"""Declarations as a value: property and value in lower case, the one that counts of each property."""

COMMENT = late(r"/\*.*?(?:\*/|$)|<!--|-->", re.DOTALL)
ESCAPE = late(r"\\([0-9a-fA-F]{1,6})\s?|\\(.)", re.DOTALL)
TOKEN = late(r"[{};]|\"[^\"\n]*\"|'[^'\n]*'|\([^(){}]*\)")
SKIPPED_AT = (
    "@keyframes",
    "@-webkit-keyframes",
    "@-moz-keyframes",
    "@-o-keyframes",
    "@font-face",
    "@page",
    "@counter-style",
)
PRINT_ONLY = late(r"@media\s+(?:only\s+)?(?:print|speech|aural|braille)\b[^,{]*$")
BLANK = late(r"\s+")
PSEUDO_STATE = late(r":(?:link|visited|any-link)\b")

TELLING = frozenset(
    "display visibility content-visibility opacity filter -ms-filter font-size font width height max-width max-height "
    "overflow overflow-x overflow-y position left top right bottom margin margin-left margin-top text-indent z-index "
    "clip clip-path transform -webkit-transform color -webkit-text-fill-color "
    "background background-color background-image".split()
)
"""The properties that can hide something, or undo it."""

LONGEST_SHEET = 200_000
MOST_RULES = 500
"""Bounds on what is read of a page's own style sheets, in characters and in rules that could hide something."""

HIDING = late(
    r"none|hidden|collapse|:0|:\.0|:1px|:2px|:-\d|:-\.|-\d{3}|rect\(|inset\(|circle\(|polygon\(|ellipse\(|scale|"
    r"translate|transparent|opacity|:\d{4}|display|visibility"
)
"""What stands in a rule that hides, once blanks around the colon are gone; the others are passed over."""


@lru_cache(maxsize=4096)
def declarations(css: str) -> Style:
    """Return the declarations of a style attribute that can hide something; ``!important`` and the last one win."""
    found: dict[str, str] = {}
    important: set[str] = set()
    for part in _split(_plain(css)):
        name, colon, value = part.partition(":")
        name, value = name.strip().lower(), value.strip().lower()
        if not colon or name not in TELLING:
            continue
        value, mark, _ = value.partition("!")
        if mark:
            important.add(name)
        elif name in important:
            continue
        found[name] = value.strip()
    return tuple(found.items())


def _plain(css: str) -> str:
    without = COMMENT.sub("", css) if "/*" in css or "--" in css else css
    return ESCAPE.sub(_unescape, without) if "\\" in without else without


def _unescape(match: re.Match[str]) -> str:
    if match[2] is not None:
        return match[2]
    code = int(match[1], 16)
    return chr(code) if 0 < code < 0xD800 else ""


def _split(css: str) -> Iterator[str]:
    """Split at semicolons outside quotes and brackets."""
    start = 0
    for match in TOKEN.finditer(css):
        if match[0] == ";":
            yield css[start : match.start()]
            start = match.end()
    yield css[start:]


@lru_cache(maxsize=256)
def parse(sheet: str) -> tuple[tuple[str, Style], ...]:
    """Return selector and declarations of the rules that may hide something, in order; those for print are left out."""
    rules = []
    for selectors, body in _blocks(COMMENT.sub("", sheet[:LONGEST_SHEET])):
        if not HIDING.search(BLANK.sub("", body.lower())):
            continue
        style = declarations(body)
        for selector in selectors.split(",") if style else ():
            simple = PSEUDO_STATE.sub("", selector).strip()
            if simple and ":" not in simple:
                rules.append((simple, style))
        if len(rules) >= MOST_RULES:
            break
    return tuple(rules)


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield prelude and body of every style rule, looking into ``@media``, ``@supports``, ``@layer``."""
    start, stack = 0, []
    skipped = 0
    for match in TOKEN.finditer(css):
        if match[0] == "{":
            prelude = css[start : match.start()].strip()
            stack.append(prelude)
            skipped += _unread(prelude)
            start = match.end()
        elif match[0] == "}" and stack:
            prelude = stack.pop()
            if not prelude.startswith("@") and not skipped:
                yield prelude, css[start : match.start()]
            skipped -= _unread(prelude)
            start = match.end()
        elif match[0] == "}" or (match[0] == ";" and (not stack or stack[-1].startswith("@"))):
            start = match.end()


def _unread(prelude: str) -> bool:
    lowered = prelude.lower()
    return lowered.startswith(SKIPPED_AT) or PRINT_ONLY.match(lowered) is not None
