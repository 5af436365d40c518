"""Tell a store that is away (disk full, database down, file gone) from a fault of ours, and ask if it is back."""

from __future__ import annotations

import random
from collections.abc import Iterator

from sqlalchemy import Engine, delete, insert
from sqlalchemy.exc import DatabaseError, DBAPIError, DisconnectionError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from monitor.store.schema import schedules

AWAY = (OperationalError, InterfaceError, DisconnectionError, PoolTimeoutError)

OF_DRIVER = {("psycopg", "OperationalError"), ("psycopg", "InterfaceError")}
"""Module and name of such errors; the driver is an extra, and is not loaded for asking."""

STATES = {
    "25006": "read_only_sql_transaction: a standby has taken over the address, or somebody set the database read-only",
    "3F000": "invalid_schema_name",
    "42P01": "undefined_table: the tables are being restored, or the address leads to another database",
    "42501": "insufficient_privilege",
    "XX001": "data_corrupted",
    "XX002": "index_corrupted",
}
"""SQLSTATEs (PostgreSQL's manual, appendix A) of a database that cannot be used though it can be connected to."""


def outage_of(error: BaseException) -> BaseException | None:
    """Return the error of a store that cannot be used at present, among an error and its causes; None for others."""
    for each in _causes(error):
        # A damaged file is a plain DatabaseError; its subclasses (IntegrityError, DataError …) are about values.
        if isinstance(each, AWAY) or _is_of_driver(each) or type(each) is DatabaseError or _state(each) in STATES:
            return each
    return None


def _is_of_driver(error: BaseException) -> bool:
    """Return whether an error came from PostgreSQL's driver past SQLAlchemy, as where a queue uses it by itself."""
    return any((kind.__module__, kind.__name__) in OF_DRIVER for kind in type(error).__mro__)


def _state(error: BaseException) -> str:
    """Return the SQLSTATE of an error of PostgreSQL, empty where there is none."""
    return str(getattr(error.orig, "sqlstate", "")) if isinstance(error, DBAPIError) else ""


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting, seen = [error], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, BaseExceptionGroup):
            waiting += each.exceptions
        waiting += [cause for cause in (each.__cause__, each.__context__) if cause is not None]


def try_writing(engine: Engine, size: int = 1) -> None:
    """Write so many characters to the store and take them back; raises what the driver raises.

    They are drawn by chance: PostgreSQL keeps what repeats itself in a hundredth of the space.
    """
    key = {"site": "", "scope": ""}  # no site is called so: an id has a character at least
    text = random.randbytes(size // 2 + 1).hex()[:size]  # noqa: S311 - no secret
    with engine.begin() as connection:
        connection.execute(delete(schedules).where(schedules.c.site == "", schedules.c.scope == ""))
        connection.execute(insert(schedules).values(key | {"calendar": text, "since": 0.0}))
        connection.execute(delete(schedules).where(schedules.c.site == "", schedules.c.scope == ""))
