"""Parse and judge large pages in a process of their own: no other host waits while one is read.

A page of 4 MB may hold a million tags, which took 4.4 CPU seconds of the event loop (text alone 0.5 s); the process has
a deadline and a limit on its memory, and what is lost with it costs that page.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from monitor.failure import Failure, failure_of
from monitor.inspection.child import LostWorkerError, stand_back
from monitor.inspection.restarted_child import RestartedChild

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

P = ParamSpec("P")
T = TypeVar("T")

LARGE = 256 * 1024
"""Weight of a page (``monitor.pages.offload``) from which it is handed over; below, what takes longest to parse and to
judge of some 80 kinds of pages that were made to be slow takes 0.5 CPU seconds."""

SECONDS = 120.0
"""For one piece of work; a page of 4 MB made of nothing but tags takes 3 CPU seconds in all."""

MEMORY = 3 * 1024**3
"""Bytes of address space that the process may take; such a page takes 0.7 GiB."""


class LargePages:
    """One process, started with the first large page, and again after one that it did not survive.

    Pages wait for one another: what they may cost together is the memory of one process.
    """

    def __init__(self, seconds: float = SECONDS) -> None:
        self.seconds = seconds
        self._child = RestartedChild(_serve)
        self._turn = asyncio.Lock()

    async def run(self, size: int, work: Callable[P, T], /, *args: P.args, **options: P.kwargs) -> T:
        """Return what the work returns; small pages are worked on here. Raises what it raises, and LostWorkerError."""
        if size < LARGE:
            return work(*args, **options)
        async with self._turn:
            answer = await self._ask_twice((work, args, options))
        if isinstance(answer, Failure):
            raise LostWorkerError(answer.reason)
        return cast("T", answer)

    async def _ask_twice(self, job: tuple[Any, ...]) -> Any:  # noqa: ANN401 - what the work returns
        """Ask, and once more where the process died: it may have been killed for its memory, or by mistake."""
        with suppress(EOFError, OSError):
            return await self._ask(job)
        try:
            return await self._ask(job)
        except (EOFError, OSError):
            raise LostWorkerError("the process for large pages died") from None

    async def _ask(self, job: tuple[Any, ...]) -> Any:  # noqa: ANN401 - what the work returns
        try:
            return await self._child.ask(job, self.seconds)
        except TimeoutError:  # an OSError as well, but no death: the same page would take as long again
            return Failure(f"a large page was not read within {self.seconds:.0f} s")

    def close(self) -> None:
        """End the process; what it was doing is dropped, and who waits for it sees its pipe end."""
        self._child.kill()


def _serve(pipe: Connection) -> None:
    """Be the child: do one piece of work after the other until the pipe is closed or the parent dies."""
    stand_back()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    while True:
        try:
            work, args, options = pipe.recv()
        except EOFError:
            return
        pipe.send(_done(work, args, options))


def _done(work: Callable[..., Any], args: tuple[Any, ...], options: dict[str, object]) -> object:
    try:
        return work(*args, **options)
    except Exception as error:  # noqa: BLE001 - the fence stands on the other side
        return failure_of(error)
