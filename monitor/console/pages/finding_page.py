"""A finding: one entry of the ledger with its evidence and its history, and what a person may make of it."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import HTMLResponse, Response

from monitor.accounts.permissions import Action
from monitor.console.actions.ledger_changes import change_entries, states_open_to, wanted_change
from monitor.console.picture_answer import PictureDigest, picture_answer
from monitor.console.queries.entry_details import EntryDetails, entry_details, entry_snapshot
from monitor.console.visit import SignedIn, StoredNumber, Visit
from reports.remediation.states import WORKING, State
from reports.snapshot import content_policy

router = APIRouter()

SNAPSHOT_POLICY = f"sandbox; {content_policy()}; frame-ancestors 'none'"
"""The sandbox has an origin of its own: nothing in it is the console's, neither cookies nor pages."""


@router.get("/findings/{number}")
def finding(number: StoredNumber, visit: SignedIn) -> Response:
    """Show an entry."""
    details = seen_entry(visit, number)
    return visit.show(
        "finding.html.jinja",
        details=details,
        entry=details.entry,
        states=states_open_to(visit, details.entry),
        forward=_forward(details.entry.state),
        names=visit.site_names,
    )


@router.get("/findings/{number}/snapshot")
def finding_snapshot(number: StoredNumber, visit: SignedIn) -> Response:
    """Show the page of an entry as it was fetched: what a stranger wrote, so a browser gives it no rights at all."""
    document = entry_snapshot(visit.parts.reading, seen_entry(visit, number).entry, visit.preferences.language)
    if document is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return HTMLResponse(document, headers={"Content-Security-Policy": SNAPSHOT_POLICY, "Vary": "Cookie"})


@router.get("/findings/{number}/pictures/{digest}")
def finding_picture(number: StoredNumber, digest: PictureDigest, visit: SignedIn) -> Response:
    """Show a picture of an entry: WebP of our own making, under no other name and with no rights."""
    picture = next((each for each in seen_entry(visit, number).pictures if each.digest == digest), None)
    if picture is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return picture_answer(picture)


@router.post("/findings/{number}")
def change_finding(number: StoredNumber, visit: SignedIn) -> Response:
    """Change an entry as the form says."""
    seen_entry(visit, number)
    change_entries(visit, [number], wanted_change(visit))
    return visit.go_back(f"/findings/{number}")


def seen_entry(visit: Visit, number: int) -> EntryDetails:
    """Return an entry that the person may see; else answer "not found"."""
    details = entry_details(visit.parts.reading, number)
    if details is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.demand_sight(Action.ENTRY_SEE, details.entry.site, details.entry.department)
    return details


def _forward(state: State) -> State | None:
    """Return the state that comes next in the order of work, None where a look decides."""
    at = WORKING.index(state) + 1 if state in WORKING else len(WORKING)
    return WORKING[at] if at < len(WORKING) else None
