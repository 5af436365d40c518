"""The ledger: entries under the filters of its page, one with its history, changes to one and to many, its figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from msgspec import to_builtins
from starlette.responses import HTMLResponse, Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.ledger_changes import change_seen
from monitor.console.api import schemas
from monitor.console.api.api_call import CHANGED, ApiCall, Call, doing, operation_name
from monitor.console.api.cursors import page_of, place_of
from monitor.console.api.entry_filters import EntryChoice, EntryFilters
from monitor.console.api.json_documents import entry_document
from monitor.console.api.runs_endpoints import SiteOrAll
from monitor.console.picture_answer import PictureDigest, picture_answer
from monitor.console.queries.entry_details import entry_pictures, entry_snapshot
from monitor.console.queries.entry_lists import ANY, MANY
from monitor.console.visit import StoredNumber
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import CONFLICT, ChangeRefusedError, Ledger
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryQuery, Facet
from reports.json import picture_item
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.entry_items import Item, change_item
from reports.remediation.states import WORKING
from reports.snapshot import content_policy

router = APIRouter(tags=["ledger"], generate_unique_id_function=operation_name)

PERIOD = Text("只能统计有权查看全部条目的网站", "figures are of sites all of whose entries the user may see")


@router.get("/entries", response_model=schemas.EntryPageOut, **doing(Action.ENTRY_SEE))
def list_entries(call: Call, wanted: Annotated[EntryFilters, Query()]) -> Response:
    """List entries that the user may see, narrowed as the page of the ledger is."""
    after, query = place_of(call, wanted.cursor), query_of(call, wanted)
    reading = call.parts.reading
    many = not wanted.q and reading.counts.count(query, call.today).total > MANY
    page = EntryBrowser(reading.engine).page(query, wanted.order, wanted.limit, after, many=many)
    return call.answer(page_of(call, [_document(call, entry) for entry in page.entries], page.after))


def query_of(call: ApiCall, wanted: EntryChoice) -> EntryQuery:
    """Return the query that a choice of entries is, among those that the user may see."""
    query = EntryQuery(overdue=call.today if wanted.overdue else None, text=wanted.q, visible=call.visible)
    states: Iterable[str] = wanted.state or WORKING
    if ANY not in states:
        query = query.choosing(Facet.STATE, map(str, states))
    for facet in Facet:
        if facet is not Facet.STATE:
            query = query.choosing(facet, map(str, getattr(wanted, facet.value)))
    return query


@router.get("/entries/{number}", response_model=schemas.EntryWithHistory, **doing(Action.ENTRY_SEE))
def show_entry(number: StoredNumber, call: Call) -> Response:
    """Show an entry with everything that ever changed of it, and why."""
    return call.answer(_with_history(call, _seen(call, number)))


@router.get(
    "/entries/{number}/snapshot",
    response_class=HTMLResponse,
    responses={200: {"content": {"text/html": {}}, "description": "The page, made inert."}},
    **doing(Action.ENTRY_SEE),
)
def show_snapshot(number: StoredNumber, call: Call) -> Response:
    """Show the page of an entry as the last inspection fetched it, the fault marked."""
    document = entry_snapshot(call.parts.reading, _seen(call, number), call.language)
    if document is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return HTMLResponse(document, headers={"Content-Security-Policy": f"sandbox; {content_policy()}"})


@router.get(
    "/entries/{number}/pictures/{digest}",
    response_class=Response,
    responses={200: {"content": {"image/webp": {}}, "description": "The picture."}},
    **doing(Action.ENTRY_SEE),
)
def show_picture(number: StoredNumber, digest: PictureDigest, call: Call) -> Response:
    """Show a picture of an entry, by one of the names that the entry has."""
    shown = entry_pictures(call.parts.reading, _seen(call, number))
    picture = next((each for each in shown if each.digest == digest), None)
    if picture is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return picture_answer(picture)


@router.patch("/entries/{number}", response_model=schemas.EntryWithHistory, **doing(Action.ENTRY_MEND))
def change_entry(number: StoredNumber, wanted: schemas.ChangeWanted, call: Call) -> Response:
    """Change an entry. With If-Match only as it was when it was read."""
    entry = _seen(call, number)
    call.demand_match(_with_history(call, entry))
    _change(call, [number], wanted, {number: entry})
    return call.answer(_with_history(call, _seen(call, number)))


@router.post("/entries/changes", response_model=schemas.ChangeOutcome, **doing(Action.ENTRY_MEND))
def change_entries_at_once(wanted: schemas.ManyChangesWanted, call: Call) -> Response:
    """Change several entries in the same way: all of them, or none."""
    numbers = list(dict.fromkeys(wanted.numbers))
    rows = _change(call, numbers, wanted.change)
    changed = sorted({row.number for row in rows})
    return call.answer({"changed": changed, "changes": [change_item(row, call.language) for row in rows]})


@router.get("/statistics", response_model=schemas.FiguresOut, **doing(Action.ENTRY_SEE))
def count_entries(
    call: Call,
    site: SiteOrAll = "",
    start: Annotated[date | None, Query(alias="from", description="First day of the period.")] = None,
    end: Annotated[date | None, Query(alias="to", description="Last day of the period.")] = None,
) -> Response:
    """Count found, closed, open and overdue entries of a site or of all, as `sitehealth ledger stats` does."""
    if site:
        call.site(site)
    if not call.may(Action.ENTRY_SEE, site or None):
        call.refuse(PERIOD, HTTPStatus.FORBIDDEN)
    ledger = Ledger(call.parts.reading, policy_of(call.settings), call.parts.now)
    return call.answer(to_builtins(ledger.count(site, start, end)))


def _document(call: ApiCall, entry: LedgerEntry) -> Item:
    return entry_document(entry, call.today, call.language)


def _with_history(call: ApiCall, entry: LedgerEntry) -> Item:
    history = EntryStore(call.parts.store.engine).history(entry.number)
    shown = entry_pictures(call.parts.store, entry)
    return _document(call, entry) | {
        "history": [change_item(row, call.language) for row in history],
        "pictures": [picture_item(each) for each in shown],
    }


def _seen(call: ApiCall, number: int) -> LedgerEntry:
    """Return an entry that the user may see; else answer "not found"."""
    entry = EntryStore(call.parts.store.engine).get([number]).get(number)
    if entry is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    call.demand_sight(Action.ENTRY_SEE, entry.site, entry.department)
    return entry


def _change(
    call: ApiCall, numbers: list[int], wanted: schemas.ChangeWanted, seen: dict[int, LedgerEntry] | None = None
) -> list[FieldChange]:
    """Change entries, all or none; answers with the reason of each that stood in the way."""
    try:
        return change_seen(call, numbers, wanted.as_change(), seen)
    except ChangeRefusedError as error:
        if CONFLICT in error.reasons.values():
            status = HTTPStatus.PRECONDITION_FAILED if "if-match" in call.request.headers else HTTPStatus.CONFLICT
            call.refuse(CHANGED, status)
        reasons = [{"number": number, "reason": reason(call.language)} for number, reason in error.reasons.items()]
        call.refuse(next(iter(error.reasons.values())), reasons=reasons)
