"""Name the menu: which pages there are, in which order, and who has a use for them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from monitor.accounts.permissions import Action


class MenuItem(NamedTuple):
    """A page. Its word is ``nav.NAME``, its icon one of the macro ``icon``; who may do ``action`` somewhere sees it."""

    name: str
    path: str
    icon: str
    action: Action

    def is_current(self, path: str) -> bool:
        """Return whether a page lies below this one."""
        bare = path.partition("?")[0]
        return bare == self.path or (self.path != "/" and bare.startswith(f"{self.path}/"))


class MenuSection(NamedTuple):
    """Some pages under a title, ``nav.NAME``."""

    name: str
    items: tuple[MenuItem, ...]


MENU = (
    MenuSection(
        "work",
        (
            MenuItem("overview", "/", "overview", Action.SITE_SEE),
            MenuItem("triage", "/triage", "triage", Action.ENTRY_JUDGE),
            MenuItem("findings", "/findings", "findings", Action.ENTRY_SEE),
            MenuItem("departments", "/departments", "department", Action.ENTRY_SEE),
            MenuItem("reports", "/reports", "report", Action.REPORT_SEE),
            MenuItem("proofread", "/proofread", "proofread", Action.PROOFREAD),
            MenuItem("vocabulary", "/vocabulary", "vocabulary", Action.SUPPRESSION_SEE),
            MenuItem("suppressions", "/suppressions", "suppression", Action.SUPPRESSION_SEE),
        ),
    ),
    MenuSection(
        "administration",
        (
            MenuItem("outbox", "/outbox", "outbox", Action.OUTBOX_SEE),
            MenuItem("users", "/users", "user", Action.USER_MANAGE),
            MenuItem("audit", "/audit", "audit", Action.AUDIT_SEE),
            MenuItem("settings", "/settings", "settings", Action.SETTINGS_SEE),
        ),
    ),
)
"""Everything that there is. A new page gets its line here and its word in ``locale/``."""


def menu_for(may_somewhere: Callable[[Action], bool]) -> list[MenuSection]:
    """Return the sections and pages that somebody has a use for."""
    sections = [
        MenuSection(each.name, tuple(item for item in each.items if may_somewhere(item.action))) for each in MENU
    ]
    return [section for section in sections if section.items]
