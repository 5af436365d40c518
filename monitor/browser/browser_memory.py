"""Say what the browser takes, from what Linux tells of its processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROCESSES = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


def browser_memory(mark: str = "") -> int:
    """Return the bytes that Chromium's processes below this one hold and share with no file; 0 where nobody knows.

    A daemon has a browser for each inspection: ``mark`` stands in the command of the one that is asked for.
    """
    below = list(descendants(os.getpid()))
    if mark:
        first = [pid for pid in below if mark in _read(PROCESSES / str(pid) / "cmdline")]
        below = [*first, *(child for pid in first for child in descendants(pid))]
    return sum(_own(pid) for pid in set(below) if name_of(pid).startswith(("chrom", "google-chrome")))


def descendants(pid: int) -> Iterator[int]:
    """Yield the processes that a process started, and theirs."""
    waiting = [pid]
    while waiting:
        try:
            tasks = list((PROCESSES / str(waiting.pop()) / "task").iterdir())
        except OSError:  # it has ended
            continue
        for task in tasks:
            children = [int(child) for child in _read(task / "children").split()]
            yield from children
            waiting += children


def name_of(pid: int) -> str:
    """Return the name of a process, "" where it has ended."""
    return _read(PROCESSES / str(pid) / "comm").strip()


def _own(pid: int) -> int:
    """Return resident bytes without those of files: libraries are there once, however many processes use them."""
    figures = _read(PROCESSES / str(pid) / "statm").split()
    return (int(figures[1]) - int(figures[2])) * PAGE if len(figures) > 2 else 0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
