"""Make one inspection: open or resume the run, crawl, and finish it."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Protocol

from msgspec import Struct, field

from checks.model import Check, Need, Text, WordedError
from monitor import __version__
from monitor.browser.chromium import why_not_drawn
from monitor.crawl.crawler import Crawl, CrawlOptions
from monitor.crawl.frontier import Frontier
from monitor.crawl.page_drawing import drawing_for
from monitor.crawl.page_spool import PageSpool
from monitor.crawl.scope import SiteScope
from monitor.crawl.traps import Traps
from monitor.fetch import Fetcher
from monitor.fetch.configured import fetcher_for
from monitor.fetch.resolver import Lookup
from monitor.inspection import linked_hosts
from monitor.inspection.checking import Judging
from monitor.inspection.finish import EndOfRun
from monitor.inspection.helpers import Helpers
from monitor.inspection.media_posts import visit_links
from monitor.inspection.site_language import wording_for
from monitor.inspection.site_probes import CrawledSite
from monitor.inspection.workers import Crew
from monitor.logs import tell
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver, host_of, normalise
from monitor.settings.browser import BrowserSettings, Render
from monitor.settings.ocr import Ocr, OcrSettings
from monitor.settings.site import CrawlSettings, SiteSettings
from monitor.store import Store
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.memory.languages import LanguageStore
from monitor.store.memory.linked_hosts import LinkedHostStore
from monitor.store.memory.verdicts import VerdictStore
from monitor.store.runs import RoundServedError, RunRecord, RunTakenError, me
from reports.remediation.policy import LedgerPolicy


class BusyError(WordedError):
    """Another process is inspecting the same site, or has gone on with its run; the reason names it."""


def _busy(site: str, reason: Text) -> BusyError:
    return BusyError(f"{site}：{reason.zh}", f"{site}: {reason.en}")


class Watcher(Protocol):
    """Shows progress: gets the crawl when it begins."""

    def __call__(self, crawl: Crawl, run: RunRecord, /) -> None:
        """Take the crawl to look at."""


def is_owned(run: RunRecord) -> bool:
    """Return whether the process that has a run is still there."""
    return run.alive


class Inspection(Struct):
    """One run of one site. ``stop`` may be called from a signal handler; what was found is kept.

    A run that is cancelled is left unfinished instead: the next one of the same site and scope goes on with it.
    ``profile`` is the official score sheet, or ``none``. ``crew_of`` and ``helpers`` as Judging has them.
    ``clock`` returns seconds since the epoch: the run has its times, and what is judged by the day is judged by it.
    ``is_alive`` says whether another process goes on with a run that it has. ``browser`` is None where no page is
    drawn, whatever the site says, ``ocr`` where no picture is read.
    """

    store: Store
    settings: CrawlSettings
    site: SiteSettings
    scope: str
    checks: tuple[Check[Any], ...]
    notices: list[Text] = field(default_factory=list)
    scheduled_for: float | None = None
    profile: str = "none"
    policy: LedgerPolicy = field(default_factory=LedgerPolicy)
    watch: Watcher | None = None
    clock: Callable[[], float] = time.time
    fetch_with: type[Fetcher] = Fetcher
    crew_of: Callable[[Check[Any]], Crew] = Crew
    helpers: Helpers | None = None
    is_alive: Callable[[RunRecord], bool] = is_owned
    browser: BrowserSettings | None = None
    ocr: OcrSettings | None = None
    crawl: Crawl | None = None
    interrupted: bool = False

    async def run(self) -> RunRecord:
        """Inspect the site and return the closed run. Raises BusyError and MalformedError."""
        try:
            return await self._run()
        except RunTakenError as error:
            raise _busy(self.site.key, error.reason) from None

    async def _run(self) -> RunRecord:
        url = normalise(self.site.url)
        run = self._open(url)
        engine = self.store.engine
        wording = wording_for(self.checks, LanguageStore(engine, run.site))
        checks = linked_hosts.with_known_hosts(self.checks, LinkedHostStore(engine, run.site, run.scope))
        judging = Judging(checks, VerdictStore(engine), wording, self.crew_of, self.helpers)
        try:
            async with self._fetcher() as fetcher:
                crawl = self._crawl(run, url, fetcher, judging)
                if self.watch is not None:
                    self.watch(crawl, run)
                site = CrawledSite(self.store, run, self.site, crawl, judging, fetcher, self._fetcher)
                try:
                    await crawl.run()
                    await visit_links(site)
                finally:
                    await crawl.close()
                ocr = self.ocr if self.site.ocr is not Ocr.NEVER else None
                end = EndOfRun(site, self.clock, self.profile, self.policy, ocr, notices=list(self.notices))
                await end.finish()
        except asyncio.CancelledError:
            self.store.runs.release(run.id)
            raise
        finally:
            judging.close()
            if self.crawl is not None:
                self.crawl.reader.spool.close()
                if self.crawl.reader.drawing is not None:
                    await self.crawl.reader.drawing.close()
        return self.store.runs.load(run.id)

    def stop(self) -> None:
        """End soon and keep what was found."""
        self.interrupted = True
        if self.crawl is not None:
            self.crawl.stop("interrupted")

    # ---- the run ---------------------------------------------------------------------------------

    def _open(self, url: str) -> RunRecord:
        site = self.site.id or host_of(url)
        engine = self._engine()
        for run in self.store.runs.unfinished(site, self.scope):
            # A run of this process that nobody holds was left when the store failed: a process inspects a site once.
            if self.is_alive(run) and run.owner != me():
                raise BusyError(
                    f"{run.owner} 正在检查 {site}（检查 {run.id}）",
                    f"{site} is being inspected by {run.owner} (run {run.id})",
                )
            if run.engine == engine and run.url == url and self.clock() - run.started < self.settings.resume_within:
                self.store.runs.adopt(run, self.scheduled_for)
                tell("info", "resuming", run=run.id, site=site)
                return run
            self.store.runs.abandon(run.id, "进程中断后没有继续", "abandoned after a crash")
        try:
            return self.store.runs.begin(
                site=site,
                name=self.site.name,
                url=url,
                scope=self.scope,
                engine=engine,
                scheduled_for=self.scheduled_for,
                started=self.clock(),
            )
        except RoundServedError as error:
            raise _busy(site, error.reason) from None

    def _engine(self) -> str:
        """Name checks and settings: results of another engine are neither resumed nor remembered."""
        site = self.site.model_dump_json(exclude={"name", "schedule", "columns", "probes", "ocr"})
        parts = [__version__, site, self.settings.model_dump_json(exclude={"snapshots"})]
        if self.browser is not None:
            parts.append(f"drawn: {why_not_drawn(self.browser)}")  # a page that nobody drew is read again by who can
        parts += [f"{check.id} {check.version} {check!r}" for check in self.checks]
        return hashlib.blake2b("\n".join(parts).encode(), digest_size=16).hexdigest()

    def _fetcher(self, *, verify: bool = True, lookup: Lookup | None = None) -> Fetcher:
        settings = self.settings
        concurrency = max(settings.concurrency, settings.external_concurrency)
        return fetcher_for(settings, self.fetch_with, concurrency=concurrency, verify=verify, lookup=lookup)

    def _crawl(self, run: RunRecord, url: str, fetcher: Fetcher, judging: Judging) -> Crawl:
        store = CrawlStore(self.store.engine, run)
        frontier = Frontier(store, Traps(self.settings.trap_pages))
        for name in ("pages", "links", "requests", "bytes"):
            setattr(frontier.counters, name, getattr(run, name))
        site = self.site
        self.crawl = Crawl(
            url=url,
            settings=self.settings,
            scope=SiteScope.of(url, site.hosts, site.include, site.exclude),
            frontier=frontier,
            fetcher=fetcher,
            parser=Parser(HrefResolver(), text=judging.needs(Need.TEXT)),
            judge=judging,
            offload=judging.large_pages.run,
            now=lambda: datetime.fromtimestamp(self.clock(), UTC),
            options=CrawlOptions(
                whole=self.scope == "site",
                conditional=self.settings.conditional and store.knows_pages(),
                columns=judging.needs(Need.COLUMNS),
                titles=judging.needs(Need.TITLES),
            ),
        )
        folder, may_draw = self.store.folder, self.browser is not None and self.site.render is not Render.NEVER
        self.crawl.reader.spool = PageSpool(folder, wanted=self.settings.snapshots > 0 or may_draw)
        self.crawl.reader.drawing = drawing_for(self.crawl, self.site, self.browser)
        return self.crawl
