"""Collect the references of a document, each resolved against its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Kind, Reference, Region
from checks.reading.template_code import is_unfilled
from monitor.pages.css import css_urls
from monitor.pages.moves import MOVES, scripted_targets
from monitor.pages.reference_kinds import css_kind, kind_of
from monitor.pages.regions import Regions
from monitor.pages.urls import Base, HrefResolver, MalformedError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class ReferenceCollector:
    """What a document points at, in document order, with its title, language and metas.

    ``links`` counts its own links (``a`` and ``area``). ``base`` is what relative addresses are resolved against.
    ``node`` is the element that is being read, which says where the references stand that are added. ``region`` is
    where a document inside another stands as a whole.
    """

    def __init__(self, resolver: HrefResolver, base: Base, charset: str, region: Region | None = None) -> None:
        self.resolver, self.base, self.charset = resolver, base, charset
        self.region, self.regions = region, Regions()
        self.node: LexborNode | None = None
        self.references: list[Reference] = []
        self.meta: list[tuple[str, str]] = []
        self.title = self.lang = ""
        self.links = 0

    def rebase(self, href: str) -> None:
        """Resolve from here on against a ``base`` element; one that cannot be read changes nothing."""
        try:
            target = self.resolver.resolve(self.base, href, self.charset)
        except MalformedError:
            return
        if target.url:
            self.base = Base.of(target.url)

    def add(self, href: str, kind: Kind | None, text: str, element: str) -> None:
        """Add an address as it is written. ``kind`` None leaves what it asks for to its suffix."""
        if is_unfilled(href):
            # What a template has yet to fill in is no address; the check `templates` says where it shows.
            self.references.append(Reference(href, "", kind or Kind.PAGE, text, None, element, self.place()))
            return
        try:
            url, fragment = self.resolver.resolve(self.base, href, self.charset)
        except MalformedError:
            self.references.append(Reference(href, "", kind or Kind.PAGE, text, None, element, self.place()))
            return
        if url:
            self.references.append(Reference(href, url, kind or kind_of(url), text, fragment, element, self.place()))

    def place(self) -> Region:
        """Return where the element that is being read stands."""
        if self.region is not None:
            return self.region
        return self.regions.of(self.node) if self.node is not None else Region.UNKNOWN

    def add_styles(self, text: str, element: str) -> None:
        """Add what a style sheet or a ``style`` attribute loads."""
        for href in css_urls(text):
            self.add(href, css_kind(href), "", element)

    def add_moves(self, script: str, element: str, text: str = "") -> None:
        """Add where a click leads by script."""
        if any(move in script for move in MOVES):
            for href in scripted_targets(script):
                self.add(href, None, text, element)
