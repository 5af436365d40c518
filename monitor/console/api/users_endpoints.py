"""Users: who there is, what they may do, making one, letting one in no more; their tokens. For administrators."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.administration import TAKEN, UserAdministration
from monitor.accounts.passwords import PasswordRefusedError, generated
from monitor.accounts.permissions import Action
from monitor.accounts.rights import RightsRefusedError
from monitor.accounts.user_names import NameRefusedError
from monitor.console.api import account_schemas
from monitor.console.api.api_call import ApiCall, Call, doing, once, operation_name, refuse_wider
from monitor.console.api.json_documents import token_document, user_document
from monitor.console.visit import StoredNumber
from monitor.store.accounts.users import NameTakenError, RightRecord

router = APIRouter(tags=["administration"], generate_unique_id_function=operation_name)

MANAGING = doing(Action.USER_MANAGE)


@router.get("/users", response_model=account_schemas.UserList, **MANAGING)
def list_users(call: Call) -> Response:
    """List all users by name."""
    return call.answer({"items": [user_document(each) for each in _users(call).users()]})


@router.post("/users", status_code=HTTPStatus.CREATED, response_model=account_schemas.UserMade, **MANAGING)
def add_user(wanted: account_schemas.UserWanted, call: Call) -> Response:
    """Make a user; a password that is made for them is answered, this once."""
    password = wanted.password or generated()
    with _refusals(call):
        made = _users(call).add_user(
            wanted.name,
            password,
            _rights(wanted.rights),
            wanted.departments,
            call.actor,
            full_name=wanted.full_name,
        )
    document = user_document(made) | {"password": None if wanted.password else password}
    return once(call, document, HTTPStatus.CREATED)


@router.get("/users/{name}", response_model=account_schemas.UserOut, **MANAGING)
def show_user(name: str, call: Call) -> Response:
    """Show a user."""
    with _refusals(call):
        return call.answer(user_document(_users(call).user(name)))


@router.patch("/users/{name}", response_model=account_schemas.UserOut, **MANAGING)
def change_user(name: str, wanted: account_schemas.StateWanted, call: Call) -> Response:
    """Let a user in no more, or again; with If-Match only as they were when they were read."""
    users = _users(call)
    with _refusals(call):
        call.demand_match(user_document(users.user(name)))
        if wanted.disabled:
            users.disable(name, call.actor)
        else:
            users.enable(name, call.actor)
        return call.answer(user_document(users.user(name)))


@router.put("/users/{name}/rights", response_model=account_schemas.UserOut, **MANAGING)
def set_rights(name: str, wanted: account_schemas.RightsWanted, call: Call) -> Response:
    """Give a user these rights and departments in the place of all others; sessions end."""
    users = _users(call)
    with _refusals(call):
        users.set_rights(name, _rights(wanted.rights), wanted.departments, call.actor)
        return call.answer(user_document(users.user(name)))


@router.post("/users/{name}/password", response_model=account_schemas.PasswordMade, **MANAGING)
def set_password(name: str, wanted: account_schemas.PasswordWanted, call: Call) -> Response:
    """Give a user another password; sessions end. One that is made is answered, this once."""
    password = wanted.password or generated()
    with _refusals(call):
        ended = _users(call).set_password(name, password, call.actor)
    return once(call, {"password": None if wanted.password else password, "sessions_ended": ended})


@router.delete("/users/{name}/totp", status_code=HTTPStatus.NO_CONTENT, **MANAGING)
def forget_totp(name: str, call: Call) -> Response:
    """Ask a user for codes no more who has lost app and recovery codes."""
    with _refusals(call):
        _users(call).forget_totp(name, call.actor)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@router.get("/users/{name}/tokens", response_model=account_schemas.TokenList, **MANAGING)
def list_tokens(name: str, call: Call) -> Response:
    """List the tokens of a user, without what they are."""
    with _refusals(call):
        found = _users(call).tokens(name)
    return call.answer({"items": [token_document(each, call.parts.now()) for each in found]})


@router.post(
    "/users/{name}/tokens", status_code=HTTPStatus.CREATED, response_model=account_schemas.TokenMade, **MANAGING
)
def add_token(name: str, wanted: account_schemas.TokenWanted, call: Call) -> Response:
    """Make a token for a user, of no scope that the asking one lacks; what it is, is answered this once."""
    refuse_wider(call, wanted.scopes)
    with _refusals(call):
        made, secret = _users(call).add_token(name, wanted.label, wanted.scopes, wanted.days, call.actor)
    document = token_document(made, call.parts.now()) | {"token": secret}
    return once(call, document, HTTPStatus.CREATED)


@router.delete("/users/{name}/tokens/{number}", status_code=HTTPStatus.NO_CONTENT, **MANAGING)
def revoke_token(name: str, number: StoredNumber, call: Call) -> Response:
    """Revoke a token of a user."""
    with _refusals(call):
        if not _users(call).revoke_token(number, call.actor, name):
            raise HTTPException(HTTPStatus.NOT_FOUND)
    return Response(status_code=HTTPStatus.NO_CONTENT)


@contextmanager
def _refusals(call: ApiCall) -> Iterator[None]:
    """Answer what a change is refused for; "not found" for a user that there is not."""
    try:
        yield
    except (NameRefusedError, PasswordRefusedError, RightsRefusedError) as error:
        call.refuse(error.reason)
    except NameTakenError:
        call.refuse(TAKEN, HTTPStatus.CONFLICT)
    except KeyError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None


def _users(call: ApiCall) -> UserAdministration:
    return UserAdministration(call.parts.store, call.settings, call.parts.now)


def _rights(wanted: Sequence[account_schemas.RightGiven]) -> list[RightRecord]:
    return [RightRecord(each.scope, each.name, each.role) for each in wanted]
