"""Collect the references of a document, each resolved against its base."""

from __future__ import annotations

from typing import TYPE_CHECKING

from checks.model import Kind, Reference, Region
from checks.reading.template_code import is_unfilled
from monitor.pages.element_memory import ElementMemory, RememberedElement
from monitor.pages.reference_kinds import kind_of
from monitor.pages.regions import Regions
from monitor.pages.urls import Base, HrefResolver, MalformedError
from monitor.pages.written_references import WrittenReferences

if TYPE_CHECKING:
    from checks.model.turbohtml_core import Element


class ReferenceCollector(WrittenReferences):
    """What a document points at, in document order, with its title, language and metas.

    ``base`` is what relative addresses are resolved against. ``node`` is the element that is being read, which says
    where the references stand that are added. ``region`` is where a document inside another stands as a whole.
    ``memory`` has elements of the run. ``anchors`` are the places that a fragment can name.
    """

    def __init__(
        self,
        resolver: HrefResolver,
        base: Base,
        charset: str,
        memory: ElementMemory,
        region: Region | None = None,
    ) -> None:
        super().__init__()
        self.resolver, self.base, self.charset, self.memory = resolver, base, charset, memory
        self.region, self.regions = region, Regions()
        self.node: Element | None = None
        self.references: list[Reference] = []
        self.anchors: set[str] = set()

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
            self.references.append(reference)

    def add_remembered(self, element: RememberedElement, node: Element) -> None:
        """Add what an element refers to, which mostly was resolved on a page before, and stood in the same region."""
        self.node = node
        self.links += element.links
        for written in element.written:
            if written.of_page:
                self.add(written.href, written.kind, written.text, written.element)
                continue
            at = self.base.origin if written.steps is None else self.base.above(written.steps)
            reference = written.reference
            if written.resolved_at != at:
                reference = self._resolved(written.href, written.kind, written.text, written.element)
                written.reference, written.resolved_at = reference, at
            elif reference is not None:
                place = self.place()
                if reference.region is not place:
                    written.reference = reference = reference._replace(region=place)
            if reference is not None:
                self.references.append(reference)

    def _resolved(self, href: str, kind: Kind | None, text: str, element: str) -> Reference | None:
        """Return what an address of the element refers to, None where that is nothing that can be asked for."""
        url, fragment = "", None
        # What a template has yet to fill in is no address; the check `templates` says where it shows.
        if not is_unfilled(href):
            try:
                url, fragment = self.resolver.resolve(self.base, href, self.charset)
            except MalformedError:
                pass
            else:
                if not url:
                    return None
        return Reference(href, url, kind or kind_of(url), text, fragment, element, self.place())

    def place(self) -> Region:
        """Return where the element that is being read stands."""
        if self.region is not None:
            return self.region
        return self.regions.of(self.node) if self.node is not None else Region.UNKNOWN
