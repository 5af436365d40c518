"""Where the work on a page is done: here, or by who runs the crawl in another process."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


TAG = 26
"""Bytes that a tag weighs at least: what a document costs goes by its tags rather than by its bytes. At 256 KB a
document is handed over, and so at 10,000 tags (``monitor.inspection.large_pages``)."""

SHORT = 30_000
"""Bytes of a document below which its tags are not counted: it cannot have 10,000, since ``<p>`` takes three."""


class Offload(Protocol):
    """Does work on a page of some size. Function, arguments and result have to pickle: large pages leave the process.

    Raises what the work raises, and where it is lost on the way says so by an exception of its own.
    """

    async def __call__(self, size: int, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        """Return what the work returns; ``size`` is the weight of the page."""


def weight(document: bytes | str) -> int:
    """Return what a document weighs, in bytes or characters, or by its tags where it is made of them."""
    if len(document) < SHORT:
        return len(document)
    tags = document.count(b"<") if isinstance(document, bytes) else document.count("<")
    return max(len(document), TAG * tags)


async def in_place(_size: int, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """Do the work here, whatever the size."""
    return work(*args, **options)
