"""Say which addresses belong to the site and which of them are read."""

from __future__ import annotations

import re
from collections.abc import Iterable

from msgspec import Struct

from checks.model import Kind
from monitor.pages.urls import host_of

READABLE = frozenset({Kind.PAGE, Kind.FRAME})
"""Kinds that are documents with links of their own."""


class SiteScope(Struct):
    """The hosts of a site and the patterns of what to read and what to leave.

    ``include``: if there are any, only pages that match one are read. ``exclude``: neither read nor checked.
    """

    hosts: set[str]
    include: tuple[re.Pattern[str], ...] = ()
    exclude: tuple[re.Pattern[str], ...] = ()

    @classmethod
    def of(cls, url: str, hosts: Iterable[str], include: Iterable[str], exclude: Iterable[str]) -> SiteScope:
        """Build the scope of a site from its homepage and its settings."""
        return cls(
            {host_of(url), *(host.lower() for host in hosts)},
            tuple(re.compile(text) for text in include),
            tuple(re.compile(text) for text in exclude),
        )

    def internal(self, url: str) -> bool:
        """Return whether an address lies on a host of the site."""
        return host_of(url) in self.hosts

    def excluded(self, url: str) -> bool:
        """Return whether the owner wants an address left alone."""
        return bool(self.exclude) and any(pattern.search(url) for pattern in self.exclude)

    def readable(self, url: str, kind: str) -> bool:
        """Return whether an address is a page of the site that is read for its links."""
        if kind not in READABLE or not self.internal(url):
            return False
        return not self.include or any(pattern.search(url) for pattern in self.include)
