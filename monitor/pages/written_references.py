"""Take in what elements refer to as it is written there: a document resolves it at once, a memory keeps it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

from monitor.pages.css import css_urls
from monitor.pages.moves import MOVES, scripted_targets
from monitor.pages.reference_kinds import css_kind

if TYPE_CHECKING:
    from checks.model import Kind


class WrittenReferences(ABC):
    """What elements say that are read one after the other; ``links`` counts those that are links (``a`` and ``area``).

    ``title``, ``lang`` and ``meta`` are those of the document.
    """

    def __init__(self) -> None:
        self.links = 0
        self.title = self.lang = ""
        self.meta: list[tuple[str, str]] = []

    @abstractmethod
    def add(self, href: str, kind: Kind | None, text: str, element: str) -> None:
        """Add an address as it is written. ``kind`` None leaves what it asks for to its suffix."""

    def add_styles(self, text: str, element: str) -> None:
        """Add what a style sheet or a ``style`` attribute loads."""
        for href in css_urls(text):
            self.add(href, css_kind(href), "", element)

    def add_moves(self, script: str, element: str, text: str = "") -> None:
        """Add where a click leads by script."""
        if any(move in script for move in MOVES):
            for href in scripted_targets(script):
                self.add(href, None, text, element)
