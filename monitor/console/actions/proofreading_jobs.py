"""Proofread what somebody hands in, while they watch; hold it for as long as they work on it, in memory alone.

A document is read by a process of its own, so that a long one delays no page and no inspection. Nothing is kept: it is
forgotten when its owner says so, with the restart of the console, or two hours after it was last opened.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Semaphore, Thread
from typing import IO, Any, NamedTuple

import structlog

from checks.model import Text
from monitor.console.actions.held_jobs import HeldJobs
from monitor.proofreading.proof_marks import ProofMark, habit_marks, in_order
from monitor.proofreading.proofread_messages import ProofreadingFailedError, ReadPassage, Submission, UnreadRest
from monitor.proofreading.proofread_worker import read

log = structlog.get_logger()

AT_ONCE = 2
"""Documents that are read at the same time; others wait for their turn."""

WAITING = 8
"""Documents that are read or wait; of more nobody is served soon."""

KEPT = 24
"""Documents that are held for everybody together."""


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
    fault: Text | None = None
    opened: float = field(default_factory=time.monotonic)

    def close(self) -> None:
        """Give the original back."""
        if self.original is not None:
            self.original.close()


class ProofreadJobs(HeldJobs[ProofreadJob]):
    """The documents of a console."""

    def __init__(self) -> None:
        super().__init__(WAITING, KEPT)
        self._turn = Semaphore(AT_ONCE)

    def begin(self, user: str, submission: Submission, typos: Mapping[str, Any]) -> ProofreadJob | None:
        """Begin to read a document; None where too many are read or wait."""
        job = ProofreadJob(secrets.token_urlsafe(9), user, submission.name, submission.vocabulary.site)
        if not self.hold(job):
            return None
        if submission.body.startswith(b"PK\x03\x04"):
            job.original = TemporaryFile()  # noqa: SIM115 - closed with the job; it has no name on the disk
            job.original.write(submission.body)
        Thread(target=self._read, args=(job, submission, typos), name="proofreading", daemon=True).start()
        return job

    def _read(self, job: ProofreadJob, submission: Submission, typos: Mapping[str, Any]) -> None:
        """Read a document, in a thread that waits for the process that does."""
        try:
            with self._turn:
                job.is_reading = True
                for passage in read(submission, typos):
                    if not self.holds(job):
                        return
                    _take(job, passage)
        except ProofreadingFailedError as error:
            job.fault = error.reason
        except Exception as error:
            log.exception("a document could not be proofread")
            job.fault = Text(type(error).__name__, type(error).__name__)
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
