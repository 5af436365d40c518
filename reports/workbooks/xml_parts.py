"""Parse the XML parts of an xlsx workbook, a piece at a time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO
from xml.parsers import expat

READ_AT_ONCE = 1 << 16
"""Bytes of XML that are parsed together."""


class WorkbookError(ValueError):
    """The parts of the archive make no workbook."""


class PartReader:
    """What a part of the archive is read by."""

    def start(self, name: str, attributes: dict[str, str], /) -> None:
        """Note that an element begins."""

    def end(self, name: str, /) -> None:
        """Note that an element ends."""

    def text(self, text: str, /) -> None:
        """Note text between tags."""


def parsed(part: IO[bytes], reader: PartReader) -> Iterator[None]:
    """Feed a part to its reader, a piece between two yields."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse_entity  # parts have none; what declares some is an attack
    while piece := part.read(READ_AT_ONCE):
        parser.Parse(piece)
        yield
    parser.Parse(b"", True)  # noqa: FBT003 - expat names no arguments
    yield


def _refuse_entity(*_: object) -> None:
    raise WorkbookError("a part declares entities")


def local_name(name: str) -> str:
    """Return the name of an element or attribute without its namespace: there are two, strict and transitional."""
    return name.rpartition(" ")[2]
