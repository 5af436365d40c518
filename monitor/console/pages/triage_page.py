"""Triage: what waits for a judgement, one after the other, by keyboard: a real fault, a false alarm, or later."""

from __future__ import annotations

from enum import StrEnum
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.datastructures import QueryParams
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.beijing import beijing_time
from monitor.console.actions.ledger_changes import change_entries, undo_change
from monitor.console.actions.remembering import remember
from monitor.console.pages.finding_page import seen_entry
from monitor.console.queries.entry_lists import EntryFilter, filter_of
from monitor.console.queries.triage_queue import triage_queue, waiting
from monitor.console.visit import SignedIn, StoredNumber, Visit
from monitor.store.ledger.entry_browsing import EntryBrowser
from reports.remediation.changes import WantedChange
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import State
from reports.remediation.suppressions import Suppression, SuppressionKind, widened

router = APIRouter()


class Remembered(StrEnum):
    """What a false alarm is remembered for."""

    HERE = "here"
    """This entry alone."""
    SITE = "site"
    """Whatever is alike on its site."""
    EVERYWHERE = "everywhere"


@router.get("/triage")
def triage(visit: SignedIn) -> Response:
    """Show the entry that ``entry`` names, else the first that waits."""
    visit.demand_somewhere(Action.ENTRY_JUDGE)
    wanted = _wanted(visit, visit.request.query_params)
    at = visit.number("entry")
    queue = triage_queue(visit.parts.reading, wanted, at, visit.today, visit.say, visit.site_names)
    details = seen_entry(visit, queue.entry.number) if queue.entry else None
    judgement = _alike(visit, queue.entry, Remembered.EVERYWHERE) if queue.entry else None
    return visit.show(
        "triage.html.jinja",
        queue=queue,
        wanted=wanted,
        names=visit.site_names,
        details=details,
        entry=queue.entry,
        is_waiting=queue.entry is not None and queue.entry.state is State.TO_CONFIRM,
        alike=judgement.subject if judgement else "",
        undo_path="/triage/undo",
        undo_back=visit.pages.address("/triage", wanted.address()).removeprefix(visit.pages.root),
    )


@router.post("/triage/undo")
def undo(visit: SignedIn) -> Response:
    """Take a judgement back, and show its entry again."""
    number = undo_change(visit, visit.field("undo"))
    back = visit.field("back")
    if number is None or not back.startswith("/triage"):
        return visit.go_back("/triage")
    query = QueryParams(back.partition("?")[2])
    return visit.go("/triage", _wanted(visit, query).address(entry=number))


@router.post("/triage/{number}")
def judge(number: StoredNumber, visit: SignedIn) -> Response:
    """Judge an entry as the form says, and go on to the next one."""
    entry = seen_entry(visit, number).entry
    wanted = _wanted(visit, QueryParams(visit.field("filter")))
    # Asked before the change: a judgement that is remembered may settle many of the queue.
    around = EntryBrowser(visit.parts.reading.engine).neighbours(wanted.query, wanted.order, entry)
    match visit.field("verdict"), visit.field("remember", Remembered.HERE):
        case State.TO_FIX, _:
            change_entries(visit, [number], WantedChange(state=State.TO_FIX))
        case State.FALSE_POSITIVE, Remembered.HERE:
            change_entries(visit, [number], WantedChange(state=State.FALSE_POSITIVE, reason=visit.field("reason")))
        case State.FALSE_POSITIVE, (Remembered.SITE | Remembered.EVERYWHERE) as scope:
            visit.demand(Action.ENTRY_JUDGE, entry.site, entry.department)
            judgement = _alike(visit, entry, scope)
            if judgement is None:
                raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
            remember(visit, judgement)
        case _:
            raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    return visit.go("/triage", wanted.address(entry=around.following or ""))


def _wanted(visit: Visit, params: QueryParams) -> EntryFilter:
    judged = visit.entries_for(Action.ENTRY_JUDGE)
    return waiting(filter_of(params, visit.visible, visit.today, visit.settings.members), judged)


def _alike(visit: Visit, entry: LedgerEntry, scope: str) -> Suppression | None:
    """Return the judgement of all that is alike, None for an entry of no kind that can be remembered."""
    single = Suppression(
        kind=SuppressionKind.ENTRY,
        author=visit.author,
        reason=visit.field("reason"),
        made=beijing_time(visit.parts.now()),
        site="" if scope == Remembered.EVERYWHERE else entry.site,
        entry=entry.number,
    )
    return widened(single, entry)
