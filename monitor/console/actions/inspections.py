"""Have a site inspected now, or end an inspection, where the console is served by a daemon."""

from __future__ import annotations

from monitor.accounts.permissions import Action
from monitor.console.visit import Visit
from reports.model import Scope


def start_inspection(visit: Visit, site: str, scope: str) -> None:
    """Begin an inspection, or have it wait for its turn; tell on the next page what became of it."""
    visit.demand(Action.RUN_START, site)
    inspections = visit.parts.inspections
    if inspections is None:
        visit.tell(visit.say("inspections.no_daemon"), is_error=True)
        return
    refused = inspections.start(site, Scope(scope))
    if refused is not None:
        visit.tell(refused(visit.preferences.language), is_error=True)
        return
    visit.audit.add(visit.actor, "run.start", f"site {site}", after=scope)
    visit.tell(visit.say("inspections.begun"))


def cancel_inspection(visit: Visit, site: str, scope: str) -> None:
    """End an inspection; what it found is kept and reported."""
    visit.demand(Action.RUN_CANCEL, site)
    inspections = visit.parts.inspections
    if inspections is None or not inspections.cancel(site, Scope(scope)):
        visit.tell(visit.say("inspections.none"), is_error=True)
        return
    visit.audit.add(visit.actor, "run.cancel", f"site {site}", before=scope)
    visit.tell(visit.say("inspections.ending"))
