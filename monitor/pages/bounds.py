"""Bound what a document may cost its parser: formatting elements that are never closed.

HTML opens them anew in every block that follows: 400 ``font`` of 6 KB and 30,000 paragraphs make 12 million elements
(3.5 GB). All else takes linear time, and the parser ends nesting at DEPTH. In a document that could have more than MOST
such elements ``span`` stands for each formatting one, with its attributes and text: it is never opened anew. Others
stay as they are, byte for byte, after a look that costs a page of 20 KB some microseconds.
"""

from __future__ import annotations

import re
from collections import Counter

from checks.late_pattern import late

MOST = 1_000_000
"""Elements that a document may have opened anew: 140 MB, and 0.2 s for its tree."""

DEPTH = 512
"""Elements that the parser lets stand in one another, so that no block has more opened anew; Chromium does the same."""

ALIKE = 3
"""Elements of one name with the same attributes that are opened anew at once (HTML, the "Noah's Ark clause")."""

SPACE = r" \t\n\f\r"
ENDS_NAME = rf"(?=[{SPACE}/>])"
FORMATTING = rf"(?=[bcefinstuBCEFINSTU])(?i:b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u){ENDS_NAME}"
"""Elements that are opened anew, but ``a``: only one of those is open at a time. Most others end at the first look."""

PLAIN = (
    rf"""(?:[{SPACE}]++[^{SPACE}/<>"'=]++"""
    rf"""(?:[{SPACE}]*+=[{SPACE}]*+(?:"[^"<>]*+"|'[^'<>]*+'|[^{SPACE}<>"'=`]++))?+)*+[{SPACE}/]*+>"""
)
"""The rest of a tag that ends where it seems to, with the same attributes as others that are written alike."""

# No state of the parser is guessed: what only seems to be a tag, in a script or a comment, counts as one, too.
LEFT_OPEN = late(rf"<(?P<name>{FORMATTING})(?!{PLAIN}[^<]*+</(?i:(?P=name)){ENDS_NAME})({PLAIN})?+", re.ASCII)
"""The name and the rest, if PLAIN, of a formatting element that is not closed before another tag begins."""

ATTRIBUTES = (
    rf"""(?:[{SPACE}/]++|[^{SPACE}/>][^{SPACE}/>=]*+"""
    rf"""(?:[{SPACE}]*+=[{SPACE}]*+(?:"[^"]*+"|'[^']*+'|(?!["'])[^{SPACE}>]*+))?+)*+"""
)
# Linear: a quote, a comment or a script that is not closed is looked through to the end of the document once.
TOKEN = late(
    rf"<!--(?:-?>|.*?(?:--!?>|\Z))|<(?:[!?]|/(?![a-z]))[^>]*+"
    rf"|<(?P<raw>script|style|textarea|title|xmp|iframe|noembed|noframes){ENDS_NAME}{ATTRIBUTES}"
    rf"(?:.*?</(?P=raw){ENDS_NAME}|.*)"
    rf"|(?P<begin></?)(?P<name>{FORMATTING})(?P<attributes>{ATTRIBUTES})|</?[a-z]{ATTRIBUTES}",
    re.DOTALL | re.IGNORECASE | re.ASCII,
)
"""A comment, an element in which no tag begins, or a tag."""

FORMATTING_NAME = late(rf"(?<=<){FORMATTING}|(?<=</){FORMATTING}", re.ASCII)


def bounded(html: str) -> str:
    """Return a document that has no more than MOST elements opened anew: nearly always as it is.

    Comments, scripts and attributes are left alone unless they hide what would be too much.
    """
    if not _is_costly(html):
        return html
    html = TOKEN.sub(_as_span, html)
    # Where a comment or a script ends, in a drawing or behind another, is for the parser alone to say.
    return FORMATTING_NAME.sub("span", html) if _is_costly(html) else html


def _is_costly(html: str) -> bool:
    """Return whether more than MOST elements could be opened anew: in each block all that may be open there."""
    tags = html.count("<")
    if tags * DEPTH <= MOST:
        return False
    blocks = tags - html.count("</")
    if blocks * DEPTH <= MOST:
        return False
    left_open = Counter(LEFT_OPEN.findall(html))
    most_open = sum(min(count, ALIKE) if rest else count for (_, rest), count in left_open.items())
    return blocks * min(most_open, DEPTH) > MOST


def _as_span(token: re.Match[str]) -> str:
    return f"{token['begin']}span{token['attributes']}" if token["name"] else token[0]
