"""Proofread in a process of its own for somebody who waits: a hostile or long document costs that process alone.

Bounded in time, memory, bytes and characters. What the process reads is sent back a batch at a time.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from multiprocessing.connection import Connection
from typing import Any

from monitor.inspection.child import Child
from monitor.proofreading.proofread_messages import (
    CorrectionTask,
    ProofreadingFailedError,
    ReadPassage,
    Submission,
    UnreadRest,
)

READING = 600.0
"""Seconds in which a document has to be read."""

WRITING = 60.0
"""Seconds in which the corrected file has to be written."""


def read(
    submission: Submission, typos: Mapping[str, Any], seconds: float = READING
) -> Iterator[ReadPassage | UnreadRest]:
    """Yield the passages of a document as they are read. ``typos`` are the settings of the check.

    The process ends with the iterator. Raises ProofreadingFailedError.
    """
    worker, until = Child(_serve, dict(typos)), time.monotonic() + seconds
    try:
        batch = _ask(worker, submission, until)
        while batch:
            yield from batch
            batch = _ask(worker, None, until)
    finally:
        worker.kill()


def write(task: CorrectionTask, seconds: float = WRITING) -> bytes:
    """Return the Word file with its corrections. Raises ProofreadingFailedError."""
    worker = Child(_serve, {})
    try:
        answer: bytes = _ask(worker, task, time.monotonic() + seconds)
    finally:
        worker.kill()
    return answer


def _ask(worker: Child, question: object, until: float) -> Any:  # noqa: ANN401 - what the process answers
    try:
        answer = worker.ask(question, max(0.0, until - time.monotonic()))
    except TimeoutError:
        raise ProofreadingFailedError("时间太长", "it took too long") from None
    except (EOFError, OSError):
        raise ProofreadingFailedError(
            "读它的进程已终止：文件可能已损坏，或者太大",
            "the process that read it ended: it may be broken, or too large",
        ) from None
    if isinstance(answer, ProofreadingFailedError):
        raise answer
    return answer


def _serve(typos: dict[str, Any], pipe: Connection) -> None:
    from monitor.proofreading.proofread_process import serve  # in the process alone: 5 MiB that a server need not hold

    serve(typos, pipe)
