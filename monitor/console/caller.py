"""Know what somebody may see and change, person or program: the one place for it, of pages and API alike.

What may not be seen is "not found", what may be seen and not changed is "forbidden": nobody learns of an entry by its
number that they may not see.
"""

from __future__ import annotations

from datetime import date
from functools import cached_property
from http import HTTPStatus
from typing import NoReturn

from fastapi import HTTPException

from checks.model import Text
from monitor.accounts.auditing import Actor, AuditLog
from monitor.accounts.permissions import Action, User, allowed, may_somewhere, reach
from monitor.beijing import beijing_time
from monitor.console.console_parts import ConsoleParts
from monitor.remediation.configured_policy import policy_of
from monitor.remediation.ledger import Ledger
from monitor.settings.site import Settings, SiteSettings
from monitor.store.ledger.entry_browsing import EVERYTHING, Visibility


class Caller:
    """Who asks for something, within one request. A subclass says by ``known``, ``user`` and ``actor`` who that is."""

    parts: ConsoleParts

    # ---- who ---------------------------------------------------------------------------------------

    @property
    def known(self) -> User | None:
        """Who it is, None where nobody knows."""
        raise NotImplementedError

    @property
    def user(self) -> User:
        """Who it is. Raises where nobody knows."""
        raise NotImplementedError

    @property
    def actor(self) -> Actor:
        """Who does it, for the audit log. Raises where nobody knows."""
        raise NotImplementedError

    @property
    def author(self) -> str:
        """What histories call the person."""
        return self.user.full_name or self.user.name

    def refuse(self, reason: Text, status: HTTPStatus = HTTPStatus.UNPROCESSABLE_ENTITY) -> NoReturn:
        """Answer that something cannot be done, and why."""
        raise NotImplementedError

    # ---- what they may -----------------------------------------------------------------------------

    def may(self, action: Action, site: str | None = None, department: str | None = None) -> bool:
        """Return whether the person may do something to a site, and to rows of a department there."""
        return self.known is not None and allowed(self.known, action, site, department)

    def may_somewhere(self, action: Action) -> bool:
        """Return whether there is any site where the person may do something."""
        return self.known is not None and may_somewhere(self.known, action)

    def demand(self, action: Action, site: str | None = None, department: str | None = None) -> None:
        """Answer "forbidden" unless the person may do this."""
        if not self.may(action, site, department):
            raise HTTPException(HTTPStatus.FORBIDDEN)

    def demand_sight(self, action: Action, site: str | None = None, department: str | None = None) -> None:
        """Answer "not found" unless the person may see this."""
        if not self.may(action, site, department):
            raise HTTPException(HTTPStatus.NOT_FOUND)

    def demand_somewhere(self, action: Action) -> None:
        """Answer "forbidden" unless there is a site where the person may do this."""
        if not self.may_somewhere(action):
            raise HTTPException(HTTPStatus.FORBIDDEN)

    @cached_property
    def visible(self) -> Visibility:
        """Which entries of the ledger the person may see."""
        return self.entries_for(Action.ENTRY_SEE)

    def entries_for(self, action: Action) -> Visibility:
        """Return of which entries of the ledger the person may do something."""
        if self.may(action):
            return EVERYTHING
        return Visibility(reach(self.user, action, [site.key for site in self.settings.sites]))

    @cached_property
    def sites(self) -> dict[str, SiteSettings]:
        """The configured sites that the person may see, by key, in the order of the configuration."""
        return self.sites_for(Action.SITE_SEE)

    def sites_for(self, action: Action) -> dict[str, SiteSettings]:
        """Return the configured sites of which the person may do something, by key."""
        known = {site.key: site for site in self.settings.sites}
        return {key: known[key] for key in reach(self.user, action, known)}

    @cached_property
    def site_names(self) -> dict[str, str]:
        """What the sites are called, by key."""
        return {site.key: site.name or site.key for site in self.settings.sites}

    def site(self, key: str) -> SiteSettings:
        """Return a site that the person may see; else answer "not found"."""
        if key not in self.sites:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        return self.sites[key]

    # ---- what answers are made from ----------------------------------------------------------------

    @cached_property
    def settings(self) -> Settings:
        """The settings in force, the same for the whole request."""
        return self.parts.settings()

    @cached_property
    def ledger(self) -> Ledger:
        """The ledger as it is changed."""
        return Ledger(self.parts.store, policy_of(self.settings), self.parts.now)

    @cached_property
    def audit(self) -> AuditLog:
        """The audit log; every change goes there."""
        return AuditLog(self.parts.store)

    @cached_property
    def today(self) -> date:
        """The day in China."""
        return beijing_time(self.parts.now()).date()
