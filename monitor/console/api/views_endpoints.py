"""Saved views: filters of the ledger under names, one's own and those that others share."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.administration import UserAdministration
from monitor.accounts.permissions import Action, TokenScope
from monitor.console.actions.view_saving import ViewRefusedError, remove_view, save_view
from monitor.console.api import account_schemas
from monitor.console.api.api_call import ApiCall, Call, doing, operation_name
from monitor.console.visit import StoredNumber
from monitor.store.accounts.saved_views import SavedView, SavedViewStore

router = APIRouter(tags=["ledger"], generate_unique_id_function=operation_name)

CHANGING = doing(Action.ENTRY_SEE, TokenScope.LEDGER)
"""What a token that reads must not do, though everybody may who sees entries."""


@router.get("/views", response_model=account_schemas.ViewList, **doing(Action.ENTRY_SEE))
def list_views(call: Call) -> Response:
    """List one's own views by name, then those that others share."""
    owner = _owner(call)
    found = SavedViewStore(call.parts.reading.engine).load(owner)
    return call.answer({"items": [_document(each, owner) for each in found]})


@router.post("/views", status_code=HTTPStatus.CREATED, response_model=account_schemas.ViewOut, **CHANGING)
def add_view(wanted: account_schemas.ViewWanted, call: Call) -> Response:
    """Keep a filter under a name, over what one called so before."""
    owner, name = _owner(call), wanted.name.strip()
    try:
        save_view(call, owner, name, wanted.query, shared=wanted.shared)
    except ViewRefusedError as error:
        call.refuse(error.reason)
    views = SavedViewStore(call.parts.store.engine).load(owner)
    kept = next(each for each in views if (each.owner, each.name) == (owner, name))
    return call.answer(_document(kept, owner), HTTPStatus.CREATED)


@router.delete("/views/{number}", status_code=HTTPStatus.NO_CONTENT, **CHANGING)
def drop_view(number: StoredNumber, call: Call) -> Response:
    """Drop a view of one's own; administrators drop those of others as well."""
    if remove_view(call, _owner(call), number) is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _owner(call: ApiCall) -> int:
    return UserAdministration(call.parts.store, call.settings, call.parts.now).user(call.user.name).id


def _document(view: SavedView, owner: int) -> dict[str, object]:
    return {
        "id": view.number,
        "name": view.name,
        "query": view.query,
        "author": view.author,
        "own": view.owner == owner,
        "shared": view.is_shared,
    }
