"""Inspections of a site as they go: begin one, end one, and the figures of what is under way."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.inspections import cancel_inspection, start_inspection
from monitor.console.event_stream import Part, stream
from monitor.console.queries.inspections_underway import underway_at
from monitor.console.visit import SignedIn, Visit
from reports.model import Scope

router = APIRouter()


@router.post("/sites/{key}/inspect")
def inspect_now(key: str, visit: SignedIn) -> Response:
    """Inspect the site, or its homepage, now."""
    visit.site(key)
    start_inspection(visit, key, _scope(visit))
    return visit.go(f"/sites/{key}")


@router.post("/sites/{key}/cancel")
def cancel(key: str, visit: SignedIn) -> Response:
    """End an inspection of the site."""
    visit.site(key)
    cancel_inspection(visit, key, _scope(visit))
    return visit.go(f"/sites/{key}")


@router.get("/sites/{key}/progress")
def progress(key: str, visit: SignedIn) -> Response:
    """Send the figures of what is under way, until nothing is."""
    visit.site(key)
    visit.demand_sight(Action.SITE_SEE, key)

    def render() -> Part:
        underway = underway_at(visit.parts, key)
        return Part(visit.render("underway.html.jinja", underway=underway), is_last=not underway)

    return stream(visit, render)


def _scope(visit: Visit) -> str:
    scope = visit.field("scope")
    if scope not in set(Scope):
        raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return scope
