"""Run CPU-bound checks in worker processes of this machine."""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from checks.model import Block, Check, Finding

_CHECK: dict[str, Check[Any]] = {}


PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""


def _begin(check: Check[Any]) -> None:
    """Take the check, leave signals to the parent, and die with it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    die_with_parent()
    _CHECK["check"] = check


def die_with_parent() -> None:
    """Have the kernel end this process with its parent: a killed parent tells nobody to end."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent is not None and parent.pid != os.getppid():
            os._exit(1)


def _judge(texts: Sequence[str]) -> list[list[Finding]]:
    return _CHECK["check"].inspect_all([Block(text) for text in texts])


class Workers:
    """A pool of processes that hold one check each; it starts with the first text and ends with ``close``."""

    def __init__(self, check: Check[Any], processes: int | None = None) -> None:
        self.check = check
        self.processes = processes or max(1, (os.cpu_count() or 1) - 1)
        self._pool: ProcessPoolExecutor | None = None

    async def judge(self, texts: Sequence[str]) -> list[list[Finding]]:
        """Return what is wrong with each text; raises what the check raised."""
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.processes, context, initializer=_begin, initargs=(self.check,))
        return await asyncio.get_running_loop().run_in_executor(self._pool, _judge, texts)

    def close(self) -> None:
        """End the processes; what they were doing is dropped."""
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
