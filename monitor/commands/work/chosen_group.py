"""Find the sites of the group that a command names, and the groups right below it."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from checks.model import Text
from monitor.commands.common import Fault, worded
from monitor.commands.work.chosen_site import MEANT
from monitor.settings.site import Settings
from monitor.settings.site_groups import right_below

BOTH = Text("--site 和 --group 只能给一个", "--site and --group: give one of them")
NO_GROUP = Text("没有名为“{group}”的网站组", "there is no group {group!r}")
KNOWN_GROUPS = Text("；现有：{names}", "; there are: {names}")
NO_PARTS = Text("{group}没有下级网站组", "no group lies in {group}")
NO_GROUPS = Text("配置里没有网站组（groups）", "the configuration has no groups")

NAMED = 20
"""Groups that a message names at most."""


def sites_of_group(settings: Settings, group: str) -> tuple[str, ...]:
    """Return the ids of the sites of a group and of those below it. Raises Fault where there is none of that name."""
    members = settings.members.get(group)
    if members is None:
        raise Fault(_no_group(settings, group))
    return members


def parts_of_group(settings: Settings, group: str) -> Mapping[str, tuple[str, ...]]:
    """Return the sites of each group right below one, or of each that lies in none ("" for ``group``). Raises Fault."""
    if group:
        sites_of_group(settings, group)
    parts = right_below(settings.members, group)
    if not parts:
        raise Fault(worded(*NO_PARTS).format(group=group) if group else worded(*NO_GROUPS))
    return parts


def _no_group(settings: Settings, group: str) -> str:
    groups = settings.members
    meant = get_close_matches(group, groups, n=1)
    names = ", ".join(list(groups)[:NAMED])
    known = worded(*MEANT).format(meant=meant[0]) if meant else worded(*KNOWN_GROUPS).format(names=names)
    return f"--group: {worded(*NO_GROUP).format(group=group)}{known if groups else ''}"
