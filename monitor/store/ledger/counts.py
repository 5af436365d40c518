"""Count the remediation ledger for metrics and overviews: set-based, however many entries and sites there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date
from sys import intern

from msgspec import Struct, field
from sqlalchemy import ColumnElement, Connection, Engine, and_, case, func, select

from monitor.beijing import beijing_time
from monitor.store.schema import entries, entry_history
from reports.remediation.figures import SiteLedger
from reports.remediation.states import WORKING, State

DAYS = (1, 3, 5, 10, 20, 40, 90, 180, 365)
"""Upper edges of the buckets of days from the first sight of a fault to its closing."""

DAY, HOUR = 86_400.0, 3_600.0

SETTLED = HOUR
"""Seconds after which a row of the history is counted for good. On PostgreSQL a transaction may show rows after others
with higher ids; none lasts an hour."""


class EntryGroup(Struct, frozen=True):
    """The entries of a site that are alike: how many there are, how many of them are late.

    ``oldest`` is when the first of them was first seen, in seconds since the epoch.
    """

    site: str
    state: State
    severity: str
    entries: int
    overdue: int
    oldest: float

    @property
    def is_open(self) -> bool:
        """Whether somebody still has to do something about them."""
        return self.state in WORKING


class Closings(Struct):
    """How many closings took at most each of ``DAYS``, how many there were, and the days that they took in all.

    An entry that was closed, came back and was closed again counts twice.
    """

    within: list[int] = field(default_factory=lambda: [0] * len(DAYS))
    count: int = 0
    days: float = 0.0

    def add(self, within: Sequence[int], count: int, days: float) -> None:
        """Count more of them."""
        self.within = [known + more for known, more in zip(self.within, within, strict=True)]
        self.count += count
        self.days += days


class HistoryCounts(Struct):
    """What the history says of closings, by site, and of rechecks, by site and result."""

    closings: dict[str, Closings] = field(default_factory=dict)
    rechecks: Counter[tuple[str, str]] = field(default_factory=Counter)

    def copy(self) -> HistoryCounts:
        """Return one that can be added to."""
        made = HistoryCounts(rechecks=self.rechecks.copy())
        for site, known in self.closings.items():
            made.closings[site] = Closings(known.within, known.count, known.days)
        return made


class LedgerCounts:
    """Figures of the entries of all sites as they are now."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def groups(self, today: date, site: str = "") -> list[EntryGroup]:
        """Return how many entries each site, or one, has of each state and severity; due before ``today`` is late."""
        column = entries.c
        kind = column.site, column.state, column.severity
        late = and_(column.deadline < today.isoformat(), column.state.in_([state.value for state in WORKING]))
        figures = func.count(), func.sum(case((late, 1), else_=0)), func.min(column.first_seen)
        # 0.5 s of processor time for 200,000 entries; an index with all these columns would save half of it.
        statement = select(*kind, *figures).group_by(*kind)
        with self.engine.connect() as connection:
            rows = connection.execute(statement.where(column.site == site) if site else statement).all()
        # 13,000 sites make up to 120,000 groups, which metrics keep: names are stored once.
        return [EntryGroup(intern(row[0]), State(row[1]), intern(row[2]), *row[3:]) for row in rows]

    def by_site(self, today: date, site: str = "") -> dict[str, SiteLedger]:
        """Return what an overview says of every site that has entries, or of one."""
        counts: dict[str, Counter[str]] = {}
        for group in self.groups(today, site):
            of_site = counts.setdefault(group.site, Counter())
            of_site["open"] += group.entries if group.is_open else 0
            of_site["overdue"] += group.overdue
            of_site["to_verify"] += group.entries if group.state is State.TO_VERIFY else 0
        return {key: SiteLedger(**of_site) for key, of_site in counts.items()}


class LedgerCountCache:
    """The figures that metrics are made of, read anew only where the ledger has changed.

    Every change of an entry adds rows to the history, which only grows: their number says whether anything changed.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._statistics = LedgerCounts(engine)
        self._settled_to, self._settled_rows, self._settled = 0, 0, HistoryCounts()
        self._read_at: tuple[int, date] | None = None
        self._groups: list[EntryGroup] = []
        self._history = HistoryCounts()

    def stamp(self) -> int:
        """Return what changes whenever an entry does."""
        history = entry_history.c
        with self.engine.connect() as connection:
            newest = connection.execute(select(func.max(history.id))).scalar() or 0
            if newest < self._settled_to:  # another store has taken the place of the one that was counted
                self._settled_to, self._settled_rows, self._settled = 0, 0, HistoryCounts()
            return self._settled_rows + _count_rows(connection, history.id > self._settled_to)

    def read(self, now: float) -> tuple[list[EntryGroup], HistoryCounts]:
        """Return the entries as they are, and what the history counts; ``now`` is in seconds since the epoch."""
        key = self.stamp(), beijing_time(now).date()
        if key != self._read_at:
            self._groups, self._history = self._statistics.groups(key[1]), self._count_history(now)
            self._read_at = key
        return self._groups, self._history

    def _count_history(self, now: float) -> HistoryCounts:
        history = entry_history.c
        with self.engine.connect() as connection:
            past = select(func.max(history.id)).where(history.id > self._settled_to, history.at < now - SETTLED)
            settled_to = connection.execute(past).scalar()
            if settled_to is not None:
                chosen = and_(history.id > self._settled_to, history.id <= settled_to)
                _count(connection, chosen, self._settled)
                self._settled_rows += _count_rows(connection, chosen)
                self._settled_to = settled_to
            counts = self._settled.copy()
            _count(connection, history.id > self._settled_to, counts)
        return counts


def _count_rows(connection: Connection, chosen: ColumnElement[bool]) -> int:
    return int(connection.execute(select(func.count()).select_from(entry_history).where(chosen)).scalar_one())


def _count(connection: Connection, chosen: ColumnElement[bool], counts: HistoryCounts) -> None:
    """Add to ``counts`` what some rows of the history say."""
    history = entry_history.c
    joined = entry_history.join(entries, history.number == entries.c.number)
    took = (history.at - entries.c.first_seen) / DAY
    within = [func.sum(case((took <= edge, 1), else_=0)) for edge in DAYS]
    closed = select(entries.c.site, func.count(), func.sum(took), *within).select_from(joined)
    closed = closed.where(chosen, history.field == "state", history.after == State.CLOSED.value)
    for site, count, days, *edges in connection.execute(closed.group_by(entries.c.site)):
        counts.closings.setdefault(site, Closings()).add(edges, count, days)
    rechecked = select(entries.c.site, history.after, func.count()).select_from(joined)
    rechecked = rechecked.where(chosen, history.field == "recheck").group_by(entries.c.site, history.after)
    for site, result, count in connection.execute(rechecked):
        counts.rechecks[site, result] += count
