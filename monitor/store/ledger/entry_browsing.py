"""Browse the ledger as people do on a screen: a page at a time in some order, with counts of what could be chosen.

Nothing is numbered by offsets: a page begins after the last row of the page before (keyset), which costs the same on
the thousandth page as on the first, and loses no row when others change meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from sqlalchemy import ColumnElement, Engine, String, and_, case, cast, false, func, or_, select

from monitor.store.ledger.counts import EntryGroup
from monitor.store.ledger.entry_rows import entry_from_row
from monitor.store.schema import entries
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import WORKING, State

ENOUGH = 10_000
"""Entries up to which a search counts what it finds."""


class EntryOrder(StrEnum):
    """In which order entries come."""

    WORST = "worst"
    """The most severe first, of these the oldest."""
    NEWEST = "newest"
    DUE = "due"
    """The earliest deadline first; without one last."""


class Facet(StrEnum):
    """By what entries are counted and chosen; each is a column of the table."""

    STATE = "state"
    SEVERITY = "severity"
    CONFIDENCE = "confidence"
    SITE = "site"
    FAMILY = "family"
    RULE = "rule"
    DEPARTMENT = "department"
    OWNER = "owner"


@dataclass(frozen=True)
class Visibility:
    """Which entries somebody may see: by site the departments whose rows those are, None where it is all of them.

    ``reach`` None is everything, sites that are no longer configured included.
    """

    reach: Mapping[str, frozenset[str] | None] | None = None


EVERYTHING = Visibility()


@dataclass(frozen=True)
class EntryQuery:
    """Which entries are wanted: of each facet one of the chosen values, all where none is chosen.

    ``overdue`` asks for those late on that day, ``text`` for those that hold it in number, address or wording.
    """

    chosen: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    overdue: date | None = None
    text: str = ""
    visible: Visibility = EVERYTHING

    def values(self, facet: Facet) -> tuple[str, ...]:
        """Return what is chosen of a facet."""
        return dict(self.chosen).get(facet, ())

    def choosing(self, facet: Facet, values: Iterable[str]) -> EntryQuery:
        """Return a query that chooses these values of a facet in the place of others."""
        rest = [(each, kept) for each, kept in self.chosen if each is not facet]
        wanted = tuple(dict.fromkeys(values))
        return replace(self, chosen=(*rest, *([(facet, wanted)] if wanted else [])))


@dataclass(frozen=True, slots=True)
class EntryPage:
    """Some entries, and where the next page begins; "" where this is the last."""

    entries: tuple[LedgerEntry, ...]
    after: str


@dataclass(frozen=True, slots=True)
class EntryNeighbours:
    """The numbers of the entries before and after one, None at an end, and how many come before it."""

    previous: int | None
    following: int | None
    before: int


class EntryBrowser:
    """The ledger as it is looked through."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def page(self, wanted: EntryQuery, order: EntryOrder, size: int, after: str = "") -> EntryPage:
        """Return at most ``size`` entries that follow a place (``EntryPage.after``); one that is none is the start."""
        statement = select(entries).where(*conditions(wanted)).order_by(*_order(order)).limit(size + 1)
        following = _after(order, after)
        if following is not None:
            statement = statement.where(following)
        with self.engine.connect() as connection:
            rows = connection.execute(statement).mappings().all()
        found = tuple(entry_from_row(row) for row in rows[:size])
        return EntryPage(found, _place(order, found[-1]) if len(rows) > size else "")

    def neighbours(self, wanted: EntryQuery, order: EntryOrder, entry: LedgerEntry) -> EntryNeighbours:
        """Return what lies around an entry, which itself need not be among those wanted (any more)."""
        place = _place(order, entry)
        numbers = select(entries.c.number).where(*conditions(wanted))
        before, after = (numbers.where(_beyond(order, place, is_after=each)) for each in (False, True))
        nearest = [key.asc() if order is EntryOrder.NEWEST else key.desc() for key in _keys(order)]
        with self.engine.connect() as connection:
            previous = connection.execute(before.order_by(*nearest).limit(1)).scalar()
            following = connection.execute(after.order_by(*_order(order)).limit(1)).scalar()
            count = connection.execute(select(func.count()).select_from(before.subquery())).scalar_one()
        return EntryNeighbours(previous, following, int(count))

    def numbers(self, wanted: EntryQuery, order: EntryOrder, limit: int) -> list[int]:
        """Return the numbers of the first entries."""
        statement = select(entries.c.number).where(*conditions(wanted)).order_by(*_order(order)).limit(limit)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())

    def count(self, wanted: EntryQuery) -> int:
        """Return how many entries there are; of a search at most ``ENOUGH``."""
        found = select(entries.c.number).where(*conditions(wanted))
        bounded = (found.limit(ENOUGH) if wanted.text else found).subquery()
        with self.engine.connect() as connection:
            return int(connection.execute(select(func.count()).select_from(bounded)).scalar_one())

    def groups(self, visible: Visibility, today: date) -> list[EntryGroup]:
        """Return how many of the entries that somebody may see each site has of each state and severity."""
        kind = entries.c.site, entries.c.state, entries.c.severity
        late = func.sum(case((overdue_on(today), 1), else_=0))
        statement = select(*kind, func.count(), late, func.min(entries.c.first_seen)).where(*visible_to(visible))
        with self.engine.connect() as connection:
            rows = connection.execute(statement.group_by(*kind)).all()
        return [EntryGroup(row[0], State(row[1]), *row[2:]) for row in rows]

    def count_overdue(self, wanted: EntryQuery, today: date) -> int:
        """Return how many of the entries are late, whatever the query says of that."""
        return self.count(replace(wanted, overdue=today))

    def facet(self, wanted: EntryQuery, facet: Facet) -> dict[str, int]:
        """Return how many entries each value of a facet has, whatever is chosen of it, the most frequent first."""
        column = entries.c[facet.value]
        statement = select(column, func.count()).where(*conditions(wanted.choosing(facet, ())))
        with self.engine.connect() as connection:
            rows = connection.execute(statement.group_by(column)).all()
        return dict(sorted(((row[0], row[1]) for row in rows), key=lambda row: (-row[1], row[0])))


