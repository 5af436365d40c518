"""What was read from a picture: lines of text, each with its place and how sure the reading is."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from msgspec import Struct


class Box(NamedTuple):
    """A part of a picture in pixels from its upper left corner; ``page`` counts from 1 in a PDF and is 0 elsewhere."""

    left: int
    top: int
    right: int
    bottom: int
    page: int = 0

    @property
    def width(self) -> int:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    def joined(self, other: Box) -> Box:
        """Return the smallest part that holds both."""
        left, top = min(self.left, other.left), min(self.top, other.top)
        return Box(left, top, max(self.right, other.right), max(self.bottom, other.bottom), self.page)


class ReadCharacter(NamedTuple):
    """One character as it was read: where it stands, and how sure that is, from 0 to 1."""

    text: str
    certainty: float
    box: Box


class PictureText(Struct, frozen=True):
    """The text of one picture, or of the pages of a scanned PDF; ``url`` is where the file is.

    ``lines`` are as they stand, each from its first character to its last.
    """

    url: str
    lines: tuple[tuple[ReadCharacter, ...], ...]
    fetched: datetime


class PicturePlace(NamedTuple):
    """Where in a picture something was read, and how sure the reading of its least sure character is, from 0 to 1."""

    box: Box
    certainty: float
