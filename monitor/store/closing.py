"""Close a run in one transaction: its findings, what they change in the ledger, its figures; let go of its frontier."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, update

from checks.model import Finding, Text
from monitor.beijing import beijing_time
from monitor.store.codec import finding_body
from monitor.store.database import Row, chunks, upsert
from monitor.store.events import record_end_of_run
from monitor.store.findings import FindingRecord, stored_row
from monitor.store.json_text import JsonText
from monitor.store.ledger.entry_changes import (
    NewEntry,
    SightedEntry,
    load_entries,
    load_histories,
    mark_seen,
    open_entries,
    write_changes,
)
from monitor.store.ledger.sightings import FaultRecord, mark_fixed
from monitor.store.ledger.suppressions import count_hidden, load_suppressions
from monitor.store.runs import RunRecord, ended, write_as_owner
from monitor.store.schema import findings, pages, runs, sightings, targets
from reports.remediation.changes import Circumstance, SiteFault, found_again, gone, opening, rises
from reports.remediation.entry import ChangeCause, FieldChange, Handling, LedgerEntry, applied, is_named_deadline
from reports.remediation.policy import LedgerPolicy
from reports.remediation.reasons import seen_as
from reports.remediation.states import State
from reports.remediation.suppressions import Suppression, covering

Settled = tuple[FindingRecord, FaultRecord]
"""A finding with its baseline, and what the scope saw of its fault up to this run."""

UNNUMBERED = 0
"""The number of an entry that the store has yet to number."""


def close(  # noqa: PLR0913 - what a run ends with
    engine: Engine,
    run: RunRecord,
    values: Mapping[str, Any],
    settled: Iterable[Sequence[Settled]],
    *,
    fixed: Mapping[str, Text],
    now: float,
    forget_unseen: bool,
    policy: LedgerPolicy,
) -> None:
    """Write findings and sightings as they come, keep the ledger, and end the run with ``values``.

    ``fixed`` are the faults that this run verified to be gone, of every scope and in the ledger: by fingerprint what
    showed it. ``forget_unseen`` drops the memory of pages that this run did not meet again. Either all of it is written
    or nothing: a run that is killed here is still open, and its end can be done again. Raises RunTakenError where
    another process has the run.
    """
    with engine.begin() as connection:
        ledger = LedgerUpdate(connection, run, policy, now)
        for chunk in settled:
            bodies = {each.fingerprint: finding_body(each.finding) for each, _ in chunk}
            hidden = ledger.keep([stored for stored, _ in chunk], bodies)
            rows = [
                stored_row(run.id, each, bodies[each.fingerprint]) | {"suppressed": each.fingerprint in hidden}
                for each, _ in chunk
            ]
            upsert(connection, findings, rows)
            seen = [_sighting_row(run, each, record, bodies[each.fingerprint]) for each, record in chunk]
            upsert(connection, sightings, seen)
        ledger.close(fixed)
        mark_fixed(connection, run.site, [*fixed], now, run.id)
        if forget_unseen:
            _forget_unseen(connection, run)
        connection.execute(update(runs).where(runs.c.id == run.id).values(ended({**values, "finished": now})))
        connection.execute(delete(targets).where(targets.c.run == run.id))
        record_end_of_run(connection, run.id, now)


class LedgerUpdate:
    """What a run changes in the ledger, in the transaction that closes the run."""

    def __init__(self, connection: Connection, run: RunRecord, policy: LedgerPolicy, now: float) -> None:
        # The first statement writes: from here on SQLite lets nobody else change an entry, PostgreSQL locks those read.
        write_as_owner(connection, run.id, {"heartbeat": now})
        self.connection, self.run, self.policy, self.now = connection, run, policy, now
        self.when = Circumstance(beijing_time(now), ChangeCause.RUN, run=run.id)
        self.today = self.when.at.date()
        self.suppressions = load_suppressions(connection)

    def keep(self, found: Sequence[FindingRecord], bodies: Mapping[str, JsonText]) -> set[str]:
        """Open entries for what is new, and keep what the run saw of the others.

        ``bodies`` are the findings as JSON, by fingerprint. Returns the fingerprints of false positives: their findings
        are kept, and hidden from reports.
        """
        before = load_entries(self.connection, self.run.site, (stored.fingerprint for stored in found))
        judged = {each.fingerprint: self._judgement(each.finding) for each in found}
        opened = [
            self._new_entry(each, bodies[each.fingerprint], judged[each.fingerprint])
            for each in found
            if each.fingerprint not in before
        ]
        open_entries(self.connection, self.run.site, self.run.id, opened, self.now)
        again = [each for each in found if each.fingerprint in before]
        hidden = {each.found.fingerprint for each in opened if each.suppression is not None}
        hidden |= self._keep_known(again, bodies, before, judged)
        count_hidden(
            self.connection,
            Counter(judgement.id for each, judgement in judged.items() if judgement and each in hidden),
            self.now,
        )
        return hidden

    def _new_entry(self, stored: FindingRecord, body: JsonText, judgement: Suppression | None) -> NewEntry:
        fault = SiteFault(self.run.site, stored.finding)
        history = opening(UNNUMBERED, fault, self.policy, judgement, self.when)
        return NewEntry(stored, body, history, judgement.id if judgement else None)

    def _keep_known(
        self,
        found: Sequence[FindingRecord],
        bodies: Mapping[str, JsonText],
        before: Mapping[str, LedgerEntry],
        judged: Mapping[str, Suppression | None],
    ) -> set[str]:
        """Keep what the run saw of entries that are there; return the fingerprints of the false positives."""
        named = self._with_named_deadlines(before[each.fingerprint] for each in found if _rises(before, each))
        rows = [
            row
            for each in found
            for row in found_again(
                before[each.fingerprint],
                each.finding,
                self.policy,
                judged[each.fingerprint],
                self.when,
                deadline_is_named=each.fingerprint in named,
            )
        ]
        read = {entry.number: entry for entry in before.values()}
        judgements = {
            before[each].number: judgement.id
            for each, judgement in judged.items()
            if judgement is not None and each in before
        }
        write_changes(self.connection, read, rows, judgements)
        present = _present(read, rows)
        hidden = {each for each, entry in before.items() if present[entry.number].state is State.FALSE_POSITIVE}
        seen = [
            SightedEntry(before[key].number, each.finding, bodies[key], key in hidden)
            for each in found
            for key in [each.fingerprint]
        ]
        mark_seen(self.connection, self.run.id, self.now, seen)
        return hidden

    def _with_named_deadlines(self, risen: Iterable[LedgerEntry]) -> set[str]:
        """Return the fingerprints of those entries whose deadline a person set."""
        known = {each.number: each for each in risen}
        histories = load_histories(self.connection, known)
        return {
            entry.fingerprint for number, entry in known.items() if is_named_deadline(histories[number], entry.deadline)
        }

    def _judgement(self, finding: Finding) -> Suppression | None:
        return covering(self.suppressions, self.run.site, finding, self.today)

    def close(self, fixed: Mapping[str, Text]) -> None:
        """Close the entries of faults that the run verified to be gone; ``fixed`` has what showed it."""
        for chunk in chunks(fixed):
            entries = {each.number: each for each in load_entries(self.connection, self.run.site, chunk).values()}
            rows = [
                row
                for entry in entries.values()
                for row in gone(entry, self.when._replace(why=seen_as(fixed[entry.fingerprint])))
            ]
            write_changes(self.connection, entries, rows)


def _rises(before: Mapping[str, LedgerEntry], found: FindingRecord) -> bool:
    return rises(before[found.fingerprint], found.finding)


def _present(read: Mapping[int, Handling], rows: Iterable[FieldChange]) -> dict[int, Handling]:
    present = dict(read)
    for row in rows:
        present[row.number] = applied(present[row.number], row)
    return present


def _sighting_row(run: RunRecord, stored: FindingRecord, record: FaultRecord, body: JsonText) -> Row:
    return {
        "site": run.site,
        "scope": run.scope,
        "fingerprint": stored.fingerprint,
        "rule": stored.finding.rule.id,
        **record._asdict(),
        "body": body,
    }


def _forget_unseen(connection: Connection, run: RunRecord) -> None:
    of_site = pages.c.site == run.site, pages.c.scope == run.scope
    connection.execute(delete(pages).where(*of_site, pages.c.run != run.id))
