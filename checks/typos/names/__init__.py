"""Recognise names in Chinese prose, so that a suspicion inside one weighs less.

Any character may stand in a name, and a language model has met few of them: 驻济 is no slip for 驻经. A name may hold a
slip all the same, so nothing is excused here; the engine lowers what it suspects inside a span. The lists are packed by
tools/typos/names.py into ``data/names.npz`` and read when the first text is asked about: 80,000 names, 17 ms, 6 MB.
Only texts with a suspicion need asking.
"""

from __future__ import annotations

from checks.typos.names import organisations, persons, places, titles
from checks.typos.names.span import NameKind, Span

__all__ = ["NameKind", "Span", "spans"]


def spans(text: str) -> list[Span]:
    """Return the names of a text from left to right; they may overlap, as a place in an organisation's name does."""
    found = {span for recogniser in (persons, places, organisations, titles) for span in recogniser.spans(text)}
    return sorted(found)
