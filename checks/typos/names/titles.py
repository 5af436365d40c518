"""Recognise the titles of laws and documents, which stand between 《 and 》."""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.typos.names.span import NameKind, Span

TITLE = late("《([^《》\n]{2,100})》")


def spans(text: str) -> Iterator[Span]:
    """Yield titles, without their marks."""
    yield from (Span(*match.span(1), NameKind.TITLE) for match in TITLE.finditer(text))
