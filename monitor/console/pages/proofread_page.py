"""Proofread: hand in a text or a document, go through what is marked in it, take the corrected one along."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import PurePath
from urllib.parse import quote

from fastapi import APIRouter, HTTPException
from starlette.responses import RedirectResponse, Response

from monitor.accounts.permissions import Action
from monitor.console.actions.proofreading_files import corrected_word_file
from monitor.console.actions.proofreading_jobs import Decision, ProofreadJob, ProofreadJobs
from monitor.console.actions.proofreading_steps import (
    REPLACEMENT,
    accept_confirmed,
    begin_proofreading,
    file_name,
    leave_open,
    replacement,
)
from monitor.console.event_stream import Part, stream
from monitor.console.queries.proofread_view import alike, corrected_text, following, part_numbers, part_of, tally
from monitor.console.visit import SignedIn, Visit
from monitor.proofreading.proofread_messages import CHARACTERS, ProofreadingFailedError

router = APIRouter()

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/proofread")
def proofread_form(visit: SignedIn) -> Response:
    """Show where a document is handed in, and those that are still held."""
    visit.demand_somewhere(Action.PROOFREAD)
    return _show_form(visit)


@router.post("/proofread")
def begin(visit: SignedIn) -> Response:
    """Begin to read what was handed in: a file, else the text."""
    visit.demand_somewhere(Action.PROOFREAD)
    name, body = _handed_in(visit)
    if not body.strip():
        return _show_form(visit, visit.say("proofread_page.nothing"))
    job = begin_proofreading(visit, _jobs(visit), name, body, visit.field("site"))
    if job is None:
        return _show_form(visit, visit.say("recheck_page.too_many"))
    return visit.go(f"/proofread/{job.id}")


@router.get("/proofread/{job_id}")
def document(job_id: str, visit: SignedIn) -> Response:
    """Show a document with its marks; ``at`` is the mark that is looked at, ``part`` what is shown of a long one."""
    job = _job(visit, job_id)
    if not job.ended:
        return visit.show("proofread_underway.html.jinja", job=job)
    at = visit.number("at")
    if at is None and job.marks and visit.number("part") is None:
        at = following(job, -1) or 0
    if at is not None and at >= len(job.marks):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    number = part_numbers(job)[job.marks[at].passage] if at is not None else visit.number("part") or 1
    return visit.show(
        "proofread.html.jinja",
        job=job,
        part=part_of(job, number),
        at=at,
        mark=job.marks[at] if at is not None else None,
        decision=job.decisions.get(at) if at is not None else None,
        same=len(alike(job, at)) if at is not None else 0,
        counts=tally(job),
        limit=CHARACTERS,
        longest=REPLACEMENT,
    )


@router.get("/proofread/{job_id}/events")
def events(job_id: str, visit: SignedIn) -> Response:
    """Send how far the reading is."""
    job = _job(visit, job_id)

    def render() -> Part:
        ended = job.ended
        return Part(visit.render("proofread_progress.html.jinja", job=job), is_last=ended)

    return stream(visit, render)


@router.post("/proofread/{job_id}/decide")
def decide(job_id: str, visit: SignedIn) -> Response:
    """Accept or reject a mark (``all``: whatever is alike), undo that, or accept all that is confirmed."""
    job = _job(visit, job_id)
    verdict, at = visit.field("verdict"), visit.number("mark")
    if verdict == "accept-confirmed":
        accept_confirmed(job)
        return _go_to(visit, job, following(job, -1))
    if at is None or at >= len(job.marks) or not job.ended:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    numbers = alike(job, at) if visit.field("all") else [at]
    if verdict == "open":
        leave_open(job, numbers)
        return _go_to(visit, job, at)
    decision = _decision(visit, verdict)
    if decision.right == "" and not job.marks[at].has_suggestion:  # an empty field is no wish to take the wording out
        visit.tell(visit.say("proofread_page.no_suggestion"), is_error=True)
        return _go_to(visit, job, at)
    job.decisions |= dict.fromkeys(numbers, decision)
    return _go_to(visit, job, following(job, at))


@router.get("/proofread/{job_id}/text")
def download_text(job_id: str, visit: SignedIn) -> Response:
    """Send the corrected text."""
    job = _job(visit, job_id)
    headers = {"Content-Disposition": _attachment(visit, job, ".txt")}
    return Response(corrected_text(job).encode(), media_type="text/plain; charset=utf-8", headers=headers)


@router.get("/proofread/{job_id}/docx")
def download_word(job_id: str, visit: SignedIn) -> Response:
    """Send the Word file with tracked changes and comments."""
    job = _job(visit, job_id)
    if job.original is None or not job.ended or job.fault:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        body = corrected_word_file(visit, job, visit.preferences.language)
    except ProofreadingFailedError as error:
        visit.tell(visit.say("proofread_page.fault", reason=error.reason(visit.preferences.language)), is_error=True)
        return visit.go(f"/proofread/{job.id}")
    return Response(body, media_type=WORD_TYPE, headers={"Content-Disposition": _attachment(visit, job, ".docx")})


@router.post("/proofread/{job_id}/forget")
def forget(job_id: str, visit: SignedIn) -> Response:
    """Drop a document."""
    _jobs(visit).forget(_job(visit, job_id))
    visit.tell(visit.say("proofread_page.forgotten"))
    return visit.go("/proofread")


def _handed_in(visit: Visit) -> tuple[str, bytes]:
    """Return name and bytes of the file that was chosen, else of the text that was typed."""
    upload = visit.file("file")
    if upload is not None:
        with upload.file as file:
            return file_name(upload.filename), file.read(visit.settings.console.upload + 1)
    text = visit.form.get("text", "")
    return visit.say("proofread_page.pasted"), (text if isinstance(text, str) else "").encode()


def _decision(visit: Visit, verdict: str) -> Decision:
    match verdict:
        case "accept":
            return replacement(str(visit.form.get("right", "")))
        case "reject":
            return Decision(None)
        case _:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)


def _go_to(visit: Visit, job: ProofreadJob, at: int | None) -> Response:
    """Have the browser show a mark in its place; without one, the whole as it was decided."""
    path = visit.pages.address(f"/proofread/{job.id}", {"at": at} if at is not None else {"part": 1})
    place = f"#m{at}" if at is not None else ""
    return RedirectResponse(path + place, HTTPStatus.SEE_OTHER)


def _attachment(visit: Visit, job: ProofreadJob, ending: str) -> str:
    part = visit.say("proofread_page.file_part")
    name = f"{PurePath(job.name).stem}{part}{ending}"
    return f"attachment; filename*=UTF-8''{quote(name, safe='')}"


def _jobs(visit: Visit) -> ProofreadJobs:
    jobs: ProofreadJobs = visit.request.app.state.proofreading
    return jobs


def _job(visit: Visit, job_id: str) -> ProofreadJob:
    """Return a document of who asks; else answer "not found"."""
    visit.demand_somewhere(Action.PROOFREAD)
    job = _jobs(visit).find(job_id, visit.user.name)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return job


def _show_form(visit: Visit, refused: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return visit.show(
        "proofread_form.html.jinja",
        status,
        refused=refused,
        held=_jobs(visit).of_user(visit.user.name),
        sites=[(key, visit.site_names[key]) for key in visit.sites],
        limit=CHARACTERS,
        upload=visit.settings.console.upload,
    )
