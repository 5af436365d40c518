"""Read numbers out of what people typed, or wrote into an address."""

from __future__ import annotations

DIGITS = 18
"""Digits of a number that both databases hold as it is."""


def typed_number(text: str) -> int | None:
    """Return the number of a run, an entry or a row that a text is; None for anything else, signs included."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= DIGITS else None
