"""Say what the browser takes, from what Linux tells of its processes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROCESSES = Path("/proc")
PAGE = os.sysconf("SC_PAGE_SIZE")


def browser_memory() -> int:
    """Return the bytes that Chromium's processes below this one hold and share with no file; 0 where nobody knows."""
    return sum(_own(pid) for pid in _descendants(os.getpid()) if _name(pid).startswith(("chrom", "google-chrome")))


def _descendants(pid: int) -> Iterator[int]:
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


def _own(pid: int) -> int:
    """Return resident bytes without those of files: libraries are there once, however many processes use them."""
    figures = _read(PROCESSES / str(pid) / "statm").split()
    return (int(figures[1]) - int(figures[2])) * PAGE if len(figures) > 2 else 0


def _name(pid: int) -> str:
    return _read(PROCESSES / str(pid) / "comm").strip()


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""
