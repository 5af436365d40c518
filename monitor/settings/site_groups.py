"""Name the settings of groups of sites, which nest: province, city, department. The narrower one counts."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Protocol

from pydantic import AfterValidator, Field

from monitor.settings.browser import Render
from monitor.settings.complaints import SettingError
from monitor.settings.pattern import Pattern
from monitor.settings.report import SiteReportSettings
from monitor.settings.service import SiteScheduleSettings
from monitor.settings.strict import Strict, laid_over

SEPARATOR = "/"
"""Stands between the names of a group and of what it lies in: ``广东省/深圳市``."""

DEEPEST = 8
"""Levels of groups at most."""

LONGEST = 64
"""Characters of one level's name at most."""


def _path(value: str) -> str:
    parts = value.split(SEPARATOR)
    if len(parts) > DEEPEST:
        raise SettingError(f"分组最多 {DEEPEST} 级", f"groups nest {DEEPEST} levels deep at most")
    if any(not part or part != part.strip() or not part.isprintable() or len(part) > LONGEST for part in parts):
        raise SettingError(
            f"应为用 {SEPARATOR} 隔开的名称，每个最多 {LONGEST} 个字，如 广东省/深圳市",
            f"must be names of up to {LONGEST} characters with a {SEPARATOR} between them, such as 广东省/深圳市",
        )
    return value


GroupPath = Annotated[str, AfterValidator(_path)]
"""A group by its name, behind those of the groups that it lies in."""


def _path_or_none(value: str) -> str:
    return _path(value) if value else value


OptionalGroupPath = Annotated[str, AfterValidator(_path_or_none)]


class GroupSettings(Strict):
    """What the sites of a group, and of those below it, have where they say nothing themselves."""

    include: tuple[Pattern, ...] = Field((), description="If any are given, only URLs that match one are crawled.")
    exclude: tuple[Pattern, ...] = Field((), description="URLs that are neither crawled nor checked.")
    schedule: SiteScheduleSettings = Field(
        SiteScheduleSettings.model_construct(), description="What they do at another time."
    )
    report: SiteReportSettings = Field(
        SiteReportSettings.model_construct(), description="What is different in their reports."
    )
    render: Render = Field(Render.AUTO, description="Which pages a browser draws before they are judged.")
    render_pages: tuple[Pattern, ...] = Field((), description="With auto, URLs that are drawn in any case.")


class Grouped(Protocol):
    """A site as far as its group is concerned."""

    @property
    def group(self) -> str:
        """The path of its group, empty for none."""

    @property
    def key(self) -> str:
        """What the site is called."""


def levels(path: str) -> Iterator[str]:
    """Yield the groups that a path stands for: the widest first, itself last; none for an empty path."""
    parts = path.split(SEPARATOR) if path else []
    for depth in range(1, len(parts) + 1):
        yield SEPARATOR.join(parts[:depth])


class Defaults:
    """What sites have from their groups; of 13,000 sites in one group the answer is the same object."""

    def __init__(self, groups: Mapping[str, GroupSettings]) -> None:
        self._groups = groups
        self._found: dict[str, GroupSettings] = {}

    def of(self, path: str) -> GroupSettings:
        """Return what a group and those that it lies in give: in it is set what one of them says."""
        if path not in self._found:
            joined = GroupSettings.model_construct()
            for level in levels(path):
                if level in self._groups:
                    joined = laid_over(joined, self._groups[level])
            self._found[path] = joined
        return self._found[path]


def right_below(members_of: Mapping[str, tuple[str, ...]], path: str) -> dict[str, tuple[str, ...]]:
    """Return the groups that lie in one and in none between, with their sites; for "" those that lie in none."""
    return {name: sites for name, sites in members_of.items() if name.rpartition(SEPARATOR)[0] == path}


def members(named: Mapping[str, tuple[str, ...]], sites: Iterable[Grouped]) -> dict[str, tuple[str, ...]]:
    """Return the sites of every group: of those that list them, and of nested ones with all that lie below."""
    nested: dict[str, list[str]] = {}
    for site in sites:
        for level in levels(site.group):
            nested.setdefault(level, []).append(site.key)
    return {**named, **{path: tuple(nested[path]) for path in sorted(nested)}}
