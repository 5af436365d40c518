"""Conclude a run: judge what only the whole crawl can tell, compare with the last run, and close it in one piece.

Everything before the last transaction can be done again: a run that is killed here is concluded anew on resumption.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace

from checks.model import (
    NOTHING,
    Column,
    Document,
    DualStack,
    ErrorKind,
    Exposure,
    Finding,
    Host,
    Inventory,
    Link,
    Page,
    Probe,
    Response,
    Space,
    Text,
    Versions,
)
from checks.network_words import in_chinese
from checks.security.observatory import Grade
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
from monitor.store.closing import Settled, close
from monitor.store.facts import RunFacts
from monitor.store.findings import CheckFinding, RunFindings, StoredFinding
from monitor.store.history import FaultRecord, History
from monitor.store.linked_hosts import LinkedHosts
from monitor.store.runs import RunRow
from reports.digest import Digest, OpenFault, compare, settle
from reports.model import Baseline, Security, SecurityTest
from reports.wording import LANGUAGES, words

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
    has headers all the same.
    """

    store: Store
    run: RunRow
    crawl: Crawl
    judging: Judging
    clock: Callable[[], float]
    fetcher: Callable[..., Fetcher]
    survey: Survey
    notices: list[Text] = field(default_factory=list)
    security: Security | None = None
    certificate_not_after: float | None = None

    async def write(self, fetcher: Fetcher, notices: Iterable[Text]) -> None:
        """Judge what is left, and close the run."""
        self.notices += (*notices, *self._notices())
        findings = self.crawl.frontier.store.findings
        if self.crawl.reader.homepage is None and self.crawl.reader.failure is not None:
            found = await self._certificate(fetcher) if self.crawl.reader.failure.error == ErrorKind.TLS else []
            if found:
                self.crawl.stopped = "certificate"
                findings.save(found)
                self._close()
            else:
                self._fail(self.crawl.reader.failure)
            return
        findings.save(self._links())
        findings.save([found async for subject in self._subjects(fetcher) for found in self.judging.inspect(subject)])
        findings.save(await self.survey.files())
        self.survey.score()
        self.notices += self.survey.notices
        self._close()

    async def _subjects(self, fetcher: Fetcher) -> AsyncIterator[object]:
        """Yield what is looked at once a run: endless spaces, the host, and what only some checks ask for."""
        crawl, judging = self.crawl, self.judging
        for space in crawl.frontier.traps.spaces.values():
            yield space
        if crawl.stopped:
            return
        home = crawl.reader.homepage.response.url if crawl.reader.homepage else crawl.url
        async for subject in self.survey.subjects(fetcher, home):
            yield subject
        if judging.looks_at(Host):
            yield await self._host(fetcher, home)
        if judging.looks_at(Versions) and crawl.reader.homepage is not None:
            from monitor.probes import cloaking

            versions = await cloaking.second_look(fetcher, crawl.parser, crawl.reader.homepage)
            if versions is not None:
                yield versions
        if judging.looks_at(Exposure):
            from monitor.probes import exposure

            async for answer in exposure.look(fetcher, origin_of(home)):
                yield answer

    async def _certificate(self, fetcher: Fetcher) -> list[CheckFinding]:
        """Say what is wrong with a host whose certificate lets nobody in: that is the finding, not a failed run."""
        if not self.judging.looks_at(Host):
            return []
        return self.judging.inspect(await self._host(fetcher, self.crawl.url))

    async def _host(self, fetcher: Fetcher, home: str) -> Host:
        """Ask the host what it does on the wire, and put its grade and the end of its certificate down."""
        from checks.security.observatory import grade
        from monitor.probes import host

        async with self.fetcher(verify=False) as unverified:
            probed = await host.probe(fetcher, home, unverified=unverified)
        graded = grade(probed)
        if graded.error is None:
            self.security = _security(graded)
        if probed.tls is not None and probed.tls.certificate_not_after is not None:
            self.certificate_not_after = probed.tls.certificate_not_after.timestamp()
        return probed

    def _links(self) -> Iterator[CheckFinding]:
        if not self.judging.looks_at(Link):
            return
        before = self.store.runs.previous(self.run)
        seen = RunFindings(self.store.engine, before.id).fingerprints() if before else set()
        kept = self.crawl.settings.referrers_kept
        for link in links(self.crawl.frontier.store, self.crawl.scope, self.crawl.context.homepages, kept):
            for check, finding in self.judging.inspect(link):
                yield CheckFinding(check, settle(finding, seen))

    def _notices(self) -> Iterator[Text]:
        count = self.crawl.context.closed_by_robots
        if count:
            yield Text(f"robots.txt 不允许访问的 {count} 个地址没有检查", f"{count} addresses are closed by robots.txt")

        if not self.judging.looks_at(Space):
            for space in self.crawl.frontier.traps.spaces.values():
                yield Text(*(said.format(shape=space.shape, pages=space.pages) for said in CUTS[space.reason]))
        if self.crawl.reader.truncated:
            count, limit = self.crawl.reader.truncated, self.crawl.settings.body // 1024
            yield Text(
                f"{count} 个页面超过 {limit} KB（crawl.body），只检查了前面的部分",
                f"{count} pages are larger than {limit} KB (crawl.body); only their beginning was read",
            )

    def _facts(self) -> RunFacts:
        tallies = self.judging.tallies
        return replace(
            self.survey.facts,
            notices=tuple(self.notices),
            checks=tallies.of(self.judging.checks),
            links=self.crawl.frontier.store.kinds(),
            text=tallies.text(),
            security=self.security,
            certificate_not_after=self.certificate_not_after,
        )

    def _fail(self, response: Response) -> None:
        self.store.runs.finish(self.run.id, status="failed", reason=why_unopened(response), facts=self._facts())

    def _close(self) -> None:
        """Tell new from known, write the history of both, note what is gone, and end the run: all or nothing."""
        run, crawl = self.run, self.crawl
        history = History(self.store.engine, run.site, run.scope)
        before, now = history.records(), self.clock()
        outcome = self._compared(history, before)
        counters = crawl.frontier.counters
        values = {
            "status": "partial" if crawl.stopped else "complete",
            "reason": REASONS.get(crawl.stopped, NOTHING),
            "facts": self._facts(),
            **{name: getattr(counters, name) for name in ("pages", "links", "requests", "bytes")},
        }
        settled = self._settled(outcome, before, now)
        fixed = [fault.fingerprint for fault in outcome.fixed]
        self.survey.remember()
        self.judging.remember()
        linked_hosts.remember(self.judging.checks, LinkedHosts(self.store.engine, run.site, run.scope), crawl)
        close(self.store.engine, run, values, settled, fixed=fixed, now=now, forget_unseen=not crawl.stopped)

    def _compared(self, history: History, before: dict[str, FaultRecord]) -> Digest:
        store = self.crawl.frontier.store
        current = store.findings.fingerprints()
        open_before = _open(history, before, current)
        places = {place for fault in open_before for place in (fault.place, *fault.referrers)}
        fixed_before = {fingerprint for fingerprint, record in before.items() if record.fixed is not None}
        seen = history.looked_at(self.run.id, places)
        silent = {target.url for target in store.amiss() if target.url in places and is_silent(target.answer)}
        looked = _Looked(self.judging, seen, silent | self.survey.unread, whole=not self.crawl.stopped)
        return compare(current, open_before, fixed_before, looked)

    def _settled(self, outcome: Digest, before: dict[str, FaultRecord], now: float) -> Iterator[list[Settled]]:
        """Yield findings with their baselines, and the histories that go with them, some hundred at a time."""
        frontier = self.crawl.frontier
        for chunk in frontier.store.findings.load():
            yield [
                (
                    _settled(stored, outcome.baselines[stored.fingerprint], frontier.places[stored.fingerprint]),
                    _record(before.get(stored.fingerprint), stored.check, self.run.id, now),
                )
                for stored in chunk
            ]


