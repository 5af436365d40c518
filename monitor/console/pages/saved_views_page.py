"""Saved views: filters of the ledger under names, one's own or shared, which the page of findings offers."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.datastructures import QueryParams
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.queries.entry_lists import filter_of
from monitor.console.visit import SignedIn, StoredNumber, Visit
from monitor.store.accounts.saved_views import MOST, SavedViewStore, TooManyViewsError

router = APIRouter()

LONGEST = 40
"""Characters of a name."""


@router.post("/views")
def save(visit: SignedIn) -> Response:
    """Keep the filter of the form under a name."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    name = visit.field("name")
    if not name or not name.isprintable() or len(name) > LONGEST:
        visit.refuse(Text(f"请填写名称，最多 {LONGEST} 个字", f"give it a name of {LONGEST} characters at most"))
    wanted = filter_of(QueryParams(visit.field("filter")), visit.visible, visit.today).address()
    query = visit.pages.address("", wanted).partition("?")[2]
    try:
        _views(visit).save(visit.login.account.id, name, query, visit.parts.now(), shared=visit.field("shared") == "1")
    except TooManyViewsError:
        visit.tell(visit.say("views.too_many", n=MOST), is_error=True)
    else:
        visit.audit.add(visit.actor, "view.save", name, after=query)
        visit.tell(visit.say("views.saved", name=name))
    return visit.go("/findings", wanted)


@router.post("/views/{number}/remove")
def remove(number: StoredNumber, visit: SignedIn) -> Response:
    """Drop a view of one's own; administrators drop those of others as well."""
    owner = None if visit.may(Action.USER_MANAGE) else visit.login.account.id
    name = _views(visit).remove(number, owner)
    if name is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.audit.add(visit.actor, "view.remove", name)
    visit.tell(visit.say("views.removed", name=name))
    return visit.go_back("/findings")


def _views(visit: Visit) -> SavedViewStore:
    return SavedViewStore(visit.parts.store.engine)
