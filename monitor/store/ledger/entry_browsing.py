"""Browse the ledger as people do on a screen: a page at a time, in some order.

Nothing is numbered by offsets: a page begins after the last row of the page before (keyset), which costs the same on
the thousandth page as on the first, and loses no row when others change meanwhile.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Engine, RowMapping, and_, false, func, or_, select

from monitor.store.ledger.entry_rows import entry_from_row
from monitor.store.ledger.entry_texts import holding
from monitor.store.schema import entries
from monitor.store.typed_numbers import typed_number
from reports.remediation.entry import LedgerEntry
from reports.remediation.states import WORKING


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

    def within(self, sites: Iterable[str]) -> Visibility:
        """Return what of it lies on some sites."""
        if self.reach is None:
            return Visibility(dict.fromkeys(sites))
        return Visibility({site: self.reach[site] for site in sites if site in self.reach})


EVERYTHING = Visibility()


@dataclass(frozen=True)
class EntryQuery:
    """Which entries are wanted: of each facet one of the chosen values, all where none is chosen.

    ``overdue`` asks for those late on that day, ``text`` for those that hold it in number, address or wording.
    ``located_in`` are the numbers of entries that hold it (``EntryBrowser.located``), None where nobody has looked.
    """

    chosen: tuple[tuple[Facet, tuple[str, ...]], ...] = ()
    overdue: date | None = None
    text: str = ""
    visible: Visibility = EVERYTHING
    located_in: tuple[int, ...] | None = None

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
    """The numbers of the entries before and after one, None at an end."""

    previous: int | None
    following: int | None


class EntryBrowser:
    """The ledger as it is looked through."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def located(self, wanted: EntryQuery) -> EntryQuery:
        """Return a query that need not look for its text any more, where that stands in ``FEW`` entries at most.

        Who shows a page asks several times: what it has, what is counted beside it, what lies around.
        """
        text = wanted.text.strip()
        if not text or wanted.values(Facet.SITE):  # the texts of some sites are read as fast as their entries
            return wanted
        statement = select(entries.c.number).where(_holds(text, is_narrow=False)).limit(FEW + 1)
        with self.engine.connect() as connection:
            found = tuple(connection.execute(statement).scalars())
        return wanted if len(found) > FEW else replace(wanted, text="", located_in=found)

    def page(
        self, wanted: EntryQuery, order: EntryOrder, size: int, after: str = "", *, many: bool = False
    ) -> EntryPage:
        """Return at most ``size`` entries that follow a place (``EntryPage.after``); one that is none is the start.

        ``many`` says that a good part of all entries is wanted: then they are met in their order, the unwanted passed
        over; else the wanted are looked up and put in order. SQLite cannot know which is less work.
        """
        rows: list[RowMapping] = []
        with self.engine.connect() as connection:
            for part in _parts(order, after):
                statement = (
                    select(entries).where(*conditions(wanted, by_index=not many), *part.where).order_by(*part.order)
                )
                rows += connection.execute(statement.limit(size + 1 - len(rows))).mappings()
                if len(rows) > size:
                    break
        found = tuple(entry_from_row(row) for row in rows[:size])
        return EntryPage(found, _place(order, found[-1]) if len(rows) > size else "")

    def neighbours(self, wanted: EntryQuery, order: EntryOrder, entry: LedgerEntry) -> EntryNeighbours:
        """Return what lies around an entry, which itself need not be among those wanted (any more)."""
        place = _place(order, entry)
        following = next((each.number for each in self.page(wanted, order, 1, place).entries), None)
        before = _before(order, place)
        nearest = select(entries.c.number).where(*conditions(wanted), *before.where).order_by(*before.order).limit(1)
        with self.engine.connect() as connection:
            return EntryNeighbours(connection.execute(nearest).scalar(), following)

    def numbers(self, wanted: EntryQuery, limit: int) -> list[int]:
        """Return the numbers of the first entries."""
        statement = select(entries.c.number).where(*conditions(wanted)).order_by(entries.c.number).limit(limit)
        with self.engine.connect() as connection:
            return list(connection.execute(statement).scalars())


FEW = 900
"""Entries whose numbers a statement can name; SQLite allows 999 parameters in old builds."""

VAGUE = frozenset({Facet.STATE, Facet.SEVERITY, Facet.CONFIDENCE})
"""Facets with a few values: where another is chosen, its index leads to fewer entries."""


