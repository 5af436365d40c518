"""Read what a link says.

Links inside links, as only drawings and broken tables have them, say it for themselves: what one says is read once,
however deep they stand in each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from selectolax.lexbor import LexborHTMLParser

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_PARSED = LexborHTMLParser("<a>a</a>").css("a")
TEXT, LINK = (_PARSED[0].child.tag_id if _PARSED[0].child is not None else 0), _PARSED[0].tag_id
"""The numbers that lexbor gives to texts and to links; comparing numbers costs a third of comparing names."""
CODE = frozenset(node.tag_id for node in LexborHTMLParser("<script></script><style></style>").css("script,style"))
"""Those of elements whose text is for browsers: a date in a script is no date of the link beside it."""


def link_text(link: LexborNode) -> str:
    """Return the words of a link, each of its texts without the blanks around it."""
    only = link.child
    if only is not None and only.tag_id == TEXT and only.next is None:  # as nearly every link: a third of the time
        return (only.text_content or "").strip()
    return "".join(map(str.strip, texts(link, within_links=False)))


def texts(node: LexborNode, *, within_links: bool) -> Iterator[str]:
    """Yield the texts of an element as they are written, with or without those of the links that stand in it.

    One after the other, so that who needs the beginning does not pay for the rest.
    """
    inner, depth = node.child, 0
    while inner is not None:
        number = inner.tag_id
        if number == TEXT:
            yield inner.text_content or ""
        elif number not in CODE and (within_links or number != LINK) and (child := inner.child) is not None:
            inner, depth = child, depth + 1
            continue
        while (following := inner.next) is None and depth:
            outer = inner.parent
            if outer is None:
                return
            inner, depth = outer, depth - 1
        inner = following
