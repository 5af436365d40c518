"""Keep a time of its own: it stands where it is set, and goes on from there as fast as any other."""

from __future__ import annotations

import time


class PastClock:
    """A clock in seconds since the epoch, for whatever takes one in the place of ``time.time``."""

    def __init__(self, moment: float) -> None:
        self.set(moment)

    def set(self, moment: float) -> None:
        """Go on from a moment."""
        self._moment, self._set = moment, time.monotonic()

    def __call__(self) -> float:
        """Return the time."""
        return self._moment + time.monotonic() - self._set
