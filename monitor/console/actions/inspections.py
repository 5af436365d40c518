"""Have a site inspected now, or end an inspection, where the console is served by a daemon."""

from __future__ import annotations

from checks.model import Text
from monitor.accounts.permissions import Action
from monitor.console.caller import Caller
from monitor.console.console_words import in_every_language
from monitor.console.visit import Visit
from reports.model import Scope


def begin_inspection(caller: Caller, site: str, scope: str) -> Text | None:
    """Begin an inspection, or have it wait for its turn; return why not, None where it was taken on."""
    caller.demand(Action.RUN_START, site)
    inspections = caller.parts.inspections
    if inspections is None:
        return in_every_language("inspections.no_daemon")
    refused = inspections.start(site, Scope(scope))
    if refused is None:
        caller.audit.add(caller.actor, "run.start", f"site {site}", after=scope)
    return refused


def end_inspection(caller: Caller, site: str, scope: str) -> bool:
    """End an inspection; what it found is kept and reported. Return whether there was one."""
    caller.demand(Action.RUN_CANCEL, site)
    inspections = caller.parts.inspections
    if inspections is None or not inspections.cancel(site, Scope(scope)):
        return False
    caller.audit.add(caller.actor, "run.cancel", f"site {site}", before=scope)
    return True


def start_inspection(visit: Visit, site: str, scope: str) -> None:
    """Begin an inspection as ``begin_inspection`` does; tell on the next page what became of it."""
    refused = begin_inspection(visit, site, scope)
    if refused is not None:
        visit.tell(refused(visit.preferences.language), is_error=True)
        return
    visit.tell(visit.say("inspections.begun"))


def cancel_inspection(visit: Visit, site: str, scope: str) -> None:
    """End an inspection as ``end_inspection`` does; tell on the next page what became of it."""
    if end_inspection(visit, site, scope):
        visit.tell(visit.say("inspections.ending"))
    else:
        visit.tell(visit.say("inspections.none"), is_error=True)
