"""What administrators look after, the outbox and the audit log; and who somebody is, for everybody."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from monitor.accounts.permissions import Action, may_somewhere
from monitor.console.api import account_schemas, schemas
from monitor.console.api.api_call import Call, doing, operation_name
from monitor.console.api.cursors import AtMost, Cursor, NoNul, page_of, place_of
from monitor.console.api.json_documents import audit_document, message_document
from monitor.store.accounts.audit_log import AuditFilter, AuditStore
from monitor.store.outbox import MessageState, Outbox
from monitor.store.typed_numbers import typed_number

router = APIRouter(tags=["administration"], generate_unique_id_function=operation_name)

Text128 = Annotated[str, Query(max_length=128), NoNul]


@router.get("/me", response_model=schemas.Me)
def show_me(call: Call) -> Response:
    """Show in whose place the program acts, and what it may do somewhere."""
    return call.answer(
        {
            "name": call.user.name,
            "full_name": call.user.full_name,
            "scopes": sorted(call.user.scopes or ()),
            "actions": [action.value for action in Action if may_somewhere(call.user, action)],
            "sites": sorted(call.sites),
            "departments": sorted(call.user.departments),
        }
    )


@router.get("/settings", response_model=account_schemas.SettingsOut, **doing(Action.SETTINGS_SEE))
def show_settings(call: Call) -> Response:
    """Show the settings in force, as `sitehealth config show` prints them: secrets are masked."""
    return call.answer({"settings": call.settings.to_json()})


@router.get("/outbox", response_model=schemas.MessageList, **doing(Action.OUTBOX_SEE))
def list_messages(call: Call, state: MessageState | None = None, limit: AtMost = 100) -> Response:
    """List the newest messages to people, without what they say."""
    kept = Outbox(call.parts.reading.engine).load([state] if state else list(MessageState), limit)
    return call.answer({"items": [message_document(each) for each in kept]})


@router.post("/outbox/retries", response_model=schemas.Numbers, **doing(Action.OUTBOX_RETRY))
def retry_messages(wanted: schemas.Numbers, call: Call) -> Response:
    """Have messages sent again that have not arrived; answer with those that will be."""
    found = Outbox(call.parts.store.engine).retry(wanted.numbers, call.parts.now())
    if found:
        call.audit.add(call.actor, "outbox.retry", f"messages {', '.join(map(str, found))}")
    return call.answer({"numbers": found}, HTTPStatus.OK)


@router.get("/audit", response_model=schemas.AuditPage, **doing(Action.AUDIT_SEE))
def list_audit(
    call: Call, who: Text128 = "", action: Text128 = "", limit: AtMost = 100, cursor: Cursor = ""
) -> Response:
    """List changes by anybody, the newest first; an action that ends in a dot asks for all that begin so."""
    before = typed_number(place_of(call, cursor))
    wanted = AuditFilter(who=who or None, action=action or None, before=before, limit=limit + 1)
    found = AuditStore(call.parts.reading.engine).select(wanted)
    last = str(found[limit - 1].number) if len(found) > limit else ""
    return call.answer(page_of(call, [audit_document(each) for each in found[:limit]], last))
