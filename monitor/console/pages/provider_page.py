"""Log in by the office's single sign-on: away to the provider, and back with its answer."""

from __future__ import annotations

from http import HTTPStatus

import structlog
from fastapi import APIRouter, HTTPException
from starlette.responses import RedirectResponse, Response

from monitor.accounts.own_account import LoginRefusedError
from monitor.accounts.single_sign_on import ProviderError, SingleSignOn
from monitor.console.pages.login_page import begin, origin_of
from monitor.console.visit import Anybody, Visit

log = structlog.get_logger()

PENDING_COOKIE = "sitehealth-provider"
"""Holds what a login by the provider begins with, until the browser comes back."""

BACK = "/login/provider/return"

router = APIRouter()


@router.get("/login/provider")
def depart(visit: Anybody) -> Response:
    """Send the browser to the provider; there is no such page where none is configured."""
    try:
        departure = _entrance(visit).depart(_return_address(visit))
    except ProviderError as error:
        return _out_of_order(visit, error)
    response = RedirectResponse(departure.url, HTTPStatus.SEE_OTHER)
    visit.cookies.set(response, PENDING_COOKIE, departure.pending, 600)
    return response


@router.get(BACK)
def arrive(visit: Anybody) -> Response:
    """Begin the session of who comes back; one sentence for whatever is wrong with the answer."""
    pending = visit.cookies.read(visit.request, PENDING_COOKIE)
    answer = dict(visit.request.query_params)
    try:
        begun = _entrance(visit).arrive(visit.accounts, pending, answer, _return_address(visit), origin_of(visit))
    except LoginRefusedError:
        response = _form(visit, HTTPStatus.UNAUTHORIZED, visit.say("login.provider_refused"))
    except ProviderError as error:
        response = _out_of_order(visit, error)
    else:
        response = begin(visit, begun)
    visit.cookies.drop(response, PENDING_COOKIE)
    return response


def _entrance(visit: Visit) -> SingleSignOn:
    chosen = visit.settings.console.oidc
    if chosen is None:
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return SingleSignOn(chosen, visit.parts.now)


def _return_address(visit: Visit) -> str:
    """Return where the provider sends browsers back to; the host is one that the configuration knows."""
    url = visit.request.url
    return f"{url.scheme}://{url.netloc}{visit.pages.address(BACK)}"


def _out_of_order(visit: Visit, error: ProviderError) -> Response:
    log.warning("single sign-on failed", error=str(error))
    return _form(visit, HTTPStatus.SERVICE_UNAVAILABLE, visit.say("login.provider_away"))


def _form(visit: Visit, status: HTTPStatus, reason: str) -> Response:
    return visit.show("login.html.jinja", status, back="", refused=reason, name="")
