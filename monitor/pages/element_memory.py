"""Read elements whose markup says all once for all pages: menus and footers stand on every page of a site."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from msgspec import Struct, field

from checks.reading.link_text import LINK, TEXT
from monitor.pages.reference_elements import places_of, read_element
from monitor.pages.regions import number_of
from monitor.pages.urls import steps_up
from monitor.pages.written_references import WrittenReferences

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

    from checks.model import Kind, Reference

SCRIPT = number_of("script")

REMEMBERED = frozenset({LINK, SCRIPT, number_of("img"), number_of("link")})
"""Elements that are remembered: where they stand says nothing of what they refer to, and templates repeat them."""

IN_DRAWINGS = frozenset({"href", "xlink:href"})
"""Attributes of a ``script`` that count in a drawing only: with one of them its markup does not say all."""

PARTS = frozenset(map(number_of, "img span b strong i em font p h1 h2 h3 h4 h5 h6 br".split())) | {TEXT}
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
    """What an element refers to, wherever it stands, how many links it is (one or none), and the places it names."""

    links: int
    written: tuple[WrittenReference, ...]
    places: tuple[str, ...]


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

    def read(self, node: LexborNode) -> RememberedElement | None:
        """Return what an element of REMEMBERED refers to, None where it must be read by itself."""
        child = node.child
        if child is not None:
            if node.tag_id != LINK:
                return None
            # Nearly every link holds but one text.
            if (child.tag_id != TEXT or child.next is not None) and not _is_small(node, child):
                return None
        markup = node.html or ""
        return self._known.get(markup) or self._learn(markup, node)

    def _learn(self, markup: str, node: LexborNode) -> RememberedElement | None:
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


def _is_small(link: LexborNode, child: LexborNode) -> bool:
    """Return whether little stands in a link, and nothing but PARTS; ``child`` is what it begins with."""
    if child.next is None and child.tag_id in PARTS:
        only = child.child
        if only is None or (only.tag_id == TEXT and only.next is None):  # a picture, or one text in a ``span``
            return True
    inner = [each.tag_id for each in islice(link.traverse(include_text=True), 1, MOST_PARTS + 2)]
    return len(inner) <= MOST_PARTS and PARTS.issuperset(inner)


def _remembered(node: LexborNode) -> RememberedElement | None:
    attributes = node.attributes
    if node.tag_id == SCRIPT and not IN_DRAWINGS.isdisjoint(attributes):
        return None
    record = _Record()
    read_element(record, node, attributes)
    return RememberedElement(record.links, tuple(record.written), places_of(node, attributes))
