"""Sites, and inspections of them as they go: begin one, see how far it is, end it."""

from __future__ import annotations

from http import HTTPStatus
from itertools import islice

from fastapi import APIRouter
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.actions.inspections import begin_inspection, end_inspection
from monitor.console.api import schemas
from monitor.console.api.api_call import ApiCall, Call, doing, operation_name
from monitor.console.api.cursors import AtMost, Cursor, page_of, place_of
from monitor.console.api.json_documents import inspection_document, site_document
from monitor.console.queries.inspections_underway import underway_at
from monitor.console.queries.site_cards import open_entries, site_cards
from monitor.settings.site import SiteSettings
from reports.model import Scope
from reports.remediation.entry_items import Item

router = APIRouter(tags=["sites"], generate_unique_id_function=operation_name)

NONE_UNDERWAY = Text("没有这样的检查在进行", "there is no such inspection under way")


def _documents(call: ApiCall, sites: dict[str, SiteSettings]) -> list[Item]:
    counts = open_entries(call.parts.reading.counts.groups(call.visible, call.today))
    cards = site_cards(call.parts, call.settings, sites, counts)
    return [site_document(card) for card in sorted(cards, key=lambda card: card.key)]


@router.get("/sites", response_model=schemas.SitePage, **doing(Action.SITE_SEE))
def list_sites(call: Call, group: str = "", limit: AtMost = 100, cursor: Cursor = "") -> Response:
    """List the sites that the user may see, in the order of their ids; those of a group and all below it, if given."""
    after = place_of(call, cursor)
    wanted = call.sites.keys() & {*call.settings.members.get(group, ())} if group else call.sites.keys()
    rest = sorted(key for key in wanted if key > after)
    shown = {key: call.sites[key] for key in islice(rest, limit)}
    last = max(shown) if len(rest) > limit else ""
    return call.answer(page_of(call, _documents(call, shown), last))


@router.get("/sites/{site}", response_model=schemas.SiteOut, **doing(Action.SITE_SEE))
def show_site(site: str, call: Call) -> Response:
    """Show a site at a glance."""
    return call.answer(_documents(call, {site: call.site(site)})[0])


@router.get("/sites/{site}/inspections", response_model=schemas.InspectionList, **doing(Action.SITE_SEE))
def list_inspections(site: str, call: Call) -> Response:
    """List what is under way of a site, or waits for its turn."""
    call.site(site)
    return call.answer({"items": [inspection_document(each) for each in underway_at(call.parts, site)]})


@router.post(
    "/sites/{site}/inspections",
    status_code=HTTPStatus.ACCEPTED,
    response_model=schemas.InspectionList,
    **doing(Action.RUN_START),
)
def start_run(site: str, wanted: schemas.InspectionWanted, call: Call) -> Response:
    """Have a site inspected now, its homepage or the whole of it: it waits for its turn as a round does."""
    call.site(site)
    refused = begin_inspection(call, site, wanted.scope)
    if refused is not None:
        call.refuse(refused, HTTPStatus.CONFLICT)
    items = [inspection_document(each) for each in underway_at(call.parts, site)]
    return call.answer({"items": items}, HTTPStatus.ACCEPTED)


@router.delete("/sites/{site}/inspections/{scope}", status_code=HTTPStatus.NO_CONTENT, **doing(Action.RUN_CANCEL))
def cancel_run(site: str, scope: Scope, call: Call) -> Response:
    """End an inspection; what it found is kept and reported."""
    call.site(site)
    if not end_inspection(call, site, scope):
        call.refuse(NONE_UNDERWAY, HTTPStatus.CONFLICT)
    return Response(status_code=HTTPStatus.NO_CONTENT)