def conditions(wanted: EntryQuery) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of the entries that a query asks for."""
    yield from visible_to(wanted.visible)
    for facet, values in wanted.chosen:
        yield entries.c[facet.value].in_(values)
    if wanted.overdue is not None:
        yield overdue_on(wanted.overdue)
    if wanted.text.strip():
        yield _holds(wanted.text.strip())


def visible_to(visible: Visibility) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of the entries that somebody may see."""
    if visible.reach is None:
        return
    alike: dict[frozenset[str] | None, list[str]] = {}
    for site, departments in visible.reach.items():
        alike.setdefault(departments, []).append(site)
    parts = [
        entries.c.site.in_(sorted(sites))
        if departments is None
        else and_(entries.c.site.in_(sorted(sites)), entries.c.department.in_(sorted(departments)))
        for departments, sites in alike.items()
    ]
    yield or_(false(), *parts)


def overdue_on(today: date) -> ColumnElement[bool]:
    """Return what is true of entries that are late on a day."""
    return and_(entries.c.deadline < today.isoformat(), entries.c.state.in_([str(state) for state in WORKING]))


def _holds(text: str) -> ColumnElement[bool]:
    """Return what is true of entries that hold a text.

    Their body is JSON in which everything but ASCII is escaped, so the text is looked for as it is written there.
    """
    found = [_like(cast(entries.c.body, String), json.dumps(text)[1:-1]), _like(entries.c.note, text)]
    number = text.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 19:
        found.append(entries.c.number == int(number))
    return or_(*found)


def _like(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    escaped = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return column.ilike(f"%{escaped}%", escape="!")


NEVER = "9999-12-31"
"""What stands for no deadline, so that it comes last."""


def _keys(order: EntryOrder) -> tuple[ColumnElement[object], ...]:
    match order:
        case EntryOrder.WORST:
            # critical, major, minor: the order of the letters is that of the severities.
            return entries.c.severity, entries.c.number
        case EntryOrder.DUE:
            return func.coalesce(entries.c.deadline, NEVER), entries.c.number
        case EntryOrder.NEWEST:
            return (entries.c.number,)


def _order(order: EntryOrder) -> list[ColumnElement[object]]:
    keys = _keys(order)
    return [key.desc() for key in keys] if order is EntryOrder.NEWEST else list(keys)


def _place(order: EntryOrder, entry: LedgerEntry) -> str:
    match order:
        case EntryOrder.WORST:
            return f"{entry.severity.value}:{entry.number}"
        case EntryOrder.DUE:
            return f"{entry.deadline.isoformat() if entry.deadline else NEVER}:{entry.number}"
        case EntryOrder.NEWEST:
            return str(entry.number)


def _after(order: EntryOrder, place: str) -> ColumnElement[bool] | None:
    number = place.rpartition(":")[2]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    return _beyond(order, place, is_after=True)


def _beyond(order: EntryOrder, place: str, *, is_after: bool) -> ColumnElement[bool]:
    """Return what is true of the entries after a place (``EntryPage.after``), or before it."""
    key, _, number = place.rpartition(":")
    column, at = entries.c.number, int(number)
    if order is EntryOrder.NEWEST:
        return column < at if is_after else column > at
    first = _keys(order)[0]
    # Spelled out: SQLite uses an index for this form of "after the row", not for the comparison of pairs.
    if is_after:
        return and_(first >= key, or_(first > key, column > at))
    return and_(first <= key, or_(first < key, column < at))
