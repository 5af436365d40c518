"""Define the options that say which entries of the ledger a command is about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, NamedTuple

import click

from monitor.commands.common import worded


class Day(click.ParamType[date]):
    """A day with its year, in the forms that are read in spreadsheets as well."""

    name = "date"

    def convert(self, value: str | date, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Return the day. Raises BadParameter."""
        from reports.remediation.typed_dates import FIRST_YEAR, LAST_YEAR, day_with_year

        if isinstance(value, date):
            return value
        try:
            day = day_with_year(value)
        except ValueError:
            day = None
        if day is None:
            self.fail(
                worded(
                    f"“{value}”不是日期，请写成 2026-12-01，年份在 {FIRST_YEAR} 至 {LAST_YEAR - 1} 之间",
                    f"{value!r} is no date; write it as 2026-12-01, with a year from {FIRST_YEAR} to {LAST_YEAR - 1}",
                ),
                param,
                ctx,
            )
        return day


DATE = Day()
"""The one type of all options and arguments that are days."""


def period(start: date | None, end: date | None) -> tuple[date | None, date | None]:
    """Return the first and the last day of a period. Raises UsageError where it ends before it begins."""
    if start is not None and end is not None and end < start:
        raise click.UsageError(
            worded(f"--to（{end}）在 --from（{start}）之前", f"--to ({end}) is before --from ({start})")
        )
    return start, end


class FilterOptions(NamedTuple):
    """The options as they were typed: lists are separated by commas, "" and None ask for nothing."""

    site: str
    group: str
    states: str
    rules: str
    severities: str
    department: str | None
    owner: str | None
    overdue: bool


OPTIONS = (
    click.option("--site", default="", help="Entries of this site."),
    click.option("--group", default="", metavar="NAME", help="Entries of a group's sites, in the place of --site."),
    click.option("--state", "states", default="", metavar="S,S", help="Entries in these states."),
    click.option("--rule", "rules", default="", metavar="R,R", help="Entries of these rules."),
    click.option("--severity", "severities", default="", metavar="S,S", help="critical, major, minor."),
    click.option("--department", help="Entries of this department."),
    click.option("--owner", help="Entries of this person."),
    click.option("--overdue", is_flag=True, help="Entries whose deadline is over."),
)


def filter_options(function: Callable[..., None]) -> Callable[..., None]:
    """Add the options to a command, which gets them as one argument, ``chosen``."""

    @wraps(function)
    def command(**given: Any) -> None:  # noqa: ANN401 - whatever options the command has
        chosen = FilterOptions(**{name: given.pop(name) for name in FilterOptions._fields})
        function(chosen=chosen, **given)

    for option in reversed(OPTIONS):
        command = option(command)
    return command


def named_person(_context: click.Context, _option: click.Parameter, name: str) -> str:
    """Return a name that a history can keep. Raises BadParameter for one that names nobody."""
    if not name.strip():
        raise click.BadParameter(
            worded("请写上姓名：历史记录要写明是谁", "a name, please: the history keeps who said so")
        )
    return name.strip()
