"""Feed findings to the closing of a run, as an inspection does, where a crawl would add nothing to the test."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from checks import RULES
from checks.model import Confidence, Finding, Text
from monitor.inspection.comparison import open_fault, record_of
from monitor.remediation.ledger import Ledger
from monitor.store import Store
from monitor.store.closing import close
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.sightings import FaultStore
from monitor.store.runs import RunRecord
from reports.digest import Digest, OpenFault, compare
from reports.remediation.policy import LedgerPolicy

DAY = 86_400.0
HOME = "http://a.cn/"


def fault(path: str, *, sure: bool = True, rule: str = "missing-title") -> Finding:
    """A fault of a page, found by a check that reads pages."""
    confidence = Confidence.CONFIRMED if sure else Confidence.SUSPECTED
    return Finding(RULES[rule] if rule in RULES else RULES["broken-link"], HOME + path, path, confidence=confidence)


@dataclass
class Feed:
    """A site whose runs are made of findings. ``now`` is in seconds since the epoch.

    ``counted`` are the pages of the findings that the last run would have been scored by, before it closed.
    """

    store: Store
    site: str = "a"
    name: str = ""
    now: float = 1_800_000_000.0
    policy: LedgerPolicy = field(default_factory=LedgerPolicy)
    counted: list[str] = field(default_factory=list)

    @property
    def ledger(self) -> Ledger:
        return Ledger(self.store, self.policy, lambda: self.now)

    def run(
        self, found: Iterable[Finding], looked: Collection[str] | None = None, scope: str = "homepage"
    ) -> tuple[RunRecord, Digest]:
        """Close a run that found these, and that looked at these pages (paths; None: everywhere)."""
        engine = self.store.engine
        run = self.store.runs.begin(
            site=self.site, name=self.name, url=HOME, scope=scope, engine="", scheduled_for=None, started=self.now
        )
        findings, history = FindingStore(engine, run.id), FaultStore(engine, self.site, scope)
        findings.save(CheckFinding("meta", finding) for finding in found)
        self.ledger.end_terms()
        self.counted = sorted(each.url for each in self.ledger.without_false_positives(self.site, findings.load()))
        current = findings.load_fingerprints()
        known = history.known(current) - history.closed(current)
        gone = history.load_sightings(history.open_faults() - current)
        before = [OpenFault(each, "", "") for each in known]
        before += [open_fault(each, wider=each.scope == "site" and scope == "homepage") for each in gone]
        places = None if looked is None else {HOME + path for path in looked}
        digest = compare(current, before, history.closed(current), lambda _, place: places is None or place in places)
        records = history.load(current)
        settled = (
            [
                (
                    each._replace(baseline=digest.baselines[each.fingerprint]),
                    record_of(records.get(each.fingerprint), "meta", run.id, self.now),
                )
                for each in chunk
            ]
            for chunk in findings.load()
        )
        values = {"status": "complete", "finished": self.now}
        fixed = {each.fingerprint: Text("看过", "looked") for each in digest.fixed}
        close(engine, run, values, settled, fixed=fixed, now=self.now, forget_unseen=False, policy=self.policy)
        return self.store.runs.load(run.id), digest
