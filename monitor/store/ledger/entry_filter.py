"""Say which entries of the ledger are wanted, and select them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from msgspec import Struct
from sqlalchemy import ColumnElement, Select, and_, select

from checks.model import Severity
from monitor.store.schema import entries
from reports.remediation.states import WORKING, State


class LedgerFilter(Struct, frozen=True, kw_only=True):
    """Which entries are wanted; what is left out does not matter. ``overdue`` asks for those late on that day.

    ``after`` and ``limit`` cut a page out of them, in the order of numbers.
    """

    site: str = ""
    sites: tuple[str, ...] | None = None
    states: tuple[State, ...] = ()
    rules: tuple[str, ...] = ()
    severities: tuple[Severity, ...] = ()
    department: str | None = None
    owner: str | None = None
    overdue: date | None = None
    numbers: tuple[int, ...] | None = None
    after: int = 0
    limit: int | None = None


def matching(wanted: LedgerFilter) -> Select[Any]:
    """Return the statement that selects what a filter asks for."""
    return select(entries).where(*conditions(wanted))


def conditions(wanted: LedgerFilter) -> Iterator[ColumnElement[bool]]:
    """Yield what is true of the entries that a filter asks for, but for ``limit``."""
    column = entries.c
    if wanted.site:
        yield column.site == wanted.site
    if wanted.sites is not None:
        yield column.site.in_(wanted.sites)
    for name, values in (("state", wanted.states), ("rule", wanted.rules), ("severity", wanted.severities)):
        if values:
            yield column[name].in_([str(value) for value in values])
    for name, text in (("department", wanted.department), ("owner", wanted.owner)):
        if text is not None:
            yield column[name] == text
    if wanted.overdue is not None:
        yield and_(column.deadline < wanted.overdue.isoformat(), column.state.in_([str(state) for state in WORKING]))
    if wanted.numbers is not None:
        yield column.number.in_(wanted.numbers)
    if wanted.after:
        yield column.number > wanted.after
