"""Remember the columns of a site from one inspection to the next: what they held, and when they were read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import Engine, Table, select

from checks.columns.page_facts_json import facts_from_json
from checks.model import Facts
from monitor.store.database import Row, upsert
from monitor.store.schema import columns, items, pages

CHUNK = 1_000
"""Rows that are written together."""


class ColumnStore:
    """The columns of one site and scope. Times are seconds since the epoch."""

    def __init__(self, engine: Engine, site: str, scope: str) -> None:
        self.engine, self.site, self.scope = engine, site, scope

    def load_page_facts(self) -> Iterator[Facts]:
        """Yield what is remembered of every page that the columns of the site need."""
        of_site = pages.c.site == self.site, pages.c.scope == self.scope
        statement = select(pages.c.facts).where(*of_site, pages.c.facts.is_not(None)).order_by(pages.c.url)
        with self.engine.connect() as connection:
            for (facts,) in connection.execution_options(yield_per=200).execute(statement):
                yield facts_from_json(facts)

    def load_read_times(self) -> dict[str, float]:
        """Return when each column, by its URL, was last read to its last page."""
        return self._pairs(columns, "read")

    def load_absences(self) -> dict[str, float | None]:
        """Return for every known item when its column was last read without it, None where it never was."""
        return self._pairs(items, "absent_at")

    def save(self, read: Mapping[str, float], absences: Mapping[str, float | None]) -> None:
        """Keep when columns were read, and the items that were new in them."""
        self._write(columns, "read", read)
        self._write(items, "absent_at", absences)

    def _pairs(self, table: Table, name: str) -> Row:
        statement = select(table.c.url, table.c[name]).where(table.c.site == self.site, table.c.scope == self.scope)
        with self.engine.connect() as connection:
            return {row[0]: row[1] for row in connection.execute(statement)}

    def _write(self, table: Table, name: str, values: Mapping[str, float | None]) -> None:
        rows = [{"site": self.site, "scope": self.scope, "url": url, name: value} for url, value in values.items()]
        with self.engine.begin() as connection:
            for start in range(0, len(rows), CHUNK):
                upsert(connection, table, rows[start : start + CHUNK])
