"""Keep what is costly from being done all the time: with thousands of sites there is always something new."""

from __future__ import annotations

import time

SHARE = 0.05
"""Of the time that something may take."""


class Spacing:
    """Says when something may be done again, so that it takes at most a twentieth of the time."""

    def __init__(self) -> None:
        self._next = 0.0

    def allows(self) -> bool:
        """Return whether it is long enough since the last time."""
        return time.monotonic() >= self._next

    def took(self, seconds: float) -> None:
        """Note that it was done just now, and how long that took."""
        self._next = time.monotonic() + seconds / SHARE
