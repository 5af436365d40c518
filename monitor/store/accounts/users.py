"""Keep users: names, password hashes, rights, and what makes their second factor."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, RowMapping, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from monitor.store.database import Row
from monitor.store.schema import api_tokens, devices, recovery_codes, sessions, users

Guard = Callable[[Sequence["UserRecord"]], bool]
"""Whether all users together may be as they are after a change."""


class NameTakenError(ValueError):
    """There is a user of that name already."""


class UnguardedError(ValueError):
    """A change was taken back: with it, nobody could look after the users any more."""


class RightRecord(NamedTuple):
    """A role, and where it holds: ``scope`` is all, site or group, ``name`` that of the site or group."""

    scope: str
    name: str
    role: str


class NewUser(NamedTuple):
    """A user to be kept; ``password`` is a hash, None where nobody can log in by one."""

    name: str
    full_name: str
    password: str | None
    rights: tuple[RightRecord, ...]
    departments: tuple[str, ...]
    subject: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UserRecord:
    """A user as people may see one, without secrets. Times in seconds since the epoch, None for never."""

    id: int
    name: str
    full_name: str
    rights: tuple[RightRecord, ...]
    departments: tuple[str, ...]
    made: float
    disabled: float | None
    logged_in: float | None
    has_password: bool
    has_totp: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What a login is compared with; it prints none of it."""

    id: int
    is_disabled: bool
    password: str | None
    totp_secret: str | None

    def __repr__(self) -> str:
        return f"Credentials(id={self.id})"


