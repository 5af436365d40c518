"""Read the remediation ledger: entries, and the history that they add up to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Column, Engine, RowMapping, Select, func, or_, select

from monitor.beijing import beijing_time
from monitor.store.database import connect, in_parts, one_of, select_where_in
from monitor.store.ledger.entry_changes import load_entries, load_histories, write_changes
from monitor.store.ledger.entry_filter import LedgerFilter, conditions, matching
from monitor.store.ledger.entry_rows import day, entry_from_row
from monitor.store.schema import entries, entry_history
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.figures import EntrySketch
from reports.remediation.states import State

READ_AT_ONCE = 1_000
"""Entries that are read from the store together."""


class EntryStore:
    """The table of entries and the table of their history."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    @classmethod
    def at(cls, address: str) -> EntryStore:
        """Return the entries of a store that another process has opened, by its ``address`` there."""
        return cls(connect(address))

    @property
    def address(self) -> str | None:
        """By what another process finds the store, password included; None for one that is in memory."""
        url = self.engine.url
        return None if url.database in {None, "", ":memory:"} else url.render_as_string(hide_password=False)

    def select(self, wanted: LedgerFilter) -> Iterator[LedgerEntry]:
        """Yield the entries of a filter by number; no connection is open between two pages of them."""
        last, left = wanted.after, wanted.limit
        while left is None or left > 0:
            size = READ_AT_ONCE if left is None else min(READ_AT_ONCE, left)
            rows = self._read(matching(replace(wanted, after=last)).order_by(entries.c.number).limit(size))
            yield from map(entry_from_row, rows)
            if len(rows) < size:
                return
            last = rows[-1]["number"]
            left = None if left is None else left - len(rows)

    def count(self, wanted: LedgerFilter) -> int:
        """Return how many entries a filter has, whatever its page."""
        statement = select(func.count()).select_from(entries).where(*conditions(replace(wanted, after=0)))
        with self.engine.connect() as connection:
            return connection.execute(statement).scalar_one()

    def numbers(self, wanted: LedgerFilter) -> list[int]:
        """Return the numbers of the entries of a filter, in their order."""
        statement = select(entries.c.number).where(*conditions(wanted)).order_by(entries.c.number).limit(wanted.limit)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def get(self, numbers: Iterable[int]) -> dict[int, LedgerEntry]:
        """Return entries by their numbers, without those that are not there."""
        statement = select(entries).where(one_of(self.engine, entries.c.number))
        with self.engine.connect() as connection:
            found = (
                row
                for some in in_parts(connection, numbers)
                for row in connection.execute(statement, some).mappings().all()
            )
            return {entry.number: entry for entry in map(entry_from_row, found)}

    def fingerprints(self, numbers: Iterable[int]) -> dict[int, str]:
        """Return which fault each number is, without the numbers that are not there."""
        statement = select(entries.c.number, entries.c.fingerprint)
        return {
            row.number: row.fingerprint for row in select_where_in(self.engine, statement, entries.c.number, numbers)
        }

    def load(self, site: str, fingerprints: Iterable[str]) -> dict[str, LedgerEntry]:
        """Return the entries of a site by fingerprint."""
        with self.engine.connect() as connection:
            return load_entries(connection, site, fingerprints)

    def closed_by(self, run: int) -> list[LedgerEntry]:
        """Return the entries that a run verified to be gone, as they are now."""
        closing = entry_history.c.run == run, entry_history.c.field == "state", entry_history.c.after == State.CLOSED
        with self.engine.connect() as connection:
            numbers = set(connection.execute(select(entry_history.c.number).where(*closing)).scalars())
        return sorted(self.get(numbers).values(), key=lambda entry: entry.number)

    def responsible(self, wanted: LedgerFilter) -> tuple[list[str], list[str]]:
        """Return the departments and the owners that some entries name, in the order of their names."""
        return self._distinct(entries.c.department, wanted), self._distinct(entries.c.owner, wanted)

    def _distinct(self, column: Column[str], wanted: LedgerFilter) -> list[str]:
        statement = select(column).where(column != "", *conditions(wanted)).distinct().order_by(column)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def history(self, number: int) -> list[FieldChange]:
        """Return the history of an entry, oldest row first."""
        return self.histories([number])[number]

    def histories(self, numbers: Iterable[int]) -> dict[int, list[FieldChange]]:
        """Return the histories of entries by number, oldest row first."""
        with self.engine.connect() as connection:
            return load_histories(connection, numbers)

    def with_ended_terms(self, today: date) -> list[int]:
        """Return the numbers of the entries whose judgement ended before a day."""
        statement = select(entries.c.number).where(entries.c.until < today.isoformat()).order_by(entries.c.number)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def sketches(self, site: str = "") -> Iterator[EntrySketch]:
        """Yield what figures need of the entries of a site, or of all."""
        of_site = [entries.c.site == site] if site else []
        names = ("number", "site", "family", "department", "severity", "state", "deadline")
        columns = [entries.c[name] for name in names]
        moved = select(entry_history.c.number, entry_history.c.at, entry_history.c.before, entry_history.c.after).where(
            entry_history.c.field == "state", or_(entry_history.c.after == "closed", entry_history.c.before == "closed")
        )
        if site:
            of_that_site = select(entries.c.number).where(*of_site)
            moved = moved.where(entry_history.c.number.in_(of_that_site))
        closings: dict[int, list[datetime]] = {}
        returns: dict[int, list[datetime]] = {}
        with self.engine.connect() as connection:
            for number, at, _, after in connection.execute(moved):
                (closings if after == State.CLOSED else returns).setdefault(number, []).append(beijing_time(at))
            rows = connection.execute(select(*columns, entries.c.first_seen).where(*of_site)).mappings().all()
        for row in rows:
            number = row["number"]
            yield EntrySketch(
                site=row["site"],
                family=row["family"],
                department=row["department"],
                severity=row["severity"],
                state=State(row["state"]),
                deadline=day(row["deadline"]),
                first_seen=beijing_time(row["first_seen"]),
                closings=tuple(closings.get(number, ())),
                returns=tuple(returns.get(number, ())),
            )

    def hidden_by(self, suppression: int) -> dict[int, LedgerEntry]:
        """Return the false positives behind which a remembered judgement stands, by number."""
        where = entries.c.suppression == suppression, entries.c.state == State.FALSE_POSITIVE
        return {row["number"]: entry_from_row(row) for row in self._read(select(entries).where(*where))}

    def write(
        self,
        read: Mapping[int, LedgerEntry],
        changes: Iterable[FieldChange],
        suppression_of: Mapping[int, int] | None = None,
    ) -> None:
        """Write rows of history and what they make of the entries: all or nothing. Raises ConflictError."""
        with self.engine.begin() as connection:
            write_changes(connection, read, changes, suppression_of)

    def _read(self, statement: Select[Any]) -> Sequence[RowMapping]:
        with self.engine.connect() as connection:
            return connection.execute(statement).mappings().all()
