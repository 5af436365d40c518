"""A run: how it went, what it found, and its report to take along."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from fastapi import APIRouter, HTTPException
from starlette.responses import FileResponse, Response

from monitor.accounts.permissions import Action
from monitor.console.queries.run_details import RunDetails, run_details
from monitor.console.queries.run_files import report_files
from monitor.console.visit import SignedIn, StoredNumber, Visit

router = APIRouter()


@router.get("/runs/{number}")
def run_page(number: StoredNumber, visit: SignedIn) -> Response:
    """Show a run."""
    details = _seen_run(visit, number)
    may_take = visit.may(Action.REPORT_SEE, details.record.site)
    files = report_files(_folder(visit), details.record) if may_take else {}
    return visit.show("run.html.jinja", details=details, files=list(files))


@router.get("/runs/{number}/reports/{name}")
def report(number: StoredNumber, name: str, visit: SignedIn) -> Response:
    """Send a file of the report, to be kept: what it quotes of pages is never opened in the name of the console."""
    record = _seen_run(visit, number).record
    visit.demand_sight(Action.REPORT_SEE, record.site)
    files = report_files(_folder(visit), record)
    path = next((path for file, path in files.items() if file.name == name), None)
    if path is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(path, filename=name, content_disposition_type="attachment")


def _seen_run(visit: Visit, number: int) -> RunDetails:
    """Return a run that the person may see; else answer "not found"."""
    details = run_details(visit.parts.reading, number)
    if details is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.demand_sight(Action.RUN_SEE, details.record.site)
    return details


def _folder(visit: Visit) -> Path:
    return Path(visit.settings.daemon.reports)
