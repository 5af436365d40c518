"""Make one inspection: crawl, judge, compare with the last one, and close the run."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any, Protocol

from checks.model import Check, Exposure, Host, Link, Response, Space, Text, Versions
from monitor.crawl.crawler import Crawl
from monitor.crawl.frontier import Frontier
from monitor.crawl.outcome import links
from monitor.crawl.scope import SiteScope
from monitor.crawl.traps import Traps
from monitor.fetch import Fetcher, Limits
from monitor.judging import Judging
from monitor.logs import tell
from monitor.parse import Parser
from monitor.settings import CrawlSettings, SiteSettings
from monitor.store import Store
from monitor.store.codec import finding_from_json
from monitor.store.crawl import CrawlStore
from monitor.store.history import History, Standing, Verdicts
from monitor.store.runs import RunRow
from monitor.urls import Resolver, host_of, normalise, origin_of
from reports.digest import Known, compare, settle

REASONS = {
    "interrupted": Text("检查被中途停止", "the inspection was interrupted"),
    "max_pages": Text("达到页数上限 crawl.max_pages，其余页面没有检查", "the limit crawl.max_pages was reached"),
    "max_seconds": Text("达到时间上限 crawl.max_seconds，其余没有检查", "the limit crawl.max_seconds was reached"),
}
"""Why a run is partial, by what stopped it."""


class BusyError(RuntimeError):
    """Another process is inspecting the same site; the message names it."""


class Watcher(Protocol):
    """Whoever shows progress: told of the crawl when it begins."""

    def __call__(self, crawl: Crawl, run: RunRow, /) -> None:
        """Take the crawl to look at."""


@dataclass(slots=True)
class Inspection:
    """One run of one site. ``stop`` may be called from a signal handler; what was found is kept.

    A run that is cancelled is left unfinished instead: the next one of the same site and scope goes on with it.
    """

    store: Store
    settings: CrawlSettings
    site: SiteSettings
    scope: str
    checks: tuple[Check[Any], ...]
    notices: list[Text] = field(default_factory=list)
    scheduled_for: float | None = None
    watch: Watcher | None = None
    clock: Callable[[], float] = time.time
    fetch_with: type[Fetcher] = Fetcher
    crawl: Crawl | None = None
    interrupted: bool = False

    async def run(self) -> RunRow:
        """Inspect the site and return the closed run. Raises BusyError and MalformedError."""
        url = normalise(self.site.url)
        run = self._open(url)
        judging = Judging(run.id, self.checks, Verdicts(self.store.engine))
        try:
            async with self._fetcher() as fetcher:
                crawl = self._crawl(run, url, fetcher, judging)
                if self.watch is not None:
                    self.watch(crawl, run)
                try:
                    await crawl.run()
                finally:
                    await crawl.close()
                await self._conclude(run, crawl, fetcher, judging)
        except asyncio.CancelledError:
            self.store.runs.release(run.id)
            raise
        finally:
            judging.close()
        return self.store.runs.get(run.id)

    def stop(self) -> None:
        """End soon and keep what was found."""
        self.interrupted = True
        if self.crawl is not None:
            self.crawl.stop("interrupted")

    # ---- the run ---------------------------------------------------------------------------------

    def _open(self, url: str) -> RunRow:
        site = self.site.id or host_of(url)
        engine = self._engine()
        for run in self.store.runs.unfinished(site, self.scope):
            if run.alive:
                raise BusyError(f"{site} is being inspected by {run.owner} (run {run.id})")
            if run.engine == engine and run.url == url and self.clock() - run.started < self.settings.resume_within:
                self.store.runs.adopt(run, self.scheduled_for)
                tell("info", "resuming", run=run.id, site=site)
                return run
            self.store.runs.abandon(run.id, "进程中断后没有继续", "abandoned after a crash")
        return self.store.runs.begin(
            site=site,
            name=self.site.name,
            url=url,
            scope=self.scope,
            engine=engine,
            scheduled_for=self.scheduled_for,
        )

    def _engine(self) -> str:
        """Name checks and settings: results of another engine are neither resumed nor remembered."""
        site = self.site.model_dump_json(exclude={"name", "schedule"})
        parts = [version("sitehealth"), site, self.settings.model_dump_json()]
        parts += [f"{check.id} {check.version} {check!r}" for check in self.checks]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    def _fetcher(self) -> Fetcher:
        settings = self.settings
        return self.fetch_with(
            user_agent=settings.user_agent.format(version=version("sitehealth"), contact=settings.contact),
            limits=Limits(timeout=settings.timeout, body=settings.body),
            allow_private=settings.allow_private,
            allowed_networks=settings.allowed_networks,
            concurrency=max(settings.concurrency, settings.external_concurrency),
        )

    def _crawl(self, run: RunRow, url: str, fetcher: Fetcher, judging: Judging) -> Crawl:
        store = CrawlStore(self.store.engine, run.id)
        frontier = Frontier(store, run.id, run.site, run.scope, run.engine, Traps(self.settings.trap_pages))
        for name in ("pages", "links", "requests", "bytes"):
            setattr(frontier.counters, name, getattr(run, name))
        site = self.site
        self.crawl = Crawl(
            url=url,
            settings=self.settings,
            scope=SiteScope.of(url, site.hosts, site.include, site.exclude),
            frontier=frontier,
            fetcher=fetcher,
            parser=Parser(Resolver(), text=judging.wants_text),
            judge=judging,
            whole=self.scope == "site",
            conditional=self.settings.conditional and store.remembers(run.site, run.scope, run.engine),
        )
        return self.crawl

    # ---- the end ---------------------------------------------------------------------------------

    async def _conclude(self, run: RunRow, crawl: Crawl, fetcher: Fetcher, judging: Judging) -> None:
        if crawl.homepage is None and crawl.failure is not None:
            self._fail(run, crawl.failure, judging)
            return
        found = crawl.frontier.store
        found.add_findings(self._judge_links(run, crawl, judging))
        for space in crawl.traps.spaces.values():
            found.add_findings(judging.inspect(space))
        async for subject in self._once(crawl, fetcher, judging):
            found.add_findings(judging.inspect(subject))
        self._compare(run, crawl, judging)
        if not crawl.stopped:
            crawl.frontier.store.drop_pages_not_seen(run.site, run.scope)
        counters = crawl.frontier.counters
        self.store.runs.finish(
            run.id,
            status="partial" if crawl.stopped else "complete",
            reason=list(REASONS.get(crawl.stopped, Text("", ""))),
            pages=counters.pages,
            links=counters.links,
            requests=counters.requests,
            bytes=counters.bytes,
            facts=self._facts(crawl, judging),
        )

    async def _once(self, crawl: Crawl, fetcher: Fetcher, judging: Judging) -> AsyncIterator[object]:
        """Yield what is looked at once a run, after the crawl: the host, and what only some checks ask for."""
        from monitor import exposure, hosts, visitors

        if crawl.stopped:
            return
        home = crawl.homepage.response.url if crawl.homepage else crawl.url
        if judging.looks_at(Host):
            yield await hosts.probe(fetcher, home)
        if judging.looks_at(Versions) and crawl.homepage is not None:
            versions = await visitors.second_look(fetcher, crawl.parser, crawl.homepage)
            if versions is not None:
                yield versions
        if judging.looks_at(Exposure):
            async for answer in exposure.look(fetcher, origin_of(home)):
                yield answer

    def _judge_links(self, run: RunRow, crawl: Crawl, judging: Judging) -> Iterator[dict[str, Any]]:
        if not judging.looks_at(Link):
            return
        before = self.store.runs.previous(run)
        seen = CrawlStore(self.store.engine, before.id).fingerprints() if before else set()
        for link in links(crawl.frontier.store, crawl.scope, crawl.homepages, self.settings.referrers_kept):
            for row in judging.inspect(link):
                yield judging.row(row["check"], settle(finding_from_json(row["body"]), seen))

    def _fail(self, run: RunRow, response: Response, judging: Judging) -> None:
        why = response.error or f"HTTP {response.status}"
        detail = f" ({response.detail[:200]})" if response.detail else ""
        reason = [f"首页打不开：{why}{detail}", f"the homepage does not open: {why}{detail}"]
        facts = {"notices": [list(notice) for notice in self.notices], "checks": judging.tallies.to_json(self.checks)}
        self.store.runs.finish(run.id, status="failed", reason=reason, facts=facts)

    def _facts(self, crawl: Crawl, judging: Judging) -> dict[str, Any]:
        notices = [*self.notices]
        if crawl.closed_by_robots:
            count = crawl.closed_by_robots
            said = f"robots.txt 不允许访问的 {count} 个地址没有检查", f"{count} addresses are closed by robots.txt"
            notices.append(Text(*said))
        return {
            "notices": [list(notice) for notice in notices],
            "checks": judging.tallies.to_json(self.checks),
            "links": crawl.frontier.store.kinds(),
            "text": judging.tallies.text(),
        }

    def _compare(self, run: RunRow, crawl: Crawl, judging: Judging) -> None:
        """Tell new from known, enter both into the ledger, and note what is gone."""
        history = History(self.store.engine, run.site, run.scope)
        found = crawl.frontier.store
        before, current = history.standing(), found.fingerprints()
        open_before = _open(history, before, current)
        places = {place for known in open_before for place in (known.place, *known.referrers)}
        fixed_before = {key for key, standing in before.items() if standing.fixed is not None}
        looked = _Looked(self.checks, judging, history.looked_at(run.id, places), whole=not crawl.stopped)
        outcome = compare(current, open_before, fixed_before, looked)
        now = self.clock()
        for rows in found.findings():
            for row in rows:
                row["baseline"] = outcome.baselines[row["fingerprint"]].value
                row["body"] = _counted(row["body"], judging.places[row["fingerprint"]])
            found.add_findings(rows)
            history.record(_entered(before.get(row["fingerprint"]), row, run.id, now) for row in rows)
        history.fix((known.fingerprint for known in outcome.fixed), run.id, now)


ONCE = frozenset({Exposure, Host, Space, Versions})
"""Subjects that every run looks at which was not cut short."""


class _Looked:
    """Say what this run is evidence of: a check that ran without failing saw a place that answered."""

    def __init__(self, checks: tuple[Check[Any], ...], judging: Judging, places: set[str], *, whole: bool) -> None:
        self._ran = {check.id: check.subject for check in checks if not judging.tallies.errors[check.id]}
        self._places, self._whole = places, whole

    def __call__(self, check: str, place: str, /) -> bool:
        """Answer for one check and one URL; hosts and endless spaces are seen by every run that was not cut short."""
        if check not in self._ran:
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
