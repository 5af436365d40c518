"""Say how long a 栏目 may go without anything new, and how it stands: the column clock, as data.

The limits are those of the census score sheet (普查评分表, 2015) and the check list (检查指标, 2019): 首页 and 动态要闻
two weeks, 通知公告 and 政策文件 six months, the rest a year; 留言答复 two months, 办事统计 three. Months are those of
the calendar.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from msgspec import Struct, field

from checks.model import Check, Column, ColumnStatus, ColumnType
from checks.reading.dates import CHINA


class Limit(NamedTuple):
    """How old the newest item may be, and from which age on it is worth a warning: ``14d``, ``6m``, ``1y``."""

    limit: str
    warning: str


HALF_YEAR = Limit("6m", "150d")
YEAR = Limit("365d", "335d")
HOMEPAGE = Limit("14d", "10d")

LIMITS: dict[ColumnType, Limit] = {
    ColumnType.NEWS: HOMEPAGE,
    ColumnType.NOTICE: HALF_YEAR,
    ColumnType.POLICY: HALF_YEAR,
    ColumnType.INTERACTION: Limit("2m", "45d"),
}
"""By type; a type that is not here has a year."""

NAMED: tuple[tuple[str, Limit], ...] = (("办事统计|办件统计", Limit("3m", "75d")),)
"""By name, before the type."""

WITHOUT_DATES = frozenset({ColumnType.SERVICE, ColumnType.ORGANISATION, ColumnType.LEADERS})
"""Types of lists that nobody dates: guides, divisions, persons. Where none of the items has a date, none is missed."""

_SPAN = re.compile(r"(\d{1,4})([dmy])")


def start_of(span: str, end: datetime) -> datetime:
    """Return the moment a span before ``end``; calendar months are counted back. ValueError for what is no span."""
    parsed = _SPAN.fullmatch(span)
    if not parsed:
        raise ValueError(f"not a span such as 14d, 6m or 1y: {span!r}")
    count = int(parsed[1])
    if parsed[2] == "d":
        return datetime.fromtimestamp(end.timestamp() - count * 86_400, CHINA)
    months = count * (12 if parsed[2] == "y" else 1)
    here = end.astimezone(CHINA)
    year, month = divmod(here.year * 12 + here.month - 1 - months, 12)
    return here.replace(year=year, month=month + 1, day=min(here.day, _days_in(year, month + 1)))


def _days_in(year: int, month: int) -> int:
    following = datetime(year + month // 12, month % 12 + 1, 1, tzinfo=CHINA)
    return (following - datetime(year, month, 1, tzinfo=CHINA)).days


class Standing(Struct, frozen=True):
    """How a column stands: ``age_days`` of its newest item (None: nothing dated), and the limit in days."""

    status: ColumnStatus
    limit_days: int
    age_days: int | None = None


class ColumnLimits(Struct, frozen=True):
    """The column clock of one site; ``by_type`` overrides the table for the types that it names."""

    by_type: Mapping[ColumnType, Limit] = field(default_factory=dict)

    def limit_of(self, column: Column) -> Limit:
        """Return the limit of a column: its own, else by its name, else by its type."""
        if column.limit_days is not None:
            return Limit(f"{column.limit_days}d", f"{max(column.limit_days * 9 // 10, 1)}d")
        named = next((limit for words, limit in NAMED if re.search(words, column.name)), None)
        return named or self.by_type.get(column.type) or LIMITS.get(column.type, YEAR)

    def stand(self, column: Column) -> Standing:
        """Return how a column stands at the moment it was seen."""
        limit = self.limit_of(column)
        days = (_day(column.seen) - _day(start_of(limit.limit, column.seen))).days
        if column.exempt:
            return Standing(ColumnStatus.EXEMPT, days, _age(column.newest, column.seen))
        if column.needs_rendering and not column.items:
            return Standing(ColumnStatus.NEEDS_RENDERING, days)
        if not column.items:
            return Standing(ColumnStatus.BLANK if column.complete else ColumnStatus.NEEDS_RENDERING, days)
        if column.type in WITHOUT_DATES and not any(item.published for item in column.items):
            return Standing(ColumnStatus.EXEMPT, days)
        if column.has_unread_dates:
            return Standing(ColumnStatus.NEEDS_RENDERING, days)
        return Standing(status_of(column.newest, column.seen, limit), days, _age(column.newest, column.seen))


def limits_of(checks: Iterable[Check[Any]]) -> ColumnLimits:
    """Return the limits that checks judge columns by, where they have settings of their own, else the criteria's."""
    spans = {kind: span for check in checks for kind, span in check.column_limits.items()}
    return ColumnLimits({kind: Limit(span, span) for kind, span in spans.items()})


def status_of(newest: datetime | None, seen: datetime, limit: Limit) -> ColumnStatus:
    """Return how something whose newest item is that old stands; without a date it counts as not updated."""
    if newest is None or _day(newest) < _day(start_of(limit.limit, seen)):
        return ColumnStatus.STALE
    return ColumnStatus.WARNING if _day(newest) < _day(start_of(limit.warning, seen)) else ColumnStatus.FRESH


def _age(newest: datetime | None, seen: datetime) -> int | None:
    return (_day(seen) - _day(newest)).days if newest else None


def _day(moment: datetime) -> datetime:
    return moment.astimezone(CHINA).replace(hour=0, minute=0, second=0, microsecond=0)
