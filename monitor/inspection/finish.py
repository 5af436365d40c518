"""Conclude a run: judge what only the whole crawl can tell, compare with the last run, and close it in one piece.

Everything before the last transaction can be done again: a run that is killed here is concluded anew on resumption.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from checks.model import (
    Column,
    DualStack,
    Exposure,
    Host,
    Inventory,
    Link,
    Probe,
    Response,
    Space,
    Text,
    Versions,
)
from checks.spaces import CUTS
from monitor.crawl.answers import is_silent
from monitor.crawl.crawler import Crawl
from monitor.crawl.links import links
from monitor.fetch import Fetcher
from monitor.inspection import linked_hosts
from monitor.inspection.checking import Judging
from monitor.inspection.site_checks import Survey
from monitor.pages.urls import origin_of
from monitor.store import Store
from monitor.store.closing import close
from monitor.store.codec import finding_from_json
from monitor.store.crawl import CrawlStore
from monitor.store.history import History, Standing
from monitor.store.linked_hosts import LinkedHosts
from monitor.store.runs import RunRow
from reports.digest import Digest, Known, compare, settle

REASONS = {
    "interrupted": Text("检查被中途停止", "the inspection was interrupted"),
    "certificate": Text("首页的 https 证书有问题，网页没有检查", "its certificate lets nobody in, so no page was read"),
    "max_pages": Text("达到页数上限 crawl.max_pages，其余页面没有检查", "the limit crawl.max_pages was reached"),
    "max_seconds": Text("达到时间上限 crawl.max_seconds，其余没有检查", "the limit crawl.max_seconds was reached"),
}
"""Why a run is partial, by what stopped it."""


@dataclass(slots=True)
class Conclusion:
    """The end of one run.

    ``fetcher`` makes fetchers with other options: ``verify=False`` looks past certificates, since a host with a bad one
    has headers all the same. ``facts`` collects what the run's row keeps beside its findings.
    """

    store: Store
    run: RunRow
    crawl: Crawl
    judging: Judging
    clock: Callable[[], float]
    fetcher: Callable[..., Fetcher]
    survey: Survey
    facts: dict[str, Any]

    async def write(self, fetcher: Fetcher, notices: Iterable[Text]) -> None:
        """Judge what is left, and close the run."""
        self.facts["notices"] = [list(notice) for notice in (*notices, *self._notices())]
        found = self.crawl.frontier.store
        if self.crawl.homepage is None and self.crawl.failure is not None:
            rows = await self._certificate(fetcher) if self.crawl.failure.error == "tls" else []
            if rows:
                self.crawl.stopped = "certificate"
                found.add_findings(rows)
                self._close()
            else:
                self._fail(self.crawl.failure)
            return
        found.add_findings(self._links())
        found.add_findings([row async for subject in self._subjects(fetcher) for row in self.judging.inspect(subject)])
        found.add_findings(await self.survey.files())
        self.survey.score()
        self.facts["notices"] += [list(notice) for notice in self.survey.notices]
        self._close()

    async def _subjects(self, fetcher: Fetcher) -> AsyncIterator[object]:
        """Yield what is looked at once a run: endless spaces, the host, and what only some checks ask for."""
        crawl, judging = self.crawl, self.judging
        for space in crawl.traps.spaces.values():
            yield space
        if crawl.stopped:
            return
        home = crawl.homepage.response.url if crawl.homepage else crawl.url
        async for subject in self.survey.subjects(fetcher, home):
            yield subject
        if judging.looks_at(Host):
            yield await self._host(fetcher, home)
        if judging.looks_at(Versions) and crawl.homepage is not None:
            from monitor.probes import cloaking

            versions = await cloaking.second_look(fetcher, crawl.parser, crawl.homepage)
            if versions is not None:
                yield versions
        if judging.looks_at(Exposure):
            from monitor.probes import exposure

            async for answer in exposure.look(fetcher, origin_of(home)):
                yield answer

    async def _certificate(self, fetcher: Fetcher) -> list[dict[str, Any]]:
        """Say what is wrong with a host whose certificate lets nobody in: that is the finding, not a failed run."""
        if not self.judging.looks_at(Host):
            return []
        return list(self.judging.inspect(await self._host(fetcher, self.crawl.url)))

    async def _host(self, fetcher: Fetcher, home: str) -> Host:
        """Ask the host what it does on the wire, and put its grade and the end of its certificate down."""
        from checks.security.observatory import grade
        from monitor.probes import host

        async with self.fetcher(verify=False) as unverified:
            probed = await host.probe(fetcher, home, unverified=unverified)
        graded = grade(probed)
        if graded.error is None:
            self.facts["security"] = graded.as_json()
        if probed.tls is not None and probed.tls.certificate_not_after is not None:
            self.facts["certificate_not_after"] = probed.tls.certificate_not_after.timestamp()
        return probed

    def _links(self) -> Iterator[dict[str, Any]]:
        if not self.judging.looks_at(Link):
            return
        before = self.store.runs.previous(self.run)
        seen = CrawlStore(self.store.engine, before.id).fingerprints() if before else set()
        kept = self.crawl.settings.referrers_kept
        for link in links(self.crawl.frontier.store, self.crawl.scope, self.crawl.homepages, kept):
            for row in self.judging.inspect(link):
                yield self.judging.row(row["check"], settle(finding_from_json(row["body"]), seen))

    def _notices(self) -> Iterator[Text]:
        count = self.crawl.closed_by_robots
        if count:
            yield Text(f"robots.txt 不允许访问的 {count} 个地址没有检查", f"{count} addresses are closed by robots.txt")

        if not self.judging.looks_at(Space):
            for space in self.crawl.traps.spaces.values():
                yield Text(*(said.format(shape=space.shape, pages=space.pages) for said in CUTS[space.reason]))
        if self.crawl.truncated:
            count, limit = self.crawl.truncated, self.crawl.settings.body // 1024
            yield Text(
                f"{count} 个页面超过 {limit} KB（crawl.body），只检查了前面的部分",
                f"{count} pages are larger than {limit} KB (crawl.body); only their beginning was read",
            )

    def _tally(self) -> dict[str, Any]:
        return self.facts | {
            "checks": self.judging.tallies.to_json(self.judging.checks),
            "links": self.crawl.frontier.store.kinds(),
            "text": self.judging.tallies.text(),
        }

    def _fail(self, response: Response) -> None:
        why = response.error or f"HTTP {response.status}"
        detail = f" ({response.detail[:200]})" if response.detail else ""
        reason = [f"首页打不开：{why}{detail}", f"the homepage does not open: {why}{detail}"]
        self.store.runs.finish(self.run.id, status="failed", reason=reason, facts=self._tally())

    def _close(self) -> None:
        """Tell new from known, enter both into the ledger, note what is gone, and end the run: all or nothing."""
        run, crawl = self.run, self.crawl
        history = History(self.store.engine, run.site, run.scope)
        before, now = history.standing(), self.clock()
        outcome = self._compared(history, before)
        counters = crawl.frontier.counters
        values = {
            "status": "partial" if crawl.stopped else "complete",
            "reason": list(REASONS.get(crawl.stopped, Text("", ""))),
            "facts": self._tally(),
            **{name: getattr(counters, name) for name in ("pages", "links", "requests", "bytes")},
        }
        chunks = self._settled(outcome, before, now)
        fixed = [known.fingerprint for known in outcome.fixed]
        self.survey.remember()
        self.judging.remember()
        linked_hosts.remember(self.judging.checks, LinkedHosts(self.store.engine, run.site, run.scope), crawl)
        close(self.store.engine, run, values, chunks, fixed=fixed, now=now, forget_unseen=not crawl.stopped)

    def _compared(self, history: History, before: dict[str, Standing]) -> Digest:
        current = self.crawl.frontier.store.fingerprints()
        open_before = _open(history, before, current)
        places = {place for known in open_before for place in (known.place, *known.referrers)}
        fixed_before = {key for key, standing in before.items() if standing.fixed is not None}
        seen = history.looked_at(self.run.id, places)
        silent = {url for url, _, _, answer in self.crawl.frontier.store.amiss() if url in places and is_silent(answer)}
        looked = _Looked(self.judging, seen, silent | self.survey.unread, whole=not self.crawl.stopped)
        return compare(current, open_before, fixed_before, looked)

    def _settled(
        self, outcome: Digest, before: dict[str, Standing], now: float
    ) -> Iterator[tuple[list[dict[str, Any]], list[dict[str, Any]]]]:
        """Yield findings with their baselines, and the rows of the ledger that go with them, some hundred at a time."""
        for rows in self.crawl.frontier.store.findings():
            for row in rows:
                row["baseline"] = outcome.baselines[row["fingerprint"]].value
                row["body"] = _counted(row["body"], self.judging.places[row["fingerprint"]])
            yield rows, [_entered(before.get(row["fingerprint"]), row, self.run.id, now) for row in rows]


ONCE = frozenset({Column, DualStack, Exposure, Host, Inventory, Probe, Space, Versions})
"""Subjects that every run looks at which was not cut short."""


class _Looked:
    """Say what this run is evidence of: a check that ran without failing saw a place that answered.

    ``silent`` are places that were asked and showed nothing: an error, a guard, a file that could not be read.
    """

    def __init__(self, judging: Judging, places: set[str], silent: set[str], *, whole: bool) -> None:
        self._ran = {check.id: check.subject for check in judging.checks if not judging.tallies.errors[check.id]}
        self._places, self._silent, self._whole = places, silent, whole

    def __call__(self, check: str, place: str, /) -> bool:
        """Answer for one check and one URL; hosts and endless spaces are seen by every run that was not cut short."""
        if check not in self._ran or place in self._silent:
            return False
        return place in self._places or (self._whole and self._ran[check] in ONCE)


def _counted(body: dict[str, Any], places: int) -> dict[str, Any]:
    return {**body, "count": places} if places > 1 else body


def _open(history: History, before: dict[str, Standing], current: set[str]) -> list[Known]:
    """Return what was open before; where a fault stood matters only for those that are gone."""
    standing = {key for key, known in before.items() if known.fixed is None}
    again = [Known(key, before[key].check, "") for key in standing & current]
    return again + [_known(key, before[key].check, body) for key, body in history.bodies(standing - current)]


def _known(fingerprint: str, check: str, body: dict[str, Any]) -> Known:
    finding = finding_from_json(body)
    target = finding.target
    if target is None:
        return Known(fingerprint, check, finding.url)
    referrers = tuple(referrer.url for referrer in target.referrers)
    return Known(fingerprint, check, target.url, referrers, len(referrers) >= target.referrer_count)


def _entered(before: Standing | None, row: dict[str, Any], run: int, now: float) -> dict[str, Any]:
    again = before is not None and before.fixed is None
    return {
        "fingerprint": row["fingerprint"],
        "rule": row["rule"],
        "check": row["check"],
        "first_seen": before.first_seen if before else now,
        "last_seen": now,
        "last_run": run,
        "runs": before.runs + 1 if before and again else 1,
        "fixed": None,
        "fixed_run": None,
        "body": row["body"],
    }
