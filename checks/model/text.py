"""Text: what is said in both languages of the product, and the runs of text that a site shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct


class Text(NamedTuple):
    """One thing said in both languages of the product; Chinese is what our readers get unless they ask otherwise."""

    zh: str
    en: str

    def __call__(self, language: str) -> str:
        """Return the wording for a BCP 47 tag such as ``zh-CN`` or ``en``."""
        return self.en if language.startswith("en") else self.zh


NOTHING = Text("", "")
"""Nothing to say, in both languages."""


class WordedError(Exception):
    """An error that people are told in their language: ``reason``. As a string it is English, as the log is."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(chinese, english)
        self.reason = Text(chinese, english)

    def __str__(self) -> str:
        """Return the reason in English."""
        return self.reason.en


class Block(Struct, frozen=True):
    """One run of visible text: a paragraph, a list item, a heading. ``start`` is its offset in the page's text."""

    text: str
    start: int = 0

    @property
    def hash(self) -> bytes:
        """16 bytes that name the text across pages, sites and runs."""
        return hashlib.blake2b(self.text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def blocks_of(text: str) -> Iterator[Block]:
    """Yield the lines of a text as blocks."""
    start = 0
    for line in text.split("\n") if text else ():
        yield Block(line, start)
        start += len(line) + 1


class Excerpt(NamedTuple):
    """Where in the text a wording stands: ``start`` is in characters from the start of the block."""

    before: str
    wrong: str
    after: str
    start: int
