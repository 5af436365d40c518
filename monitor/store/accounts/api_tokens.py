"""Keep the tokens that programs show in a user's place, by their hashes."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine, RowMapping, insert, select, update

from monitor.store.accounts.users import UserRecord, user_from_row
from monitor.store.schema import api_tokens, users

TOUCHED_EVERY = 60.0
"""Seconds after which the use of a token is written again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRecord:
    """A token as people may see it; times in seconds since the epoch, None for never."""

    number: int
    user: int
    label: str
    scopes: tuple[str, ...]
    made: float
    expires: float
    used: float | None
    address: str
    revoked: float | None

    def is_valid(self, now: float) -> bool:
        """Return whether it opens anything at a moment."""
        return self.revoked is None and now < self.expires


class ApiTokenStore:
    """The table of tokens."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def add(
        self, digest: str, user: int, label: str, scopes: tuple[str, ...], times: tuple[float, float]
    ) -> TokenRecord:
        """Keep a token; ``times`` are when it was made and when it expires."""
        values = {"hash": digest, "user": user, "label": label, "scopes": list(scopes), "address": ""}
        with self.engine.begin() as connection:
            made, expires = times
            connection.execute(insert(api_tokens).values(values | {"made": made, "expires": expires}))
            row = connection.execute(select(api_tokens).where(api_tokens.c.hash == digest)).mappings().one()
        return _token(row)

    def find(self, digest: str, now: float) -> tuple[TokenRecord, UserRecord] | None:
        """Return a token that is valid and its user, None where there is none or the user is disabled."""
        columns = [column.label(f"token_{column.name}") for column in api_tokens.c]
        statement = select(users, *columns).join(api_tokens, api_tokens.c.user == users.c.id)
        valid = api_tokens.c.revoked.is_(None), api_tokens.c.expires > now, users.c.disabled.is_(None)
        with self.engine.connect() as connection:
            row = connection.execute(statement.where(api_tokens.c.hash == digest, *valid)).mappings().first()
        return None if row is None else (_token(row, "token_"), user_from_row(row))

    def touch(self, token: TokenRecord, address: str, now: float) -> None:
        """Keep that a token was used and from where, once a minute at most."""
        if token.used is None or now - token.used >= TOUCHED_EVERY or token.address != address:
            with self.engine.begin() as connection:
                same = api_tokens.c.id == token.number
                connection.execute(update(api_tokens).where(same).values(used=now, address=address))

    def load(self, user: int) -> list[TokenRecord]:
        """Return the tokens of a user, those that are revoked or expired included, oldest first."""
        statement = select(api_tokens).where(api_tokens.c.user == user).order_by(api_tokens.c.id)
        with self.engine.connect() as connection:
            return [_token(row) for row in connection.execute(statement).mappings()]

    def revoke(self, number: int, now: float, user: int | None = None) -> TokenRecord | None:
        """Revoke a token, of this user where one is named; return it, None where no such token was valid."""
        same = [api_tokens.c.id == number, api_tokens.c.revoked.is_(None)]
        same += [] if user is None else [api_tokens.c.user == user]
        with self.engine.begin() as connection:
            if not connection.execute(update(api_tokens).where(*same).values(revoked=now)).rowcount:
                return None
            row = connection.execute(select(api_tokens).where(api_tokens.c.id == number)).mappings().one()
        return _token(row)


def _token(row: RowMapping, prefix: str = "") -> TokenRecord:
    names = ("user", "label", "made", "expires", "used", "address", "revoked")
    kept = {name: row[prefix + name] for name in names}
    return TokenRecord(number=row[f"{prefix}id"], scopes=tuple(row[f"{prefix}scopes"]), **kept)
