"""A site: how it is, how it was, what is to come."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.permissions import Action, reach
from monitor.console.queries.inspections_underway import underway_at
from monitor.console.queries.round_calendar import month_named, month_of_rounds
from monitor.console.queries.site_details import SOON, site_details
from monitor.console.visit import SignedIn
from monitor.store.ledger.entry_browsing import Visibility
from reports.charts.selection import spreads, trends

router = APIRouter()


@router.get("/sites/{key}")
def site_page(key: str, visit: SignedIn) -> Response:
    """Show a site; ``month``, such as 2026-11, is that of its calendar."""
    site = visit.site(key)
    visible = Visibility(reach(visit.user, Action.ENTRY_SEE, [key]))
    details = site_details(visit.parts.reading, visit.settings, key, visible, visit.parts.now())
    report = details.report
    calendars = visit.settings.schedule.calendars(key, site.schedule)
    month = month_named(visit.field("month"), visit.today)
    return visit.show(
        "site.html.jinja",
        site=site,
        key=key,
        details=details,
        charts=[*trends(report, visit.say), *spreads(report, visit.say)] if report else [],
        soon=SOON,
        month=month_of_rounds(visit.parts.reading, calendars, key, month, visit.parts.now()),
        underway=underway_at(visit.parts, key),
        has_daemon=visit.parts.inspections is not None,
        may_see_runs=visit.may(Action.RUN_SEE, key),
    )
