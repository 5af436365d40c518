"""Carry out the SQL that makes the tables of a queue, a few processes at a time being as good as one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, text

LOCK = 0x517E_5C4E
"""PostgreSQL's number for: somebody changes the tables."""


class FleetTables:
    """The tables of the queue in one database, whose SQL comes from elsewhere."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def migrations(self) -> set[str] | None:
        """Return the changes that the database has, None where there are no tables yet."""
        with self._engine.connect() as connection:
            return _migrations(connection)

    @contextmanager
    def alone(self) -> Iterator[set[str] | None]:
        """Change tables in one transaction, while nobody else does; gives the changes that the database has by then."""
        with self._engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            self._connection = connection
            try:
                yield _migrations(connection)
            finally:
                self._connection = None

    def run(self, statements: str) -> None:
        """Carry statements out as they stand; inside ``alone``."""
        self._inside().connection.driver_connection.execute(statements)  # type: ignore[union-attr] # psycopg's

    def note(self, names: Sequence[str]) -> None:
        """Note changes as made; inside ``alone``."""
        rows = [{"name": name} for name in names]
        self._inside().execute(text("INSERT INTO fleet_schema (migration) VALUES (:name)"), rows)

    def _inside(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("tables are changed inside `alone`")
        return self._connection


def _migrations(connection: Connection) -> set[str] | None:
    # Not to_regclass(): a connection that once heard that there is no such table goes on believing it, also after
    # it waited for who makes it.
    there = "SELECT count(*) FROM pg_class WHERE relname = 'fleet_schema' AND pg_table_is_visible(oid)"
    if not connection.execute(text(there)).scalar():
        return None
    return set(connection.execute(text("SELECT migration FROM fleet_schema")).scalars())
