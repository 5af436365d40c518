"""One's own account: another password, codes from a telephone, and where one is logged in."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.accounts import NewSession
from monitor.accounts.own_account import CodeRefusedError, LoginRefusedError, TotpOffer
from monitor.accounts.passwords import PasswordRefusedError
from monitor.accounts.permissions import ROLES
from monitor.console.qr_codes import qr_svg
from monitor.console.queries.right_places import place_label
from monitor.console.visit import SESSION_COOKIE, SignedIn, StoredNumber, Visit

router = APIRouter()


@router.get("/account")
def account(visit: SignedIn) -> Response:
    """Show the account of who asks."""
    return _show(visit)


@router.post("/account/password")
def change_password(visit: SignedIn) -> Response:
    """Take another password; every other session of the account ends."""
    old, new, again = (visit.secret(name) for name in ("old", "new", "again"))
    if new != again:
        return _show(visit, refused=visit.say("account_page.not_the_same"))
    try:
        begun = visit.accounts.change_password(visit.login, old, new, visit.actor)
    except LoginRefusedError as error:
        return _show(visit, refused=why_refused(visit, error))
    except PasswordRefusedError as error:
        return _show(visit, refused=error.reason(visit.preferences.language))
    visit.tell(visit.say("account_page.password_changed"))
    return _with_cookie(visit, visit.go("/account"), begun)


@router.post("/account/totp")
def begin_totp(visit: SignedIn) -> Response:
    """Offer a secret to an authenticator app, or with ``end`` ask for codes no more."""
    password = visit.secret("password")
    try:
        if visit.field("end"):
            begun = visit.accounts.end_totp(visit.login, password, visit.actor)
            visit.tell(visit.say("account_page.totp_ended"))
            return _with_cookie(visit, visit.go("/account"), begun)
        offer = visit.accounts.begin_totp(visit.login, password)
    except LoginRefusedError as error:
        return _show(visit, refused=why_refused(visit, error))
    return _show(visit, offer=offer)


@router.post("/account/totp/confirm")
def confirm_totp(visit: SignedIn) -> Response:
    """Ask for codes from now on, and show the recovery codes, this once."""
    code = visit.field("code").replace(" ", "")
    try:
        begun, codes = visit.accounts.confirm_totp(visit.login, code, visit.actor)
    except LoginRefusedError as error:
        return _show(visit, refused=why_refused(visit, error))
    except CodeRefusedError:
        return _show(visit, refused=visit.say("account_page.code_refused"))
    visit.session = begun.session  # whose token the forms of this very page carry
    return _with_cookie(visit, _show(visit, recovery_codes=codes), begun)


@router.post("/account/sessions/{number}/end")
def end_session(number: StoredNumber, visit: SignedIn) -> Response:
    """End one of one's own sessions."""
    visit.accounts.end_session(visit.user.name, number, visit.actor)
    return visit.go("/account")


def why_refused(visit: Visit, error: LoginRefusedError) -> str:
    """Return why the password was not taken: it is wrong, or was tried too often."""
    wait = max(0, round(error.retry_after))
    return visit.say("login.wait", n=wait) if wait else visit.say("account_page.wrong_password")


def _with_cookie(visit: Visit, response: Response, begun: NewSession) -> Response:
    """Give the browser the new id of its session; the old one opens nothing any more."""
    visit.cookies.set(response, SESSION_COOKIE, begun.token)
    return response


def _show(
    visit: Visit, *, refused: str = "", offer: TotpOffer | None = None, recovery_codes: list[str] | None = None
) -> Response:
    language = visit.preferences.language
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    kept, titles = visit.login.account, {role.value: title(language) for role, title in ROLES.items()}
    return visit.show(
        "account.html.jinja",
        status,
        account=kept,
        rights=[(titles.get(each.role, each.role), place_label(visit, each.scope, each.name)) for each in kept.rights],
        sessions=visit.accounts.sessions(visit.user.name),
        current=visit.login.number,
        refused=refused,
        offer=offer,
        qr_code=qr_svg(offer.uri, visit.say("account_page.qr_code")) if offer else "",
        recovery_codes=recovery_codes or [],
    )
