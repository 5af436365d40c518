"""Declare what programs send and get about people: users, their rights and tokens, and the views that they save."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from monitor.accounts.administration import LONGEST_TERM
from monitor.accounts.passwords import LONGEST_TYPED
from monitor.accounts.permissions import Role, TokenScope
from monitor.console.actions.view_saving import LONGEST as LONGEST_VIEW
from monitor.console.api.cursors import NoNul
from monitor.console.api.schemas import Answered, Name, Sent

Password = Annotated[str, Field(min_length=1, max_length=LONGEST_TYPED)]
MADE_WITHOUT_ONE = "Null: one is made, and answered this once."


class RightGiven(Sent):
    """A role on all sites (``scope`` all), on the sites of a group, or on one site: ``name`` says which."""

    scope: Annotated[str, Field(max_length=8)]
    name: Name = ""
    role: Role


class RightOut(Answered):
    """A right as it is kept."""

    scope: str
    name: str
    role: str


class UserOut(Answered):
    """A user."""

    name: str
    full_name: str
    rights: list[RightOut]
    departments: list[str]
    made: str
    disabled: str | None
    logged_in: str | None
    has_password: bool
    has_totp: bool


class UserList(Answered):
    """All users by name."""

    items: list[UserOut]


class UserMade(UserOut):
    """A user who was made; ``password`` the one that was made for them, null where one was sent."""

    password: str | None


class UserWanted(Sent):
    """A user to make."""

    name: Name
    full_name: Name = ""
    password: Password | None = Field(None, description=MADE_WITHOUT_ONE)
    rights: list[RightGiven] = Field(min_length=1, max_length=1_000)
    departments: list[Name] = Field([], max_length=100)


class RightsWanted(Sent):
    """All rights and departments that a user is to have from now on; sessions end."""

    rights: list[RightGiven] = Field(min_length=1, max_length=1_000)
    departments: list[Name] = Field([], max_length=100)


class StateWanted(Sent):
    """Whether a user is let in."""

    disabled: bool


class PasswordWanted(Sent):
    """Another password."""

    password: Password | None = Field(None, description=MADE_WITHOUT_ONE)


class PasswordMade(Answered):
    """The password that was made, null where one was sent; how many sessions ended."""

    password: str | None
    sessions_ended: int


class TokenWanted(Sent):
    """A token to make, of scopes that the one that asks has as well."""

    label: Name
    scopes: list[TokenScope] = Field(min_length=1, max_length=len(TokenScope))
    days: int = Field(ge=1, le=LONGEST_TERM, strict=True)


class TokenOut(Answered):
    """A token, without what it is."""

    number: int
    label: str
    scopes: list[str]
    made: str
    expires: str
    used: str | None
    address: str
    revoked: str | None
    valid: bool


class TokenList(Answered):
    """The tokens of a user, those that are over included."""

    items: list[TokenOut]


class TokenMade(TokenOut):
    """A token that was made; ``token`` is what it is, this once."""

    token: str


# ---- one's own account ------------------------------------------------------------------------------


class OwnPasswordWanted(Sent):
    """Another password of one's own."""

    old: Password
    new: Password


class SessionsEnded(Answered):
    """How many sessions ended."""

    sessions_ended: int


class PasswordShown(Sent):
    """The password of the user, in whose place the program acts."""

    password: Password


class TotpOffered(Answered):
    """What an authenticator app is set up with; codes are asked for once one was confirmed."""

    secret: str
    uri: str


class CodeShown(Sent):
    """A code of the authenticator app that was set up."""

    code: Annotated[str, Field(min_length=1, max_length=16)]


class RecoveryCodes(Answered):
    """Each stands in for a code once; they are answered this once."""

    recovery_codes: list[str]


class SessionOut(Answered):
    """Where the user is logged in with a browser."""

    number: int
    made: str
    used: str
    address: str
    agent: str


class SessionList(Answered):
    """The sessions of the user, the last used first."""

    items: list[SessionOut]


class OwnTokenWanted(TokenWanted):
    """A token of one's own to make; ``password`` is asked for from who has one."""

    password: Password | None = None


# ---- saved views ------------------------------------------------------------------------------------


class ViewWanted(Sent):
    """A filter of the ledger to keep under a name, as the query of the address of its page."""

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_VIEW, pattern=r"\S"), NoNul]
    query: Annotated[str, Field(max_length=4_000), NoNul]
    shared: bool = False


class ViewOut(Answered):
    """A view; ``own`` where the user saved it."""

    id: int
    name: str
    query: str
    author: str
    own: bool
    shared: bool


class ViewList(Answered):
    """One's own views by name, then those that others share."""

    items: list[ViewOut]


class SettingsOut(Answered):
    """The settings in force, a section each; secrets are masked."""

    settings: dict[str, Any]
