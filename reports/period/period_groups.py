"""Rank the groups that lie right below the one of a report of a period, the worst first: provinces, or cities."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reports.period.period_ranking import NAMED, Value

if TYPE_CHECKING:
    from reports.period.period_report import GroupInPeriod, PeriodReport
    from reports.wording import Words


@dataclass(frozen=True, slots=True)
class GroupColumn:
    """One column of the ranking of groups: ``key`` names its heading; what is alarming is red where it is not 0."""

    key: str
    width: int
    value: Callable[[GroupInPeriod, Words], Value]
    is_number: bool = True
    is_alarming: bool = False


def name_of(group: GroupInPeriod, say: Words) -> str:
    """Return what a group is called; what lies in none has a name as well."""
    return group.name or say("period.other_sites")


def _counted(name: str, *, is_alarming: bool = False) -> GroupColumn:
    return GroupColumn(f"period.{name}", 9, lambda group, _: group.total(name), is_alarming=is_alarming)


COLUMNS = (
    GroupColumn("period.group", 28, name_of, is_number=False),
    GroupColumn("period.site", 8, lambda group, _: len(group.sites)),
    GroupColumn("period.mean_score", 8, lambda group, _: group.score),
    GroupColumn("period.failed", 9, lambda group, _: group.failed, is_alarming=True),
    GroupColumn("period.vetoed", 9, lambda group, _: group.vetoed, is_alarming=True),
    GroupColumn("period.unseen", 9, lambda group, _: group.unseen, is_alarming=True),
    _counted("found"),
    _counted("closed"),
    _counted("reopened"),
    _counted("open"),
    GroupColumn("period.critical", 9, lambda group, _: group.critical, is_alarming=True),
    _counted("overdue", is_alarming=True),
)
"""The columns behind that of the place."""


def headings(say: Words) -> list[str]:
    """Return the names of the columns, that of the place before them."""
    return [say("period.place"), *(say(column.key) for column in COLUMNS)]


def rows(report: PeriodReport, say: Words) -> list[list[Value]]:
    """Return a row for each group, the worst first. A site may be in several, so there are no totals."""
    return [[at, *(column.value(group, say) for column in COLUMNS)] for at, group in enumerate(report.groups, 1)]


def sentences(report: PeriodReport, say: Words) -> Iterator[str]:
    """Yield what the ranking comes to: which groups have the lowest mean scores."""
    scored = [group for group in report.groups if group.score is not None]
    if len(scored) > 1:
        lowest = [say("period.with_score", site=name_of(each, say), score=f"{each.score:g}") for each in scored[:NAMED]]
        yield say("period.lowest_groups", names=say("frame.separator").join(lowest))
