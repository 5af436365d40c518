"""Let people in and out: logins, sessions, and what changes about them with one's own account (``own_account``).

Everything here is synchronous and takes a few milliseconds, a login some fifty for its hash: a server calls it in a
thread. An instance holds nothing of its own and may be made for each request.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from monitor.accounts import one_time_codes, throttle
from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.accounts.claims import VouchedUser
from monitor.accounts.opaque import derived, digest, opaque, same
from monitor.accounts.own_account import Holder, LoginRefusedError, OwnAccount, TotpOffer
from monitor.accounts.passwords import Passwords, normalised
from monitor.accounts.permissions import User
from monitor.accounts.rights import (
    RightsRefusedError,
    as_text,
    checked_rights,
    groups_of,
    has_admin_still,
    user_of,
)
from monitor.accounts.user_names import as_looked_up
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.accounts.login_attempts import AttemptStore
from monitor.store.accounts.sessions import SessionKind, SessionRecord, SessionStore
from monitor.store.accounts.users import Credentials, NameTakenError, NewUser, UnguardedError, UserRecord, UserStore

CODE_WITHIN = 300.0
"""Seconds from the right password to the code."""


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who is logged in. ``csrf`` goes with every change; times in seconds since the epoch."""

    number: int
    user: User
    csrf: str = field(repr=False)
    made: float
    used: float
    address: str
    agent: str
    account: UserRecord

    @property
    def holder(self) -> Holder:
        """Who changes their own account in this session."""
        return Holder(self.account, str(self.number), self.number)

    def actor(self, address: str, channel: Via = Via.CONSOLE) -> Actor:
        """Return who acts when this session sends a request from an address."""
        return Actor(self.user.name, address, channel)


@dataclass(frozen=True, slots=True)
class NewSession:
    """A session that has begun, or has another id. ``token`` and ``device`` are what two cookies hold from now on."""

    session: Session
    token: str = field(repr=False)
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class CodeWanted:
    """The password was right, and a code is asked for within five minutes; ``pending`` goes with it."""

    pending: str = field(repr=False)


class Origin(NamedTuple):
    """Where a login comes from: the address, the cookie ``device`` or "", and what the browser calls itself."""

    address: str
    device: str = ""
    agent: str = ""


