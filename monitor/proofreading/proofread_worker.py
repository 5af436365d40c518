"""Proofread in a process of its own for somebody who waits: a hostile or long document costs that process alone.

Bounded in time, memory, bytes and characters. What the process reads is sent back a batch at a time.
"""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from io import BytesIO
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, NamedTuple

from checks.model import Block, Finding, WordedError
from checks.typos import Typos
from monitor.inspection.child import Child, stand_back
from monitor.pages.documents import Passage, UnreadableError, passages
from monitor.proofreading.proof_marks import ProofMark, marks_of
from monitor.proofreading.proofs import proofs
from monitor.proofreading.tracked_changes import TextCorrection, corrected, refuse_bomb
from monitor.settings.checks import build_one
from reports.remediation.suppressions import Suppression, covering

if TYPE_CHECKING:
    from checks.typos.site_language import SiteReader

CHARACTERS = 300_000
"""Characters of a document that are read: three hundred pages. Of a longer one the rest is left."""

READING = 600.0
"""Seconds in which a document has to be read."""

WRITING = 60.0
"""Seconds in which the corrected file has to be written."""

MEMORY = 4 * 1024**3
"""Bytes of address space that the process may take; the tables of the models are mapped into it."""

POLITENESS = 5
"""How far the process stands back behind pages and inspections (nice(2))."""


class ReadPassage(NamedTuple):
    """A passage that was read: its text and what is marked in it."""

    text: str
    marks: tuple[ProofMark, ...]


class SiteVocabulary(NamedTuple):
    """What a site adds to a judgement: its id, what was called right there, and how it writes, None for unknown."""

    site: str
    accepted: tuple[Suppression, ...] = ()
    language: bytes | None = None


class Submission(NamedTuple):
    """A document to proofread: its name, whose ending tells its kind, its bytes, and what a site adds."""

    name: str
    body: bytes
    vocabulary: SiteVocabulary
    today: date


class CorrectionTask(NamedTuple):
    """A Word file to write corrections into, in whose name and when."""

    body: bytes
    corrections: tuple[TextCorrection, ...]
    author: str
    at: datetime


class ProofreadingFailedError(WordedError):
    """A document could not be read, or not in time; the reason says why."""


class UnreadRest(NamedTuple):
    """The document goes on, and the rest of it is not read."""


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


# ---- in the process ---------------------------------------------------------------------------------


def _serve(typos: dict[str, Any], pipe: Connection) -> None:
    stand_back()
    os.nice(POLITENESS)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    batches: Iterator[list[ReadPassage | UnreadRest]] = iter(())
    while True:
        try:
            question = pipe.recv()
        except EOFError:
            return
        try:
            if isinstance(question, CorrectionTask):
                pipe.send(corrected(question.body, question.corrections, question.author, question.at))
                continue
            if isinstance(question, Submission):
                batches = _batches(question, typos)
            pipe.send(next(batches, []))
        except UnreadableError as error:
            pipe.send(ProofreadingFailedError(*error.reason))
        except (MemoryError, ValueError, OSError) as error:
            message = str(error) or type(error).__name__
            pipe.send(ProofreadingFailedError(message, message))


def _batches(submission: Submission, typos: dict[str, Any]) -> Iterator[list[ReadPassage | UnreadRest]]:
    """Yield what was read, some passages at a time: of a long document the first pages come within seconds."""
    refuse_bomb(submission.body)
    check = build_one(Typos, typos | {"template_code": True})
    judged = _Judged(submission, check)
    batch: list[ReadPassage | UnreadRest] = []
    size, sent = 0, 0
    for number, (passage, findings) in enumerate(proofs(check, _bounded(submission, judged))):
        batch.append(ReadPassage(passage.text, tuple(marks_of(number, judged.left_of(passage.text, findings)))))
        size += len(passage.text)
        if size - sent >= BATCH:
            yield batch
            batch, sent = [], size
    if judged.is_cut:
        batch.append(UnreadRest())
    if batch:
        yield batch


BATCH = 20_000
"""Characters that are sent back together."""


class _Judged:
    """What is left of findings in the light of a site; and whether the document was longer than is read."""

    def __init__(self, submission: Submission, check: Typos) -> None:
        self._submission, self._check, self.is_cut = submission, check, False
        self._reader = _reader_of(submission.vocabulary.language)

    def left_of(self, text: str, findings: list[Finding]) -> list[Finding]:
        """Return the findings of a passage that nobody called right, as sure as the site's writing leaves them."""
        vocabulary, today = self._submission.vocabulary, self._submission.today
        if self._reader is not None:
            findings = list(self._check.review(Block(text), findings, self._reader))
        return [each for each in findings if covering(vocabulary.accepted, vocabulary.site, each, today) is None]


def _reader_of(language: bytes | None) -> SiteReader | None:
    """Return what knows how a site writes; None where that is unknown, or kept in an older layout."""
    from checks.typos.lexicon.alike import alike
    from checks.typos.site_language import SiteLanguage, SiteReader

    try:
        return SiteReader(SiteLanguage.from_bytes(language), alike) if language is not None else None
    except ValueError:
        return None


def _bounded(submission: Submission, judged: _Judged) -> Iterator[Passage]:
    left = CHARACTERS
    for passage in passages(BytesIO(submission.body), submission.name):
        if len(passage.text) > left:
            judged.is_cut = True
            return
        left -= len(passage.text)
        yield passage
