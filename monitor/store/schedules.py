"""Remember which rounds are in force and what became of them; the table of runs says which were served."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from sqlalchemy import Engine, delete, func, select, tuple_, update

from monitor.rounds import WIDTH, same
from monitor.store.database import KEYS_AT_ONCE, chunks, upsert
from monitor.store.schema import runs, schedules

Key = tuple[str, str]
"""Site and scope."""


class ScheduleRecord(NamedTuple):
    """What is remembered of one site's rounds of one scope; see the table."""

    calendar: str
    since: float
    owed: float | None = None
    skipped: int = 0
    missed: int = 0


class ScheduleStore:
    """The table of schedules, and what the table of runs says about rounds."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def load(self, only: Key | None = None) -> dict[Key, ScheduleRecord]:
        """Return every record, or that of one site and scope."""
        statement = select(*(schedules.c[name] for name in ("site", "scope", *ScheduleRecord._fields)))
        if only is not None:
            statement = statement.where(schedules.c.site == only[0], schedules.c.scope == only[1])
        with self.engine.connect() as connection:
            return {(row[0], row[1]): ScheduleRecord(*row[2:]) for row in connection.execute(statement)}

    def save(self, records: Mapping[Key, ScheduleRecord]) -> None:
        """Write records over older ones, all in one transaction."""
        with self.engine.begin() as connection:
            for keys in chunks(records):
                rows = [{"site": key[0], "scope": key[1], **records[key]._asdict()} for key in keys]
                upsert(connection, schedules, rows)

    def forget(self, keys: Iterable[Key]) -> None:
        """Drop the records of sites and scopes that are no longer looked after."""
        with self.engine.begin() as connection:
            for chunk in chunks(keys):
                connection.execute(delete(schedules).where(tuple_(schedules.c.site, schedules.c.scope).in_(chunk)))

    def served(self, rounds: Mapping[Key, float]) -> set[Key]:
        """Return the sites and scopes of which a run was begun for the round that is given, however it ended.

        A query a scope, however many sites there are: their rounds lie within hours of each other.
        """
        fires_of: dict[str, dict[str, float]] = {}
        for (site, scope), fire in rounds.items():
            fires_of.setdefault(scope, {})[site] = fire
        return {
            (site, scope)
            for scope, fires in fires_of.items()
            for site, begun in self._begun(scope, min(fires.values()), max(fires.values()), fires)
            if site in fires and same(begun, fires[site])
        }

    def begun(self, key: Key, start: float, end: float) -> list[float]:
        """Return the rounds of a site and scope from ``start`` to ``end`` for which a run was begun."""
        site, scope = key
        return [fire for _, fire in self._begun(scope, start, end, (site,))]

    def _begun(self, scope: str, start: float, end: float, sites: Collection[str]) -> list[tuple[str, float]]:
        statement = select(runs.c.site, runs.c.scheduled_for).where(
            runs.c.scope == scope, runs.c.scheduled_for > start - WIDTH, runs.c.scheduled_for < end + WIDTH
        )
        if len(sites) <= KEYS_AT_ONCE:
            statement = statement.where(runs.c.site.in_(sites))
        with self.engine.connect() as connection:
            return [(row[0], row[1]) for row in connection.execute(statement)]

    def free_unfinished(self, key: Key, fire: float, record: ScheduleRecord) -> None:
        """Have a run that was begun and never ended serve its round no more, and save the record that counts it."""
        under_way = runs.c.site == key[0], runs.c.scope == key[1], runs.c.status == "running"
        with self.engine.begin() as connection:
            connection.execute(update(runs).where(*under_way, runs.c.scheduled_for == fire).values(scheduled_for=None))
            upsert(connection, schedules, [{"site": key[0], "scope": key[1], **record._asdict()}])

    def failed(self) -> dict[Key, tuple[float, float]]:
        """Return of each site and scope whose last run failed the round that it served, and when it ended.

        A run by hand that went well ends the matter; it serves no round.
        """
        ended = runs.c.status != "running"
        last = select(func.max(runs.c.id)).where(ended).group_by(runs.c.site, runs.c.scope)
        statement = select(runs.c.site, runs.c.scope, runs.c.scheduled_for, runs.c.finished).where(
            runs.c.id.in_(last),
            runs.c.status == "failed",
            runs.c.scheduled_for.is_not(None),
            runs.c.finished.is_not(None),
        )
        with self.engine.connect() as connection:
            return {(site, scope): (fire, finished) for site, scope, fire, finished in connection.execute(statement)}

    def unfinished(self) -> dict[Key, float]:
        """Return the rounds whose runs were begun and never ended, the latest of each site and scope."""
        statement = (
            select(runs.c.site, runs.c.scope, runs.c.scheduled_for)
            .where(runs.c.status == "running", runs.c.scheduled_for.is_not(None))
            .order_by(runs.c.scheduled_for)
        )
        with self.engine.connect() as connection:
            return {(site, scope): fire for site, scope, fire in connection.execute(statement)}
