"""What is logged and counted of an exception behind a fence: one line, and where it was raised."""

from __future__ import annotations

import traceback
from typing import NamedTuple

FRAMES = 4
"""Frames of a traceback that are logged, the innermost."""

LONGEST = 300
"""Characters of an error, and of the name of what it was raised for, that are logged."""


class Failure(NamedTuple):
    """That no verdict was reached: why, in one line, and the last frames on the way there.

    The frames are source lines alone. Values of variables stay out: they are texts of the site, and what must not be
    public is among them.
    """

    reason: str
    frames: str = ""


def failure_of(error: BaseException) -> Failure:
    """Return an exception as a failure.

    Raises it again where the store is away: that is no fault of what was judged, and what runs over the store waits.
    """
    # Imported here: a process that reads texts has no store, and SQLAlchemy was a quarter of its start.
    from monitor.store.outage import outage_of

    if outage_of(error) is not None:
        raise error
    reason = " ".join(f"{type(error).__name__}: {error}".split())
    return Failure(reason[:LONGEST], "".join(traceback.format_tb(error.__traceback__)[-FRAMES:]))
