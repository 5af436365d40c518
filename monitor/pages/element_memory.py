"""Read elements whose markup says all once for all pages: menus and footers stand on every page of a site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from checks.model.html_tree import TextNode
from checks.model.turbohtml_core import Element
from monitor.pages.reference_elements import read_any_element, read_element
from monitor.pages.urls import steps_up
from monitor.pages.written_references import WrittenReferences

if TYPE_CHECKING:
    from checks.model import Kind, Reference

REMEMBERED = frozenset({"a", "script", "img", "link"})
"""Elements that are remembered: where they stand says nothing of what they refer to, and templates repeat them."""

IN_DRAWINGS = frozenset({"href", "xlink:href"})
"""Attributes of a ``script`` that count in a drawing only: with one of them its markup does not say all."""

PARTS = frozenset("img span b strong i em font p h1 h2 h3 h4 h5 h6 br".split())
"""What may stand in a link that is remembered: its markup writes each of them in one way alone."""

MOST_PARTS = 6
"""Nodes that may stand in it."""

OF_THE_PAGE = ("#", "?")
"""What hrefs begin with that are resolved against the very page that they stand on."""

ABSOLUTE = ("/", "http://", "https://", "mailto:", "tel:")
"""What hrefs begin with that mean the same all over an origin; the others mean something else in every folder."""

KEPT = 2_000
"""Elements that are remembered, about 2 MB: menus have some hundreds, and titles of articles seldom come again."""

SEEN = 10_000
"""Elements of which no more is known than that they were seen, about 1 MB."""


class WrittenReference(Struct):
    """An address as an element writes it. ``steps`` are those up that it begins with.

    They are None where it means the same all over an origin. ``reference`` is what it came to where it was resolved
    last, ``resolved_at`` the origin or folder of that; it is None where the href leads nowhere. An address ``of_page``
    means something else on every page.
    """

    href: str
    kind: Kind | None
    text: str
    element: str
    of_page: bool
    steps: int | None
    resolved_at: str = ""
    reference: Reference | None = None


class RememberedElement(Struct, frozen=True):
    """What an element refers to, wherever it stands, and how many links it is (one or none)."""

    links: int
    written: tuple[WrittenReference, ...]


class _Record(WrittenReferences):
    """Keeps what an element refers to as it is written."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[WrittenReference] = []

    def add(self, href: str, kind: Kind | None, text: str, element: str) -> None:
        # What is not ASCII may be sent in the charset of the page.
        of_page = not href or not href.isascii() or href.startswith(OF_THE_PAGE)
        steps = None if href.startswith(ABSOLUTE) else steps_up(href)
        self.written.append(WrittenReference(href, kind, text, element, of_page, steps))


class ElementMemory(Struct):
    """What elements of a run refer to, by their markup.

    The markup says all that is read of such an element but for where it stands, and costs a fifth of reading its parts.
    """

    _known: dict[str, RememberedElement] = field(default_factory=dict)
    _seen: set[int] = field(default_factory=set)

    def read(self, node: Element) -> RememberedElement | None:
        """Return what an element of REMEMBERED refers to, None where it must be read by itself."""
        parts = len(node)
        if parts:
            if node.tag != "a":
                return None
            # Nearly every link holds but one text.
            if (parts > 1 or not isinstance(node[0], TextNode)) and not _is_small(node):
                return None
        markup = node.html
        return self._known.get(markup) or self._learn(markup, node)

    def _learn(self, markup: str, node: Element) -> RememberedElement | None:
        """Remember an element from its second time on: most titles of articles are linked once, and cost no room."""
        number = hash(markup)
        if number not in self._seen:
            if len(self._seen) >= SEEN:
                self._seen.clear()
            self._seen.add(number)
            return None
        element = _remembered(node)
        if element is not None:
            if len(self._known) >= KEPT:
                self._known.clear()
            self._known[markup] = element
        return element

    def __reduce__(self) -> tuple[type[ElementMemory], tuple[()]]:
        """Leave what was read behind on the way to another process."""
        return ElementMemory, ()

    def forget(self) -> None:
        """Let go of what was read."""
        self._known.clear()
        self._seen.clear()


def _is_small(link: Element) -> bool:
    """Return whether little stands in a link, and nothing but texts and PARTS."""
    return all(
        number < MOST_PARTS and (isinstance(part, TextNode) or (isinstance(part, Element) and part.tag in PARTS))
        for number, part in enumerate(link.descendants)
    )


def _remembered(node: Element) -> RememberedElement | None:
    if node.tag == "script" and not IN_DRAWINGS.isdisjoint(node.attrs):
        return None
    record = _Record()
    read_element(record, node)
    read_any_element(record, node)
    return RememberedElement(record.links, tuple(record.written))
