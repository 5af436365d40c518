"""Look at what makes a site official, once its pages are read: columns, functions, IPv6, attachments, and the score."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from checks.model import Document, DualStack, Page, Probe, Text
from checks.reading.dates import CHINA
from monitor.crawl.crawler import Crawl
from monitor.fetch import Fetcher
from monitor.inspection.checking import Judging
from monitor.inspection.inventory import Stock, clock_of, corrections_of, homepage_only, summary, take
from monitor.settings.site import SiteSettings
from monitor.store import Store
from monitor.store.attachments import AttachmentStore
from monitor.store.facts import RunFacts
from monitor.store.findings import CheckFinding
from monitor.store.inventory import ColumnStore
from monitor.store.probe_results import ProbeResults
from monitor.store.runs import RunRow
from monitor.store.statistics import Statistics

PROBED_DAYS = 7
"""Days of availability probes that a score is computed from."""


@dataclass(slots=True)
class Survey:
    """The end of one run, as far as it is about an official site.

    ``fetcher`` makes fetchers with other options. ``profile`` is the official score sheet, or ``none``. ``facts`` is
    what the run keeps beside its findings, ``unread`` the attachments of which nothing was seen.
    """

    store: Store
    run: RunRow
    site: SiteSettings
    crawl: Crawl
    judging: Judging
    fetcher: Callable[..., Fetcher]
    profile: str
    facts: RunFacts = field(default_factory=RunFacts)
    stock: Stock | None = None
    notices: list[Text] = field(default_factory=list)
    unread: set[str] = field(default_factory=set)

    async def subjects(self, fetcher: Fetcher, home: str) -> AsyncIterator[object]:
        """Yield the columns, the inventory, the probes, and the host over IPv6, as far as checks ask for them."""
        if self.judging.wants_facts:
            self.stock = self._take_stock(home)
            for column in self.stock.inventory.columns:
                yield column
            yield self.stock.inventory
        if self.judging.looks_at(Probe):
            async for probe in self._probes(fetcher, home):
                yield probe
        if self.judging.looks_at(DualStack):
            from monitor.probes import ipv6

            seen = await ipv6.look(home, self.crawl.reader.homepage, self.crawl.parser, self._only)
            if seen is not None:
                yield seen

    def _only(self, lookup: Any) -> Fetcher:  # noqa: ANN401 - monitor.fetch's Lookup
        return self.fetcher(lookup=lookup)

    def _take_stock(self, home: str) -> Stock:
        """Put the columns together, and down where reports and metrics find them."""
        run, crawl = self.run, self.crawl
        before = self.store.runs.previous(run)
        stock = take(
            crawl.frontier.store.page_facts(),
            home,
            crawl.now(),
            corrections=corrections_of(self.site.columns, home),
            store=ColumnStore(self.store.engine, run.site, run.scope),
            front=before.facts.front if before else None,
        )
        self.facts = replace(self.facts, front=stock.front)
        if crawl.options.whole:
            columns = summary(stock.inventory.columns, clock_of(self.judging.checks))
            self.facts = replace(self.facts, columns=columns)
        else:
            stock.inventory = homepage_only(stock.inventory)
        return stock

    async def _probes(self, fetcher: Fetcher, home: str) -> AsyncIterator[Probe]:
        from monitor.probes import functional

        async for probe in functional.configured(fetcher, self.site.probes, home):
            self._enter(probe)
            yield probe
        page = self.crawl.reader.homepage or await self._homepage(fetcher, home)
        if page is not None:
            inventory = self.stock.inventory if self.stock else None
            async for probe in functional.built_in(fetcher, page, inventory):
                yield probe

    def _enter(self, probe: Probe) -> None:
        """Put down what a configured probe saw; the module costs 40 ms, and most sites configure none."""
        from monitor.service import function_probes

        function_probes.enter(ProbeResults(self.store.engine), self.run.site, probe, self.crawl.now().timestamp())

    async def _homepage(self, fetcher: Fetcher, home: str) -> Page | None:
        """Get the homepage that the crawl knew from memory."""
        fetched = await fetcher.fetch(home)
        if fetched.response.error is not None or fetched.response.status != 200:
            return None
        return self.crawl.parser.parse(home, fetched.response, fetched.body, self.crawl.now(), homepage=True)

    async def files(self) -> list[CheckFinding]:
        """Return what is wrong with the site's attachments."""
        if self.crawl.stopped or not self.judging.looks_at(Document):
            return []
        from monitor.inspection.attachments import Attachments

        memory = AttachmentStore(self.store.engine, self.run.id, self.run.site, self.run.scope)
        attachments = Attachments(self.crawl, self.judging, memory)
        found = await attachments.inspect()
        self.notices += attachments.notices()
        self.unread = attachments.unread
        return found

    def score(self) -> None:
        """Put down the points of the site by the sheet that the operator chose."""
        from monitor.inspection import scoring

        if self.profile == "none" or self.stock is None or self.crawl.stopped:
            return
        checks, inventory = self.judging.checks, self.stock.inventory
        if not scoring.applies(checks, inventory):
            return
        week_ago = f"{inventory.seen.astimezone(CHINA) - timedelta(days=PROBED_DAYS):%Y-%m-%d}"
        seen = scoring.availability(Statistics(self.store.engine), self.run.site, week_ago)
        found = (stored.finding for chunk in self.crawl.frontier.store.findings.load() for stored in chunk)
        self.facts = replace(self.facts, score=scoring.judge(self.profile, checks, found, inventory, seen))

    def remember(self) -> None:
        """Put down what the next run will compare with; doing it twice does no harm."""
        if self.stock is not None:
            self.stock.remember(ColumnStore(self.store.engine, self.run.site, self.run.scope))