class UserStore:
    """The table of users."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, user: NewUser, now: float) -> UserRecord:
        """Keep a user. Raises NameTakenError."""
        values: Row = user._asdict() | {"rights": _rows(user.rights), "departments": list(user.departments)}
        try:
            with self.engine.begin() as connection:
                connection.execute(insert(users).values(values | {"made": now, "totp_step": 0}))
        except IntegrityError:
            raise NameTakenError(user.name) from None
        return self.get(user.name)

    def load(self) -> list[UserRecord]:
        """Return all users by name."""
        with self.engine.connect() as connection:
            return _load(connection)

    def get(self, name: str) -> UserRecord:
        """Return a user. Raises KeyError where there is none of that name."""
        with self.engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.name == name)).mappings().first()
        if row is None:
            raise KeyError(name)
        return user_from_row(row)

    def of_subject(self, subject: str) -> UserRecord | None:
        """Return the user that a provider of single sign-on calls so."""
        with self.engine.connect() as connection:
            row = connection.execute(select(users).where(users.c.subject == subject)).mappings().first()
        return None if row is None else user_from_row(row)

    def credentials(self, name: str) -> Credentials | None:
        """Return what a login is compared with, None where there is no such user."""
        return self._credentials(users.c.name == name)

    def credentials_of(self, number: int) -> Credentials | None:
        """Return the same by the number of a user."""
        return self._credentials(users.c.id == number)

    def _credentials(self, condition: ColumnElement[bool]) -> Credentials | None:
        with self.engine.connect() as connection:
            row = connection.execute(select(users).where(condition)).mappings().first()
        if row is None:
            return None
        secrets = {"password": row["password"], "totp_secret": row["totp_secret"]}
        return Credentials(id=row["id"], is_disabled=row["disabled"] is not None, **secrets)

    def replace_hash(self, number: int, before: str, after: str) -> None:
        """Put a hash of the same password in the place of one, unless it has changed meanwhile."""
        same = users.c.id == number, users.c.password == before
        with self.engine.begin() as connection:
            connection.execute(update(users).where(*same).values(password=after))

    def mark_login(self, number: int, now: float) -> None:
        """Keep when a user logged in."""
        with self.engine.begin() as connection:
            connection.execute(update(users).where(users.c.id == number).values(logged_in=now))

    def set_password(self, number: int, password: str, but: int | None = None) -> int:
        """Keep the hash of another password; end the sessions of the user but one, forget devices; return how many."""
        with self.engine.begin() as connection:
            connection.execute(update(users).where(users.c.id == number).values(password=password))
            connection.execute(delete(devices).where(devices.c.user == number))
            return end_sessions(connection, number, but)

    def set_rights(self, number: int, rights: Sequence[RightRecord], departments: Sequence[str], guard: Guard) -> int:
        """Keep other rights and departments, and end the sessions; return how many. Raises UnguardedError."""
        return self._change(number, {"rights": _rows(rights), "departments": list(departments)}, guard)

    def disable(self, number: int, now: float, guard: Guard) -> int:
        """Let a user in no more: sessions end and tokens are revoked at once; return how many sessions.

        Raises UnguardedError.
        """
        return self._change(number, {"disabled": now}, guard, revoked=now)

    def enable(self, number: int) -> None:
        """Let a user in again; tokens that were revoked stay so."""
        with self.engine.begin() as connection:
            connection.execute(update(users).where(users.c.id == number).values(disabled=None))

    def _change(self, number: int, values: Row, guard: Guard, revoked: float | None = None) -> int:
        with self.engine.begin() as connection:
            # Two administrators that take each other's rights at a time must not both succeed.
            connection.execute(select(users.c.id).order_by(users.c.id).with_for_update()).all()
            connection.execute(update(users).where(users.c.id == number).values(values))
            if not guard(_load(connection)):
                raise UnguardedError
            if revoked is not None:
                connection.execute(delete(devices).where(devices.c.user == number))
                valid = api_tokens.c.user == number, api_tokens.c.revoked.is_(None)
                connection.execute(update(api_tokens).where(*valid).values(revoked=revoked))
            return end_sessions(connection, number)

    # ---- the second factor ---------------------------------------------------------------------------

    def offer_totp(self, number: int, secret: str) -> None:
        """Keep a secret that the user has not shown to have yet."""
        with self.engine.begin() as connection:
            connection.execute(update(users).where(users.c.id == number).values(totp_offer=secret))

    def offered_totp(self, number: int) -> str | None:
        """Return the secret that waits for its first code."""
        with self.engine.connect() as connection:
            return connection.execute(select(users.c.totp_offer).where(users.c.id == number)).scalar()

    def confirm_totp(self, number: int, secret: str, step: int, codes: Iterable[str]) -> None:
        """Ask for codes of a secret from now on; ``codes`` are hashes of the recovery codes."""
        values = {"totp_offer": None, "totp_secret": secret, "totp_step": step}
        with self.engine.begin() as connection:
            connection.execute(update(users).where(users.c.id == number).values(values))
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user == number))
            connection.execute(insert(recovery_codes), [{"user": number, "hash": each} for each in codes])

    def forget_totp(self, number: int) -> None:
        """Ask for no codes any more."""
        with self.engine.begin() as connection:
            values = {"totp_offer": None, "totp_secret": None}
            connection.execute(update(users).where(users.c.id == number).values(values))
            connection.execute(delete(recovery_codes).where(recovery_codes.c.user == number))

    def take_step(self, number: int, step: int) -> bool:
        """Take the code of a time step; return whether it was newer than every one before: none is taken twice."""
        newer = users.c.id == number, users.c.totp_step < step
        with self.engine.begin() as connection:
            return connection.execute(update(users).where(*newer).values(totp_step=step)).rowcount == 1

    def take_recovery_code(self, number: int, code: str) -> bool:
        """Take a recovery code by its hash; return whether there was one. It is gone then."""
        same = recovery_codes.c.user == number, recovery_codes.c.hash == code
        with self.engine.begin() as connection:
            return connection.execute(delete(recovery_codes).where(*same)).rowcount == 1

    def count_recovery_codes(self, number: int) -> int:
        """Return how many recovery codes are left."""
        with self.engine.connect() as connection:
            statement = select(recovery_codes.c.hash).where(recovery_codes.c.user == number)
            return len(connection.execute(statement).all())


def end_sessions(connection: Connection, user: int, but: int | None = None) -> int:
    """End the sessions of a user but one, in a transaction of the caller's; return how many."""
    where = [sessions.c.user == user] + ([] if but is None else [sessions.c.id != but])
    return connection.execute(delete(sessions).where(*where)).rowcount


def _load(connection: Connection) -> list[UserRecord]:
    return [user_from_row(row) for row in connection.execute(select(users).order_by(users.c.name)).mappings()]


def _rows(rights: Iterable[RightRecord]) -> list[Row]:
    return [each._asdict() for each in rights]


def user_from_row(row: RowMapping) -> UserRecord:
    """Return a user as a value."""
    kept = {name: row[name] for name in ("id", "name", "full_name", "made", "disabled", "logged_in")}
    return UserRecord(
        **kept,
        rights=tuple(RightRecord(**each) for each in row["rights"]),
        departments=tuple(row["departments"]),
        has_password=row["password"] is not None,
        has_totp=row["totp_secret"] is not None,
    )
