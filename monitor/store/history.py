"""Keep the history of every fault: since when, how often, and when a run verified that it was gone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, Table, select

from monitor.store.database import upsert
from monitor.store.schema import DONE, ledger, pages, targets, verdicts

CHUNK = 500
"""Keys in one IN clause; SQLite allows 999 parameters in old builds."""


class Standing(NamedTuple):
    """How a fault stands: times in seconds since the epoch, ``runs`` in a row that saw it."""

    check: str
    first_seen: float
    last_seen: float
    last_run: int
    runs: int
    fixed: float | None
    fixed_run: int | None


class History:
    """The ledger of one site and scope."""

    def __init__(self, engine: Engine, site: str, scope: str) -> None:
        self.engine, self.site, self.scope = engine, site, scope

    def standing(self) -> dict[str, Standing]:
        """Return how every fault ever seen stands, by fingerprint; what it is stays in the store."""
        columns = [ledger.c[name] for name in ("fingerprint", *Standing._fields)]
        statement = select(*columns).where(*self._mine())
        with self.engine.connect() as connection:
            return {key: Standing(*rest) for key, *rest in connection.execute(statement)}

    def bodies(self, fingerprints: Iterable[str]) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield fingerprint and body of faults."""
        with self.engine.connect() as connection:
            for chunk in _chunks(list(fingerprints)):
                statement = select(ledger.c.fingerprint, ledger.c.body).where(
                    *self._mine(), ledger.c.fingerprint.in_(chunk)
                )
                for row in connection.execute(statement):
                    yield row.fingerprint, row.body

    def _mine(self) -> tuple[ColumnElement[bool], ...]:
        return ledger.c.site == self.site, ledger.c.scope == self.scope

    def titles(self, wanted: set[str]) -> dict[str, str]:
        """Return the titles of pages of the site, by URL."""
        found: dict[str, str] = {}
        with self.engine.connect() as connection:
            for chunk in _chunks(sorted(wanted)):
                statement = select(pages.c.url, pages.c.title).where(
                    pages.c.site == self.site, pages.c.scope == self.scope, pages.c.url.in_(chunk)
                )
                found.update((row.url, row.title) for row in connection.execute(statement))
        return found

    def looked_at(self, run: int, places: Iterable[str]) -> set[str]:
        """Return those of the places that a run asked for and got an answer from."""
        wanted = list(places)
        asked = self._among(targets, run, wanted, targets.c.state == DONE)
        return asked | self._among(pages, run, wanted)

    def _among(self, table: Table, run: int, wanted: list[str], *where: Any) -> set[str]:  # noqa: ANN401 - SQL clauses
        found: set[str] = set()
        with self.engine.connect() as connection:
            for chunk in _chunks(wanted):
                statement = select(table.c.url).where(table.c.run == run, table.c.url.in_(chunk), *where)
                found.update(connection.execute(statement).scalars())
        return found


class Verdicts:
    """What a check said about texts, remembered across runs and sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def known(self, check: str, version: str, hashes: list[bytes]) -> dict[bytes, list[Any]]:
        """Return the verdicts that are remembered."""
        found: dict[bytes, list[Any]] = {}
        with self.engine.connect() as connection:
            for chunk in _chunks(hashes):
                statement = select(verdicts.c.hash, verdicts.c.findings).where(
                    verdicts.c.check == check, verdicts.c.version == version, verdicts.c.hash.in_(chunk)
                )
                found.update((row.hash, row.findings) for row in connection.execute(statement))
        return found

    def remember(self, check: str, version: str, said: Mapping[bytes, list[Any]], now: float) -> None:
        """Write verdicts down."""
        rows = [
            {"check": check, "version": version, "hash": key, "findings": value, "used": now}
            for key, value in said.items()
        ]
        with self.engine.begin() as connection:
            upsert(connection, verdicts, rows)


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]
