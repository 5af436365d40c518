"""Hand to checks which hosts a site linked to before: who is new and hidden as well gives intruders away.

Only runs that saw the whole of their scope and found nothing that an intruder left are learned from: what he planted
must not become known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checks.model import Check, Need
from checks.security.hosts import bare, familiar
from monitor.crawl.crawler import Crawl
from monitor.store.memory.linked_hosts import LinkedHostStore


def with_known_hosts(checks: Iterable[Check[Any]], linked: LinkedHostStore) -> tuple[Check[Any], ...]:
    """Return the checks, with the hosts that earlier runs saw for those that need them."""
    return tuple(check.knowing(linked.load()) if Need.KNOWN_HOSTS in check.needs else check for check in checks)


def learn(checks: Iterable[Check[Any]], linked: LinkedHostStore, crawl: Crawl) -> None:
    """Store the hosts that the pages of a finished crawl link to; doing it twice does no harm."""
    asking = {check.id for check in checks if Need.KNOWN_HOSTS in check.needs}
    store = crawl.frontier.store
    if asking and not crawl.stopped and not store.findings.any_of(asking):
        linked.save(set(_uncommon_hosts(crawl)), store.run)


def _uncommon_hosts(crawl: Crawl) -> Iterator[str]:
    """Yield the hosts that are neither the site's own nor those that everybody links to."""
    own, met = set(map(bare, crawl.scope.hosts)), set[str]()
    for hosts in crawl.frontier.store.load_hosts():
        fresh = hosts - met
        met |= fresh
        yield from (host for host in map(bare, fresh) if host not in own and not familiar(host))
