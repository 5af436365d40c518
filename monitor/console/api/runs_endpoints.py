"""Runs with what they found by rule, and their reports to download."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from starlette.responses import FileResponse, Response

from monitor.accounts.permissions import Action
from monitor.console.api import schemas
from monitor.console.api.api_call import ApiCall, Call, doing, operation_name
from monitor.console.api.cursors import AtMost, Cursor, NoNul, page_of, place_of
from monitor.console.api.json_documents import details_document, run_document
from monitor.console.queries.run_details import RunDetails, run_details
from monitor.console.queries.run_files import ReportFile, report_files
from monitor.console.visit import StoredNumber
from monitor.store.typed_numbers import typed_number

router = APIRouter(tags=["runs"], generate_unique_id_function=operation_name)

SiteOrAll = Annotated[str, Query(max_length=255, description="Id of a site; empty: all that the user may see."), NoNul]


@router.get("/runs", response_model=schemas.RunPage, **doing(Action.RUN_SEE))
def list_runs(call: Call, site: SiteOrAll = "", limit: AtMost = 50, cursor: Cursor = "") -> Response:
    """List runs, the newest first."""
    before = typed_number(place_of(call, cursor))
    sites = None if call.may(Action.RUN_SEE) else list(call.sites_for(Action.RUN_SEE))
    if site:
        call.demand_sight(Action.RUN_SEE, call.site(site).key)
        sites = [site]
    found = call.parts.reading.runs.page(sites, before, limit + 1)
    last = str(found[limit - 1].id) if len(found) > limit else ""
    return call.answer(page_of(call, [run_document(run, call.language) for run in found[:limit]], last))


@router.get("/runs/{number}", response_model=schemas.RunWithRules, **doing(Action.RUN_SEE))
def show_run(number: StoredNumber, call: Call) -> Response:
    """Show a run with what it found by rule."""
    return call.answer(details_document(_seen_run(call, number), call.language))


@router.get("/runs/{number}/reports", response_model=schemas.ReportList, **doing(Action.REPORT_SEE))
def list_reports(number: StoredNumber, call: Call) -> Response:
    """List the files of a run's report."""
    return call.answer({"items": [file._asdict() for file in _files(call, number)]})


@router.get(
    "/runs/{number}/reports/{name}",
    response_class=FileResponse,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file."}},
    **doing(Action.REPORT_SEE),
)
def download_report(number: StoredNumber, name: str, call: Call) -> Response:
    """Download a file of a run's report."""
    path = next((path for file, path in _files(call, number).items() if file.name == name), None)
    if path is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return FileResponse(
        path, media_type="application/octet-stream", filename=name, content_disposition_type="attachment"
    )


def _seen_run(call: ApiCall, number: int) -> RunDetails:
    details = run_details(call.parts.reading, number)
    if details is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    call.demand_sight(Action.RUN_SEE, details.record.site)
    return details


def _files(call: ApiCall, number: int) -> dict[ReportFile, Path]:
    record = _seen_run(call, number).record
    call.demand_sight(Action.REPORT_SEE, record.site)
    return report_files(Path(call.settings.daemon.reports), record)
