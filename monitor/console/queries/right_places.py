"""Name the places where a right can hold, in forms and to readers: all sites, the sites of a group, one site."""

from __future__ import annotations

from monitor.accounts.rights import ALL, GROUP, SITE
from monitor.console.visit import Visit
from monitor.store.accounts.users import RightRecord


def places(visit: Visit) -> list[tuple[str, str]]:
    """Return what a form offers: the value and the label of each place that the configuration knows."""
    groups = visit.settings.members
    return [
        (ALL, place_label(visit, ALL, "")),
        *((f"{GROUP}:{name}", place_label(visit, GROUP, name)) for name in groups),
        *((f"{SITE}:{key}", place_label(visit, SITE, key)) for key in visit.site_names),
    ]


def place_of(value: str) -> tuple[str, str]:
    """Return scope and name of what a form sends; whether there is such a place is checked with the right."""
    scope, _, name = value.partition(":")
    return scope, name


def place_value(right: RightRecord) -> str:
    """Return what a form sends for the place of a right."""
    return ALL if right.scope == ALL else f"{right.scope}:{right.name}"


def place_label(visit: Visit, scope: str, name: str) -> str:
    """Return what a place is called."""
    match scope:
        case "all":
            return visit.say("user_page.everywhere")
        case "group":
            return visit.say("user_page.group", name=name)
        case _:
            return visit.site_names.get(name, name)
