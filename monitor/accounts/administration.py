"""Look after users and their tokens, for commands and the console alike. Who may do so is asked by who calls.

Every change is in the audit log, with who made it and from where.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence

from checks.model import Text
from monitor.accounts.auditing import Actor, AuditLog
from monitor.accounts.opaque import api_secret, digest
from monitor.accounts.passwords import Passwords, accepted
from monitor.accounts.permissions import PERMISSIONS, TokenScope, User, may_somewhere
from monitor.accounts.rights import (
    LONGEST,
    RightsRefusedError,
    as_text,
    checked_rights,
    groups_of,
    has_admin_still,
    user_of,
)
from monitor.accounts.user_names import as_looked_up, user_name
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.api_tokens import ApiTokenStore, TokenRecord
from monitor.store.accounts.users import (
    NewUser,
    RightRecord,
    UnguardedError,
    UserRecord,
    UserStore,
)

DAY = 86_400.0

LONGEST_TERM = 366
"""Days for which a token holds at most."""

LAST_ADMIN = Text("至少保留一名可用的管理员", "one administrator has to be left")
TAKEN = Text("已有这个用户名", "there is a user of this name")
"""What people read where NameTakenError was raised."""


class UserAdministration:
    """The users of a store and their tokens. Names are taken as they were typed."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], float] = time.time,
        passwords: Passwords | None = None,
    ) -> None:
        self._users, self._tokens = UserStore(store.engine), ApiTokenStore(store.engine)
        self._audit = AuditLog(store, clock)
        self._settings, self._clock, self._passwords = settings, clock, passwords

    def users(self) -> list[UserRecord]:
        """Return all users by name."""
        return self._users.load()

    def user(self, name: str) -> UserRecord:
        """Return a user. Raises KeyError where there is none of that name."""
        return self._users.get(as_looked_up(name))

    def add_user(  # noqa: PLR0913 - what a user is made of
        self,
        name: str,
        password: str | None,
        rights: Iterable[RightRecord],
        departments: Sequence[str],
        actor: Actor,
        *,
        full_name: str = "",
    ) -> UserRecord:
        """Make a user; without a password nobody can log in as them but by single sign-on.

        Raises NameRefusedError, PasswordRefusedError, RightsRefusedError, NameTakenError.
        """
        kept = user_name(name)
        checked, named = checked_rights(rights, departments, self._settings)
        full_name = _full_name(full_name)
        hashed = None if password is None else self._hashed(password, kept)
        made = self._users.add(NewUser(kept, full_name, hashed, checked, named), self._clock())
        self._audit.add(actor, "user.add", f"user {kept}", after=as_text(checked, named))
        return made

    def _hashed(self, password: str, name: str) -> str:
        return (self._passwords or Passwords()).hashed(accepted(password, name))

    def set_password(self, name: str, password: str, actor: Actor) -> int:
        """Give a user another password; return how many sessions that ended. Raises KeyError, PasswordRefusedError."""
        user = self.user(name)
        ended = self._users.set_password(user.id, self._hashed(password, user.name))
        self._audit.add(actor, "user.password", f"user {user.name}", after=f"sessions ended: {ended}")
        return ended

    def set_rights(self, name: str, rights: Iterable[RightRecord], departments: Sequence[str], actor: Actor) -> int:
        """Give a user other rights and departments; return how many sessions that ended.

        Raises KeyError, RightsRefusedError.
        """
        user = self.user(name)
        checked, named = checked_rights(rights, departments, self._settings)
        try:
            ended = self._users.set_rights(user.id, checked, named, has_admin_still(user))
        except UnguardedError:
            raise RightsRefusedError(LAST_ADMIN) from None
        before, after = as_text(user.rights, user.departments), as_text(checked, named)
        self._audit.add(actor, "user.rights", f"user {user.name}", before, after)
        return ended

    def disable(self, name: str, actor: Actor) -> int:
        """Let a user in no more: sessions and tokens end at once; return how many sessions.

        Raises KeyError, RightsRefusedError.
        """
        user = self.user(name)
        try:
            ended = self._users.disable(user.id, self._clock(), has_admin_still(user))
        except UnguardedError:
            raise RightsRefusedError(LAST_ADMIN) from None
        self._audit.add(actor, "user.disable", f"user {user.name}", after=f"sessions ended: {ended}")
        return ended

    def enable(self, name: str, actor: Actor) -> None:
        """Let a user in again; tokens stay revoked. Raises KeyError."""
        user = self.user(name)
        self._users.enable(user.id)
        self._audit.add(actor, "user.enable", f"user {user.name}")

    def forget_totp(self, name: str, actor: Actor) -> None:
        """Ask a user for codes no more who has lost both app and recovery codes. Raises KeyError."""
        user = self.user(name)
        self._users.forget_totp(user.id)
        self._audit.add(actor, "user.totp", f"user {user.name}", after="off")

    # ---- tokens of the API ---------------------------------------------------------------------------

    def add_token(
        self, name: str, label: str, scopes: Iterable[TokenScope], days: int, actor: Actor
    ) -> tuple[TokenRecord, str]:
        """Make a token for so many days; return it with its secret, which nobody sees again.

        Raises KeyError, and RightsRefusedError where a scope exceeds what the user may do.
        """
        user, now = self.user(name), self._clock()
        chosen = tuple(each for each in TokenScope if each in set(scopes))
        self._check_token(user, label, chosen, days)
        secret = api_secret()
        times = now, now + days * DAY
        made = self._tokens.add(digest(secret), user.id, label.strip(), chosen, times)
        after = f"token {made.number} {label.strip()}: {', '.join(chosen)}, {days} days"
        self._audit.add(actor, "token.add", f"user {user.name}", after=after)
        return made, secret

    def _check_token(self, user: UserRecord, label: str, scopes: Sequence[TokenScope], days: int) -> None:
        if not label.strip() or not label.isprintable() or len(label) > LONGEST:
            raise RightsRefusedError(Text("请说明令牌的用途", "say on one line what the token is for"))
        if not scopes or not 1 <= days <= LONGEST_TERM:
            reason = f"give a scope, and 1 to {LONGEST_TERM} days"
            raise RightsRefusedError(Text(f"请指定范围和有效期（1至{LONGEST_TERM}天）", reason))
        if user.disabled is not None:
            raise RightsRefusedError(Text("用户已停用", "the user is disabled"))
        person = user_of(user, groups_of(self._settings))
        too_much = [each for each in scopes if each not in scopes_within_reach(person)]
        if too_much:
            named = ", ".join(too_much)
            raise RightsRefusedError(Text(f"超出该用户权限：{named}", f"beyond what the user may do: {named}"))

    def user_of_token(self, secret: str, address: str) -> User | None:
        """Return in whose place a program acts, narrowed to the scopes of its token; None where it opens nothing."""
        now = self._clock()
        found = self._tokens.find(digest(secret), now) if secret else None
        if found is None:
            return None
        token, record = found
        self._tokens.touch(token, address[:64], now)
        known = {each.value for each in TokenScope}
        scopes = frozenset(TokenScope(each) for each in token.scopes if each in known)
        return user_of(record, groups_of(self._settings), scopes)

    def tokens(self, name: str) -> list[TokenRecord]:
        """Return the tokens of a user, those that are revoked or over included. Raises KeyError."""
        return self._tokens.load(self.user(name).id)

    def revoke_token(self, number: int, actor: Actor, name: str | None = None) -> bool:
        """Revoke a token, one of this user where a name is given; return whether there was one. Raises KeyError."""
        revoked = self._tokens.revoke(number, self._clock(), None if name is None else self.user(name).id)
        if revoked is not None:
            self._audit.add(actor, "token.revoke", f"token {number}", before=revoked.label)
        return revoked is not None


def scopes_within_reach(user: User) -> frozenset[TokenScope]:
    """Return the scopes of which a token of the user could use something."""
    return frozenset(permission.scope for action, permission in PERMISSIONS.items() if may_somewhere(user, action))


def _full_name(text: str) -> str:
    name = text.strip()
    if not name.isprintable() or len(name) > LONGEST:
        raise RightsRefusedError(Text("姓名无法使用", "a full name is one printable line of 128 characters at most"))
    return name
