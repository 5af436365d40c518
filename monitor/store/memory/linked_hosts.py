"""Keep the hosts that the pages of a site linked to, so that a later run can tell who is new."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Engine, select

from monitor.store.database import upsert
from monitor.store.schema import linked_hosts


class LinkedHostStore:
    """The hosts of one site and scope: the homepage links to fewer than the whole site."""

    def __init__(self, engine: Engine, site: str, scope: str) -> None:
        self.engine, self.site, self.scope = engine, site, scope

    def load(self) -> frozenset[str]:
        """Return every host that any run saw."""
        of_site = linked_hosts.c.site == self.site, linked_hosts.c.scope == self.scope
        with self.engine.connect() as connection:
            return frozenset(connection.execute(select(linked_hosts.c.host).where(*of_site)).scalars())

    def save(self, hosts: Iterable[str], run: int) -> None:
        """Keep hosts, with the run that saw them last."""
        rows = [{"site": self.site, "scope": self.scope, "host": host[:255], "run": run} for host in sorted(hosts)]
        with self.engine.begin() as connection:
            upsert(connection, linked_hosts, rows)
