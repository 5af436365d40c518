"""Suppressions: the judgements that are remembered for a kind, what each hid since, and taking one back."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.beijing import beijing_time
from monitor.console.actions.remembering import seen_judgements, take_judgement_back
from monitor.console.visit import SignedIn, StoredNumber

router = APIRouter()


@router.get("/suppressions")
def suppressions(visit: SignedIn) -> Response:
    """Show what is remembered, the newest first."""
    visit.demand_somewhere(Action.SUPPRESSION_SEE)
    known = sorted(seen_judgements(visit), key=lambda each: each.made, reverse=True)
    return visit.show(
        "suppressions.html.jinja",
        known=known,
        now=beijing_time(visit.parts.now()),
        names=visit.site_names,
        may_take_back=lambda each: not each.configured and visit.may(Action.SUPPRESSION_CHANGE, each.site or None),
    )


@router.post("/suppressions/{number}/remove")
def remove(number: StoredNumber, visit: SignedIn) -> Response:
    """Take a judgement back; what it hid is open again."""
    found = next((each for each in seen_judgements(visit) if each.id == number), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.demand(Action.SUPPRESSION_CHANGE, found.site or None)
    take_judgement_back(visit, number)
    return visit.go_back("/suppressions")
