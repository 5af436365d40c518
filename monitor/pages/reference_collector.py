"""Collect the references of a document, each resolved against its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Kind, Reference, Region
from checks.reading.template_code import is_unfilled
from monitor.pages.css import css_urls
from monitor.pages.moves import MOVES, scripted_targets
from monitor.pages.plain_links import PlainLink, PlainLinks
from monitor.pages.reference_kinds import css_kind, kind_of
from monitor.pages.regions import Regions
from monitor.pages.urls import Base, HrefResolver, MalformedError

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode


class ReferenceCollector:
    """What a document points at, in document order, with its title, language and metas.

    ``links`` counts its own links (``a`` and ``area``). ``base`` is what relative addresses are resolved against.
    ``node`` is the element that is being read, which says where the references stand that are added. ``region`` is
    where a document inside another stands as a whole. ``plain_links`` are those of the run.
    """

    def __init__(
        self,
        resolver: HrefResolver,
        base: Base,
        charset: str,
        plain_links: PlainLinks,
        region: Region | None = None,
    ) -> None:
        self.resolver, self.base, self.charset, self.plain_links = resolver, base, charset, plain_links
        self.region, self.regions = region, Regions()
        self.node: LexborNode | None = None
        self.references: list[Reference] = []
        self.meta: list[tuple[str, str]] = []
        self.anchors: set[str] = set()
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
        reference = self._resolved(href, kind, text, element)
        if reference is not None:
            self._append(reference)

    def add_plain(self, link: PlainLink) -> None:
        """Add a plain link, which mostly was resolved on a page before."""
        self.links += 1
        base = self.base
        at = base.origin if link.steps is None else base.above(link.steps)
        if link.resolved_at != at:
            link.reference, link.resolved_at = self._resolved(link.href, None, link.text, "a[href]"), at
        reference = link.reference
        if reference is not None:
            link.reference = self._append(reference)

    def _resolved(self, href: str, kind: Kind | None, text: str, element: str) -> Reference | None:
        """Return what an address refers to wherever it stands, None where that is nothing that can be asked for."""
        if is_unfilled(href):
            # What a template has yet to fill in is no address; the check `templates` says where it shows.
            return Reference(href, "", kind or Kind.PAGE, text, None, element)
        try:
            url, fragment = self.resolver.resolve(self.base, href, self.charset)
        except MalformedError:
            return Reference(href, "", kind or Kind.PAGE, text, None, element)
        return Reference(href, url, kind or kind_of(url), text, fragment, element) if url else None

    def _append(self, reference: Reference) -> Reference:
        """Add a reference, and return it with its place on the page."""
        place = self.place()
        if reference.region is not place:
            href, url, kind, text, fragment, element, _ = reference
            reference = Reference(href, url, kind, text, fragment, element, place)
        self.references.append(reference)
        return reference

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
