"""One's own account: password, one-time codes, sessions, tokens. The password is shown with whatever it guards."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from math import ceil

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from checks.model import Text
from monitor.accounts.accounts import Accounts
from monitor.accounts.administration import UserAdministration
from monitor.accounts.own_account import CodeRefusedError, Holder, LoginRefusedError, OwnAccount
from monitor.accounts.passwords import PasswordRefusedError
from monitor.accounts.permissions import Action
from monitor.accounts.rights import RightsRefusedError
from monitor.console.actions.own_tokens import TokenWish, make_own_token
from monitor.console.api import account_schemas
from monitor.console.api.api_call import ApiCall, Call, doing, once, operation_name, refuse_wider
from monitor.console.api.json_documents import session_document, token_document
from monitor.console.api.problems import ProblemError
from monitor.console.visit import StoredNumber

router = APIRouter(tags=["own account"], generate_unique_id_function=operation_name)

CHANGING = doing(Action.ACCOUNT_CHANGE)

WRONG_PASSWORD = Text("密码不正确", "the password is wrong")
TOO_OFTEN = Text("尝试次数过多，请稍后再试", "it was tried too often; try again later")
WRONG_CODE = Text("验证码不正确", "the code is wrong")


@router.post("/me/password", response_model=account_schemas.SessionsEnded, **CHANGING)
def change_own_password(wanted: account_schemas.OwnPasswordWanted, call: Call) -> Response:
    """Take another password; every session of the user ends, tokens stay."""
    with _refusals(call):
        ended = _own(call).change_password(_holder(call), wanted.old, wanted.new, call.actor)
    return call.answer({"sessions_ended": ended})


@router.post("/me/totp", response_model=account_schemas.TotpOffered, **CHANGING)
def begin_own_totp(wanted: account_schemas.PasswordShown, call: Call) -> Response:
    """Offer a secret to an authenticator app; what was asked for before stays so until a code of it is confirmed."""
    with _refusals(call):
        offer = _own(call).begin_totp(_holder(call), wanted.password)
    return once(call, {"secret": offer.secret, "uri": offer.uri})


@router.post("/me/totp/confirm", response_model=account_schemas.RecoveryCodes, **CHANGING)
def confirm_own_totp(wanted: account_schemas.CodeShown, call: Call) -> Response:
    """Ask for codes at every login from now on."""
    with _refusals(call):
        codes = _own(call).confirm_totp(_holder(call), wanted.code.replace(" ", ""), call.actor)
    return once(call, {"recovery_codes": codes})


@router.post("/me/totp/end", status_code=HTTPStatus.NO_CONTENT, **CHANGING)
def end_own_totp(wanted: account_schemas.PasswordShown, call: Call) -> Response:
    """Ask for codes no more."""
    with _refusals(call):
        _own(call).end_totp(_holder(call), wanted.password, call.actor)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/me/sessions", response_model=account_schemas.SessionList, **CHANGING)
def list_own_sessions(call: Call) -> Response:
    """List where the user is logged in with a browser, the last used first."""
    return call.answer({"items": [session_document(each) for each in _accounts(call).sessions(call.user.name)]})


@router.delete("/me/sessions/{session}", status_code=HTTPStatus.NO_CONTENT, **CHANGING)
def end_own_session(session: StoredNumber, call: Call) -> Response:
    """End a session of the user."""
    if not _accounts(call).end_session(call.user.name, session, call.actor):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/me/tokens", response_model=account_schemas.TokenList)
def list_own_tokens(call: Call) -> Response:
    """List the tokens of the user, without what they are."""
    found = _users(call).tokens(call.user.name)
    return call.answer({"items": [token_document(each, call.parts.now()) for each in found]})


@router.post("/me/tokens", status_code=HTTPStatus.CREATED, response_model=account_schemas.TokenMade, **CHANGING)
def add_own_token(wanted: account_schemas.OwnTokenWanted, call: Call) -> Response:
    """Make a token for the user, of no scope that the asking one lacks; what it is, is answered this once."""
    refuse_wider(call, wanted.scopes)
    with _refusals(call):
        wish = TokenWish(wanted.label, wanted.scopes, wanted.days)
        made, secret = make_own_token(call, _holder(call), wish, wanted.password or "")
    return once(call, token_document(made, call.parts.now()) | {"token": secret}, HTTPStatus.CREATED)


@router.delete("/me/tokens/{token}", status_code=HTTPStatus.NO_CONTENT, **CHANGING)
def revoke_own_token(token: StoredNumber, call: Call) -> Response:
    """Revoke a token of the user, the asking one as well."""
    if not _users(call).revoke_token(token, call.actor, call.user.name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@contextmanager
def _refusals(call: ApiCall) -> Iterator[None]:
    """Answer what a change of one's own account is refused for."""
    try:
        yield
    except LoginRefusedError as error:
        if error.retry_after:
            later = {"Retry-After": str(ceil(error.retry_after))}
            raise ProblemError(HTTPStatus.TOO_MANY_REQUESTS, TOO_OFTEN, headers=later) from None
        call.refuse(WRONG_PASSWORD, HTTPStatus.FORBIDDEN)
    except CodeRefusedError:
        call.refuse(WRONG_CODE)
    except (PasswordRefusedError, RightsRefusedError) as error:
        call.refuse(error.reason)


def _holder(call: ApiCall) -> Holder:
    """Return whose account it is; tries of all programs of a user count together."""
    return Holder(_users(call).user(call.user.name), f"programs of {call.user.name}")


def _own(call: ApiCall) -> OwnAccount:
    return OwnAccount(call.parts.store, call.parts.now)


def _accounts(call: ApiCall) -> Accounts:
    return Accounts(call.parts.store, call.settings, call.parts.now)


def _users(call: ApiCall) -> UserAdministration:
    return UserAdministration(call.parts.store, call.settings, call.parts.now)
