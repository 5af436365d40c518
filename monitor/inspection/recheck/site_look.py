"""Look at the places of some entries of one site, as an inspection would, and say what became of each.

The crawl writes into a store of its own that ends with the look: no run, page, finding or figure of inspections is
touched. What inspections know of the site is read from theirs: its homepages, its language, the hosts that it links to.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from checks import CLASSES
from checks.model import Check, Document, ErrorKind, Host, Kind, Link, Need, Reference
from checks.reading.own_network import is_usual
from checks.security.exposure import SPOTS
from monitor.crawl.crawler import Crawl, CrawlOptions
from monitor.crawl.frontier import Frontier
from monitor.crawl.page_drawing import drawing_for
from monitor.crawl.scope import SiteScope
from monitor.crawl.traps import Traps
from monitor.fetch import Fetcher
from monitor.fetch.configured import fetcher_for
from monitor.fetch.resolver import Lookup
from monitor.inspection.attachments import Attachments
from monitor.inspection.checking import Judging
from monitor.inspection.comparison import open_fault
from monitor.inspection.own_network import Network, is_foreign, judge_network, unproven
from monitor.inspection.recheck.entry_looks import (
    CANCELLED,
    EntryLook,
    LinkLook,
    NoLook,
    PageLook,
    ProbeLook,
    look_for,
    why_no_look,
)
from monitor.inspection.recheck.scratch_store import scratch_store
from monitor.inspection.recheck.site_evidence import SiteEvidence
from monitor.inspection.site_language import SiteWording, wording_for
from monitor.inspection.site_probes import CrawledSite, look_at
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver, host_of, normalise
from monitor.settings.checks import build
from monitor.settings.site import Settings, SiteSettings
from monitor.store import Store
from monitor.store.crawl.frontier import CrawlStore
from monitor.store.ledger.sightings import FaultStore, Sighting
from monitor.store.media import MediaStore
from monitor.store.memory.attachments import AttachmentStore
from monitor.store.memory.languages import LanguageStore
from monitor.store.memory.linked_hosts import LinkedHostStore
from monitor.store.memory.verdicts import VerdictStore
from reports.digest import OpenFault
from reports.remediation.entry import LedgerEntry
from reports.remediation.recheck_verdict import RecheckVerdict

SCOPES = ("site", "homepage")

ENDLESS = 10**9
"""Repeating pages in a row that make an endless space here: every address is one that an entry names."""

Verdicts = AsyncIterator[tuple[LedgerEntry, RecheckVerdict]]


@dataclass(slots=True)
class SiteLook:
    """One recheck of one site. ``store`` is that of inspections, and is only read.

    ``stop`` may be called from a signal handler: what is known by then is said.
    """

    store: Store
    settings: Settings
    site: SiteSettings
    fetch_with: type[Fetcher] = Fetcher
    crawl: Crawl | None = None
    stopped: bool = False
    url: str = field(init=False)

    def __post_init__(self) -> None:
        """Write the homepage as the crawl does. Raises MalformedError."""
        self.url = normalise(self.site.url)

    def stop(self) -> None:
        """End soon."""
        self.stopped = True
        if self.crawl is not None:
            self.crawl.stop("interrupted")

    async def verdicts(self, entries: Sequence[LedgerEntry]) -> Verdicts:
        """Yield each entry with what the look says of it, as soon as that is known."""
        checks = self._checks({entry.check for entry in entries})
        looks = self._looks(entries, {check.id: check.subject for check in checks})
        with scratch_store() as scratch:
            judging = Judging(checks, VerdictStore(scratch.engine), self._wording(checks))
            try:
                async with self._fetcher() as fetcher:
                    looking = self._begin(scratch, fetcher, judging, looks)
                    async for outcome in looking.verdicts(looks):
                        yield outcome
            finally:
                judging.close()
                if self.crawl is not None and self.crawl.reader.drawing is not None:
                    await self.crawl.reader.drawing.close()

    # ---- what is known of the site ---------------------------------------------------------------

    def _checks(self, wanted: Collection[str]) -> tuple[Check[Any], ...]:
        """Return the checks that made the entries, with their settings and the hosts that the site links to.

        That inspections do not run a check, or no more, does not matter: its entry was asked for by name.
        """
        known = {host for scope in SCOPES for host in LinkedHostStore(self.store.engine, self.site.key, scope).load()}
        return tuple(
            check.knowing(frozenset(known)) if Need.KNOWN_HOSTS in check.needs else check
            for check in build(self.settings.checks, [name for name in CLASSES if name in wanted])
        )

    def _wording(self, checks: tuple[Check[Any], ...]) -> SiteWording | None:
        return wording_for(checks, LanguageStore(self.store.engine, self.site.key))

    def _looks(self, entries: Sequence[LedgerEntry], subjects: dict[str, type]) -> list[EntryLook]:
        history = FaultStore(self.store.engine, self.site.key, "")
        sightings: dict[str, list[Sighting]] = {entry.fingerprint: [] for entry in entries}
        for sighting in history.load_sightings(sightings):
            sightings[sighting.fingerprint].append(sighting)
        faults = {entry.number: tuple(_faults(entry, sightings[entry.fingerprint])) for entry in entries}
        referrers = {url for known in faults.values() for fault in known for url in fault.referrers}
        scripted = frozenset(history.drawn_by_scripts(referrers))
        accounts = {account.name for account in self.site.accounts}
        looks: list[EntryLook] = []
        for entry in entries:
            subject = subjects.get(entry.check)
            if subject is None:
                looks.append(NoLook(entry, CANCELLED))
            elif (reason := why_no_look(entry.finding, subject, accounts)) is not None:
                looks.append(NoLook(entry, reason))
            else:
                looks.append(look_for(entry, subject, faults[entry.number], self.url, scripted))
        return looks

    def _homepages(self) -> set[str]:
        """Return the addresses at which runs found the homepage, none where no run of this version did."""
        latest = self.store.runs.latest(site=self.site.key)
        return {url for run in latest for url in run.facts.homepages}

    # ---- the look itself -------------------------------------------------------------------------

    def _fetcher(self, *, verify: bool = True, lookup: Lookup | None = None) -> Fetcher:
        settings = self.settings.crawl
        concurrency = max(settings.concurrency, settings.external_concurrency)
        return fetcher_for(settings, self.fetch_with, concurrency=concurrency, verify=verify, lookup=lookup)

    def _begin(self, scratch: Store, fetcher: Fetcher, judging: Judging, looks: Sequence[EntryLook]) -> Looking:
        for note in MediaStore(self.store.engine).notes().values():
            MediaStore(scratch.engine).note(note)
        run = scratch.runs.begin(
            site=self.site.key, name=self.site.name, url=self.url, scope="site", engine="", scheduled_for=None
        )
        homepages = self._homepages()
        scope = SiteScope.of(self.url, self.site.hosts, self.site.include, self.site.exclude)
        scope.hosts |= {host_of(url) for url in (*homepages, *_own_addresses(looks))}
        crawl = Crawl(
            url=self.url,
            settings=self.settings.crawl,
            scope=scope,
            frontier=Frontier(CrawlStore(scratch.engine, run), Traps(ENDLESS)),
            fetcher=fetcher,
            parser=Parser(HrefResolver(), text=judging.needs(Need.TEXT)),
            judge=judging,
            offload=judging.large_pages.run,
            options=CrawlOptions(titles=judging.needs(Need.TITLES)),
        )
        crawl.context.homepages |= homepages
        crawl.reader.drawing = drawing_for(crawl, self.site, self.settings.browser)
        self.crawl = crawl
        if self.stopped:
            crawl.stop("interrupted")
        names = {look.entry.finding.key for look in looks if isinstance(look, ProbeLook)}
        asked = self.site.model_copy(
            update={
                "probes": tuple(probe for probe in self.site.probes if probe.name in names),
                "accounts": tuple(account for account in self.site.accounts if account.name in names),
            }
        )
        spots = tuple(spot for spot in SPOTS if spot.path in names)
        site = CrawledSite(scratch, run, asked, crawl, judging, fetcher, self._fetcher, spots=spots)
        needs_homepage = not homepages and any(isinstance(look, PageLook) for look in looks)
        return Looking(site, needs_homepage=needs_homepage)


@dataclass(slots=True)
class Looking:
    """The steps of one look. ``needs_homepage`` asks for the homepage as well: no run has kept where it is."""

    site: CrawledSite
    needs_homepage: bool
    seen: SiteEvidence = field(init=False)

    def __post_init__(self) -> None:
        """Begin with no evidence, and a network that is as it should be."""
        crawl = self.site.crawl
        self.seen = SiteEvidence(crawl, self.site.judging, Network(crawl.scope))

    async def verdicts(self, looks: Sequence[EntryLook]) -> Verdicts:
        """Yield each entry with what is known of it, after as few steps as tell."""
        waiting, crawl, done = list(looks), self.site.crawl, 0
        try:
            while waiting and not crawl.stopped:
                await self._ask(waiting, done)
                done += 1
                undecided = []
                for look in waiting:
                    verdict = look.verdict(self.seen, done)
                    if verdict is None:
                        undecided.append(look)
                    else:
                        yield look.entry, verdict
                waiting = undecided
        finally:
            await crawl.close()
        for look in waiting:
            yield look.entry, _last_word(look, self.seen)

    async def _ask(self, waiting: Sequence[EntryLook], done: int) -> None:
        """Ask for what the next step of each entry names, and read what came of it."""
        crawl, seen = self.site.crawl, self.seen
        wanted = [reference for look in waiting if done < len(look.steps) for reference in look.steps[done]]
        if done == 0 and self.needs_homepage:
            wanted.insert(0, Reference(crawl.url, crawl.url, Kind.PAGE))
        if wanted:
            seen.refused |= await crawl.visit(wanted)
        if done == 0:
            # Files, functions, the host and foreign targets are all asked for in the first step.
            await self._read_files()
            await self._probe(waiting)
            store = crawl.frontier.store
            seen.network = await judge_network(store, crawl.scope, self.site.fetcher, crawl.settings.canaries)
        seen.take_stock()
        if done == 0 and seen.network.fault is None:
            opened = self._opened(waiting)
            seen.network.unproven = await unproven(opened, self.site.fetcher, crawl.settings.canaries)

    def _opened(self, looks: Iterable[EntryLook]) -> list[Link]:
        """Return the foreign targets of entries that open now."""
        answers, scope = self.seen.answers, self.site.crawl.scope
        links = [look.link for look in looks if isinstance(look, LinkLook)]
        foreign = [link for link in links if link.url in answers and is_foreign(link.url, scope)]
        return [link for link in foreign if is_usual(link.url, answers[link.url].last)]

    async def _read_files(self) -> None:
        site = self.site
        if site.crawl.stopped or not site.judging.looks_at(Document):
            return
        memory = AttachmentStore(site.store.engine, site.run.id, site.run.site, site.run.scope)
        attachments = Attachments(site.crawl, site.judging, memory)
        site.crawl.frontier.store.findings.save(await attachments.inspect())
        self.seen.unread |= attachments.unread

    async def _probe(self, looks: Iterable[EntryLook]) -> None:
        """Look at what the probes of the entries look at; of a homepage that nobody sees, at its certificate alone."""
        site, reader = self.site, self.site.crawl.reader
        wanted = dict.fromkeys(look.subject for look in looks if isinstance(look, ProbeLook))
        if reader.homepage is None:
            tls = reader.failure is not None and reader.failure.error == ErrorKind.TLS
            wanted = dict.fromkeys(subject for subject in wanted if tls and subject is Host)
        for subject in wanted:
            if site.crawl.stopped:
                return
            async for made in look_at(site, subject):
                self.seen.made.append(made)
                site.crawl.frontier.store.findings.save(await site.judging.inspect_probed(made))


def _last_word(look: EntryLook, seen: SiteEvidence) -> RecheckVerdict:
    """Return what is known of an entry when no further step comes. Raises RuntimeError where a look has no answer."""
    verdict = look.verdict(seen, len(look.steps))
    if verdict is None:
        raise RuntimeError(f"entry {look.entry.number} has no verdict after its last step")
    return verdict


def _faults(entry: LedgerEntry, sightings: Iterable[Sighting]) -> Iterator[OpenFault]:
    """Yield the fault as each scope last saw it, and as the entry has it: a closed one is open in no scope."""
    own = Sighting("", entry.fingerprint, entry.check, entry.finding)
    yield open_fault(own, wider=False)
    for sighting in sightings:
        yield open_fault(sighting, wider=False)


def _own_addresses(looks: Iterable[EntryLook]) -> Iterator[str]:
    """Yield addresses that inspections found on hosts of the site, which the configuration need not name."""
    for look in looks:
        if isinstance(look, PageLook):
            yield from look.pages
        if isinstance(look, LinkLook):
            yield from look.referrers
            if look.link.internal:
                yield look.link.url