def conditions(wanted: EntryQuery, *, by_index: bool = True) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of the entries that a query asks for; without ``by_index`` no index is used to find them."""
    yield from visible_to(wanted.visible)
    text = wanted.text.strip()
    is_narrow = any(facet not in VAGUE for facet, _ in wanted.chosen)
    of_a_site = any(facet is Facet.SITE for facet, _ in wanted.chosen)
    is_common = not by_index
    # A search leads to fewer entries than any index but that of sites.
    by_index = by_index and (of_a_site or not (text or wanted.located_in))
    for facet, values in wanted.chosen:
        column: ColumnElement[str] = entries.c[facet.value]
        # An expression has no index.
        yield (column if by_index and not (is_narrow and facet in VAGUE) else column.concat("")).in_(values)
    if wanted.overdue is not None:
        yield overdue_on(wanted.overdue, by_index=by_index)
    if text:
        yield _holds(text, is_narrow=of_a_site or is_common)
    if wanted.located_in is not None:
        yield entries.c.number.in_(wanted.located_in)


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


def overdue_on(today: date, *, by_index: bool = True) -> ColumnElement[bool]:
    """Return what is true of entries that are late on a day."""
    due = entries.c.deadline if by_index else entries.c.deadline.concat("")
    return and_(due < today.isoformat(), entries.c.state.concat("").in_([str(state) for state in WORKING]))


def _holds(text: str, *, is_narrow: bool) -> ColumnElement[bool]:
    """Return what is true of entries that hold a text, or have it for their number."""
    found = holding(text, is_narrow=is_narrow)
    number = typed_number(text.lstrip("#"))
    return found if number is None else or_(found, entries.c.number == number)


NEVER = "9999-12-31"
"""What stands in a place for no deadline: those entries come last."""


class _Stretch(NamedTuple):
    """A stretch of an order that one index has: what is true of its entries, and how they follow each other."""

    where: tuple[ColumnElement[bool], ...]
    order: tuple[ColumnElement[Any], ...]


def _parts(order: EntryOrder, after: str) -> list[_Stretch]:
    """Return the stretches of an order that follow a place.

    "After the row" is spelled out: SQLite uses an index for this form, not for the comparison of pairs. Entries without
    a deadline are a stretch of their own, for no index has them last.
    """
    number = entries.c.number
    key, last = _read_place(after)
    match order:
        case EntryOrder.NEWEST:
            return [_Stretch((number < last,) if last else (), (number.desc(),))]
        case EntryOrder.WORST:
            # critical, major, minor: the order of the letters is that of the severities.
            return [_Stretch(_following(entries.c.severity, key, last), (entries.c.severity, number))]
        case EntryOrder.DUE:
            due = entries.c.deadline
            without = _Stretch((due.is_(None), *([number > last] if key == NEVER else [])), (number,))
            if key == NEVER:
                return [without]
            return [_Stretch((due.is_not(None), *_following(due, key, last)), (due, number)), without]


def _following(column: ColumnElement[str], key: str, last: int) -> tuple[ColumnElement[bool], ...]:
    return (column >= key, or_(column > key, entries.c.number > last)) if key else ()


def _before(order: EntryOrder, place: str) -> _Stretch:
    """Return what comes before a place, the nearest first."""
    number = entries.c.number
    key, last = _read_place(place)
    if order is EntryOrder.NEWEST:
        return _Stretch((number > last,), (number,))
    column = entries.c.severity if order is EntryOrder.WORST else func.coalesce(entries.c.deadline, NEVER)
    return _Stretch((column <= key, or_(column < key, number < last)), (column.desc(), number.desc()))


def _place(order: EntryOrder, entry: LedgerEntry) -> str:
    match order:
        case EntryOrder.WORST:
            return f"{entry.severity.value}:{entry.number}"
        case EntryOrder.DUE:
            return f"{entry.deadline.isoformat() if entry.deadline else NEVER}:{entry.number}"
        case EntryOrder.NEWEST:
            return str(entry.number)


def _read_place(place: str) -> tuple[str, int]:
    """Return key and number of a place; "" and 0 of one that is none."""
    key, _, written = place.rpartition(":")
    number = typed_number(written)
    return (key, number) if number is not None else ("", 0)
