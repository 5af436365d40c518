"""Let ``time.sleep`` work under libfaketime; every Python process of a run at a moment imports this when it starts.

Python sleeps until a point of the monotonic clock (clock_nanosleep with TIMER_ABSTIME). libfaketime 0.9.10 subtracts
the difference of the wall clock from that point even where it leaves the monotonic clock alone, so that every sleep
ends at once with EINVAL. select takes a span instead of a point.
"""

import select
import time


def sleep(seconds: float) -> None:
    """Sleep so many seconds. Raises ValueError for a negative number, as ``time.sleep`` does."""
    if seconds < 0:
        raise ValueError("sleep length must be non-negative")
    select.select([], [], [], seconds)


time.sleep = sleep
