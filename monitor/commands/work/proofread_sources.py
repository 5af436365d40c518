"""Read what a person wants proofread: a document, the standard input, or every document of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import click

from monitor.commands.common import error_text
from monitor.ocr.picture_decoding import is_pdf, is_picture
from monitor.pages.documents import Passage, UnreadableError, passages

HEAD = 1024
"""Bytes at the beginning of a file by which a picture or a PDF is known."""


def shows_text(file: Path) -> bool:
    """Return whether a file is a picture or a PDF. Raises OSError."""
    if str(file) == "-" or not file.is_file():
        return False
    with file.open("rb") as stream:
        head = stream.read(HEAD)
    return is_picture(head) or is_pdf(head)


class Skipped(NamedTuple):
    """A file of a folder that was not read, and why."""

    source: str
    reason: str


def read_document(file: Path) -> Iterator[Passage]:
    """Yield the passages of a file, ``-`` for the standard input. Raises UnreadableError and OSError."""
    name = "-" if str(file) == "-" else file.name
    with click.open_file(str(file), "rb") as stream:
        yield from (passage._replace(source=name) for passage in passages(stream, name))


def read_folder(folder: Path, skipped: list[Skipped], language: str) -> Iterator[Passage]:
    """Yield the passages of all files below a folder, by path.

    What cannot be read is added to ``skipped``, with the reason in a language. Hidden files and folders are left out,
    and links to folders are not followed.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_dir() or any(part.startswith(".") for part in name.parts):
            continue
        try:
            with path.open("rb") as stream:
                yield from (passage._replace(source=str(name)) for passage in passages(stream, path.name))
        except (UnreadableError, OSError) as error:
            skipped.append(Skipped(str(name), getattr(error, "strerror", None) or error_text(error, language)))
