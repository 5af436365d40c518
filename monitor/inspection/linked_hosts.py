"""Tell checks whom a site has linked to before: who is new and hidden as well gives intruders away.

Only runs that saw the whole of their scope and found nothing that an intruder left are learned from: what he planted
must not become an old acquaintance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol, Self, runtime_checkable

from checks.model import Check
from checks.security.hosts import bare, familiar
from monitor.crawl.crawler import Crawl
from monitor.store.linked_hosts import LinkedHosts


@runtime_checkable
class Acquainted(Protocol):
    """A check of pages that weighs strangers by whether earlier runs have met them."""

    def knowing(self, hosts: frozenset[str]) -> Self:
        """Return the same check, knowing what earlier runs saw."""


def introduce(checks: Iterable[Check[Any]], linked: LinkedHosts) -> tuple[Check[Any], ...]:
    """Return the checks, with what earlier runs saw for those that ask for it."""
    return tuple(check.knowing(linked.known()) if isinstance(check, Acquainted) else check for check in checks)


def remember(checks: Iterable[Check[Any]], linked: LinkedHosts, crawl: Crawl) -> None:
    """Put down whom the pages of a finished crawl link to; doing it twice does no harm."""
    asking = {check.id for check in checks if isinstance(check, Acquainted)}
    store = crawl.frontier.store
    if asking and not crawl.stopped and not store.findings.any_of(asking):
        linked.add(set(_strangers(crawl)), store.run)


def _strangers(crawl: Crawl) -> Iterator[str]:
    """Yield the hosts that somebody might wonder about: neither the site's own nor those that everybody links to."""
    own, met = set(map(bare, crawl.scope.hosts)), set[str]()
    for hosts in crawl.frontier.store.hosts():
        fresh = hosts - met
        met |= fresh
        yield from (host for host in map(bare, fresh) if host not in own and not familiar(host))
