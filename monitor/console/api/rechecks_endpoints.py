"""Rechecks: look now whether some faults are gone, and ask what each look has seen so far."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.requests import Request
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.rechecks_now import RecheckJob, RecheckJobs, RecheckNotBegunError, begin_recheck
from monitor.console.api import schemas
from monitor.console.api.api_call import Call, doing, later, operation_name
from monitor.console.api.json_documents import recheck_document

router = APIRouter(tags=["ledger"], generate_unique_id_function=operation_name)


@router.post(
    "/rechecks", status_code=HTTPStatus.ACCEPTED, response_model=schemas.RecheckOut, **doing(Action.ENTRY_RECHECK)
)
def recheck_entries(wanted: schemas.RecheckWanted, call: Call) -> Response:
    """Look at the places of some entries now; it goes on without anybody asking for it."""
    try:
        job = begin_recheck(call, _jobs(call.request), wanted.numbers)
    except RecheckNotBegunError as error:
        if error.is_for_now:
            later(error.reason)
        call.refuse(error.reason)
    place = f"{call.settings.console.root}/api/v1/rechecks/{job.id}"
    return call.answer(recheck_document(job, call.language), HTTPStatus.ACCEPTED, {"Location": place})


@router.get("/rechecks/{job_id}", response_model=schemas.RecheckOut, **doing(Action.ENTRY_RECHECK))
def show_recheck(job_id: str, call: Call) -> Response:
    """Show how far a recheck is that the same user began; the last 50 are remembered."""
    job: RecheckJob | None = _jobs(call.request).find(job_id, call.user.name)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return call.answer(recheck_document(job, call.language))


def _jobs(request: Request) -> RecheckJobs:
    found: RecheckJobs = request.app.state.rechecks
    return found
