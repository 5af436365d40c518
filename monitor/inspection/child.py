"""Run a process that answers through a pipe and cannot outlive its parent, for work that may hang, crash or grow."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from monitor.character_sets import remember_character_sets
from monitor.garbage import expect_many_objects

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""


class LostWorkerError(RuntimeError):
    """The process hung or died over what it was asked; the message says which."""


class Child:
    """A process that is started when it is first asked, and again after it was killed.

    ``serve`` is called in it with ``args`` and its end of the pipe. It calls ``stand_back`` first, and returns
    where the pipe ends (EOFError).
    """

    def __init__(self, serve: Callable[..., None], *args: Any) -> None:  # noqa: ANN401 - whatever pickles
        self._serve, self._args = serve, args
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, question: Any, seconds: float) -> Any:  # noqa: ANN401 - what the process answers
        """Return the answer; blocks. Raises TimeoutError, and EOFError or OSError where the process died.

        After any of them the process is to be killed: a late answer would be taken for that of the next question.
        """
        pipe = self._pipe or self._start()
        pipe.send(question)
        if not pipe.poll(seconds):
            raise TimeoutError
        return pipe.recv()

    def _start(self) -> Connection:
        context = multiprocessing.get_context("spawn")
        parent_end, child_end = context.Pipe()
        process = context.Process(target=self._serve, args=(*self._args, child_end), daemon=True)
        try:
            process.start()
        finally:
            child_end.close()  # the child holds the other copy: only so does its end become the end of the pipe
        self._process, self._pipe = process, parent_end
        return parent_end

    def kill(self) -> None:
        """End the process; what it was doing is dropped, and a thread that waits for it sees its pipe end."""
        process, self._process = self._process, None
        self._pipe = None  # not closed: another thread may be reading from it
        if process is not None:
            process.kill()
            process.join()
            process.close()


def stand_back() -> None:
    """Leave signals to the parent, which ends this process, and end with it where it is killed itself.

    Python's machinery is told what it is told in the parent: the garbage collector took a fifth of the time of a reader
    of texts, and the compiler of expressions a tenth.
    """
    expect_many_objects()
    remember_character_sets()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    die_with_parent()


def die_with_parent() -> None:
    """Have the kernel end this process with its parent: a killed parent tells nobody to end.

    To the kernel the parent is the thread that started the process (prctl(2)). Ours is one of the event loop's own
    executor, which lives as long as the loop.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        parent = multiprocessing.parent_process()
        if parent is not None and parent.pid != os.getppid():
            os._exit(1)
