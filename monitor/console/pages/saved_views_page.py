"""Saved views: filters of the ledger under names, one's own or shared, which the page of findings offers."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.view_saving import ViewRefusedError, remove_view, save_view, view_query
from monitor.console.visit import SignedIn, StoredNumber

router = APIRouter()


@router.post("/views")
def save(visit: SignedIn) -> Response:
    """Keep the filter of the form under a name."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    name, typed = visit.field("name"), visit.field("filter")
    try:
        save_view(visit, visit.login.account.id, name, typed, shared=visit.field("shared") == "1")
    except ViewRefusedError as error:
        if not error.is_full:
            visit.refuse(error.reason)
        visit.tell(error.reason(visit.preferences.language), is_error=True)
    else:
        visit.tell(visit.say("views.saved", name=name))
    query = view_query(visit, typed)
    return visit.go(f"/findings?{query}" if query else "/findings")


@router.post("/views/{number}/remove")
def remove(number: StoredNumber, visit: SignedIn) -> Response:
    """Drop a view of one's own; administrators drop those of others as well."""
    name = remove_view(visit, visit.login.account.id, number)
    if name is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.tell(visit.say("views.removed", name=name))
    return visit.go_back("/findings")
