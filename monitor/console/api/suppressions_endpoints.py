"""Judgements that are remembered: list them, remember one, take one back."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.beijing import beijing_time
from monitor.console.actions.remembering import add_judgement, remove_judgement, seen_judgements
from monitor.console.api import schemas
from monitor.console.api.api_call import ApiCall, Call, doing, operation_name
from monitor.console.api.cursors import AtMost, Cursor, page_of, place_of
from monitor.console.api.json_documents import suppression_document
from monitor.console.visit import StoredNumber
from monitor.store.typed_numbers import typed_number
from reports.remediation.entry_items import Item
from reports.remediation.suppressions import Suppression, SuppressionKind, widened

router = APIRouter(tags=["suppressions"], generate_unique_id_function=operation_name)

UNLIKE = Text("既不是用词问题，也不是链接问题", "neither a typo nor a link")
CONFIGURED = Text("写在配置文件中，请在那里删除", "it stands in the configuration; remove it there")


@router.get("/suppressions", response_model=schemas.SuppressionPage, **doing(Action.SUPPRESSION_SEE))
def list_suppressions(
    call: Call, kind: SuppressionKind | None = None, limit: AtMost = 100, cursor: Cursor = ""
) -> Response:
    """List the judgements that concern sites the user may see, the oldest first; the vocabulary is those of pairs."""
    after = typed_number(place_of(call, cursor)) or 0
    seen = [each for each in seen_judgements(call) if each.id > after and kind in {None, each.kind}]
    rest = sorted(seen, key=lambda each: each.id)
    last = str(rest[limit - 1].id) if len(rest) > limit else ""
    return call.answer(page_of(call, [_document(call, each) for each in rest[:limit]], last))


@router.get("/suppressions/{number}", response_model=schemas.SuppressionOut, **doing(Action.SUPPRESSION_SEE))
def show_suppression(number: StoredNumber, call: Call) -> Response:
    """Show a judgement."""
    return call.answer(_document(call, _seen(call, number)))


@router.post(
    "/suppressions",
    status_code=HTTPStatus.CREATED,
    response_model=schemas.SuppressionMade,
    **doing(Action.SUPPRESSION_CHANGE),
)
def add_suppression(wanted: schemas.SuppressionWanted, call: Call) -> Response:
    """Remember a judgement, on one site or without `site` everywhere, and apply it to what is open."""
    if wanted.site:
        call.site(wanted.site)
    kept, count = add_judgement(call, _judgement(call, wanted))
    place = f"{call.settings.console.root}/api/v1/suppressions/{kept.id}"
    document = _document(call, kept) | {"hides": count}
    return call.answer(document, HTTPStatus.CREATED, {"Location": place})


@router.delete("/suppressions/{number}", status_code=HTTPStatus.NO_CONTENT, **doing(Action.SUPPRESSION_CHANGE))
def remove_suppression(number: StoredNumber, call: Call) -> Response:
    """Take a judgement back; what it hid is open again. With If-Match only as it was when it was read."""
    judgement = _seen(call, number)
    call.demand(Action.SUPPRESSION_CHANGE, judgement.site or None)
    if judgement.configured:
        call.refuse(CONFIGURED, HTTPStatus.CONFLICT)
    call.demand_match(_document(call, judgement))
    try:
        remove_judgement(call, number)
    except KeyError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None
    return Response(status_code=HTTPStatus.NO_CONTENT)


def _seen(call: ApiCall, number: int) -> Suppression:
    found = next((each for each in seen_judgements(call) if each.id == number), None)
    if found is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return found


def _document(call: ApiCall, judgement: Suppression) -> Item:
    return suppression_document(judgement, beijing_time(call.parts.now()))


def _judgement(call: ApiCall, wanted: schemas.SuppressionWanted) -> Suppression:
    """Return the judgement that is wanted; answers where an entry is of no kind that can be remembered."""
    judgement = Suppression(
        kind=wanted.kind,
        author=call.author,
        reason=wanted.reason,
        made=beijing_time(call.parts.now()),
        site=wanted.site,
        wrong=wanted.wrong,
        right=wanted.right,
        host=wanted.host.lower(),
        until=wanted.until,
    )
    if wanted.kind is not SuppressionKind.ENTRY:
        return judgement
    entry = call.ledger.entries.get([wanted.entry]).get(wanted.entry)
    if entry is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    call.demand_sight(Action.ENTRY_SEE, entry.site, entry.department)
    alike = widened(judgement, entry)
    if alike is None:
        call.refuse(UNLIKE)
    return alike
