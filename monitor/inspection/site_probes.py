"""Look at what is known only once the pages of a site are read: one probe for each type of subject, in one table.

A new subject costs its type (``checks/model``), its probe, and a line of ``PROBES``. Modules that only some runs need
are imported where they are used.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from msgspec import Struct, field

from checks.model import (
    Column,
    DualStack,
    ErrorKind,
    Exposure,
    Host,
    Inventory,
    MediaAccount,
    Need,
    Page,
    Probe,
    Space,
    Subject,
    Text,
    Versions,
)
from checks.security.exposure import SPOTS, Spot
from monitor.crawl.crawler import Crawl
from monitor.failure import failure_of
from monitor.fetch import Fetcher
from monitor.fetch.resolver import Lookup
from monitor.inspection.checking import Judging, weight_of
from monitor.logs import tell
from monitor.pages.offload import weight
from monitor.pages.urls import origin_of
from monitor.settings.site import SiteSettings
from monitor.store import Store
from monitor.store.runs import RunRecord
from reports.model import ColumnSummary, Security, SecurityTest

if TYPE_CHECKING:
    from monitor.inspection.inventory import Stock
    from monitor.store.media import MediaStore
    from monitor.store.memory.inventory import ColumnStore

ACCOUNT_UNSEEN = Text(
    "政务新媒体“{name}”的更新情况没有检查：{trouble}", "whether “{name}” is kept up was not judged: {trouble}"
)

UNGRADED = Text("安全响应头没有评分：评分程序自身出错", "the security headers have no grade: grading itself failed")


class FetcherMaker(Protocol):
    """Makes fetchers with other options than the crawl's."""

    def __call__(self, *, verify: bool = True, lookup: Lookup | None = None) -> Fetcher:
        """Return a fetcher that looks past certificates, or that resolves names in its own way."""


class CrawledSite(Struct):
    """A site whose pages are read: what its probes look at, and what they learn of it beside their subjects.

    ``stock`` holds the columns once they are put together, None before and where nobody needs them.
    ``certificate_not_after`` is in seconds since the epoch. ``spots`` are the addresses that must not answer.
    ``accounts`` are those on new media that were looked at.
    """

    store: Store
    run: RunRecord
    settings: SiteSettings
    crawl: Crawl
    judging: Judging
    fetcher: Fetcher
    make_fetcher: FetcherMaker
    stock: Stock | None = None
    columns: tuple[ColumnSummary, ...] = ()
    security: Security | None = None
    certificate_not_after: float | None = None
    notices: list[Text] = field(default_factory=list)
    spots: tuple[Spot, ...] = SPOTS
    accounts: list[MediaAccount] = field(default_factory=list)

    @property
    def home(self) -> str:
        """Where the homepage really is, as far as it was read."""
        page, failure = self.crawl.reader.homepage, self.crawl.reader.failure
        if page is not None:
            return page.response.url
        # A certificate that lets nobody in is that of the host where the redirects end.
        return failure.url if failure is not None and failure.error == ErrorKind.TLS else self.crawl.url

    @property
    def column_store(self) -> ColumnStore:
        """What earlier runs knew of the site's columns."""
        from monitor.store.memory.inventory import ColumnStore

        return ColumnStore(self.store.engine, self.run.site, self.run.scope)

    def take_stock(self) -> Stock:
        """Put the columns together, once a run."""
        if self.stock is not None:
            return self.stock
        from checks.columns.limits import limits_of
        from monitor.inspection.inventory import corrections_of, homepage_only, summary, take

        crawl, before = self.crawl, self.store.runs.previous(self.run)
        stock = take(
            crawl.frontier.store.load_page_facts(),
            self.home,
            crawl.now(),
            corrections=corrections_of(self.settings.columns, self.home),
            store=self.column_store,
            front=before.facts.front if before else None,
        )
        if crawl.options.whole:
            self.columns = summary(stock.inventory.columns, limits_of(self.judging.checks))
        else:
            stock.inventory = homepage_only(stock.inventory)
        self.stock = stock
        return stock


async def spaces(site: CrawledSite) -> AsyncIterator[Space]:
    """Yield the parts without an end that the crawl met."""
    for space in site.crawl.frontier.traps.spaces.values():
        yield space


async def columns(site: CrawledSite) -> AsyncIterator[Column]:
    """Yield the columns."""
    for column in site.take_stock().inventory.columns:
        yield column


async def inventory(site: CrawledSite) -> AsyncIterator[Inventory]:
    """Yield all columns together."""
    yield site.take_stock().inventory


async def functions(site: CrawledSite) -> AsyncIterator[Probe]:
    """Yield what came of the functions that the operator configured, and of those that every site has."""
    from monitor.probes import functional

    async for probe in functional.configured(site.fetcher, site.settings.probes, site.home):
        _keep_result(site, probe)
        yield probe
    page = site.crawl.reader.homepage or await _homepage(site)
    if page is not None:
        known = site.take_stock().inventory if site.judging.needs(Need.COLUMNS) else None
        async for probe in functional.built_in(site.fetcher, page, known, site.crawl.context.offload):
            yield probe


def _keep_result(site: CrawledSite, probe: Probe) -> None:
    """Keep what a configured probe saw."""
    from monitor.probes import functional
    from monitor.store.probe_results import ProbeStore

    functional.save_result(ProbeStore(site.store.engine), site.run.site, probe, site.crawl.now().timestamp())


async def _homepage(site: CrawledSite) -> Page | None:
    """Get the homepage that the crawl knew from memory."""
    fetched = await site.fetcher.fetch(site.home)
    if fetched.response.error is not None or fetched.response.status != 200:
        return None
    context, parse = site.crawl.context, site.crawl.parser.parse
    size = weight(fetched.body)
    return await context.offload(size, parse, site.home, fetched.response, fetched.body, context.now(), homepage=True)


