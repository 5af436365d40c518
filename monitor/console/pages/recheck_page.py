"""A recheck while it goes on: what each look said, as it comes."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.rechecks_now import RecheckJob, recheck_now
from monitor.console.event_stream import Part, stream
from monitor.console.visit import SignedIn, Visit
from monitor.store.ledger.entries import EntryStore

router = APIRouter()


@router.post("/rechecks")
def begin(visit: SignedIn) -> Response:
    """Look at the entries of the form now."""
    visit.demand_somewhere(Action.ENTRY_RECHECK)
    job = recheck_now(visit, visit.request.app.state.rechecks, visit.numbers("number"))
    return visit.go(f"/rechecks/{job.id}") if job else visit.go_back("/findings")


@router.get("/rechecks/{job_id}")
def recheck_page(job_id: str, visit: SignedIn) -> Response:
    """Show what was looked at so far."""
    job = _job(visit, job_id)
    return visit.show("recheck.html.jinja", **_view(visit, job))


@router.get("/rechecks/{job_id}/events")
def recheck_events(job_id: str, visit: SignedIn) -> Response:
    """Send the results as they come."""
    job = _job(visit, job_id)

    def render() -> Part:
        ended = job.ended  # asked first: what came before the end is shown with it
        return Part(visit.render("recheck_part.html.jinja", **_view(visit, job)), is_last=ended)

    return stream(visit, render)


def _job(visit: Visit, job_id: str) -> RecheckJob:
    job: RecheckJob | None = visit.request.app.state.rechecks.find(job_id, visit.user.name)
    if job is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return job


def _view(visit: Visit, job: RecheckJob) -> dict[str, object]:
    entries = EntryStore(visit.parts.reading.engine).get(job.numbers)
    return {"job": job, "entries": [entries[number] for number in job.numbers if number in entries]}
