"""Look whether our own network let a run judge what lies outside of the site; where it did not, nothing is judged."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct, field

from checks.model import ErrorKind, Link, Response, Text
from checks.reading.own_network import (
    WORDS,
    HostOutcome,
    NetworkFault,
    counts,
    is_usual,
    opens,
    outcome_of,
    sign,
    suspicion,
)
from checks.security.hosts import host_of
from monitor.crawl.scope import SiteScope
from monitor.fetch import Fetcher
from monitor.pages.urls import origin_of
from monitor.store.crawl.frontier import CrawlStore


class Network(Struct):
    """What one run can say across our network; ``fault`` None where that was as it should be.

    ``unjudged`` are the targets that were left out, ``unreached`` is True where the site's own host was, too. Of the
    hosts ``beyond_ipv6`` nothing is known: only IPv6 leads to them, and nobody answered over it. ``unproven`` targets
    open again, but perhaps only across our network.
    """

    scope: SiteScope
    fault: NetworkFault | None = None
    unjudged: set[str] = field(default_factory=set)
    unreached: bool = False
    beyond_ipv6: frozenset[str] = frozenset()
    unproven: frozenset[str] = frozenset()

    def judges(self, link: Link) -> bool:
        """Return whether a link may be judged: not across a network that fails, nor where we have no way at all.

        An address that is none was never asked for; what no network leads to is as it is.
        """
        if link.target.error is ErrorKind.NO_ROUTE or host_of(link.target.url) in self.beyond_ipv6:
            return False
        if self.fault is None or link.target.error is ErrorKind.MALFORMED:
            return True
        if not counts(link.target.url):
            return link.target.error is not ErrorKind.RESOLVER
        return not is_foreign(link.url, self.scope) and sign(link.target) is None

    def withholds(self, url: str) -> bool:
        """Return whether nothing is said of an address in this run, neither that it is broken nor that it is mended."""
        return url in self.unjudged | self.unproven or (self.fault is not None and is_foreign(url, self.scope))

    @property
    def notices(self) -> tuple[Text, ...]:
        """What the report says of it, nothing of a good network."""
        if self.fault is not None:
            zh, en = WORDS[self.fault]
            return (
                Text(
                    f"本机网络有问题（{zh}），这次没有判断外部链接；以前的结论保持不变",
                    f"our network could not judge external links ({en}); what was known of them stands",
                ),
            )
        if self.unproven:
            count = len(self.unproven)
            return (
                Text(
                    f"{count} 个外部链接又能打开，但不能排除是本机网络在替它们应答，仍按没有整改计",
                    f"{count} external links open again, but perhaps only across our network; they stand as they were",
                ),
            )
        return ()


async def judge_network(store: CrawlStore, scope: SiteScope, fetcher: Fetcher, canaries: Sequence[str]) -> Network:
    """Return what a finished crawl says of our network; asks the canaries only where it gives a reason to."""
    amiss = {target.url: target.answer.last for target in store.load_amiss() if is_foreign(target.url, scope)}
    suspected = suspicion(_outcomes(store, scope, amiss))
    if suspected is None or await canary_answers(fetcher, canaries):
        return Network(scope, beyond_ipv6=frozenset(_beyond_ipv6(amiss, fetcher)))
    return Network(scope, suspected)


def _beyond_ipv6(amiss: Mapping[str, Response], fetcher: Fetcher) -> Iterator[str]:
    """Yield the hosts that could not be reached where only IPv6 leads to them, and nobody answered over IPv6."""
    unreached = (response.url for response in amiss.values() if sign(response) is NetworkFault.CONNECTIONS)
    for host in () if fetcher.ipv6 else {host_of(url) for url in unreached}:
        addresses = fetcher.addresses(host)
        if addresses and all(":" in address for address in addresses):
            yield host


async def unproven(mended: Iterable[Link], fetcher: Fetcher, canaries: Sequence[str]) -> frozenset[str]:
    """Return which foreign targets that open again may only seem to.

    A portal answers in the name of everybody, so that a canary has to open. A provider's name server gives names that
    do not exist an address of its own: one that did not exist needs another than a name that cannot exist.
    """
    links = list(mended)
    if not links:
        return frozenset()
    if not await canary_answers(fetcher, canaries):
        return frozenset(link.url for link in links)
    nameless = [link.url for link in links if link.target.error is ErrorKind.DNS]
    return frozenset([url for url in nameless if await _is_anybodys(fetcher, host_of(url))])


async def _is_anybodys(fetcher: Fetcher, name: str) -> bool:
    """Return whether a name has no other addresses than one that nobody can have registered."""
    nobody = await fetcher.pin(f"{secrets.token_hex(12)}.{name.rpartition('.')[2]}")
    return bool(nobody) and set(await fetcher.pin(name)) <= set(nobody)


async def canary_answers(fetcher: Fetcher, canaries: Sequence[str]) -> bool:
    """Return whether any of the addresses that are always up is."""
    fetcher.forget_unresolved()
    for canary in canaries:
        fetched = await fetcher.fetch(canary, method="HEAD")
        if opens(canary, fetched.response):
            return True
    return False


def _outcomes(store: CrawlStore, scope: SiteScope, last: Mapping[str, Response]) -> Iterator[HostOutcome]:
    """Yield what became of each foreign host: one target that opened speaks for its host.

    ``last`` is how the targets that are amiss answered in the end.
    """
    if all(opens(url, response) for url, response in last.items()):
        return
    only_refused = all(is_usual(url, response) for url, response in last.items())
    opened: set[str] = set()
    failed: dict[str, HostOutcome] = {}
    for target, answered in store.load_targets():
        if not answered or not is_foreign(target.url, scope):
            continue
        origin, response = origin_of(target.url), last.get(target.url)
        if response is None or opens(target.url, response):
            if only_refused:
                return  # the ordinary case, told without a look at all the targets that opened
            opened.add(origin)
        else:
            failed.setdefault(origin, outcome_of(origin, target.url, response))
    yield from (outcome for origin, outcome in failed.items() if origin not in opened)
    yield from (HostOutcome(origin, None) for origin in opened)


def is_foreign(url: str, scope: SiteScope) -> bool:
    """Return whether an address is another host's, and one that says something of our network."""
    return url.startswith(("http://", "https://")) and not scope.internal(url) and counts(url)
