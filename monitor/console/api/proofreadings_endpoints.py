"""Proofread: hand a text or a document in, ask what is marked, decide, take the corrected one along."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, UploadFile
from starlette.responses import PlainTextResponse, Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.proofreading_files import corrected_word_file
from monitor.console.actions.proofreading_jobs import Decision, ProofreadJob, ProofreadJobs
from monitor.console.actions.proofreading_steps import accept_confirmed, begin_proofreading, leave_open, replacement
from monitor.console.api import document_schemas
from monitor.console.api.api_call import ApiCall, Call, doing, later, operation_name, uploaded
from monitor.console.api.json_documents import proofreading_document
from monitor.console.api.schemas import Name
from monitor.console.queries.proofread_view import corrected_text
from monitor.proofreading.proofread_messages import ProofreadingFailedError

router = APIRouter(tags=["proofreading"], generate_unique_id_function=operation_name)

WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
BUSY = Text("正在审校的文稿太多，请稍后再试", "too many documents are being read; try again a little later")
EMPTY = Text("文件是空的", "the file is empty")
READING = Text("还在审校", "it is still being read")
UNKNOWN_MARK = Text("没有这个标记", "there is no such mark")
NO_SUGGESTION = Text("该标记没有建议，请给出 replacement", "that mark has no suggestion; give a replacement")


@router.get("/proofreadings", response_model=document_schemas.ProofreadingList, **doing(Action.PROOFREAD))
def list_proofreadings(call: Call) -> Response:
    """List the documents that are held for the user, the newest first."""
    held = _jobs(call).of_user(call.user.name)
    items = [{"id": job.id, "name": job.name, "ended": job.ended, "marks": len(job.marks)} for job in held]
    return call.answer({"items": items})


@router.post(
    "/proofreadings",
    status_code=HTTPStatus.ACCEPTED,
    response_model=document_schemas.ProofreadingOut,
    **doing(Action.PROOFREAD),
)
def proofread_text(wanted: document_schemas.TextToProofread, call: Call) -> Response:
    """Have a text read in the background."""
    return _begin(call, "", wanted.text.encode("utf-8", "replace"), wanted.site)


@router.post(
    "/proofreadings/files",
    status_code=HTTPStatus.ACCEPTED,
    response_model=document_schemas.ProofreadingOut,
    **doing(Action.PROOFREAD),
)
def proofread_file(file: UploadFile, call: Call, site: Annotated[Name, Form()] = "") -> Response:
    """Have a file read in the background: .docx, .html, .md or plain text."""
    name, body = uploaded(call, file)
    if not body.strip():
        call.refuse(EMPTY)
    return _begin(call, name, body, site)


@router.get("/proofreadings/{job_id}", response_model=document_schemas.ProofreadingOut, **doing(Action.PROOFREAD))
def show_proofreading(job_id: str, call: Call) -> Response:
    """Show a document with its marks, as far as it was read."""
    return call.answer(proofreading_document(_job(call, job_id), call.language))


@router.post(
    "/proofreadings/{job_id}/decisions", response_model=document_schemas.ProofreadingOut, **doing(Action.PROOFREAD)
)
def decide_marks(job_id: str, wanted: document_schemas.DecisionsWanted, call: Call) -> Response:
    """Decide about marks: all of these decisions are taken, or none."""
    job = _ended(call, job_id)
    decided: dict[int, Decision | None] = {each.mark: _decision(call, job, each) for each in wanted.decisions}
    leave_open(job, [number for number, decision in decided.items() if decision is None])
    job.decisions |= {number: decision for number, decision in decided.items() if decision is not None}
    if wanted.accept_confirmed:
        accept_confirmed(job)
    return call.answer(proofreading_document(job, call.language))


@router.get(
    "/proofreadings/{job_id}/text",
    response_class=PlainTextResponse,
    responses={200: {"content": {"text/plain": {}}, "description": "The corrected text."}},
    **doing(Action.PROOFREAD),
)
def download_corrected_text(job_id: str, call: Call) -> Response:
    """Download the text with what was accepted."""
    return PlainTextResponse(corrected_text(_ended(call, job_id)))


@router.get(
    "/proofreadings/{job_id}/docx",
    response_class=Response,
    responses={200: {"content": {WORD_TYPE: {}}, "description": "The Word file."}},
    **doing(Action.PROOFREAD),
)
def download_corrected_file(job_id: str, call: Call) -> Response:
    """Download the Word file that was handed in, with tracked changes and comments."""
    job = _ended(call, job_id)
    if job.original is None or job.fault:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    try:
        body = corrected_word_file(call, job, call.language)
    except ProofreadingFailedError as error:
        call.refuse(Text(f"无法写入：{error}", f"it cannot be written: {error}"))
    headers = {"Content-Disposition": 'attachment; filename="corrected.docx"'}
    return Response(body, media_type=WORD_TYPE, headers=headers)


@router.delete("/proofreadings/{job_id}", status_code=HTTPStatus.NO_CONTENT, **doing(Action.PROOFREAD))
def forget_proofreading(job_id: str, call: Call) -> Response:
    """Drop a document; nothing of it is kept."""
    _jobs(call).forget(_job(call, job_id))
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _begin(call: ApiCall, name: str, body: bytes, site: str) -> Response:
    job = begin_proofreading(call, _jobs(call), name, body, site)
    if job is None:
        later(BUSY)
    place = f"{call.settings.console.root}/api/v1/proofreadings/{job.id}"
    return call.answer(proofreading_document(job, call.language), HTTPStatus.ACCEPTED, {"Location": place})


def _decision(call: ApiCall, job: ProofreadJob, wanted: document_schemas.MarkDecision) -> Decision | None:
    """Return what is decided about a mark, None for nothing any more."""
    if wanted.mark >= len(job.marks):
        call.refuse(UNKNOWN_MARK)
    match wanted.verdict:
        case "open":
            return None
        case "keep":
            return Decision(None)
    mark = job.marks[wanted.mark]
    if wanted.replacement is not None:
        return replacement(wanted.replacement)
    if not mark.has_suggestion:
        call.refuse(NO_SUGGESTION)
    return Decision(mark.right)


def _jobs(call: ApiCall) -> ProofreadJobs:
    jobs: ProofreadJobs = call.request.app.state.proofreading
    return jobs


def _job(call: ApiCall, job_id: str) -> ProofreadJob:
    """Return a document of the user; else answer "not found"."""
    job = _jobs(call).find(job_id, call.user.name)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return job


def _ended(call: ApiCall, job_id: str) -> ProofreadJob:
    """Return a document of the user that was read to its end; else answer "conflict"."""
    job = _job(call, job_id)
    if not job.ended:
        call.refuse(READING, HTTPStatus.CONFLICT)
    return job
