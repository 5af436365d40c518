"""Define the options that say which entries of the ledger a command is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, NamedTuple

import click

from monitor.commands.common import worded

DATE = click.DateTime(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"])
"""A day in the forms that people type; errors name them all."""


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
