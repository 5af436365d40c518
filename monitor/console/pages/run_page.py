"""A run: how it went and what it found."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.queries.run_details import run_details
from monitor.console.visit import SignedIn, StoredNumber

router = APIRouter()


@router.get("/runs/{number}")
def run_page(number: StoredNumber, visit: SignedIn) -> Response:
    """Show a run."""
    details = run_details(visit.parts.reading, number)
    if details is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.demand_sight(Action.RUN_SEE, details.record.site)
    return visit.show("run.html.jinja", details=details)
