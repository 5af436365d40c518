"""Finish a run: judge what only the whole crawl can tell, compare with the last run, and close it in one piece.

Everything before the last transaction can be done again: a run that is killed here is finished anew on resumption.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from checks.links import Links
from checks.model import NOTHING, Document, ErrorKind, Host, Link, PictureText, Space, Text
from checks.reading.own_network import counts, sign
from checks.spaces import CUTS
from monitor.crawl.link_subjects import links
from monitor.failure import failure_of
from monitor.inspection import linked_hosts
from monitor.inspection.comparison import RunComparison
from monitor.inspection.crawl_notices import crawl_notices, unjudged_addresses, why_unread
from monitor.inspection.equipment import shortcomings
from monitor.inspection.media_posts import judge_posts
from monitor.inspection.own_network import Network, canary_answers, is_foreign, judge_network, unproven
from monitor.inspection.page_pictures import take_pictures
from monitor.inspection.repair_questions import repaired
from monitor.inspection.site_probes import CrawledSite, look_at, look_at_all
from monitor.inspection.snapshots import keep_snapshots
from monitor.logs import tell
from monitor.remediation.ledger import Ledger
from monitor.settings.ocr import OcrSettings
from monitor.store.closing import close
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.sightings import FaultStore
from monitor.store.memory.attachments import AttachmentStore
from monitor.store.memory.linked_hosts import LinkedHostStore
from monitor.store.pictures import PictureStore
from monitor.store.run_facts import PicturesRead, RunFacts
from monitor.store.statistics import Statistics
from reports.digest import settle
from reports.remediation.policy import LedgerPolicy

if TYPE_CHECKING:
    from checks.scoring.sheet import Score
    from monitor.inspection.attachments import Attachments

REASONS = {
    "interrupted": Text("检查被中途停止", "the inspection was interrupted"),
    "certificate": Text(
        "首页的 https 打不开（证书或加密方式有问题），网页没有检查",
        "its certificate or encryption lets nobody in over https, so no page was read",
    ),
    "max_pages": Text("达到页数上限 crawl.max_pages，其余页面没有检查", "the limit crawl.max_pages was reached"),
    "max_seconds": Text("达到时间上限 crawl.max_seconds，其余没有检查", "the limit crawl.max_seconds was reached"),
}
"""Why a run is partial, by what stopped it."""

OURS = Text(
    "；别的网站（crawl.canaries）也打不开，可能是本机网络的问题",
    "; neither do the canaries (crawl.canaries), so our own network may be the reason",
)
"""What is added where a homepage does not open, and nothing else does either."""


NO_PICTURES = PicturesRead(0, 0, 0.0)
"""What comes of reading the pictures of a site that has none: what reads them is not even loaded."""

UNSCORED = Text("没有按官方评分表打分：打分程序自身出错", "no official score: scoring itself failed")


@dataclass(slots=True)
class EndOfRun:
    """What is left to do with a site whose pages are read. ``profile`` is the official score sheet, or ``none``.

    ``policy`` says who mends what is found, and until when. ``ocr`` bounds the reading of pictures; None reads none.
    """

    site: CrawledSite
    clock: Callable[[], float]
    profile: str
    policy: LedgerPolicy
    ocr: OcrSettings | None = None
    attachments: Attachments | None = None
    pictures: PicturesRead | None = None
    notices: list[Text] = field(default_factory=list)
    unread: frozenset[str] = frozenset()
    unlinked: frozenset[str] = frozenset()
    score: Score | None = None
    network: Network = field(init=False)
    ledger: Ledger = field(init=False)

    def __post_init__(self) -> None:
        """Take our network for a good one, until it was looked at."""
        self.network = Network(self.site.crawl.scope)
        self.ledger = Ledger(self.site.store, self.policy, self.clock)

    async def finish(self) -> None:
        """Judge what is left, and close the run."""
        site, crawl = self.site, self.site.crawl
        # What people judge today counts for the score as for the ledger.
        self.ledger.configure()
        self.ledger.end_terms()
        self.notices += self._notices()
        unread = why_unread(crawl)
        if unread is not None:
            await self._finish_unread(unread)
            return
        store = crawl.frontier.store
        canaries = crawl.settings.canaries
        self.network = await judge_network(store, crawl.scope, site.fetcher, canaries)
        findings = store.findings
        findings.save(self._links())
        if self.network.fault is None:
            self.network.unproven = await unproven(self._foreign_mended(), site.fetcher, canaries)
        self.notices += self.network.notices
        findings.save([found async for found in self._probes()])
        findings.save(await judge_posts(site.accounts, site.judging))
        findings.save(await self._attachments())
        findings.save(await self._pictures())
        findings.save(await repaired(site, self.network))
        await take_pictures(site)
        self._score()
        self._close()

    async def _finish_unread(self, reason: Text) -> None:
        """Close the run of a site whose homepage nobody gets to see.

        A certificate that lets nobody in is a finding, not a failed run.
        """
        site, found = self.site, list[CheckFinding]()
        failure = site.crawl.reader.failure
        if failure is not None and failure.error == ErrorKind.TLS and site.judging.looks_at(Host):
            found = [each async for host in look_at(site, Host) for each in await site.judging.inspect_probed(host)]
        if found:
            site.crawl.stopped = "certificate"
            site.crawl.frontier.store.findings.save(found)
            self._close()
        else:
            reason = await self._with_our_part(reason)
            values = {"status": "failed", "reason": reason, "facts": self._facts()}
            site.store.runs.finish(site.run.id, finished=self.clock(), as_owner=True, **values)

    async def _with_our_part(self, reason: Text) -> Text:
        """Return why nothing was read, and that it may be our own network, where the canaries do not open either."""
        site, failure = self.site, self.site.crawl.reader.failure
        if failure is None or not counts(failure.url) or sign(failure) is None:
            return reason
        if await canary_answers(site.fetcher, site.crawl.settings.canaries):
            return reason
        return Text(*(f"{words}{more}" for words, more in zip(reason, OURS, strict=True)))

    async def _probes(self) -> AsyncIterator[CheckFinding]:
        """Yield what is wrong with what is looked at once a run; a host that our network does not reach is left out."""
        async for subject in look_at_all(self.site):
            if self.network.fault is not None and isinstance(subject, Host) and subject.judged.final is None:
                self.network.unreached = True
                continue
            for found in await self.site.judging.inspect_probed(subject):
                yield found

    async def _attachments(self) -> list[CheckFinding]:
        site = self.site
        if site.crawl.stopped or not site.judging.looks_at(Document):
            return []
        from monitor.inspection.attachments import Attachments

        memory = AttachmentStore(site.store.engine, site.run.id, site.run.site, site.run.scope)
        self.attachments = Attachments(site.crawl, site.judging, memory, self._unlinked_files(Document))
        found = await self.attachments.inspect()
        self.unread, self.unlinked = frozenset(self.attachments.unread), frozenset(self.attachments.asked_unlinked)
        return found

    async def _pictures(self) -> list[CheckFinding]:
        """Return what is wrong with pictures and scans, and say of all files what was not read."""
        site, attachments = self.site, self.attachments
        memory = AttachmentStore(site.store.engine, site.run.id, site.run.site, site.run.scope)
        found: list[CheckFinding] = []
        if self.ocr is not None and not site.crawl.stopped and site.judging.looks_at(PictureText):
            scans = frozenset(attachments.scans) if attachments else frozenset[str]()
            unlinked = self._unlinked_files(PictureText) - self.unlinked
            self.pictures = NO_PICTURES
            if scans or unlinked or site.crawl.frontier.store.has_pictures():
                from monitor.inspection.picture_texts import PictureTexts

                pictures = PictureTexts(site.crawl, site.judging, self.ocr, memory, scans, unlinked)
                found = await pictures.inspect()
                PictureStore(site.store.engine).save(site.run.id, pictures.shown)
                if attachments:
                    attachments.unread -= pictures.read_scans
                self.notices += pictures.notices()
                self.pictures = pictures.figures
                self.unread = self.unread - pictures.read_scans | pictures.unread
                self.unlinked |= pictures.asked_unlinked
        if attachments:
            self.notices += attachments.notices()
        if not site.crawl.stopped and (attachments or self.pictures):
            memory.forget_unseen()
        return found

    def _unlinked_files(self, subject: type) -> frozenset[str]:
        """Return the files with open faults that no page links to any more: they may be there for all to find.

        A leak is not mended by taking the link out, and without an answer its entry would stay open for ever.
        """
        site, scope = self.site, self.site.crawl.scope
        if not site.crawl.options.whole:
            return frozenset()
        history = FaultStore(site.store.engine, site.run.site, site.run.scope)
        files = history.open_places([check.id for check in site.judging.checks_of(subject)])
        unlinked = files - history.looked_at(site.run.id, files)
        return frozenset(url for url in unlinked if not scope.excluded(url) and site.crawl.context.permits(url))

    def _score(self) -> None:
        """Score the site by the sheet that the operator chose; false positives take no points."""
        site = self.site
        if self.profile == "none" or site.stock is None or site.crawl.stopped:
            return
        from monitor.inspection import scoring

        found = self.ledger.without_false_positives(site.run.site, site.crawl.frontier.store.findings.load())
        availability = scoring.availability_of(Statistics(site.store.engine), site.run.site, site.stock.inventory.seen)
        try:
            self.score = scoring.score_of(self.profile, site.judging.checks, found, site.stock.inventory, availability)
        except Exception as error:  # noqa: BLE001 - a score that fails must not cost the run
            failure = failure_of(error)
            tell("error", "the site could not be scored", error=failure.reason, exception=failure.frames)
            self.notices.append(UNSCORED)

    def _links(self) -> Iterator[CheckFinding]:
        if not self.site.judging.looks_at(Link):
            return
        site, crawl = self.site, self.site.crawl
        before = site.store.runs.previous(site.run)
        seen = FindingStore(site.store.engine, before.id).load_fingerprints() if before else set()
        kept = crawl.settings.referrers_kept
        for link in links(crawl.frontier.store, crawl.scope, crawl.context.homepages, kept):
            if not self.network.judges(link):
                self.network.unjudged.add(link.url)
                continue
            for check, finding in site.judging.inspect(link):
                yield CheckFinding(check, settle(finding, seen))

    def _foreign_mended(self) -> list[Link]:
        """Return the foreign targets that were broken and that nobody calls so any more, each once."""
        site, scope = self.site, self.site.crawl.scope
        history = FaultStore(site.store.engine, site.run.site, site.run.scope)
        gone = history.open_faults() - site.crawl.frontier.store.findings.load_fingerprints()
        targets = (each.finding.target for each in history.load_sightings(gone) if each.check == Links.id)
        foreign = {link.url: link for link in targets if link is not None and is_foreign(link.url, scope)}
        asked = history.looked_at(site.run.id, foreign)
        return [link for url, link in foreign.items() if url in asked and not self.network.withholds(url)]

    def _notices(self) -> Iterator[Text]:
        count = self.site.crawl.context.closed_by_robots
        if count:
            yield Text(f"robots.txt 不允许访问的 {count} 个地址没有检查", f"{count} addresses are closed by robots.txt")

        yield from shortcomings(self.site.judging.checks)
        if self.site.crawl.reader.drawing is not None:
            yield from self.site.crawl.reader.drawing.notices()
        yield from crawl_notices(self.site.crawl)
        if not self.site.judging.looks_at(Space):
            for space in self.site.crawl.frontier.traps.spaces.values():
                yield Text(*(text.format(shape=space.shape, pages=space.pages) for text in CUTS[space.reason]))
        if self.site.crawl.reader.truncated:
            count, limit = self.site.crawl.reader.truncated, self.site.crawl.settings.body // 1024
            yield Text(
                f"{count} 个页面超过 {limit} KB（crawl.body），只检查了前面的部分",
                f"{count} pages are larger than {limit} KB (crawl.body); only their beginning was read",
            )

        if self.site.crawl.reader.broken_off:
            count = len(self.site.crawl.reader.broken_off)
            yield Text(
                f"{count} 个页面没有传完连接就断了，只检查了收到的部分",
                f"{count} pages broke off before their end; what came of them was checked",
            )

    def _facts(self) -> RunFacts:
        site = self.site
        tallies = site.judging.tallies
        return RunFacts(
            notices=(*self.notices, *site.notices),
            checks=tallies.of(site.judging.checks),
            links=site.crawl.frontier.store.count_kinds(),
            text=tallies.text(),
            columns=site.columns,
            front=site.stock.front if site.stock else None,
            score=self.score,
            security=site.security,
            certificate_not_after=site.certificate_not_after,
            network_fault=self.network.fault,
            homepages=tuple(sorted(site.crawl.context.homepages)),
            unjudged=len(unjudged_addresses(site.crawl)),
            pictures=self.pictures,
        )

    def _comparison(self, history: FaultStore) -> RunComparison:
        site = self.site
        return RunComparison(
            site.crawl, site.judging, history, site.run.id, self.unread, self.network, self.unlinked, site.accounts
        )

    def _close(self) -> None:
        """Tell new from known, write the history of both, note what is gone, and end the run: all or nothing."""
        site, run, crawl = self.site, self.site.run, self.site.crawl
        engine, now = site.store.engine, self.clock()
        history = FaultStore(engine, run.site, run.scope)
        settled, fixed = self._comparison(history).settle(now)
        counters = crawl.frontier.counters
        values = {
            "status": "partial" if crawl.stopped else "complete",
            "reason": REASONS.get(crawl.stopped, NOTHING),
            "facts": self._facts(),
            **{name: getattr(counters, name) for name in ("pages", "links", "requests", "bytes")},
        }
        if site.stock is not None:
            site.stock.save(site.column_store)
        keep_snapshots(site)
        site.judging.save_language()
        linked_hosts.learn(site.judging.checks, LinkedHostStore(engine, run.site, run.scope), crawl)
        close(
            engine,
            run,
            values,
            settled,
            fixed=fixed,
            now=now,
            forget_unseen=not crawl.stopped,
            policy=self.policy,
        )