def why_unopened(response: Response) -> Text:
    """Return why a homepage does not open; in Chinese also what a library said of it, where that is known."""
    zh, en = f"HTTP {response.status}", f"HTTP {response.status}"
    if response.error is not None:
        zh, en = (words(language).label("error", response.error) for language in LANGUAGES)
    if response.detail:
        detail = response.detail[:200]
        zh, en = f"{zh}（{in_chinese(detail)}）", f"{en} ({detail})"
    return Text(f"首页打不开：{zh}", f"the homepage does not open: {en}")


ONCE = frozenset({Column, DualStack, Exposure, Host, Inventory, Probe, Space, Versions})
"""Subjects that every run looks at which was not cut short."""


class _Looked:
    """Say what this run is evidence of: a check that did not fail there saw a place that answered.

    Only a check of pages or documents that failed somewhere saw the other places for certain: a text stands on many
    pages and is judged on the first, a link is proved to be gone by the pages that pointed at it.

    ``silent`` are places that were asked and showed nothing: an error, a guard, a file that could not be read.
    """

    def __init__(self, judging: Judging, places: set[str], silent: set[str], *, whole: bool) -> None:
        tallies = judging.tallies
        self._ran = {
            check.id: check.subject
            for check in judging.checks
            if not tallies.errors[check.id] or check.subject in {Page, Document}
        }
        self._failed = tallies.failed
        self._places, self._silent, self._whole = places, silent, whole

    def __call__(self, check: str, place: str, /) -> bool:
        """Answer for one check and one URL; hosts and endless spaces are seen by every run that was not cut short."""
        if check not in self._ran or place in self._silent or place in self._failed[check]:
            return False
        return place in self._places or (self._whole and self._ran[check] in ONCE)


