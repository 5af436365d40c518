"""One's own tokens: what programs act in one's place, making one, revoking one."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.administration import UserAdministration, scopes_within_reach
from monitor.accounts.own_account import LoginRefusedError
from monitor.accounts.permissions import TokenScope
from monitor.accounts.rights import RightsRefusedError
from monitor.console.actions.own_tokens import TokenWish, make_own_token
from monitor.console.pages.account_page import why_refused
from monitor.console.visit import SignedIn, StoredNumber, Visit

router = APIRouter()

TERMS = (30, 90, 180, 366)
"""Days to choose from."""


@router.get("/account/tokens")
def own_tokens(visit: SignedIn) -> Response:
    """Show the tokens of who asks, without what they are."""
    return _show(visit)


@router.post("/account/tokens")
def add_token(visit: SignedIn) -> Response:
    """Make a token, and show what it is, this once."""
    known = {each.value: each for each in TokenScope}
    scopes = [known[each] for each in visit.fields("scope") if each in known]
    wish = TokenWish(visit.field("label"), scopes, visit.number("days") or 0)
    try:
        made, secret = make_own_token(visit, visit.login.holder, wish, visit.secret("password"))
    except LoginRefusedError as error:
        return _show(visit, refused=why_refused(visit, error))
    except RightsRefusedError as error:
        return _show(visit, refused=error.reason(visit.preferences.language))
    return _show(visit, made=made.label, secret=secret)


@router.post("/account/tokens/{token}/revoke")
def revoke_token(token: StoredNumber, visit: SignedIn) -> Response:
    """Revoke a token of one's own."""
    if not _users(visit).revoke_token(token, visit.actor, visit.user.name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.tell(visit.say("tokens_page.was_revoked"))
    return visit.go("/account/tokens")


def _users(visit: Visit) -> UserAdministration:
    return UserAdministration(visit.parts.store, visit.settings, visit.parts.now)


def _show(visit: Visit, *, refused: str = "", made: str = "", secret: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    reach = scopes_within_reach(visit.user)
    known = _users(visit).tokens(visit.user.name)
    return visit.show(
        "tokens.html.jinja",
        status,
        tokens=sorted(known, key=lambda each: (not each.is_valid(visit.parts.now()), -each.number)),
        now=visit.parts.now(),
        scopes=[each.value for each in TokenScope if each in reach],
        chosen=visit.fields("scope"),
        terms=[(str(days), visit.say.count("app.days", days)) for days in TERMS],
        has_password=visit.login.account.has_password,
        refused=refused,
        made=made,
        secret=secret,
    )
