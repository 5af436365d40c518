"""The outbox: which messages went out, which wait, which were given up and why; sending some again."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.permissions import Action
from monitor.console.visit import SignedIn
from monitor.store.outbox import MessageState, Outbox
from reports.messages.message import message_from_json

router = APIRouter()

SHOWN = 200
"""Messages of a page, the newest."""


@router.get("/outbox")
def outbox(visit: SignedIn) -> Response:
    """Show messages; with ``state`` those of one state."""
    visit.demand(Action.OUTBOX_SEE)
    wanted = visit.field("state")
    states = [MessageState(wanted)] if wanted in set(MessageState) else list(MessageState)
    kept = Outbox(visit.parts.reading.engine)
    return visit.show(
        "outbox.html.jinja",
        messages=[(each, message_from_json(each.body).subject) for each in kept.load(states, SHOWN)],
        counts=kept.count(),
        targets=[target.name for target in visit.settings.notify.targets],
        states=list(MessageState),
        wanted=wanted,
        shown=SHOWN,
    )


@router.post("/outbox/retry")
def retry(visit: SignedIn) -> Response:
    """Have messages sent again that have not arrived."""
    visit.demand(Action.OUTBOX_RETRY)
    found = Outbox(visit.parts.store.engine).retry(visit.numbers("number")[:SHOWN], visit.parts.now())
    if found:
        visit.audit.add(visit.actor, "outbox.retry", f"messages {', '.join(map(str, found))}")
    visit.tell(visit.say.count("outbox.again", len(found)), is_error=not found)
    return visit.go("/outbox")
