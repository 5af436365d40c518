"""Give memory back to the system after work that took much of it for a moment."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Let the C library return what is free; one that cannot (musl) keeps it.

    After the metrics of 13,000 sites were written, glibc held 22 MiB that nobody used (228 and then 206 resident).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)
