"""Read links that hold nothing but words, each spelling once: menus and footers stand on every page of a site."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.reading.link_text import LINK, TEXT, link_text
from monitor.pages.urls import steps_up

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from checks.model import Reference

LOOKED_AT = frozenset({"style", "onclick", "onchange"})
"""Attributes of a link that may refer to something else: with one of them it is no plain link."""

OF_THE_PAGE = ("#", "?")
"""What hrefs begin with that are resolved against the very page that they stand on."""

ABSOLUTE = ("/", "http://", "https://")
"""What hrefs begin with that mean the same all over an origin; the others mean something else in every folder."""


KEPT = 2_000
"""Links that are remembered, about 2 MB: menus have some hundreds, and titles of articles seldom come again."""


@dataclass(slots=True)
class PlainLink:
    """An ``a`` with an href and at most one text. ``steps`` are those up that the href begins with.

    They are None where it means the same all over an origin. ``reference`` is what it came to where it was resolved
    last, ``resolved_at`` the origin or folder of that; it is None where the href leads nowhere.
    """

    href: str
    text: str
    steps: int | None
    resolved_at: str = ""
    reference: Reference | None = None


@dataclass(slots=True)
class PlainLinks:
    """The plain links of a run by their markup; what is no plain link is None.

    The markup says all that is read of such a link but for where it stands, and costs a tenth of reading its parts.
    """

    _known: dict[str, PlainLink | None] = field(default_factory=dict)

    def read(self, node: LexborNode) -> PlainLink | None:
        """Return an element as a plain link, None where it is anything else."""
        if node.tag_id != LINK:
            return None
        child = node.child
        if child is not None and (child.tag_id != TEXT or child.next is not None):
            return None
        markup = node.html or ""
        link = self._known.get(markup)
        if link is None and markup not in self._known:
            if len(self._known) >= KEPT:
                self._known.clear()
            link = self._known[markup] = _plain(node)
        return link

    def __reduce__(self) -> tuple[type[PlainLinks], tuple[()]]:
        """Leave what was read behind on the way to another process."""
        return PlainLinks, ()

    def forget(self) -> None:
        """Let go of what was read."""
        self._known.clear()


def _plain(node: LexborNode) -> PlainLink | None:
    attributes = node.attributes
    href = attributes.get("href")
    # What is not ASCII may be sent in the charset of the page.
    if not href or not href.isascii() or href.startswith(OF_THE_PAGE) or not LOOKED_AT.isdisjoint(attributes):
        return None
    if href[:11].lower() == "javascript:":
        return None
    text = link_text(node) or attributes.get("title") or attributes.get("alt") or ""
    return PlainLink(href, text, None if href.startswith(ABSOLUTE) else steps_up(href))
