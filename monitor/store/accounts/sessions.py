"""Keep sessions and the devices that they were begun with, by the hashes of what cookies hold."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import Engine, RowMapping, delete, insert, or_, select, update

from monitor.store.accounts.users import UserRecord, user_from_row
from monitor.store.database import upsert
from monitor.store.schema import devices, sessions, users

MOST = 50
"""Sessions, and devices, that one user has at most; the longest unused goes first."""

TOUCHED_EVERY = 30.0
"""Seconds after which the use of a session is written again: a page asks a dozen times."""


class SessionKind(StrEnum):
    """What a session lets its holder do."""

    FULL = "full"
    CODE = "code"
    """Nothing but to show a code: the password was right."""


class SessionRecord(NamedTuple):
    """A session as people may see it; times in seconds since the epoch."""

    number: int
    user: int
    kind: SessionKind
    made: float
    used: float
    address: str
    agent: str


class SessionStore:
    """The tables of sessions and devices."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(self, digest: str, session: SessionRecord) -> SessionRecord:
        """Keep a session, whose number is given here; return it with that."""
        values = session._asdict()
        del values["number"]
        with self.engine.begin() as connection:
            number = connection.execute(insert(sessions).values(values | {"hash": digest})).inserted_primary_key
            # Of its kind: who knows the password and no code must not end sessions by asking for codes.
            alike = sessions.c.user == session.user, sessions.c.kind == session.kind
            kept = select(sessions.c.id).where(*alike).order_by(sessions.c.used.desc(), sessions.c.id.desc())
            old = connection.execute(kept.offset(MOST)).scalars().all()
            connection.execute(delete(sessions).where(sessions.c.id.in_(old)))
        return session._replace(number=number[0])  # type: ignore[index]

    def find(self, digest: str) -> tuple[SessionRecord, UserRecord] | None:
        """Return a session and its user, None where there is none of that hash or its user is disabled."""
        columns = [column.label(f"session_{column.name}") for column in sessions.c]
        statement = select(users, *columns).join(sessions, sessions.c.user == users.c.id)
        return self._found(statement.where(sessions.c.hash == digest, users.c.disabled.is_(None)))

    def _found(self, statement: object) -> tuple[SessionRecord, UserRecord] | None:
        with self.engine.connect() as connection:
            row = connection.execute(statement).mappings().first()  # type: ignore[call-overload]
        return None if row is None else (_session(row, "session_"), user_from_row(row))

    def touch(self, session: SessionRecord, now: float) -> None:
        """Keep that a session is in use, every half minute at most."""
        if now - session.used >= TOUCHED_EVERY:
            with self.engine.begin() as connection:
                connection.execute(update(sessions).where(sessions.c.id == session.number).values(used=now))

    def rotate(self, number: int, digest: str, now: float) -> bool:
        """Give a session another hash; return whether it was there. It lives no longer for it."""
        values = {"hash": digest, "used": now}
        with self.engine.begin() as connection:
            return connection.execute(update(sessions).where(sessions.c.id == number).values(values)).rowcount == 1

    def load(self, user: int) -> list[SessionRecord]:
        """Return the sessions of a user, the last used first."""
        of_user = sessions.c.user == user, sessions.c.kind == SessionKind.FULL
        statement = select(sessions).where(*of_user).order_by(sessions.c.used.desc(), sessions.c.id.desc())
        with self.engine.connect() as connection:
            return [_session(row) for row in connection.execute(statement).mappings()]

    def end(self, number: int, user: int) -> bool:
        """End a session of a user; return whether there was one of that number."""
        with self.engine.begin() as connection:
            same = sessions.c.id == number, sessions.c.user == user
            return connection.execute(delete(sessions).where(*same)).rowcount == 1

    def forget(self, *, used_before: float, made_before: float) -> int:
        """Drop sessions that were last used, or made, before a moment; return how many."""
        ended = or_(sessions.c.used < used_before, sessions.c.made < made_before)
        with self.engine.begin() as connection:
            return connection.execute(delete(sessions).where(ended)).rowcount

    # ---- devices -------------------------------------------------------------------------------------

    def knows_device(self, digest: str, user: int) -> bool:
        """Return whether a user has logged in with a device before."""
        same = devices.c.hash == digest, devices.c.user == user
        with self.engine.connect() as connection:
            return connection.execute(select(devices.c.used).where(*same)).first() is not None

    def keep_device(self, digest: str, user: int, now: float) -> None:
        """Keep that a user logs in with a device."""
        with self.engine.begin() as connection:
            upsert(connection, devices, [{"hash": digest, "user": user, "used": now}])
            kept = select(devices.c.hash).where(devices.c.user == user).order_by(devices.c.used.desc()).offset(MOST)
            old = connection.execute(kept).scalars().all()
            connection.execute(delete(devices).where(devices.c.hash.in_(old)))

    def forget_devices(self, before: float) -> None:
        """Drop devices that nobody logged in with since a moment."""
        with self.engine.begin() as connection:
            connection.execute(delete(devices).where(devices.c.used < before))


def _session(row: RowMapping, prefix: str = "") -> SessionRecord:
    kept = {name: row[prefix + name] for name in ("user", "made", "used", "address", "agent")}
    return SessionRecord(number=row[f"{prefix}id"], kind=SessionKind(row[f"{prefix}kind"]), **kept)
