"""Look whether our own network let a run judge what lies outside of the site; where it did not, nothing is judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checks.model import ErrorKind, Link, Text
from checks.reading.own_network import WORDS, HostOutcome, NetworkFault, counts, is_usual, led_away, sign, suspicion
from monitor.crawl.scope import SiteScope
from monitor.fetch import Fetcher
from monitor.pages.urls import origin_of
from monitor.store.crawl.frontier import CrawlStore


@dataclass(slots=True)
class Network:
    """What one run can say across our network; ``fault`` None where that was as it should be.

    ``unjudged`` are the targets that were left out, ``unreached`` is True where the site's own host was, too.
    """

    scope: SiteScope
    fault: NetworkFault | None = None
    unjudged: set[str] = field(default_factory=set)
    unreached: bool = False

    def judges(self, link: Link) -> bool:
        """Return whether a link may be judged: not across a network that fails, nor where we have no way at all.

        An address that is none was never asked for.
        """
        if link.target.error is ErrorKind.NO_ROUTE:
            return False
        if self.fault is None or link.target.error is ErrorKind.MALFORMED:
            return True
        return not _is_foreign(link.url, self.scope) and sign(link.target) is None

    def withholds(self, url: str) -> bool:
        """Return whether nothing is said of an address in this run, neither that it is broken nor that it is mended."""
        return url in self.unjudged or (self.fault is not None and _is_foreign(url, self.scope))

    @property
    def notices(self) -> tuple[Text, ...]:
        """What the report says of it, nothing of a good network."""
        if self.fault is None:
            return ()
        zh, en = WORDS[self.fault]
        return (
            Text(
                f"本机网络有问题（{zh}），这次没有判断外部链接；以前的结论保持不变",
                f"our network could not judge external links ({en}); what was known of them stands",
            ),
        )


async def judge_network(store: CrawlStore, scope: SiteScope, fetcher: Fetcher, canaries: Sequence[str]) -> Network:
    """Return what a finished crawl says of our network; asks the canaries only where it gives a reason to."""
    suspected = suspicion(_outcomes(store, scope))
    if suspected is None or await canary_answers(fetcher, canaries):
        return Network(scope)
    return Network(scope, suspected)


async def canary_answers(fetcher: Fetcher, canaries: Sequence[str]) -> bool:
    """Return whether any of the addresses that are always up is."""
    fetcher.forget_unresolved()
    for canary in canaries:
        fetched = await fetcher.fetch(canary, method="HEAD")
        if is_usual(canary, fetched.response):
            return True
    return False


def _outcomes(store: CrawlStore, scope: SiteScope) -> Iterator[HostOutcome]:
    """Yield what became of each foreign host: one target that opened speaks for its host."""
    last = {target.url: target.answer.last for target in store.load_amiss() if _is_foreign(target.url, scope)}
    if not any(not is_usual(url, response) for url, response in last.items()):
        return  # the ordinary case, told without a look at all the targets that opened
    opened: set[str] = set()
    failed: dict[str, HostOutcome] = {}
    for target, answered in store.load_targets():
        if not answered or not _is_foreign(target.url, scope):
            continue
        origin, response = origin_of(target.url), last.get(target.url)
        if response is None or is_usual(target.url, response):
            opened.add(origin)
        else:
            failed.setdefault(origin, HostOutcome(origin, sign(response), led_away(target.url, response)))
    yield from (outcome for origin, outcome in failed.items() if origin not in opened)
    yield from (HostOutcome(origin, None) for origin in opened)


def _is_foreign(url: str, scope: SiteScope) -> bool:
    return url.startswith(("http://", "https://")) and not scope.internal(url) and counts(url)
