"""Work that the process for large pages is given in tests; it imports this module, and nothing else of the tests.

With the libraries of a test module each such process took a CPU second longer.
"""

import os
import signal
import threading
from pathlib import Path


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def die_once(mark: Path) -> int:
    if not mark.exists():
        mark.touch()
        die()
    return os.getpid()


def hang() -> None:
    threading.Event().wait()


def fail() -> None:
    raise ValueError("odd page")


def echo(value: int, *, doubled: bool = False) -> int:
    return 2 * value if doubled else value


def wait_and_echo(mark: Path, value: int) -> int:
    mark.touch()
    hang()
    return value


def dying(pipe) -> None:
    """Be a child that dies over whatever it is asked."""
    pipe.recv()
    die()