async def dual_stack(site: CrawledSite) -> AsyncIterator[DualStack]:
    """Yield the host over IPv6."""
    from monitor.probes import ipv6

    def resolving(lookup: Lookup) -> Fetcher:
        return site.make_fetcher(lookup=lookup)

    crawl = site.crawl
    seen = await ipv6.look(site.home, crawl.reader.homepage, crawl.parser, resolving, offload=crawl.context.offload)
    if seen is not None:
        yield seen


async def hosts(site: CrawledSite) -> AsyncIterator[Host]:
    """Yield what the host does on the wire; its grade and the end of its certificate are noted.

    A host with a bad certificate has headers all the same: ``verify=False`` looks past it.
    """
    from monitor.probes import host

    async with site.make_fetcher(verify=False) as unverified:
        probed = await host.probe(site.fetcher, site.home, unverified=unverified)
    await _grade(site, probed)
    if probed.tls is not None and probed.tls.certificate_not_after is not None:
        site.certificate_not_after = probed.tls.certificate_not_after.timestamp()
    yield probed


async def _grade(site: CrawledSite, probed: Host) -> None:
    from checks.security.observatory import grade

    try:
        graded = await site.crawl.context.offload(weight_of(probed), grade, probed)
    except Exception as error:  # noqa: BLE001 - a grade that fails must not cost the host's findings
        failure = failure_of(error)
        tell("error", "the host could not be graded", at=probed.url, error=failure.reason, exception=failure.frames)
        site.notices.append(UNGRADED)
        return
    if graded.score is not None and graded.grade is not None:
        tests = {name: SecurityTest(test.result, test.passed, test.modifier) for name, test in graded.tests.items()}
        site.security = Security(graded.score, graded.grade, tests)


async def versions(site: CrawledSite) -> AsyncIterator[Versions]:
    """Yield the homepage as two kinds of visitors get it."""
    from monitor.probes import cloaking

    crawl, page = site.crawl, site.crawl.reader.homepage
    if page is not None:
        drawing = crawl.reader.drawing
        draw = drawing.draw_for if drawing is not None and drawing.is_possible else None
        seen = await cloaking.second_look(site.fetcher, crawl.parser, page, crawl.context.offload, draw)
        if seen is not None:
            yield seen


async def exposures(site: CrawledSite) -> AsyncIterator[Exposure]:
    """Yield the answers to addresses that should not answer."""
    from monitor.probes import exposure

    delay = site.crawl.settings.delay
    async for answer in exposure.look(site.fetcher, origin_of(site.home), site.spots, delay=delay):
        yield answer


async def media_accounts(site: CrawledSite) -> AsyncIterator[MediaAccount]:
    """Yield the accounts on new media that could be seen; of the others the report says why not."""
    for account in await look_at_accounts(site):
        if account.trouble is None:
            yield account
            continue
        both = zip(ACCOUNT_UNSEEN, account.trouble, strict=True)
        site.notices.append(Text(*(words.format(name=account.name, trouble=why) for words, why in both)))


async def look_at_accounts(site: CrawledSite) -> Sequence[MediaAccount]:
    """Return the accounts on new media as they are now, each looked at once a run."""
    looked_at = {account.name for account in site.accounts}
    waiting = [configured for configured in site.settings.accounts if configured.name not in looked_at]
    if waiting:
        from monitor.probes.media import MediaLook
        from monitor.store.media import MediaStore

        store = MediaStore(site.store.engine)
        notes, context = store.notes(), site.crawl.context
        media = MediaLook(site.fetcher, site.crawl.parser, site.home, site.crawl.now(), context.offload)
        for configured in waiting:
            note = notes.get((site.run.site, configured.name))
            account = await media.look(configured, note.day if note else None)
            site.accounts.append(account)
            if configured.source is not None:
                _keep_look(store, site.run.site, account)
    return site.accounts


def _keep_look(store: MediaStore, site: str, account: MediaAccount) -> None:
    post = account.newest
    newest = (post.published.timestamp(), post.title) if post is not None and post.published is not None else None
    store.save(site, account.name, newest, account.seen.timestamp(), is_seen=account.trouble is None)


PROBES: dict[type, Callable[[CrawledSite], AsyncIterator[Subject]]] = {
    Space: spaces,
    Column: columns,
    Inventory: inventory,
    Probe: functions,
    DualStack: dual_stack,
    Host: hosts,
    Versions: versions,
    Exposure: exposures,
    MediaAccount: media_accounts,
}
"""Every type of subject that a run looks at once, unless it was cut short, and the probe that makes it, in order."""

EVEN_IF_STOPPED = frozenset({Space})
"""Of those, what the crawl met as it went, and knows of however it ended."""


async def look_at_all(site: CrawledSite) -> AsyncIterator[Subject]:
    """Yield the subjects that checks ask for, as far as the crawl was not cut short."""
    for subject in PROBES:
        if site.judging.looks_at(subject) and (not site.crawl.stopped or subject in EVEN_IF_STOPPED):
            async for made in look_at(site, subject):
                yield made


async def look_at(site: CrawledSite, subject: type) -> AsyncIterator[Subject]:
    """Yield the subjects of one type. A probe that fails costs those alone: their checks failed at the homepage."""
    try:
        async for made in PROBES[subject](site):
            yield made
    except Exception as error:  # noqa: BLE001 - the fence round the probes
        for check in site.judging.checks_of(subject):
            site.judging.tallies.fail(check.id, site.home, failure_of(error))
