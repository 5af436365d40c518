"""Remember which rounds are in force and what became of them; the table of runs says which were served."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Engine, delete, insert, select, tuple_, update

from monitor.rounds import WIDTH
from monitor.store.schema import runs, schedules

Key = tuple[str, str]
"""Site and scope."""


class Record(NamedTuple):
    """What is remembered of one site's rounds of one scope; see the table."""

    calendar: str
    since: float
    owed: float | None = None
    skipped: int = 0
    missed: int = 0


class Schedules:
    """The table of schedules, and what the table of runs says about rounds."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def records(self, only: Key | None = None) -> dict[Key, Record]:
        """Return every record, or that of one site and scope."""
        statement = select(*(schedules.c[name] for name in ("site", "scope", *Record._fields)))
        if only is not None:
            statement = statement.where(schedules.c.site == only[0], schedules.c.scope == only[1])
        with self.engine.connect() as connection:
            return {(row[0], row[1]): Record(*row[2:]) for row in connection.execute(statement)}

    def write(self, key: Key, record: Record) -> None:
        """Write a record, over an older one."""
        site, scope = key
        with self.engine.begin() as connection:
            changed = connection.execute(
                update(schedules).where(schedules.c.site == site, schedules.c.scope == scope).values(record._asdict())
            )
            if not changed.rowcount:
                connection.execute(insert(schedules).values(site=site, scope=scope, **record._asdict()))

    def forget(self, keys: Iterable[Key]) -> None:
        """Drop the records of sites and scopes that are no longer looked after."""
        wanted = list(keys)
        if wanted:
            with self.engine.begin() as connection:
                connection.execute(delete(schedules).where(tuple_(schedules.c.site, schedules.c.scope).in_(wanted)))

    def served(self, key: Key, fire: float) -> bool:
        """Return whether a run was begun for a round, however it ended."""
        statement = select(runs.c.id).where(
            runs.c.site == key[0],
            runs.c.scope == key[1],
            runs.c.scheduled_for > fire - WIDTH,
            runs.c.scheduled_for < fire + WIDTH,
        )
        with self.engine.connect() as connection:
            return connection.execute(statement.limit(1)).first() is not None

    def unfinished(self) -> dict[Key, float]:
        """Return the rounds whose runs were begun and never ended, the latest of each site and scope."""
        statement = (
            select(runs.c.site, runs.c.scope, runs.c.scheduled_for)
            .where(runs.c.status == "running", runs.c.scheduled_for.is_not(None))
            .order_by(runs.c.scheduled_for)
        )
        with self.engine.connect() as connection:
            return {(site, scope): fire for site, scope, fire in connection.execute(statement)}
