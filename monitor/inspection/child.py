"""Run a process that answers through a pipe and cannot outlive its parent, for work that may hang, crash or grow."""

from __future__ import annotations

import os
import pickle
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from subprocess import DEVNULL, Popen
from threading import Lock
from typing import TYPE_CHECKING, Any

from monitor.character_sets import remember_character_sets
from monitor.garbage import expect_many_objects

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

PR_SET_PDEATHSIG = 1
"""prctl(2): the signal that a process gets when its parent dies."""


PROGRAM = "import sys; sys.path[:] = {path!r}; from monitor.inspection.child import work; work({pipe}, {parent})"
"""What the process runs. One of multiprocessing's own would bring a second beside it, which tracks what they share."""


class LostWorkerError(RuntimeError):
    """The process hung or died over what it was asked; the message says which."""


class Child:
    """A process that is started when it is first asked, and asked no more once it was killed.

    ``serve`` is called in it with ``args``, which are pickled, and its end of the pipe. It calls ``stand_back`` first,
    and returns where the pipe ends (EOFError).
    """

    def __init__(self, serve: Callable[..., None], *args: Any) -> None:  # noqa: ANN401 - whatever pickles
        self._serve, self._args = serve, args
        self._process: Popen[bytes] | None = None
        self._pipe: Connection | None = None
        self._is_over = False
        self._starting = Lock()

    def ask(self, question: Any, seconds: float) -> Any:  # noqa: ANN401 - what the process answers
        """Return the answer; blocks. Raises TimeoutError, and EOFError or OSError where the process died or was killed.

        After whatever it raises the process is gone: a late answer would be taken for that of the next question.
        """
        try:
            return self._answer(question, seconds)
        except BaseException:
            self.kill()
            raise

    def _answer(self, question: Any, seconds: float) -> Any:  # noqa: ANN401 - likewise
        pipe = self._pipe or self._start()
        pipe.send(question)
        if not pipe.poll(seconds):
            raise TimeoutError
        return pipe.recv()

    def _start(self) -> Connection:
        from multiprocessing.connection import Pipe

        task = pickle.dumps((self._serve, self._args))
        parent_end, child_end = Pipe()
        with self._starting, child_end:  # the process holds another copy: only so is its end the end of the pipe
            if self._is_over:  # who asked has given up while this thread was on its way here
                raise EOFError
            program = PROGRAM.format(path=sys.path, pipe=child_end.fileno(), parent=os.getpid())
            command = [sys.executable, "-c", program]
            self._process = Popen(command, stdin=DEVNULL, pass_fds=[child_end.fileno()])  # noqa: S603 - our own program
            self._pipe = parent_end
        parent_end.send_bytes(task)
        return parent_end

    def kill(self) -> None:
        """End the process for good; what it was doing is dropped, and a thread that waits for it sees its pipe end."""
        with self._starting:  # a process that is just being started is ended as well
            self._is_over = True
            process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()


def work(pipe: int, parent: int) -> None:
    """Be the process: serve through the pipe of this number until it ends, or until the parent dies."""
    from multiprocessing.connection import Connection

    die_with_parent(parent)
    connection = Connection(pipe)
    with suppress(EOFError):
        serve, args = pickle.loads(connection.recv_bytes())  # noqa: S301 - from the parent
        serve(*args, connection)


def stand_back() -> None:
    """Leave signals to the parent, which ends this process.

    Python's machinery is told what it is told in the parent: the garbage collector took a fifth of the time of a reader
    of texts, and the compiler of expressions a tenth.
    """
    expect_many_objects()
    remember_character_sets()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)


def die_with_parent(parent: int | None = None) -> None:
    """Have the kernel end this process with its parent: a killed parent tells nobody to end.

    To the kernel the parent is the thread that started the process (prctl(2)). Ours is one of the event loop's own
    executor, which lives as long as the loop. Whose number is ``parent`` may have died before.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if parent is not None and parent != os.getppid():
            os._exit(1)
