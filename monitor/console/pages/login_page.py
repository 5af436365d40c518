"""Log in, with a code from a telephone where the account asks for one, and out."""

from __future__ import annotations

from http import HTTPStatus

from fastapi import APIRouter
from starlette.responses import Response

from monitor.accounts.accounts import CodeWanted, NewSession, Origin
from monitor.accounts.own_account import LoginRefusedError
from monitor.console.visit import SESSION_COOKIE, Anybody, SignedIn, Visit, own_path

DEVICE_COOKIE = "sitehealth-device"
"""Names a browser in which the account was used before: others' failed tries do not hold it up."""

YEAR = 365 * 86_400
"""Seconds."""

router = APIRouter()


@router.get("/login")
def login_form(visit: Anybody) -> Response:
    """Show the form, or go on where somebody is logged in already."""
    if visit.session is not None:
        return visit.go(own_path(visit.field("back"), "/"))
    return visit.show("login.html.jinja", back=own_path(visit.field("back"), ""), refused=None, name="")


@router.post("/login")
def log_in(visit: Anybody) -> Response:
    """Begin a session, or ask for the code."""
    name, password = visit.field("name"), visit.secret("password")
    try:
        outcome = visit.accounts.log_in(name, password, origin_of(visit))
    except LoginRefusedError as error:
        return _refused(visit, error, "login.html.jinja", name=name)
    if isinstance(outcome, CodeWanted):
        back = own_path(visit.field("back"), "")
        return visit.show("login_code.html.jinja", pending=outcome.pending, back=back, refused=None)
    return begin(visit, outcome)


@router.post("/login/code")
def log_in_with_code(visit: Anybody) -> Response:
    """Begin a session of an account that asks for a code."""
    pending, code = visit.field("pending"), visit.field("code").replace(" ", "")
    try:
        outcome = visit.accounts.log_in_with_code(pending, code, origin_of(visit))
    except LoginRefusedError as error:
        return _refused(visit, error, "login_code.html.jinja", pending=pending)
    return begin(visit, outcome)


@router.post("/logout")
def log_out(visit: SignedIn) -> Response:
    """End the session."""
    if visit.session is not None:
        visit.accounts.log_out(visit.session, visit.actor)
    response = visit.go("/login")
    visit.cookies.drop(response, SESSION_COOKIE)
    return response


def begin(visit: Visit, begun: NewSession) -> Response:
    """Give the browser the cookies of a session, and go where somebody wanted to go."""
    response = visit.go(own_path(visit.field("back"), "/"))
    visit.cookies.set(response, SESSION_COOKIE, begun.token)
    if begun.device:
        visit.cookies.set(response, DEVICE_COOKIE, begun.device, YEAR)
    return response


def _refused(visit: Visit, error: LoginRefusedError, template: str, **view: object) -> Response:
    """Show the form again: one sentence for whatever was wrong, so that nobody learns which names there are."""
    wait = max(0, round(error.retry_after))
    status = HTTPStatus.TOO_MANY_REQUESTS if wait else HTTPStatus.UNAUTHORIZED
    reason = visit.say("login.wait", n=wait) if wait else visit.say("login.refused")
    response = visit.show(template, status, back=own_path(visit.field("back"), ""), refused=reason, **view)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def origin_of(visit: Visit) -> Origin:
    """Return where a login comes from."""
    device = visit.cookies.read(visit.request, DEVICE_COOKIE)
    return Origin(visit.address, device[:200], visit.request.headers.get("user-agent", "")[:200])
