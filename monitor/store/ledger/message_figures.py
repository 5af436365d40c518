"""Count for messages what runs and weeks changed in the ledger, and find the rows that a message lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select

from checks.model import Confidence, Severity
from monitor.store.database import chunks, select_where_in
from monitor.store.schema import entries, entry_history, findings, runs
from monitor.store.statistics import SUCCESSES
from reports.model import Baseline
from reports.remediation.states import WORKING, State

NEWEST = 30_000
"""Runs, the newest, among which those are that are under way: two rounds of 13,000 sites."""


class LedgerNews(StrEnum):
    """What a run did to an entry, as a message says it."""

    NEW = "new"
    REOPENED = "reopened"
    CLOSED = "closed"


class EntryNews(NamedTuple):
    """An entry that a run changed: ``number`` of it, how, and what decides who hears of it."""

    number: int
    news: LedgerNews
    severity: Severity
    confidence: Confidence
    department: str


class OpenCount(NamedTuple):
    """Entries of a site that somebody still has to do something about, and those of them that are late."""

    open: int
    overdue: int


class WeekCount(NamedTuple):
    """Entries of a site that were opened, and those that were closed, in a span of time."""

    found: int
    closed: int


@dataclass(frozen=True, slots=True)
class Readership:
    """Which entries a target hears of; what is empty does not matter."""

    sites: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what is true of its entries."""
        for column, values in (("site", self.sites), ("department", self.departments), ("severity", self.severities)):
            if values:
                yield entries.c[column].in_([str(value) for value in values])


class MessageFigures:
    """Reads for one target at a time, set-based: a store holds entries of thousands of sites."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def news_of_runs(self, numbers: Sequence[int], readers: Readership) -> dict[int, list[EntryNews]]:
        """Return of each run the entries that it found new, found again, or verified to be gone.

        False positives are none.
        """
        news: dict[int, list[EntryNews]] = {number: [] for number in numbers}
        with self.engine.connect() as connection:
            for chunk in chunks(numbers):
                for run, each in (*_found(connection, chunk, readers), *_closed(connection, chunk, readers)):
                    news[run].append(each)
        return news

    def open_by_site(self, today: date, readers: Readership) -> dict[str, OpenCount]:
        """Return how many entries of each site are open, and how many of them were due before ``today``."""
        late = func.sum(case((entries.c.deadline < today.isoformat(), 1), else_=0))
        counted = select(entries.c.site, func.count(), late).where(_is_open(), *readers.conditions())
        with self.engine.connect() as connection:
            rows = connection.execute(counted.group_by(entries.c.site))
            return {site: OpenCount(count, int(overdue or 0)) for site, count, overdue in rows}

    def worst_overdue(self, today: date, readers: Readership, limit: int) -> tuple[list[int], int]:
        """Return the numbers of the entries that are late, the worst and longest first, and how many there are."""
        late = and_(_is_open(), entries.c.deadline < today.isoformat(), *readers.conditions())
        rank = case(*((entries.c.severity == severity.value, severity.rank) for severity in Severity), else_=9)
        with self.engine.connect() as connection:
            count = connection.execute(select(func.count()).select_from(entries).where(late)).scalar_one()
            ordered = select(entries.c.number).where(late).order_by(rank, entries.c.deadline, entries.c.number)
            return list(connection.execute(ordered.limit(limit)).scalars()), count

    def week_by_site(self, start: float, end: float, readers: Readership) -> dict[str, WeekCount]:
        """Return what was opened and closed from ``start`` to ``end``, in seconds since the epoch, by site."""
        of_readers = list(readers.conditions())
        opened = select(entries.c.site, func.count()).where(
            entries.c.first_seen >= start, entries.c.first_seen < end, *of_readers
        )
        is_closing = entry_history.c.field == "state", entry_history.c.after == State.CLOSED.value
        closed = (
            select(entries.c.site, func.count(entry_history.c.number.distinct()))
            .select_from(entry_history.join(entries, entry_history.c.number == entries.c.number))
            .where(*is_closing, entry_history.c.at >= start, entry_history.c.at < end, *of_readers)
        )
        with self.engine.connect() as connection:
            found = {row[0]: row[1] for row in connection.execute(opened.group_by(entries.c.site))}
            gone = {row[0]: row[1] for row in connection.execute(closed.group_by(entries.c.site))}
        return {site: WeekCount(found.get(site, 0), gone.get(site, 0)) for site in found.keys() | gone.keys()}

    def first_looks(self, sites: Sequence[str]) -> dict[str, int]:
        """Return the first run of each site, of whatever scope, that saw anything of it."""
        seen = runs.c.status.in_(SUCCESSES)
        statement = select(runs.c.site, func.min(runs.c.id)).where(seen).group_by(runs.c.site)
        return {row.site: row[1] for row in select_where_in(self.engine, statement, runs.c.site, sites)}

    def is_under_way(self, scope: str) -> bool:
        """Return whether an inspection of a scope is under way."""
        # The list of runs is kept for ever and has no index on how they stand: only the newest can be under way.
        newest = select(func.max(runs.c.id) - NEWEST).scalar_subquery()
        statement = select(runs.c.id).where(runs.c.id > newest, runs.c.status == "running", runs.c.scope == scope)
        with self.engine.connect() as connection:
            return connection.execute(statement.limit(1)).first() is not None


def _is_open() -> ColumnElement[bool]:
    return entries.c.state.in_([state.value for state in WORKING])


def _found(connection: Connection, numbers: Sequence[int], readers: Readership) -> Iterator[tuple[int, EntryNews]]:
    joined = findings.join(runs, findings.c.run == runs.c.id).join(
        entries, and_(entries.c.site == runs.c.site, entries.c.fingerprint == findings.c.fingerprint)
    )
    changed = (Baseline.NEW.value, Baseline.REOPENED.value)
    statement = (
        select(*_columns(), findings.c.baseline, findings.c.run)
        .select_from(joined)
        .where(findings.c.run.in_(numbers), findings.c.baseline.in_(changed), findings.c.suppressed.is_(False))
        .where(*readers.conditions())
    )
    for row in connection.execute(statement):
        yield row.run, _news(tuple(row), LedgerNews(row.baseline))


def _closed(connection: Connection, numbers: Sequence[int], readers: Readership) -> Iterator[tuple[int, EntryNews]]:
    is_closing = (
        entry_history.c.run.in_(numbers),
        entry_history.c.field == "state",
        entry_history.c.after == State.CLOSED.value,
    )
    joined = entry_history.join(entries, entry_history.c.number == entries.c.number)
    statement = select(*_columns(), entry_history.c.run).select_from(joined).where(*is_closing, *readers.conditions())
    for row in connection.execute(statement):
        yield row.run, _news(tuple(row), LedgerNews.CLOSED)


def _columns() -> list[ColumnElement[Any]]:
    return [entries.c[name] for name in ("number", "severity", "confidence", "department")]


def _news(row: Sequence[Any], news: LedgerNews) -> EntryNews:
    """Return a row that begins with ``_columns``."""
    return EntryNews(row[0], news, Severity(row[1]), Confidence(row[2]), row[3])
