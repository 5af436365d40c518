"""Offer the remediation ledger to commands, spreadsheets and the console: select, change, stay true to history."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date

from checks.model import Finding, Text
from monitor.beijing import beijing_time
from monitor.failure import failure_of
from monitor.logs import tell
from monitor.store import Store
from monitor.store.findings import FindingRecord
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_changes import ConflictError
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.ledger.suppressions import SuppressionStore
from reports.remediation.changes import (
    Circumstance,
    WantedChange,
    asked_for,
    come_back,
    is_false_positive,
    is_over,
    suppressed,
)
from reports.remediation.entry import ChangeCause, FieldChange, LedgerEntry
from reports.remediation.figures import EntryCounts, EntrySketch, LedgerFigures, figures_by, figures_of
from reports.remediation.policy import LedgerPolicy
from reports.remediation.reasons import CONFIGURATION, suppression_lifted, term_over
from reports.remediation.states import WORKING, State
from reports.remediation.suppressions import Suppression, SuppressionKind, covering

__all__ = ["ChangeRefusedError", "Ledger", "LedgerFilter"]

UNKNOWN = Text("没有这个编号", "there is no entry of this number")
CONFLICT = Text("刚被别人修改，请重新查看", "somebody else has just changed it; look again")


class ChangeRefusedError(ValueError):
    """Nothing was changed; ``reasons`` says of each number that stood in the way why."""

    def __init__(self, reasons: dict[int, Text]) -> None:
        super().__init__("; ".join(f"#{number}: {reason.en}" for number, reason in reasons.items()))
        self.reasons = reasons


class Ledger:
    """The entries of all sites in a store.

    ``policy`` says who mends what until when. ``clock`` returns seconds since the epoch.
    """

    def __init__(
        self, store: Store, policy: LedgerPolicy | None = None, clock: Callable[[], float] = time.time
    ) -> None:
        self.entries = EntryStore(store.engine)
        self.policy = policy or LedgerPolicy()
        self.clock = clock

    @property
    def today(self) -> date:
        """The day in China."""
        return beijing_time(self.clock()).date()

    def select(self, wanted: LedgerFilter | None = None) -> Iterator[LedgerEntry]:
        """Yield entries in the order of their numbers."""
        return self.entries.select(wanted or LedgerFilter())

    def get(self, number: int) -> LedgerEntry:
        """Return one entry. Raises KeyError where there is none of that number."""
        return self.entries.get([number])[number]

    def history(self, number: int) -> list[FieldChange]:
        """Return every change of an entry, oldest first."""
        return self.entries.history(number)

    def count(
        self,
        site: str = "",
        start: date | None = None,
        end: date | None = None,
        *,
        members: Collection[str] | None = None,
    ) -> LedgerFigures:
        """Return the figures of a site, of some (``members``), or of all, over the days from ``start`` to ``end``."""
        return figures_of(self._sketches(site, members), start, end, self.today)

    def count_parts(
        self,
        site: str = "",
        start: date | None = None,
        end: date | None = None,
        *,
        members: Collection[str] | None = None,
        parts: Mapping[str, Collection[str]] | None = None,
    ) -> dict[str, EntryCounts]:
        """Return the figures of each site, or of each of ``parts``, groups of sites by name that share none.

        Those whose open entries grew most in the period come first.
        """
        sketches = self._sketches(site, members)
        if parts is not None:
            part_of = {each: name for name, sites in parts.items() for each in sites}
            sketches = (each._replace(site=part_of[each.site]) for each in sketches if each.site in part_of)
        counts = figures_by("site", sketches, start, end, self.today)
        return dict(sorted(counts.items(), key=lambda item: (-item[1].growth, -item[1].open, item[0])))

    def _sketches(self, site: str, members: Collection[str] | None) -> Iterable[EntrySketch]:
        chosen = None if members is None else frozenset(members)
        return (each for each in self.entries.sketches(site) if chosen is None or each.site in chosen)

    def change(
        self, numbers: Iterable[int], wanted: WantedChange, by: str, *, seen: Mapping[int, LedgerEntry] | None = None
    ) -> list[FieldChange]:
        """Change entries as a person wishes, all or none; return the rows that this added to their history.

        What is already as wanted adds nothing. ``seen`` are the entries as the person knows them: one that was changed
        since is refused. Raises ChangeRefusedError.
        """
        return self.change_each(dict.fromkeys(numbers, wanted), by, seen=seen)

    def change_each(
        self,
        wishes: Mapping[int, WantedChange],
        by: str,
        *,
        dry_run: bool = False,
        seen: Mapping[int, LedgerEntry] | None = None,
    ) -> list[FieldChange]:
        """Change each entry in its own way, all or none, as ``change`` does. Raises ChangeRefusedError.

        ``dry_run`` writes nothing and returns what would be written.
        """
        when = Circumstance(beijing_time(self.clock()), ChangeCause.PERSON, by)
        known = self.entries.get(wishes) if seen is None else seen
        refused: dict[int, Text] = {number: UNKNOWN for number in wishes if number not in known}
        rows: list[FieldChange] = []
        for number, entry in known.items():
            outcome = asked_for(entry, wishes[number], self.policy, when._replace(why=wishes[number].reason))
            if isinstance(outcome, Text):
                refused[number] = outcome
            else:
                rows += outcome
        if refused:
            raise ChangeRefusedError(refused)
        if dry_run:
            return rows
        try:
            self.entries.write(known, rows)
        except ConflictError as error:
            raise ChangeRefusedError(dict.fromkeys(error.numbers, CONFLICT)) from None
        return rows

    def configure(self) -> None:
        """Remember the judgements of config.yaml, and lift those that it no longer has."""
        store, now = SuppressionStore(self.entries.engine), self.clock()
        known = {each.id for each in store.load() if each.configured}
        if not known and not self.policy.suppressions:
            return
        store.configure(self.policy.suppressions, now)
        for number in known - {each.id for each in store.load()}:
            self._come_back(self.entries.hidden_by(number), ChangeCause.TERM, "", CONFIGURATION)

    def suppressions(self) -> list[Suppression]:
        """Return the remembered judgements: those of a kind, and the false positives that people marked one by one."""
        single = [each for each in self.select(LedgerFilter(states=(State.FALSE_POSITIVE,))) if not each.suppression]
        return SuppressionStore(self.entries.engine).load() + [self._of_entry(each) for each in single]

    def _of_entry(self, entry: LedgerEntry) -> Suppression:
        judged = [row for row in self.history(entry.number) if row.after == State.FALSE_POSITIVE][-1]
        return Suppression(
            kind=SuppressionKind.ENTRY,
            author=judged.by,
            reason=entry.reason,
            made=judged.at,
            site=entry.site,
            entry=entry.number,
            until=entry.until,
            hidden=entry.hidden,
            last_hidden=entry.last_seen if entry.hidden else None,
        )

    def without_false_positives(self, site: str, found: Iterable[Iterable[FindingRecord]]) -> Iterator[Finding]:
        """Yield the findings of a run that is about to close, but for those that people judged to be none."""
        remembered = SuppressionStore(self.entries.engine).load()
        for chunk in map(list, found):
            known = self.entries.load(site, [each.fingerprint for each in chunk])
            for each in chunk:
                judgement = covering(remembered, site, each.finding, self.today)
                if not is_false_positive(known.get(each.fingerprint), judgement):
                    yield each.finding

    def suppress(self, suppression: Suppression) -> tuple[Suppression, int]:
        """Remember a judgement, and apply it to what is open; return it with its number, and how many it hides now."""
        kept = SuppressionStore(self.entries.engine).add(suppression)
        when = Circumstance(beijing_time(self.clock()), ChangeCause.SUPPRESSION, suppression.author)
        open_now = self.select(LedgerFilter(site=suppression.site, states=WORKING))
        covered = {each.number: each for each in open_now if kept.covers(each.site, each.finding, self.today)}
        rows = [row for each in covered.values() for row in suppressed(each, kept, when)]
        self.entries.write(covered, rows, dict.fromkeys(covered, kept.id))
        return kept, len(covered)

    def unsuppress(self, number: int, by: str) -> int:
        """Take a judgement back; return how many entries are open again. Raises KeyError where there is none."""
        if not SuppressionStore(self.entries.engine).remove(number, self.clock()):
            raise KeyError(number)
        return self._come_back(self.entries.hidden_by(number), ChangeCause.PERSON, by, suppression_lifted(number))

    def _come_back(self, hidden: Mapping[int, LedgerEntry], cause: ChangeCause, by: str, why: str) -> int:
        when = Circumstance(beijing_time(self.clock()), cause, by, why=why)
        rows = [row for entry in hidden.values() for row in come_back(entry, self.policy, when)]
        self.entries.write(hidden, rows)
        return len(hidden)

    def end_terms(self) -> int:
        """Bring back the entries whose judgement is over; return how many.

        Each is written by itself: one that somebody is just changing, or that cannot be read, keeps no other from
        coming back, and is tried again the next time.
        """
        return sum(self._end_term(number) for number in self.entries.with_ended_terms(self.today))

    def _end_term(self, number: int) -> bool:
        """Return whether an entry came back whose judgement was over when it was selected."""
        try:
            entry = self.get(number)
            if not is_over(entry, self.today):
                return False
            why = term_over(entry.state, entry.until)
            when = Circumstance(beijing_time(self.clock()), ChangeCause.TERM, why=why)
            self.entries.write({number: entry}, come_back(entry, self.policy, when))
        except ConflictError:
            return False
        except (LookupError, TypeError, ValueError) as error:
            failure = failure_of(error)
            tell("error", "a judgement did not end", entry=number, error=failure.reason, exception=failure.frames)
            return False
        return True
