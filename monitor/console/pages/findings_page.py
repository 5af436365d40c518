"""The findings: entries of the ledger under a filter that is the address, and changes to several of them at once."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.datastructures import QueryParams
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.actions.ledger_changes import AT_ONCE, change_entries, states_offered, undo_change, wanted_change
from monitor.console.queries.entry_lists import ANY, EntryFilter, entry_list, filter_of
from monitor.console.visit import SignedIn, Visit
from monitor.store.accounts.saved_views import SavedViewStore
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, Facet

router = APIRouter()


@router.get("/findings")
def findings(visit: SignedIn) -> Response:
    """Show the entries that the address asks for."""
    visit.demand_somewhere(Action.ENTRY_SEE)
    wanted = filter_of(visit.request.query_params, visit.visible, visit.today, visit.settings.members)
    found = entry_list(visit.parts.reading, wanted, visit.today, visit.say, visit.site_names)
    template = "findings_part.html.jinja" if visit.is_partial else "findings.html.jinja"
    return visit.show(
        template,
        wanted=wanted,
        found=found,
        names=visit.site_names,
        Facet=Facet,
        ANY=ANY,
        orders=list(EntryOrder),
        at_once=AT_ONCE,
        states=states_offered(visit),
        views=SavedViewStore(visit.parts.reading.engine).load(visit.login.account.id),
        here=visit.pages.address("", wanted.address()).partition("?")[2],
    )


@router.post("/findings/change")
def change(visit: SignedIn) -> Response:
    """Change the entries that are ticked, or with ``all`` all that the filter has."""
    wanted = filter_of(QueryParams(visit.field("filter")), visit.visible, visit.today, visit.settings.members)
    change_entries(visit, _numbers(visit, wanted), wanted_change(visit))
    return visit.go("/findings", wanted.address())


@router.post("/findings/undo")
def undo(visit: SignedIn) -> Response:
    """Take a change back."""
    undo_change(visit, visit.field("undo"))
    return visit.go_back("/findings")


def _numbers(visit: Visit, wanted: EntryFilter) -> list[int]:
    if visit.field("all") == "1":
        return EntryBrowser(visit.parts.reading.engine).numbers(wanted.query, AT_ONCE + 1)
    return visit.numbers("number")