def _settled(stored: StoredFinding, baseline: Baseline, places: int) -> StoredFinding:
    """Return a finding with how it stands, and in how many places of the pages it does."""
    finding = replace(stored.finding, count=places) if places > 1 else stored.finding
    return stored._replace(finding=finding, baseline=baseline)


def _security(graded: Grade) -> Security:
    """Return a grade as the run keeps it; titles of tests are for readers, and read anew."""
    tests = {name: SecurityTest(test.result, test.passed, test.modifier) for name, test in graded.tests.items()}
    return Security(graded.score or 0, graded.grade or "", tests)


def _open(history: History, before: dict[str, FaultRecord], current: set[str]) -> list[OpenFault]:
    """Return what was open before; where a fault stood matters only for those that are gone."""
    still_open = {fingerprint for fingerprint, record in before.items() if record.fixed is None}
    again = [OpenFault(fingerprint, before[fingerprint].check, "") for fingerprint in still_open & current]
    gone = history.findings(still_open - current)
    return again + [_open_fault(fingerprint, before[fingerprint].check, finding) for fingerprint, finding in gone]


def _open_fault(fingerprint: str, check: str, finding: Finding) -> OpenFault:
    target = finding.target
    if target is None:
        return OpenFault(fingerprint, check, finding.url)
    referrers = tuple(referrer.url for referrer in target.referrers)
    return OpenFault(fingerprint, check, target.url, referrers, len(referrers) >= target.referrer_count)


def _record(before: FaultRecord | None, check: str, run: int, now: float) -> FaultRecord:
    """Return the history of a fault that this run saw."""
    again = before is not None and before.fixed is None
    return FaultRecord(
        check=check,
        first_seen=before.first_seen if before else now,
        last_seen=now,
        last_run=run,
        runs=before.runs + 1 if before and again else 1,
        fixed=None,
        fixed_run=None,
    )
