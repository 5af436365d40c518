"""Make a token for oneself, in a browser or by a program: it outlives the session, so the password is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from monitor.accounts.administration import UserAdministration
from monitor.accounts.own_account import Holder, OwnAccount
from monitor.accounts.permissions import TokenScope
from monitor.console.caller import Caller
from monitor.store.accounts.api_tokens import TokenRecord


class TokenWish(NamedTuple):
    """A token that somebody wants: what it is for, what it may be used for, and for how many days."""

    label: str
    scopes: Sequence[TokenScope]
    days: int


def make_own_token(caller: Caller, holder: Holder, wish: TokenWish, password: str) -> tuple[TokenRecord, str]:
    """Make a token in one's own place; return it with what it is, which nobody sees again.

    Who came by single sign-on has no password to ask for. Raises LoginRefusedError, RightsRefusedError.
    """
    if holder.account.has_password:
        OwnAccount(caller.parts.store, caller.parts.now).ask_password(holder, password)
    users = UserAdministration(caller.parts.store, caller.settings, caller.parts.now)
    return users.add_token(caller.user.name, *wish, caller.actor)
