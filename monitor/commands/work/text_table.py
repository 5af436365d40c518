"""Lay rows out as columns of a terminal, in which Chinese characters are two wide."""

from __future__ import annotations

from collections.abc import Sequence

WIDE = 0x2E80
"""The first character that takes two columns: what CJK begins with."""


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a table."""
    texts = [list(head), *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(width, column)) for column in zip(*texts, strict=True)]
    padded = [
        "  ".join(cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)) for row in texts
    ]
    return [line.rstrip() for line in padded]


def padded(text: str, columns: int) -> str:
    """Return a text that fills so many columns at least."""
    return text + " " * (columns - width(text))


def spaced(head: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the lines of a table and an empty one; none where there are no rows."""
    return [*table(head, rows), ""] if rows else []


def width(text: str) -> int:
    """Return how many columns a text takes."""
    return sum(2 if ord(character) > WIDE else 1 for character in text)
