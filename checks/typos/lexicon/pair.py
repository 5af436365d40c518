"""What a pair is: a wording that is known to be wrong, and the right one."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from msgspec import Struct


class Tier(StrEnum):
    """How far a pair can be trusted without reading the sentence; a hint counts only where another layer agrees."""

    CONFIRMED = "confirmed"
    SUSPECTED = "suspected"
    STYLE = "style"
    HINT = "hint"


class Pair(Struct, frozen=True):
    """One wrong wording and the right one.

    ``exceptions`` are longer wordings that contain ``wrong`` and are right. ``loose`` pairs are matched with quotation
    marks and commas left out.
    """

    wrong: str
    right: str
    tier: Tier = Tier.CONFIRMED
    kind: str = ""
    severe: bool = False
    loose: bool = False
    exceptions: tuple[str, ...] = ()

    def excused(self, text: str, start: int) -> bool:
        """Return whether the hit at ``start`` is part of one of the exceptions."""
        return any(
            text.startswith(exception, start - at)
            for exception in self.exceptions
            for at in _places(exception, self.wrong)
            if at <= start
        )


def _places(text: str, part: str) -> Iterator[int]:
    """Yield every offset of ``part`` in ``text``."""
    at = text.find(part)
    while at >= 0:
        yield at
        at = text.find(part, at + 1)
