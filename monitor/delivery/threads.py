"""Run what blocks in a thread that nobody has to wait for: a server that hangs must not hold the end of the process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


async def in_thread(function: Callable[[], T]) -> T:
    """Return what a function returns, or raise what it raises.

    ``asyncio.to_thread`` has a few threads for everybody: targets that hang would keep metrics and reports from theirs.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[T] = loop.create_future()

    def settle(result: T | None, error: BaseException | None) -> None:
        if outcome.done():  # cancelled meanwhile
            return
        if error is not None:
            outcome.set_exception(error)
        else:
            outcome.set_result(result)  # type: ignore[arg-type] # there is a result where there is no error

    def work() -> None:
        try:
            result, error = function(), None
        except BaseException as raised:  # noqa: BLE001 - it is raised again where it is awaited
            result, error = None, raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, error)

    Thread(target=work, name="delivery", daemon=True).start()
    return await outcome
