"""Hold no more memory than is in use.

glibc keeps what is free, and a heap of its own for nearly every thread. Python keeps what refers to itself in circles,
as ended inspections do, until it has a quarter more of such objects than of all others: what they hold outside of
Python, each some parsed pages, compiled templates and contexts of TLS, does not count there.
"""

from __future__ import annotations

import ctypes
import gc

M_ARENA_MAX, M_MMAP_THRESHOLD, M_TRIM_THRESHOLD = -8, -3, -1
"""Of mallopt(3)."""

LARGE = 1024 * 1024
"""Bytes of a block that is returned to the system the moment it is freed: metrics of 13,000 sites are 2.7 MB."""


def share_one_heap() -> None:
    """Have all threads take their memory from one heap; called before there is a second thread.

    What one thread freed the next can use: 208 MB resident after the first start over 13,000 sites instead of 217.
    Python runs one thread at a time, so that they do not wait for each other. musl has one heap anyway.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_ARENA_MAX, 1)


def return_large_blocks() -> None:
    """Have what is large mapped by itself, however often it was asked for; called before there is a second thread.

    glibc learns from the first large block that is freed, and takes the next one of that size from the heap, which
    shrinks at its end alone: the 7 MiB of one password that was hashed would stay for good.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE)
        mallopt(M_TRIM_THRESHOLD, 2 * LARGE)  # as glibc would set it; without a word the heap shrinks at every turn


def give_back() -> None:
    """Let the C library return what is free; one that cannot (musl) keeps it.

    After the metrics of 13,000 sites were written, glibc held 22 MiB that nobody used (228 and then 206 resident).
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def keep_for_good() -> None:
    """Look no more for garbage among what is there now: modules and settings, most of what a look has to walk through.

    A look for the garbage of an inspection costs 0.03 s instead of 0.14. Called before anything is begun that ends:
    what is kept so is never dropped, nor what it refers to.
    """
    gc.collect()
    gc.freeze()


def drop_garbage() -> None:
    """Drop what refers to itself in circles, and give back what it held.

    A hundred ended inspections of six addresses each waited for that with 75 MB.
    """
    gc.collect()
    give_back()
