"""Have reports of periods written in the background, and hold them until they were taken along."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Lock, Semaphore, Thread
from typing import IO

import structlog

from monitor.console.actions.period_worker import PeriodTask, PeriodWriter, ReportNotWrittenError

log = structlog.get_logger()

WAITING = 6
"""Reports that are written or wait; they are written one after the other."""

KEPT = 20
"""Reports that are held for everybody together."""

FORGOTTEN_AFTER = 7_200.0
"""Seconds after which a report that was asked for is no longer held: it is written again in a minute."""


@dataclass
class PeriodJob:
    """A report that is being written, or was. ``title`` is what it is about, ``stem`` what its files are called.

    ``files`` are by format, nameless files on the disk; ``faults`` say why a format is missing.
    """

    id: str
    user: str
    title: str
    stem: str
    formats: tuple[str, ...]
    files: dict[str, IO[bytes]] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    ended: bool = False
    begun: float = field(default_factory=time.monotonic)
    lock: Lock = field(default_factory=Lock)

    def content(self, name: str) -> bytes | None:
        """Return the report in a format, None where it was not written."""
        with self.lock:
            file = self.files.get(name)
            if file is None:
                return None
            file.seek(0)
            return file.read()

    def close(self) -> None:
        """Give the files back."""
        with self.lock:
            for file in self.files.values():
                file.close()
            self.files.clear()


class PeriodJobs:
    """The reports of a console."""

    def __init__(self) -> None:
        self._jobs: OrderedDict[str, PeriodJob] = OrderedDict()
        self._lock, self._turn = Lock(), Semaphore(1)

    def find(self, job: str, user: str) -> PeriodJob | None:
        """Return a report that somebody asked for, None where there is none of theirs."""
        with self._lock:
            self._forget_old()
            found = self._jobs.get(job)
        return found if found is not None and found.user == user else None

    def of_user(self, user: str) -> list[PeriodJob]:
        """Return what somebody asked for, the newest first."""
        with self._lock:
            self._forget_old()
            return [job for job in reversed(self._jobs.values()) if job.user == user]

    def begin(self, user: str, title: str, stem: str, formats: Sequence[str], task: PeriodTask) -> PeriodJob | None:
        """Have a report written; None where too many wait."""
        job = PeriodJob(secrets.token_urlsafe(9), user, title, stem, tuple(formats))
        with self._lock:
            self._forget_old()
            if sum(not each.ended for each in self._jobs.values()) >= WAITING:
                return None
            self._jobs[job.id] = job
            ended = [each for each in self._jobs.values() if each.ended]
            for each in ended[: max(0, len(self._jobs) - KEPT)]:
                self._drop(each)
        Thread(target=self._write, args=(job, task), name="report of a period", daemon=True).start()
        return job

    def close(self) -> None:
        """Drop everything, at the end of the console."""
        with self._lock:
            for job in list(self._jobs.values()):
                self._drop(job)

    def _forget_old(self) -> None:
        limit = time.monotonic() - FORGOTTEN_AFTER
        for job in [job for job in self._jobs.values() if job.ended and job.begun < limit]:
            self._drop(job)

    def _drop(self, job: PeriodJob) -> None:
        if self._jobs.pop(job.id, None) is not None:
            job.close()

    def _write(self, job: PeriodJob, task: PeriodTask) -> None:
        """Write a report in every format, in a thread that waits for the process that does."""
        with self._turn:
            writer = PeriodWriter(task)
            try:
                for name in job.formats:
                    self._write_format(job, writer, name)
            except Exception:
                log.exception("the report of a period could not be written", title=job.title)
            finally:
                writer.close()
                job.ended = True

    def _write_format(self, job: PeriodJob, writer: PeriodWriter, name: str) -> None:
        try:
            body = writer.write(name)
        except ReportNotWrittenError as error:
            job.faults[name] = str(error)
            return
        file = TemporaryFile()  # noqa: SIM115 - closed with the job; it has no name on the disk
        file.write(body)
        with job.lock:
            job.files[name], job.sizes[name] = file, len(body)
        if job.id not in self._jobs:  # dropped meanwhile
            job.close()
