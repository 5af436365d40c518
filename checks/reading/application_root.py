"""Tell the page of an application: one element, empty in what the server sends, that a script fills.

What such a page shows, the places in it included, nobody knows before the script has run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model.html_tree import TextNode, first_child
from checks.model.turbohtml_core import Element
from checks.reading.word_search import WordSearch

if TYPE_CHECKING:
    from checks.model import Page

ROOT_IDS = frozenset({"app", "root", "__next", "__nuxt"})
"""What such elements are called. The places in a page are known: asking them costs nothing, nine looks at the markup
a twentieth of a millisecond."""

ROOT_NAME = "<app-root"
"""The root that is known by its name."""

_ANGULAR = WordSearch(ROOT_NAME)

_ROOTS = ",".join((*(f"#{name}" for name in sorted(ROOT_IDS)), "app-root"))
"""Where Vue, React, Next, Nuxt and Angular put what they draw, and gkmlpt with them."""

_SHOWN = "a[href],img,table,form,input,iframe,video"
"""Elements that show something themselves."""

WAITING = 12
"""Characters that an empty root may hold: 加载中，请稍候."""


_NOT_SHOWN = frozenset({"script", "style", "noscript", "template"})
"""Elements whose text no browser shows that runs scripts."""


def has_empty_root(page: Page) -> bool:
    """Return whether an application draws the page into an element that is still empty."""
    return empty_root(page) != ""


def empty_root(page: Page) -> str:
    """Return the empty element that an application draws the page into, "" where there is none."""
    if "<script" not in page.html or (page.anchors.isdisjoint(ROOT_IDS) and not _ANGULAR.any_in(page.source)):
        return ""
    roots = (root for root in page.tree.select(_ROOTS) if root.select_one(_SHOWN) is None)
    return next((root.html for root in roots if not _says_more(root, WAITING)), "")


def _says_more(root: Element, characters: int) -> bool:
    """Return whether an element shows more than so many characters of text."""
    waiting = [first_child(root)]
    while waiting:
        node = waiting.pop()
        if node is None:
            continue
        waiting.append(node.next_sibling)
        if isinstance(node, TextNode):
            characters -= len(node.data.strip())
            if characters < 0:
                return True
        elif isinstance(node, Element) and node.tag not in _NOT_SHOWN:
            waiting.append(first_child(node))
    return False
