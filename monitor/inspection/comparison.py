"""Compare what a run found with what was known: tell new from known, and what is gone from what nobody looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Self

from msgspec import Struct
from msgspec.structs import replace

from checks.model import (
    Block,
    Column,
    Document,
    Inventory,
    Link,
    MediaAccount,
    Page,
    PictureText,
    Post,
    Space,
    Text,
    Viewing,
)
from monitor.crawl.answers import is_silent
from monitor.crawl.crawler import Crawl
from monitor.crawl.frontier import Places
from monitor.crawl.link_subjects import referrers
from monitor.inspection.checking import Judging
from monitor.inspection.closing_evidence import evidence_of
from monitor.inspection.own_network import Network
from monitor.inspection.site_probes import PROBES
from monitor.store.closing import Settled
from monitor.store.findings import FindingRecord
from monitor.store.ledger.sightings import FaultRecord, FaultStore, Sighting
from reports.digest import Digest, OpenFault, compare, verified_at
from reports.model import Baseline


class RunComparison(Struct, frozen=True):
    """A crawled site against the history of its faults.

    ``unread`` are attachments and pictures of which nothing was seen, ``unlinked`` those that were asked for although
    no page links to them any more. ``accounts`` are those on new media that were looked at.
    """

    crawl: Crawl
    judging: Judging
    history: FaultStore
    run: int
    unread: frozenset[str]
    network: Network
    unlinked: frozenset[str] = frozenset()
    accounts: Sequence[MediaAccount] = ()

    def settle(self, now: float) -> tuple[Iterator[list[Settled]], dict[str, Text]]:
        """Return the findings with their baselines and histories, and what is gone: by fingerprint what showed it.

        Findings come some hundred at a time, and are read from the store as they are taken.
        """
        current = self.crawl.frontier.store.findings.load_fingerprints()
        before = self.history.load(current)
        outcome, fixed = self._compared(current)
        return self._settled(outcome, before, now), fixed

    def _compared(self, current: set[str]) -> tuple[Digest, dict[str, Text]]:
        store = self.crawl.frontier.store
        open_before = self._open(current)
        places = {place for fault in open_before for place in (fault.place, *fault.also_on, *fault.referrers)}
        seen = self.history.looked_at(self.run, places) | self.unlinked
        amiss = {target.url: target.answer for target in store.load_amiss() if target.url in places}
        silent = {url for url, answer in amiss.items() if is_silent(answer)}
        silent |= {place for place in places if self.network.withholds(place)}
        silent |= without_end(self.crawl)
        silent |= undrawn(self.crawl)
        whole = not (self.crawl.stopped or self.network.unreached)
        read = self.history.read(self.run, places)
        looked_at = LookedAt(seen, read, frozenset(silent) | self.unread, MediaSeen.of(self.accounts))
        unlooked = without_browser(self.crawl)
        looked = RunEvidence(self.judging, looked_at, whole=whole, is_ours=self.crawl.scope.internal, unlooked=unlooked)
        open_before = self._without_false_proof(open_before, seen)
        outcome = compare(current, open_before, self.history.closed(current), looked)
        subjects = {check.id: check.subject for check in self.judging.checks}
        return outcome, {
            each.fingerprint: evidence_of(each, verified_at(each, looked), subjects.get(each.check), amiss)
            for each in outcome.fixed
        }

    def _open(self, current: set[str]) -> list[OpenFault]:
        """Return what was open before; where a fault stood matters only for those that are gone."""
        known = self.history.known(current) - self.history.closed(current)
        again = [OpenFault(fingerprint, "", "") for fingerprint in known]
        gone = self.history.load_sightings(self.history.open_faults() - current)
        return again + [open_fault(sighting, wider=self._is_wider(sighting.scope)) for sighting in gone]

    def _is_wider(self, scope: str) -> bool:
        """Return whether a scope looks at more of the site than this run."""
        return scope == "site" and not self.crawl.options.whole

    def _without_false_proof(self, faults: list[OpenFault], answered: set[str]) -> list[OpenFault]:
        """Leave out the referrers of targets that pages still point at: that they were read shows nothing then.

        What a target is worth that answered is told by its answer. One that was not asked for may be closed by
        robots.txt or ``exclude`` now; this costs one pass over the references of all pages, where links are gone.
        """
        targets = {fault.place for fault in faults if fault.referrers}
        unasked = targets - answered
        pages = referrers(self.crawl.frontier.store, unasked, 1)
        linked = (targets & answered) | {url for url in unasked if pages[url][1]}
        return [
            replace(fault, referrers=(), all_referrers=False)
            if fault.place in linked or self.network.withholds(fault.place)
            else replace(fault, all_referrers=fault.all_referrers or self._saw_whole_site)
            for fault in faults
        ]

    @property
    def _saw_whole_site(self) -> bool:
        """Whether this run read what the site has: then no page points at what no page that it read points at.

        Of a target that more pages pointed at than are kept, this alone tells that the others do not any more.
        """
        return self.crawl.options.whole and not (self.crawl.stopped or self.network.unreached)

    def _settled(self, outcome: Digest, before: dict[str, FaultRecord], now: float) -> Iterator[list[Settled]]:
        frontier = self.crawl.frontier
        for chunk in frontier.store.findings.load():
            yield [
                (
                    _settled(
                        stored, outcome.baselines[stored.fingerprint], frontier.places.get(stored.fingerprint, Places())
                    ),
                    record_of(before.get(stored.fingerprint), stored.check, self.run, now),
                )
                for stored in chunk
            ]


def without_end(crawl: Crawl) -> set[str]:
    """Return the addresses of pages whose end did not come: what is not in the rest may be in what is missing."""
    broken_off = crawl.reader.broken_off
    return {*broken_off.keys(), *broken_off.values()}


def undrawn(crawl: Crawl) -> set[str]:
    """Return the addresses of pages that a browser should have drawn and did not: what scripts make was not seen."""
    return crawl.reader.drawing.unseen_places if crawl.reader.drawing is not None else set()


def without_browser(crawl: Crawl) -> frozenset[type]:
    """Return the types of subjects that only a browser makes, where none draws any page of the site."""
    return frozenset({Viewing}) if crawl.reader.drawing is None else frozenset()


TEXTS = frozenset({Block, Post})
"""Subjects that are read in pages of the site, and in what its accounts post elsewhere."""

OF_THE_WHOLE_SITE = frozenset({Column, Inventory, Space})
"""Subjects that only an inspection of the whole site sees whole."""


class MediaSeen(Struct, frozen=True):
    """What a run saw of accounts on new media: the addresses of posts that were read, and of accounts not seen."""

    posts: frozenset[str] = frozenset()
    unseen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, accounts: Sequence[MediaAccount]) -> Self:
        """Return what was seen of accounts that were looked at."""
        return cls(
            frozenset(post.url for account in accounts for post in account.posts),
            frozenset(account.url for account in accounts if account.trouble is not None),
        )


class LookedAt(Struct, frozen=True):
    """Places that a run got an answer from, those of them that it read as pages, and those that showed nothing.

    ``silent`` were asked and showed nothing for certain: an error, a guard, a file that could not be read, a page whose
    end did not come.
    """

    answered: set[str]
    read: set[str]
    silent: frozenset[str]
    media: MediaSeen = MediaSeen()


class RunEvidence:
    """Say what this run is evidence of: a check that did not fail there saw a place that answered.

    Only a check of pages or documents that failed somewhere saw the other places for certain: a text stands on many
    pages and is judged on the first, a link is proved to be gone by the pages that pointed at it.

    What a wider scope saw takes more: a homepage round asks for many pages that it does not read, and knows of no
    columns. There, only pages that were read tell anything about what stood on them.

    ``unlooked`` are types of subjects that nobody looked at. ``is_ours`` tells the addresses of the site. A text that
    stood elsewhere was posted there: only the feed shows it again, and a post that the feed has dropped shows nothing,
    whatever its address answers.
    """

    def __init__(
        self,
        judging: Judging,
        places: LookedAt,
        *,
        whole: bool,
        is_ours: Callable[[str], bool] = bool,
        unlooked: frozenset[type] = frozenset(),
    ) -> None:
        tallies = judging.tallies
        self._ran = {
            check.id: check.subject
            for check in judging.checks
            if check.subject not in unlooked
            and (not tallies.errors[check.id] or check.subject in {Page, Document, PictureText, Viewing})
        }
        self._failed = tallies.failed
        self._places, self._whole, self._is_ours = places, whole, is_ours

    def __call__(self, known: OpenFault, place: str, /) -> bool:
        """Answer for one fault and one URL; what probes look at is seen by every run that was not cut short."""
        check = known.check
        if check not in self._ran or place in self._places.silent or place in self._failed[check]:
            return False
        subject = self._ran[check]
        if known.wider and subject in OF_THE_WHOLE_SITE:
            return False
        if subject is MediaAccount and place in self._places.media.unseen:
            return False
        if self._whole and subject in PROBES:
            return True
        if subject in TEXTS and not self._is_ours(place):
            return place in self._places.media.posts
        asked_is_enough = not known.wider or (subject in {Link, Document} and place == known.place)
        return place in (self._places.answered if asked_is_enough else self._places.read)


def _settled(stored: FindingRecord, baseline: Baseline, places: Places) -> FindingRecord:
    """Return a finding with how it stands, and on which pages and how many it does."""
    finding = stored.finding
    if places.count > 1:
        finding = replace(finding, count=places.count, pages=tuple(sorted(places.pages)))
    return stored._replace(finding=finding, baseline=baseline)


def open_fault(sighting: Sighting, *, wider: bool) -> OpenFault:
    """Return what a scope saw of a fault as the digest asks for it."""
    finding = sighting.finding
    target = finding.target
    common = OpenFault(sighting.fingerprint, sighting.check, finding.url, wider=wider)
    if target is None:
        known = {finding.url, *finding.pages}
        elsewhere = wider and finding.placeless and finding.count > len(known)
        return replace(common, also_on=finding.pages, elsewhere=elsewhere)
    referrers = tuple(referrer.url for referrer in target.referrers)
    complete = len(referrers) >= target.referrer_count
    return replace(common, place=target.url, referrers=referrers, all_referrers=complete)


def record_of(before: FaultRecord | None, check: str, run: int, now: float) -> FaultRecord:
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
