"""Take what a recheck says into the ledger: the history of the entry, its state, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass

from checks.model import Text
from monitor.beijing import beijing_time
from monitor.remediation.ledger import Ledger
from monitor.store.ledger.entry_changes import ConflictError
from monitor.store.ledger.rechecks import RecheckStore
from monitor.store.ledger.suppressions import SuppressionStore
from reports.remediation.changes import Circumstance, rechecked, rechecked_finding
from reports.remediation.entry import ChangeCause, LedgerEntry
from reports.remediation.reasons import seen_as
from reports.remediation.recheck_verdict import RecheckResult, RecheckVerdict, cannot_tell
from reports.remediation.suppressions import covering

RECHECK = "recheck"
"""Who made a recheck, where nobody is named."""

TRIES = 3
"""How often a verdict is written where somebody changes something else of the entry at the same moment."""

OVERTAKEN = Text(
    "复核期间状态已被别人或别的检查改变，请重新复核", "its state was changed while it was looked at; recheck again"
)


@dataclass(frozen=True, slots=True)
class RecheckBook:
    """Writes what a recheck says of entries, in the name of ``by``, an entry a transaction."""

    ledger: Ledger
    by: str = RECHECK

    def record(self, entry: LedgerEntry, verdict: RecheckVerdict) -> RecheckVerdict:
        """Write what was seen of an entry that was read before the look; return what it comes to.

        A person may change its owner or its note meanwhile. Where its state changed, or a run saw the fault, what was
        seen here may be the older: then nothing is concluded from it. Raises what the store raises.
        """
        for _ in range(TRIES):
            present = self.ledger.get(entry.number)
            if (present.state, present.last_seen) != (entry.state, entry.last_seen):
                verdict = cannot_tell(OVERTAKEN)
            try:
                self._write(present, verdict)
            except ConflictError:
                continue
            return verdict
        return cannot_tell(OVERTAKEN)

    def _write(self, entry: LedgerEntry, verdict: RecheckVerdict) -> None:
        ledger, now = self.ledger, self.ledger.clock()
        engine = ledger.entries.engine
        when = Circumstance(beijing_time(now), ChangeCause.RECHECK, self.by, why=seen_as(verdict.evidence))
        judgement = covering(SuppressionStore(engine).load(), entry.site, entry.finding, ledger.today)
        rows = rechecked(entry, verdict, ledger.policy, judgement, when)
        store = RecheckStore(engine, now)
        match verdict.result:
            case RecheckResult.GONE:
                store.save_gone(entry, rows)
            case RecheckResult.STILL_THERE:
                suppression_of = {entry.number: judgement.id} if judgement else {}
                store.save_still_there(entry, rechecked_finding(entry, verdict), rows, suppression_of)
            case RecheckResult.UNKNOWN:
                store.save_unknown(entry, rows)
