"""Where the work on a page is done: here, or by who runs the crawl in another process."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class Offload(Protocol):
    """Does work on a page of some size. Function, arguments and result have to pickle: large pages leave the process.

    Raises what the work raises, and where it is lost on the way says so by an exception of its own.
    """

    async def __call__(self, size: int, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        """Return what the work returns; ``size`` is in bytes or characters of the page."""


async def in_place(_size: int, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
    """Do the work here, whatever the size."""
    return work(*args, **options)
