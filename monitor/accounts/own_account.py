"""Change one's own account, in a browser or by a program: who holds a session or a token knows no password yet.

Each change asks for the password, and tries at it are slowed down. Everything is synchronous; a hash takes some 30 ms.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import NamedTuple

from checks.model import Text
from monitor.accounts import one_time_codes, throttle
from monitor.accounts.auditing import Actor, AuditLog
from monitor.accounts.opaque import digest
from monitor.accounts.passwords import PasswordRefusedError, Passwords, accepted, normalised
from monitor.store import Store
from monitor.store.accounts.login_attempts import AttemptStore
from monitor.store.accounts.users import UserRecord, UserStore

REFUSED = Text("用户名、密码或验证码不正确", "user name, password or code is wrong")
"""The one thing that is said of a login that failed, whatever the reason."""

SAME_PASSWORD = Text("新密码与原密码相同", "the new password is the old one")


class LoginRefusedError(ValueError):
    """Nobody was let in. ``retry_after`` are seconds for which no further try is looked at, 0 where one may be made."""

    def __init__(self, retry_after: float = 0.0) -> None:
        super().__init__(REFUSED.en)
        self.retry_after = retry_after


class CodeRefusedError(ValueError):
    """The first code of an authenticator app is not the one that is expected, or none was offered."""


class TotpOffer(NamedTuple):
    """What an authenticator app is set up with: typed, or as a QR code of ``uri``."""

    secret: str
    uri: str


class Holder(NamedTuple):
    """Who changes their account. ``key`` is what tries at the password count under: a session, or a user's programs.

    ``session`` is the number of the session that outlives another password, None for a program.
    """

    account: UserRecord
    key: str
    session: int | None = None


class OwnAccount:
    """What somebody may change about themselves. ``clock`` returns seconds since the epoch."""

    def __init__(
        self, store: Store, clock: Callable[[], float] = time.time, passwords: Passwords | None = None
    ) -> None:
        self._users, self._attempts = UserStore(store.engine), AttemptStore(store.engine)
        self._audit = AuditLog(store, clock)
        self._clock, self._passwords = clock, passwords or Passwords()

    def ask_password(self, holder: Holder, password: str) -> None:
        """Raise LoginRefusedError unless this is the password: who finds a session open has not found the account."""
        self._slow_down("password", holder)
        found = self._users.credentials_of(holder.account.id)
        kept = None if found is None or found.is_disabled else found.password
        if not self._passwords.matches(password, kept):
            raise LoginRefusedError
        self._attempts.forgive([throttle.key("password", holder.key)])

    def change_password(self, holder: Holder, old: str, new: str, actor: Actor) -> int:
        """Give oneself another password; return how many sessions that ended: all but the holder's own.

        Raises LoginRefusedError where ``old`` is wrong, PasswordRefusedError where ``new`` will not do.
        """
        self.ask_password(holder, old)
        plain = accepted(new, holder.account.name)
        if plain == normalised(old):
            raise PasswordRefusedError(SAME_PASSWORD)
        ended = self._users.set_password(holder.account.id, self._passwords.hashed(plain), but=holder.session)
        self._audit.add(actor, "user.password", f"user {holder.account.name}")
        return ended

    def begin_totp(self, holder: Holder, password: str) -> TotpOffer:
        """Offer a secret for an authenticator app; the one in force stays so until a code of it was shown.

        Raises LoginRefusedError where the password is wrong.
        """
        self.ask_password(holder, password)
        secret = one_time_codes.new_secret()
        self._users.offer_totp(holder.account.id, secret)
        return TotpOffer(secret, one_time_codes.address_of(secret, holder.account.name))

    def confirm_totp(self, holder: Holder, code: str, actor: Actor) -> list[str]:
        """Ask for codes from now on; return the recovery codes, which nobody sees again.

        Raises CodeRefusedError, and LoginRefusedError where too many codes were tried.
        """
        number = holder.account.id
        self._slow_down("confirm", holder)
        secret = self._users.offered_totp(number)
        step = None if secret is None else one_time_codes.step_of(secret, code, self._clock())
        if secret is None or step is None:
            raise CodeRefusedError("the code is not the one that is expected")
        codes = one_time_codes.recovery_codes()
        self._users.confirm_totp(number, secret, step, map(digest, codes))
        self._attempts.forgive([throttle.key("confirm", holder.key)])
        self._audit.add(actor, "user.totp", f"user {holder.account.name}", after="on")
        return codes

    def end_totp(self, holder: Holder, password: str, actor: Actor) -> None:
        """Ask for codes no more. Raises LoginRefusedError where the password is wrong."""
        self.ask_password(holder, password)
        self._users.forget_totp(holder.account.id)
        self._audit.add(actor, "user.totp", f"user {holder.account.name}", after="off")

    def _slow_down(self, what: str, holder: Holder) -> None:
        if wait := self._attempts.begin({throttle.key(what, holder.key): throttle.PAIR.delay}, self._clock()):
            raise LoginRefusedError(wait)
