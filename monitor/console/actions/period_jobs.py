"""Have reports of periods written in the background, and hold them until they were taken along."""

from __future__ import annotations

import secrets
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from tempfile import TemporaryFile
from threading import Lock, Semaphore, Thread
from typing import IO

import structlog

from monitor.console.actions.held_jobs import HeldJobs
from monitor.console.actions.period_worker import PeriodTask, PeriodWriter, ReportNotWrittenError

log = structlog.get_logger()

WAITING = 6
"""Reports that are written or wait; they are written one after the other."""

KEPT = 20
"""Reports that are held for everybody together."""


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
    opened: float = field(default_factory=time.monotonic)
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


class PeriodJobs(HeldJobs[PeriodJob]):
    """The reports of a console."""

    def __init__(self) -> None:
        super().__init__(WAITING, KEPT)
        self._turn = Semaphore(1)

    def begin(self, user: str, title: str, stem: str, formats: Sequence[str], task: PeriodTask) -> PeriodJob | None:
        """Have a report written; None where too many wait."""
        job = PeriodJob(secrets.token_urlsafe(9), user, title, stem, tuple(formats))
        if not self.hold(job):
            return None
        Thread(target=self._write, args=(job, task), name="report of a period", daemon=True).start()
        return job

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
        if not self.holds(job):
            job.close()
