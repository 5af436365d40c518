"""The users: who there is, what they may do, making one, letting one in no more. For administrators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

from fastapi import APIRouter, HTTPException
from starlette.responses import Response

from monitor.accounts.administration import TAKEN, UserAdministration
from monitor.accounts.passwords import PasswordRefusedError, generated
from monitor.accounts.permissions import ROLES, Action, Role
from monitor.accounts.rights import ALL, RightsRefusedError
from monitor.accounts.user_names import NameRefusedError
from monitor.console.queries.right_places import place_label, place_of, place_value, places
from monitor.console.visit import SignedIn, StoredNumber, Visit
from monitor.store.accounts.users import NameTakenError, RightRecord, UserRecord

router = APIRouter()

SEPARATORS = re.compile(r"[,，、;；\n]+")
"""What people put between the names of departments."""


@router.get("/users")
def users(visit: SignedIn) -> Response:
    """Show all users by name."""
    known = _administration(visit).users()
    return visit.show("users.html.jinja", known=known, **_words_of_rights(visit))


@router.get("/users/new")
def new_user(visit: SignedIn) -> Response:
    """Show the form that makes a user."""
    _administration(visit)
    return _show_form(visit)


@router.post("/users/new")
def add_user(visit: SignedIn) -> Response:
    """Make a user; a password that was made for them is shown, this once."""
    administration = _administration(visit)
    name, full_name = visit.field("name"), visit.field("full_name")
    right = RightRecord(*place_of(visit.field("place")), visit.field("role"))
    typed = visit.secret("password")
    password = typed or generated()
    try:
        with _refusals(visit):
            made = administration.add_user(
                name, password, [right], _departments(visit), visit.actor, full_name=full_name
            )
    except _RefusedError as refused:
        return _show_form(visit, str(refused))
    return _show_user(visit, made, made_password="" if typed else password, is_new=True)


@router.get("/users/{name}")
def user(name: str, visit: SignedIn) -> Response:
    """Show what a user may do, and what can be done to the account."""
    return _show_user(visit, _known(_administration(visit), name))


@router.post("/users/{name}/rights")
def change_rights(name: str, visit: SignedIn) -> Response:
    """Give a role at a place, take what holds at a place (``remove``), or set the departments (``departments``)."""
    administration = _administration(visit)
    account = _known(administration, name)
    rights, departments = list(account.rights), list(account.departments)
    if "departments" in visit.form:
        departments = _departments(visit)
    if removed := visit.field("remove"):
        rights = [each for each in rights if place_value(each) != removed]
    elif role := visit.field("role"):
        added = RightRecord(*place_of(visit.field("place")), role)
        # An administrator is one of everything: what else was given says nothing beside it.
        rights = [added] if role == Role.ADMIN else [*rights, added]
    try:
        with _refusals(visit):
            administration.set_rights(name, rights, departments, visit.actor)
    except _RefusedError as refused:
        visit.tell(str(refused), is_error=True)
    else:
        visit.tell(visit.say("user_page.rights_changed"))
    return visit.go(f"/users/{account.name}")


@router.post("/users/{name}/password")
def reset_password(name: str, visit: SignedIn) -> Response:
    """Give a user another password: the one that was typed, else one that is shown this once."""
    administration = _administration(visit)
    account = _known(administration, name)
    typed = visit.secret("password")
    password = typed or generated()
    try:
        with _refusals(visit):
            administration.set_password(name, password, visit.actor)
    except _RefusedError as refused:
        visit.tell(str(refused), is_error=True)
        return visit.go(f"/users/{account.name}")
    if typed:
        visit.tell(visit.say("user_page.password_changed"))
        return visit.go(f"/users/{account.name}")
    return _show_user(visit, account, made_password=password)


@router.post("/users/{name}/state")
def change_state(name: str, visit: SignedIn) -> Response:
    """Let a user in no more, or again, or ask them for codes no more."""
    administration = _administration(visit)
    account = _known(administration, name)
    try:
        with _refusals(visit):
            match visit.field("to"):
                case "disabled":
                    administration.disable(name, visit.actor)
                case "enabled":
                    administration.enable(name, visit.actor)
                case "no-totp":
                    administration.forget_totp(name, visit.actor)
                case _:
                    raise HTTPException(HTTPStatus.UNPROCESSABLE_ENTITY)
    except _RefusedError as refused:
        visit.tell(str(refused), is_error=True)
    else:
        visit.tell(visit.say("user_page.done"))
    return visit.go(f"/users/{account.name}")


@router.post("/users/{name}/tokens/{token}/revoke")
def revoke_token(name: str, token: StoredNumber, visit: SignedIn) -> Response:
    """Revoke a token of a user."""
    administration = _administration(visit)
    account = _known(administration, name)
    if not administration.revoke_token(token, visit.actor, account.name):
        raise HTTPException(HTTPStatus.NOT_FOUND)
    visit.tell(visit.say("tokens_page.was_revoked"))
    return visit.go(f"/users/{account.name}")


class _RefusedError(ValueError):
    """A change was refused; the message is for who asked for it, in their language."""


@contextmanager
def _refusals(visit: Visit) -> Iterator[None]:
    """Raise _RefusedError for whatever a change is refused for."""
    language = visit.preferences.language
    try:
        yield
    except (NameRefusedError, PasswordRefusedError, RightsRefusedError) as error:
        raise _RefusedError(error.reason(language)) from None
    except NameTakenError:
        raise _RefusedError(TAKEN(language)) from None


def _administration(visit: Visit) -> UserAdministration:
    """Return what changes users; answers "forbidden" to who is no administrator."""
    visit.demand(Action.USER_MANAGE)
    return UserAdministration(visit.parts.store, visit.settings, visit.parts.now)


def _known(administration: UserAdministration, name: str) -> UserRecord:
    """Return a user; else answer "not found"."""
    try:
        return administration.user(name)
    except KeyError:
        raise HTTPException(HTTPStatus.NOT_FOUND) from None


def _departments(visit: Visit) -> list[str]:
    return [each.strip() for each in SEPARATORS.split(visit.field("departments")) if each.strip()]


def _words_of_rights(visit: Visit) -> dict[str, object]:
    """Return what templates show rights with."""
    titles = {role.value: title(visit.preferences.language) for role, title in ROLES.items()}
    return {
        "role_titles": titles,
        "place_of_right": lambda right: place_label(visit, right.scope, right.name),
        "place_value": place_value,
        "everywhere": ALL,
    }


def _show_form(visit: Visit, refused: str = "") -> Response:
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refused else HTTPStatus.OK
    return visit.show("user_new.html.jinja", status, refused=refused, places=places(visit), **_words_of_rights(visit))


def _show_user(visit: Visit, account: UserRecord, *, made_password: str = "", is_new: bool = False) -> Response:
    return visit.show(
        "user.html.jinja",
        account=account,
        made_password=made_password,
        is_new=is_new,
        places=places(visit),
        sessions=visit.accounts.sessions(account.name),
        tokens=[each for each in _administration(visit).tokens(account.name) if each.is_valid(visit.parts.now())],
        is_oneself=account.name == visit.user.name,
        **_words_of_rights(visit),
    )
