"""Compare what a run found with what was known: tell new from known, and what is gone from what nobody looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from checks.model import Document, Finding, Page
from monitor.crawl.answers import is_silent
from monitor.crawl.crawler import Crawl
from monitor.crawl.frontier import Places
from monitor.inspection.checking import Judging
from monitor.inspection.own_network import Network
from monitor.inspection.site_probes import PROBES
from monitor.store.closing import Settled
from monitor.store.findings import FindingRecord
from monitor.store.history import FaultRecord, FaultStore
from reports.digest import Digest, OpenFault, compare
from reports.model import Baseline


@dataclass(frozen=True, slots=True)
class RunComparison:
    """A crawled site against the history of its faults. ``unread`` are attachments of which nothing was seen."""

    crawl: Crawl
    judging: Judging
    history: FaultStore
    run: int
    unread: frozenset[str]
    network: Network

    def settle(self, now: float) -> tuple[Iterator[list[Settled]], list[str]]:
        """Return the findings with their baselines and histories, and the fingerprints of what is gone.

        Findings come some hundred at a time, and are read from the store as they are taken.
        """
        before = self.history.load()
        outcome = self._compared(before)
        return self._settled(outcome, before, now), [fault.fingerprint for fault in outcome.fixed]

    def _compared(self, before: dict[str, FaultRecord]) -> Digest:
        store = self.crawl.frontier.store
        current = store.findings.load_fingerprints()
        open_before = [self._without_proof(fault) for fault in _open(self.history, before, current)]
        places = {place for fault in open_before for place in (fault.place, *fault.also_on, *fault.referrers)}
        fixed_before = {fingerprint for fingerprint, record in before.items() if record.fixed is not None}
        seen = self.history.looked_at(self.run, places)
        silent = {target.url for target in store.load_amiss() if target.url in places and is_silent(target.answer)}
        silent |= {place for place in places if self.network.withholds(place)}
        whole = not (self.crawl.stopped or self.network.unreached)
        looked = RunEvidence(self.judging, seen, silent | self.unread, whole=whole)
        return compare(current, open_before, fixed_before, looked)

    def _without_proof(self, fault: OpenFault) -> OpenFault:
        """Leave out the referrers of what this run says nothing of: that they were read does not show it is mended."""
        return replace(fault, referrers=(), all_referrers=False) if self.network.withholds(fault.place) else fault

    def _settled(self, outcome: Digest, before: dict[str, FaultRecord], now: float) -> Iterator[list[Settled]]:
        frontier = self.crawl.frontier
        for chunk in frontier.store.findings.load():
            yield [
                (
                    _settled(
                        stored, outcome.baselines[stored.fingerprint], frontier.places.get(stored.fingerprint, Places())
                    ),
                    _record(before.get(stored.fingerprint), stored.check, self.run, now),
                )
                for stored in chunk
            ]


class RunEvidence:
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
        """Answer for one check and one URL; what probes look at is seen by every run that was not cut short."""
        if check not in self._ran or place in self._silent or place in self._failed[check]:
            return False
        return place in self._places or (self._whole and self._ran[check] in PROBES)


def _settled(stored: FindingRecord, baseline: Baseline, places: Places) -> FindingRecord:
    """Return a finding with how it stands, and on which pages and how many it does."""
    finding = stored.finding
    if places.count > 1:
        finding = replace(finding, count=places.count, pages=tuple(sorted(places.pages)))
    return stored._replace(finding=finding, baseline=baseline)


def _open(history: FaultStore, before: dict[str, FaultRecord], current: set[str]) -> list[OpenFault]:
    """Return what was open before; where a fault stood matters only for those that are gone."""
    still_open = {fingerprint for fingerprint, record in before.items() if record.fixed is None}
    again = [OpenFault(fingerprint, before[fingerprint].check, "") for fingerprint in still_open & current]
    gone = history.load_findings(still_open - current)
    return again + [_open_fault(fingerprint, before[fingerprint].check, finding) for fingerprint, finding in gone]


def _open_fault(fingerprint: str, check: str, finding: Finding) -> OpenFault:
    target = finding.target
    if target is None:
        return OpenFault(fingerprint, check, finding.url, also_on=finding.pages)
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
