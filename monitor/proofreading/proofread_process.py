"""Read documents and write corrections into them: what the process of ``proofread_worker`` does."""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

from checks.model import Block, Finding
from checks.typos import Typos
from checks.typos.lexicon.alike import alike
from checks.typos.site_language import SiteLanguage, SiteReader
from monitor.inspection.child import stand_back
from monitor.pages.documents import Passage, UnreadableError, passages
from monitor.proofreading.proof_marks import marks_of
from monitor.proofreading.proofread_messages import (
    CHARACTERS,
    CorrectionTask,
    ProofreadingFailedError,
    ReadPassage,
    Submission,
    UnreadRest,
)
from monitor.proofreading.proofs import proofs
from monitor.proofreading.tracked_changes import corrected, refuse_bomb
from monitor.settings.checks import build_one
from reports.remediation.suppressions import covering

MEMORY = 4 * 1024**3
"""Bytes of address space that the process may take; the tables of the models are mapped into it."""

POLITENESS = 5
"""How far the process stands back behind pages and inspections (nice(2))."""


def serve(typos: dict[str, Any], pipe: Connection) -> None:
    """Answer questions until the pipe ends."""
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
