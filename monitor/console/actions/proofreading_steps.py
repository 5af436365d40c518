"""Hand a document in to be proofread, and decide about what is marked in it: for pages and programs alike."""

from __future__ import annotations

from collections.abc import Iterable
from http import HTTPStatus
from pathlib import PurePath

from fastapi import HTTPException

from checks.model import Confidence
from checks.typos import Typos
from monitor.console.actions.proofreading_jobs import Decision, ProofreadJob, ProofreadJobs
from monitor.console.caller import Caller
from monitor.proofreading.proofread_messages import SiteVocabulary, Submission
from monitor.store.ledger.suppressions import SuppressionStore
from monitor.store.memory.languages import LanguageStore
from reports.remediation.suppressions import SuppressionKind
from reports.safe import one_line

REPLACEMENT = 200
"""Characters that somebody puts in the place of a wording at most."""


def begin_proofreading(caller: Caller, jobs: ProofreadJobs, name: str, body: bytes, site: str) -> ProofreadJob | None:
    """Begin to read a document; None where too many are read or wait. ``site`` "" adds no wordings of a site.

    Answers "not found" for a site that the caller may not see, "too large" for more bytes than an upload may have.
    """
    if len(body) > caller.settings.console.upload:
        raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    submission = Submission(name, body, _vocabulary(caller, site), caller.today)
    return jobs.begin(caller.user.name, submission, caller.settings.checks.get(Typos.id, {}))


def _vocabulary(caller: Caller, site: str) -> SiteVocabulary:
    """Return what a site adds: what was called right there, and how it writes."""
    engine = caller.parts.reading.engine
    known = SuppressionStore(engine).load()
    if site:
        caller.site(site)
    accepted = tuple(each for each in known if each.kind is SuppressionKind.PAIR and each.site in {"", site})
    return SiteVocabulary(site, accepted, LanguageStore(engine, site).load() if site else None)


def file_name(sent: str | None) -> str:
    """Return what a file is called that was sent, as one line and without folders."""
    return one_line(PurePath((sent or "").replace("\\", "/")).name)[:120]


def replacement(typed: str) -> Decision:
    """Return the decision for a wording that was typed: blanks and all, but nothing that XML cannot hold."""
    return Decision("".join(each for each in typed[:REPLACEMENT] if each.isprintable()))


def accept_confirmed(job: ProofreadJob) -> None:
    """Accept whatever is confirmed, has a suggestion, and nobody decided about."""
    for number, mark in enumerate(job.marks):
        if mark.confidence is Confidence.CONFIRMED and mark.has_suggestion and number not in job.decisions:
            job.decisions[number] = Decision(mark.right)


def leave_open(job: ProofreadJob, numbers: Iterable[int]) -> None:
    """Take back what was decided about marks."""
    for number in numbers:
        job.decisions.pop(number, None)
