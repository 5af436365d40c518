"""Write what was decided about a document into the file it came in."""

from __future__ import annotations

from datetime import datetime

from monitor.beijing import beijing_time
from monitor.console.actions.proofreading_jobs import ProofreadJob
from monitor.console.caller import Caller
from monitor.console.console_words import console_words
from monitor.proofreading.proof_marks import ProofMark
from monitor.proofreading.proofread_messages import CorrectionTask, TextCorrection
from monitor.proofreading.proofread_worker import write


def corrected_word_file(caller: Caller, job: ProofreadJob, language: str) -> bytes:
    """Return the Word file with what was accepted as tracked changes, and what is undecided as comments.

    Raises ProofreadingFailedError.
    """
    if job.original is None:
        raise ValueError("no Word file was handed in")
    job.original.seek(0)
    corrections = [_correction(job, number, mark, language) for number, mark in enumerate(job.marks)]
    at: datetime = beijing_time(caller.parts.now())
    wanted = tuple(each for each in corrections if each is not None)
    return write(CorrectionTask(job.original.read(), wanted, caller.author, at))


def _correction(job: ProofreadJob, number: int, mark: ProofMark, language: str) -> TextCorrection | None:
    decision = job.decisions.get(number)
    if decision is None:
        say = console_words(language)
        remark = say(
            "proofread_page.remark", sure=say.label("confidence", mark.confidence), reason=mark.reason(language)
        )
        return TextCorrection(mark.passage, mark.start, mark.end, None, remark)
    if decision.right is None:
        return None
    return TextCorrection(mark.passage, mark.start, mark.end, decision.right)
