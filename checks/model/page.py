"""Pages: what they are, what they point at, and the documents beside them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from msgspec import Struct

from checks.model.response import Response
from checks.model.text import Block, blocks_of

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

    from checks.model.html_tree import Tree


class Kind(StrEnum):
    """What a reference asks for, told from the element it stands in and the file name it ends in."""

    PAGE = "page"
    IMAGE = "image"
    SCRIPT = "script"
    STYLE = "style"
    ATTACHMENT = "attachment"
    MEDIA = "media"
    FRAME = "frame"


class Region(StrEnum):
    """Where on a page something stands, as far as its markup tells; ``UNKNOWN`` where it does not."""

    UNKNOWN = ""
    HEAD = "head"
    """The ``head`` of the document: nobody sees it."""
    HEADER = "header"
    MENU = "menu"
    BREADCRUMBS = "breadcrumbs"
    BODY = "body"
    SIDEBAR = "sidebar"
    FRIEND_LINKS = "friend-links"
    """友情链接, wherever it stands."""
    FOOTER = "footer"


class Reference(NamedTuple):
    """One place in a page that points somewhere, before anything was asked for.

    ``url`` is absolute, normalised and without fragment; ``fragment`` is None where the href has no ``#``.
    ``element`` is the tag and attribute it stood in, such as ``a[href]``, ``region`` where on the page that is.
    """

    href: str
    url: str
    kind: Kind
    text: str = ""
    fragment: str | None = None
    element: str = "a[href]"
    region: Region = Region.UNKNOWN


class Referrer(NamedTuple):
    """A page that links to a target, the words it does it with, and where on the page they stand."""

    url: str
    text: str = ""
    region: Region = Region.UNKNOWN


class Page(Struct, frozen=True, eq=False, dict=True):
    """One HTML document, parsed once for every check; equal to itself alone, so that it can be the key of a memory.

    What it makes of itself when asked (``blocks``, the trees) does not travel to other processes.

    ``url`` is the address that was asked for, ``response.url`` the one that answered. ``charset`` is what the bytes
    were read as, ``declared_charset`` what the page claims (None: nothing). ``undecodable`` pages carry replacement
    characters and get no text check. ``meta`` keeps every named meta element in order. ``text`` is what a reader sees,
    one run (paragraph, item, heading) a line. ``fetched`` is aware. Of ``truncated`` pages only the beginning was
    received: what stands in the rest is unknown. ``drawn`` pages are as a browser shows them, not as they were sent.
    """

    url: str
    response: Response
    html: str
    fetched: datetime
    title: str = ""
    lang: str = ""
    charset: str = "utf-8"
    declared_charset: str | None = None
    undecodable: bool = False
    meta: tuple[tuple[str, str], ...] = ()
    text: str = ""
    references: tuple[Reference, ...] = ()
    anchors: frozenset[str] = frozenset()
    homepage: bool = False
    truncated: bool = False
    drawn: bool = False

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The runs of the text, each with the place where it starts."""
        return tuple(blocks_of(self.text))

    @cached_property
    def tree(self) -> Tree:
        """The document in the fast parser (0.05 ms a page): for anything that runs on every page. Do not change it."""
        from checks.model.html_tree import parse_html  # 20 ms, for commands that read no page

        return parse_html(self.html)

    @cached_property
    def source(self) -> bytes:
        """The document in UTF-8: words are found in it faster than in a text."""
        return self.html.encode()

    @cached_property
    def soup(self) -> BeautifulSoup:
        """The document in BeautifulSoup (5 ms a page): for lists, footers, guides, where forgiving reading pays."""
        from bs4 import BeautifulSoup

        return BeautifulSoup(self.html, "lxml")


class Versions(Struct, frozen=True):
    """One address as two visitors get it: ``plain`` as everybody does, ``dressed`` as a phone from a search engine.

    Where a browser drew both, ``plain_moves`` and ``dressed_moves`` are the addresses to which scripts wanted to take
    them, and ``decisive`` says by what of the second visitor they do so: ``phone``, ``search``, or ``both`` together.
    """

    url: str
    plain: Page
    dressed: Page
    plain_moves: tuple[str, ...] = ()
    dressed_moves: tuple[str, ...] = ()
    decisive: str = "both"


class Document(Struct, frozen=True):
    """The text of one attachment (PDF, docx, xlsx), as far as its limits allowed."""

    url: str
    text: str
    fetched: datetime