class Accounts:
    """The accounts of a store. ``clock`` returns seconds since the epoch; only tests hand ``passwords`` in."""

    def __init__(
        self,
        store: Store,
        settings: Settings,
        clock: Callable[[], float] = time.time,
        passwords: Passwords | None = None,
    ) -> None:
        self._users, self._sessions = UserStore(store.engine), SessionStore(store.engine)
        self._attempts = AttemptStore(store.engine)
        self._audit = AuditLog(store, clock)
        self._all_settings, self._settings, self._groups = settings, settings.console, groups_of(settings)
        self._clock, self._passwords = clock, passwords or Passwords()
        self.own = OwnAccount(store, clock, self._passwords)

    # ---- log in --------------------------------------------------------------------------------------

    def log_in(self, name: str, password: str, origin: Origin) -> NewSession | CodeWanted:
        """Let somebody in who knows the password, or ask for their code. Raises LoginRefusedError.

        Every try that is looked at reckons one hash, whether there is such a user or not.
        """
        now, account = self._clock(), as_looked_up(name)
        found = self._users.credentials(account)
        attempt = self._attempt(account, found, origin)
        pressure = self._attempts.count(throttle.account_key(attempt), now, throttle.WITHIN)
        budgets = throttle.password_budgets(attempt, under_attack=pressure >= throttle.MANY)
        if wait := self._attempts.begin(budgets, now):
            raise LoginRefusedError(wait)
        kept = None if found is None or found.is_disabled else found.password
        if not self._passwords.matches(password, kept) or found is None or kept is None:
            self._note_refusal(attempt, origin, is_known=found is not None)
            raise LoginRefusedError
        if self._passwords.is_outdated(kept):
            self._users.replace_hash(found.id, kept, self._passwords.hashed(normalised(password)))
        if found.totp_secret is not None:
            # The try stays counted until the code is right: the password alone must not buy more tries at codes.
            pending = opaque()
            self._begin(found.id, SessionKind.CODE, origin, pending)
            return CodeWanted(pending)
        self._forgive(attempt)
        return self._let_in(found.id, account, origin, known_device=attempt.device)

    def log_in_with_code(self, pending: str, code: str, origin: Origin) -> NewSession:
        """Let somebody in who was asked for a code: one of the app, or a recovery code. Raises LoginRefusedError."""
        now, waiting = self._clock(), self._sessions.find(digest(pending))
        if waiting is None or waiting[0].kind is not SessionKind.CODE or now - waiting[0].made > CODE_WITHIN:
            raise LoginRefusedError
        session, user = waiting
        attempt = self._attempt(user.name, self._users.credentials(user.name), origin)
        if wait := self._attempts.begin(throttle.code_budgets(attempt), now):
            raise LoginRefusedError(wait)
        if not self._takes_code(user.id, code):
            self._note_refusal(attempt, origin, is_known=True)
            raise LoginRefusedError
        if not self._sessions.end(session.number, user.id):  # somebody else has used it at the same time
            raise LoginRefusedError
        self._forgive(attempt)
        return self._let_in(user.id, user.name, origin, known_device=attempt.device)

    def let_in_vouched(self, vouched: VouchedUser, origin: Origin) -> NewSession:
        """Let in who a provider of single sign-on vouches for, with the rights that it gives them now.

        Who is known by the subject keeps the user made for it, whatever the provider calls them today; a name that a
        user of ours has is not taken over. Raises LoginRefusedError.
        """
        known = self._users.of_subject(vouched.subject)
        try:
            rights, departments = checked_rights(vouched.rights, vouched.departments, self._all_settings)
            if known is None:
                new = NewUser(vouched.name, vouched.full_name, None, rights, departments, vouched.subject)
                known = self._users.add(new, self._clock())
                actor = Actor(known.name, origin.address, Via.CONSOLE)
                self._audit.add(actor, "user.add", f"user {known.name}", after=as_text(rights, departments))
            elif known.disabled is None and (known.rights, known.departments) != (rights, departments):
                self._users.set_rights(known.id, rights, departments, has_admin_still(known))
                before, after = as_text(known.rights, known.departments), as_text(rights, departments)
                actor = Actor(known.name, origin.address, Via.CONSOLE)
                self._audit.add(actor, "user.rights", f"user {known.name}", before, after)
        except (RightsRefusedError, NameTakenError, UnguardedError) as error:
            self.note_unvouched(f"{vouched.name}: {type(error).__name__} {error}", origin)
            raise LoginRefusedError from None
        if known.disabled is not None:
            self.note_unvouched(f"{vouched.name}: disabled", origin)
            raise LoginRefusedError
        return self._let_in(known.id, known.name, origin, known_device="")

    def note_unvouched(self, why: str, origin: Origin) -> None:
        """Keep that somebody came from the provider of single sign-on and was not let in."""
        self._audit.add(Actor("", origin.address, Via.CONSOLE), "login.refused", "single sign-on", after=why)

    def _attempt(self, account: str, found: Credentials | None, origin: Origin) -> throttle.LoginAttempt:
        shown = digest(origin.device) if origin.device else ""
        is_known = bool(shown) and self._sessions.knows_device(shown, 0 if found is None else found.id)
        return throttle.LoginAttempt(account, origin.address, shown if is_known else "")

    def _takes_code(self, user: int, typed: str) -> bool:
        credentials = self._users.credentials_of(user)
        if credentials is None or credentials.is_disabled or credentials.totp_secret is None:
            return False
        step = one_time_codes.step_of(credentials.totp_secret, typed[:64], self._clock())
        if step is not None:
            return self._users.take_step(user, step)
        recovery = one_time_codes.as_recovery_code(typed)
        return recovery is not None and self._users.take_recovery_code(user, digest(recovery))

    def _forgive(self, attempt: throttle.LoginAttempt) -> None:
        gone = [throttle.pair_key(attempt), throttle.code_key(attempt)]
        fewer = [] if attempt.device else [throttle.address_key(attempt), throttle.account_key(attempt)]
        self._attempts.forgive(gone, fewer)

    def _note_refusal(self, attempt: throttle.LoginAttempt, origin: Origin, *, is_known: bool) -> None:
        """Keep the first, second, fourth, eighth … refusal of an address: a flood of them fills no disk.

        What was typed for a name that nobody has is not kept: it may be a password.
        """
        key = throttle.pair_key(attempt) if attempt.device else throttle.address_key(attempt)
        count = self._attempts.count(key, self._clock(), throttle.WITHIN)
        if count & (count - 1) == 0:
            name = attempt.account if is_known else ""
            actor = Actor(name, origin.address, Via.CONSOLE)
            self._audit.add(actor, "login.refused", f"user {name or '?'}", after=f"{count}")

    def _let_in(self, user: int, name: str, origin: Origin, known_device: str) -> NewSession:
        now, token = self._clock(), opaque()
        device = origin.device if known_device else opaque()
        session = self._begin(user, SessionKind.FULL, origin, token)
        self._sessions.keep_device(digest(device), user, now)
        self._users.mark_login(user, now)
        self._audit.add(Actor(name, origin.address, Via.CONSOLE), "login", f"user {name}")
        return NewSession(_session(session, self._users.get(name), self._user(name), token), token, device)

    def _user(self, name: str) -> User:
        return user_of(self._users.get(name), self._groups)

    def _begin(self, user: int, kind: SessionKind, origin: Origin, token: str) -> SessionRecord:
        now = self._clock()
        agent = "".join(each for each in origin.agent[:200] if each.isprintable())
        return self._sessions.add(
            digest(token), SessionRecord(0, user, kind, now, now, throttle.place(origin.address), agent)
        )

    # ---- sessions ------------------------------------------------------------------------------------

    def session(self, token: str) -> Session | None:
        """Return the session of a cookie, None where it is over, unknown, or its user is disabled.

        Rights are read anew each time: what was taken from somebody is gone with their next request.
        """
        found = self._sessions.find(digest(token)) if token else None
        if found is None or found[0].kind is not SessionKind.FULL:
            return None
        record, user = found
        now = self._clock()
        if now - record.made > self._settings.lifetime * 3600 or now - record.used > self._settings.idle * 60:
            self._sessions.end(record.number, user.id)
            return None
        self._sessions.touch(record, now)
        return _session(record, user, user_of(user, self._groups), token)

    def goes_on(self, token: str) -> bool:
        """Return whether the session of a cookie has not ended; to ask is no use of it."""
        found = self._sessions.find(digest(token)) if token else None
        return found is not None and found[0].kind is SessionKind.FULL

    def rotate(self, session: Session) -> NewSession:
        """Give a session another id; the old one opens nothing any more. It lives no longer for it.

        Raises LoginRefusedError where it has ended meanwhile.
        """
        token = opaque()
        if not self._sessions.rotate(session.number, digest(token), self._clock()):
            raise LoginRefusedError
        renewed = self.session(token)
        if renewed is None:
            raise LoginRefusedError
        return NewSession(renewed, token)

    def log_out(self, session: Session, actor: Actor) -> None:
        """End a session."""
        self._sessions.end(session.number, session.account.id)
        self._audit.add(actor, "logout", f"user {session.user.name}")

    def sessions(self, name: str) -> list[SessionRecord]:
        """Return where a user is logged in, the last used first. Raises KeyError for an unknown name."""
        now, alive = self._clock(), self._sessions.load(self._users.get(name).id)
        idle, lifetime = self._settings.idle * 60, self._settings.lifetime * 3600
        return [each for each in alive if now - each.used <= idle and now - each.made <= lifetime]

    def end_session(self, name: str, number: int, actor: Actor) -> bool:
        """End a session of a user; return whether there was one of that number. Raises KeyError."""
        has_ended = self._sessions.end(number, self._users.get(name).id)
        if has_ended:
            self._audit.add(actor, "session.end", f"user {name}", before=f"session {number}")
        return has_ended

    # ---- one's own account ---------------------------------------------------------------------------

    def change_password(self, session: Session, old: str, new: str, actor: Actor) -> NewSession:
        """Give oneself another password; all other sessions end, and this one gets another id.

        Raises LoginRefusedError where ``old`` is wrong, PasswordRefusedError where ``new`` will not do.
        """
        self.own.change_password(session.holder, old, new, actor)
        return self.rotate(session)

    def begin_totp(self, session: Session, password: str) -> TotpOffer:
        """Offer a secret for an authenticator app. Raises LoginRefusedError where the password is wrong."""
        return self.own.begin_totp(session.holder, password)

    def confirm_totp(self, session: Session, code: str, actor: Actor) -> tuple[NewSession, list[str]]:
        """Ask for codes from now on; return the recovery codes, which nobody sees again. Raises CodeRefusedError."""
        codes = self.own.confirm_totp(session.holder, code, actor)
        return self.rotate(session), codes

    def end_totp(self, session: Session, password: str, actor: Actor) -> NewSession:
        """Ask for codes no more. Raises LoginRefusedError where the password is wrong."""
        self.own.end_totp(session.holder, password, actor)
        return self.rotate(session)


def csrf_matches(session: Session, shown: str) -> bool:
    """Return whether what came with a change belongs to its session; in a time that does not say where it differs."""
    return same(session.csrf, shown)


def _session(record: SessionRecord, account: UserRecord, user: User, token: str) -> Session:
    return Session(
        number=record.number,
        user=user,
        csrf=derived(token, "csrf"),
        made=record.made,
        used=record.used,
        address=record.address,
        agent=record.agent,
        account=account,
    )
