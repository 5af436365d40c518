"""Write what was decided about a document into the file it came in."""

from __future__ import annotations

from datetime import datetime

from monitor.beijing import beijing_time
from monitor.console.actions.proofreading_jobs import ProofreadJob
from monitor.console.visit import Visit
from monitor.proofreading.proof_marks import ProofMark
from monitor.proofreading.proofread_worker import CorrectionTask, write
from monitor.proofreading.tracked_changes import TextCorrection


def corrected_word_file(visit: Visit, job: ProofreadJob) -> bytes:
    """Return the Word file with what was accepted as tracked changes, and what is undecided as comments.

    Raises ProofreadingFailedError.
    """
    if job.original is None:
        raise ValueError("no Word file was handed in")
    job.original.seek(0)
    corrections = [_correction(visit, job, number, mark) for number, mark in enumerate(job.marks)]
    at: datetime = beijing_time(visit.parts.now())
    wanted = tuple(each for each in corrections if each is not None)
    return write(CorrectionTask(job.original.read(), wanted, visit.author, at))


def _correction(visit: Visit, job: ProofreadJob, number: int, mark: ProofMark) -> TextCorrection | None:
    decision = job.decisions.get(number)
    if decision is None:
        sure = visit.say.label("confidence", mark.confidence)
        remark = visit.say("proofread_page.remark", sure=sure, reason=mark.reason(visit.preferences.language))
        return TextCorrection(mark.passage, mark.start, mark.end, None, remark)
    if decision.right is None:
        return None
    return TextCorrection(mark.passage, mark.start, mark.end, decision.right)
