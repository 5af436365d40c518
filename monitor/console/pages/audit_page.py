"""The audit log: who changed what, when, from where and by which way."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.visit import SignedIn
from monitor.store.accounts.audit_log import AuditFilter, AuditStore

router = APIRouter()

PAGE = 100
"""Changes of a page."""


@router.get("/audit")
def audit(visit: SignedIn) -> Response:
    """Show changes, the newest first; ``who`` and ``action`` choose, ``before`` is where the page begins."""
    visit.demand(Action.AUDIT_SEE)
    who, action, before = visit.field("who"), visit.field("action"), visit.number("before")
    wanted = AuditFilter(
        who=who or None,
        action=action or None,
        before=before,
        limit=PAGE + 1,
    )
    found = AuditStore(visit.parts.reading.engine).select(wanted)
    return visit.show(
        "audit.html.jinja",
        records=found[:PAGE],
        before=found[PAGE - 1].number if len(found) > PAGE else "",
        is_later=before is not None,
        who=who,
        action=action,
    )
