"""Read what a link says.

Links inside links, as only drawings and broken tables have them, say it for themselves: what one says is read once,
however deep they stand in each other.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from checks.model.html_tree import TextNode, first_child
from checks.model.turbohtml_core import Element

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Node

CODE = frozenset({"script", "style"})
"""Elements whose text is for browsers: a date in a script is no date of the link beside it."""


def link_text(link: Element) -> str:
    """Return the words of a link, each of its texts without the blanks around it."""
    if len(link) == 1 and isinstance(only := link[0], TextNode):  # as nearly every link: a third of the time
        return only.data.strip()
    return "".join(map(str.strip, texts(link, within_links=False)))


def texts(node: Node, *, within_links: bool) -> Iterator[str]:
    """Yield the texts of an element as they are written, with or without those of the links that stand in it.

    One after the other, so that who needs the beginning does not pay for the rest.
    """
    inner, depth = first_child(node), 0
    while inner is not None:
        if isinstance(inner, TextNode):
            yield inner.data
        elif isinstance(inner, Element) and inner.tag not in CODE and (within_links or inner.tag != "a"):
            child = first_child(inner)
            if child is not None:
                inner, depth = child, depth + 1
                continue
        while (following := inner.next_sibling) is None and depth:
            outer = inner.parent
            if outer is None:
                return
            inner, depth = outer, depth - 1
        inner = following
