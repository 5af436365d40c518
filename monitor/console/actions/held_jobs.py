"""Hold what people had begun in the background for as long as they come back to it, within bounds for all together."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Generic, Protocol, TypeVar

FORGOTTEN_AFTER = 7_200.0
"""Seconds after a job was last opened."""


class HeldJob(Protocol):
    """Something that somebody began. ``opened`` is when they last came back to it, on the monotonic clock."""

    id: str
    user: str
    ended: bool
    opened: float

    def close(self) -> None:
        """Give back what it holds."""


J = TypeVar("J", bound=HeldJob)


class HeldJobs(Generic[J]):
    """The jobs of a console: at most ``waiting`` under way, and ``kept`` held, of which the oldest ended are dropped.

    A job that was dropped while it was under way is closed by who works on it: ``holds`` tells them.
    """

    def __init__(self, waiting: int, kept: int) -> None:
        self._waiting, self._kept = waiting, kept
        self._jobs: OrderedDict[str, J] = OrderedDict()
        self._lock = Lock()

    def hold(self, job: J) -> bool:
        """Take a job that begins; return False where too many are under way."""
        with self._lock:
            self._forget_old()
            if sum(not each.ended for each in self._jobs.values()) >= self._waiting:
                return False
            self._jobs[job.id] = job
            ended = [each for each in self._jobs.values() if each.ended]
            for each in ended[: max(0, len(self._jobs) - self._kept)]:
                self._drop(each)
        return True

    def holds(self, job: J) -> bool:
        """Return whether a job was not dropped meanwhile."""
        return job.id in self._jobs

    def find(self, job: str, user: str) -> J | None:
        """Return a job that somebody began, None where there is none of theirs."""
        with self._lock:
            self._forget_old()
            found = self._jobs.get(job)
            if found is None or found.user != user:
                return None
            found.opened = time.monotonic()
            return found

    def of_user(self, user: str) -> list[J]:
        """Return what somebody began, the newest first."""
        with self._lock:
            self._forget_old()
            return [job for job in reversed(self._jobs.values()) if job.user == user]

    def forget(self, job: J) -> None:
        """Drop a job; what it still does goes nowhere."""
        with self._lock:
            self._drop(job)

    def close(self) -> None:
        """Drop everything, at the end of the console."""
        with self._lock:
            for job in list(self._jobs.values()):
                self._drop(job)

    def _forget_old(self) -> None:
        limit = time.monotonic() - FORGOTTEN_AFTER
        for job in [job for job in self._jobs.values() if job.ended and job.opened < limit]:
            self._drop(job)

    def _drop(self, job: J) -> None:
        if self._jobs.pop(job.id, None) is not None:
            job.close()
