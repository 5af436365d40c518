"""Proofread what somebody hands in, while they watch; hold it for as long as they work on it, in memory alone.

A document is read by a process of its own, so that a long one delays no page and no inspection. Nothing is kept: it is
forgotten when its owner says so, with the restart of the console, or two hours after it was last opened.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Lock, Semaphore, Thread
from typing import IO, Any, NamedTuple

import structlog

from monitor.proofreading.proof_marks import ProofMark, habit_marks, in_order
from monitor.proofreading.proofread_worker import ProofreadingFailedError, ReadPassage, Submission, UnreadRest, read

log = structlog.get_logger()

AT_ONCE = 2
"""Documents that are read at the same time; others wait for their turn."""

WAITING = 8
"""Documents that are read or wait; of more nobody is served soon."""

KEPT = 24
"""Documents that are held for everybody together."""

FORGOTTEN_AFTER = 7_200.0
"""Seconds after a document was last opened."""


class Decision(NamedTuple):
    """What somebody decided about a mark: replaced by ``right``, or with None left as it is."""

    right: str | None


@dataclass
class ProofreadJob:
    """A document that is being read, or was. ``fault`` says why it ended early, ``is_cut`` that it went on.

    ``original`` is the Word file that corrections can be written into, None for any other kind.
    """

    id: str
    user: str
    name: str
    site: str
    original: IO[bytes] | None = None
    texts: list[str] = field(default_factory=list)
    marks: list[ProofMark] = field(default_factory=list)
    decisions: dict[int, Decision] = field(default_factory=dict)
    characters: int = 0
    is_reading: bool = False
    ended: bool = False
    is_cut: bool = False
    fault: str = ""
    opened: float = field(default_factory=time.monotonic)

    def close(self) -> None:
        """Give the original back."""
        if self.original is not None:
            self.original.close()


class ProofreadJobs:
    """The documents of a console."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, ProofreadJob] = OrderedDict()
        self._lock, self._turn = Lock(), Semaphore(AT_ONCE)

    def find(self, job: str, user: str) -> ProofreadJob | None:
        """Return a document that somebody handed in, None where there is none of theirs."""
        with self._lock:
            self._forget_old()
            found = self._jobs.get(job)
            if found is None or found.user != user:
                return None
            found.opened = time.monotonic()
            return found

    def of_user(self, user: str) -> list[ProofreadJob]:
        """Return what somebody handed in, the newest first."""
        with self._lock:
            self._forget_old()
            return [job for job in reversed(self._jobs.values()) if job.user == user]

    def forget(self, job: ProofreadJob) -> None:
        """Drop a document; what is still read of it goes nowhere."""
        with self._lock:
            self._drop(job)

    def begin(self, user: str, submission: Submission, typos: Mapping[str, Any]) -> ProofreadJob | None:
        """Begin to read a document; None where too many are read or wait."""
        job = ProofreadJob(secrets.token_urlsafe(9), user, submission.name, submission.vocabulary.site)
        with self._lock:
            self._forget_old()
            if sum(not each.ended for each in self._jobs.values()) >= WAITING:
                return None
            self._jobs[job.id] = job
            ended = [each for each in self._jobs.values() if each.ended]
            for each in ended[: max(0, len(self._jobs) - KEPT)]:
                self._drop(each)
        if submission.body.startswith(b"PK\x03\x04"):
            job.original = TemporaryFile()  # noqa: SIM115 - closed with the job; it has no name on the disk
            job.original.write(submission.body)
        Thread(target=self._read, args=(job, submission, typos), name="proofreading", daemon=True).start()
        return job

    def close(self) -> None:
        """Drop everything, at the end of the console."""
        with self._lock:
            for job in list(self._jobs.values()):
                self._drop(job)

    def _forget_old(self) -> None:
        limit = time.monotonic() - FORGOTTEN_AFTER
        for job in [job for job in self._jobs.values() if job.ended and job.opened < limit]:
            self._drop(job)

    def _drop(self, job: ProofreadJob) -> None:
        if self._jobs.pop(job.id, None) is not None:
            job.close()

    def _read(self, job: ProofreadJob, submission: Submission, typos: Mapping[str, Any]) -> None:
        """Read a document, in a thread that waits for the process that does."""
        try:
            with self._turn:
                job.is_reading = True
                for passage in read(submission, typos):
                    if job.id not in self._jobs:  # forgotten meanwhile
                        return
                    _take(job, passage)
        except ProofreadingFailedError as error:
            job.fault = str(error)
        except Exception as error:
            log.exception("a document could not be proofread")
            job.fault = type(error).__name__
        finally:
            job.marks = in_order(job.marks, habit_marks(job.texts))
            job.ended = True


def _take(job: ProofreadJob, passage: ReadPassage | UnreadRest) -> None:
    if isinstance(passage, UnreadRest):
        job.is_cut = True
        return
    job.texts.append(passage.text)
    job.marks.extend(passage.marks)
    job.characters += len(passage.text)
