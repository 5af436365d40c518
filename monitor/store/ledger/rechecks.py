"""Keep what a recheck said of an entry: its history, and in the sightings whether the fault is open.

A recheck is no run: no row of ``runs``, ``findings``, ``pages`` or ``targets`` comes from it, and what inspections
know of a fault (its referrers, its count, when each scope last saw it) stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, Engine, update

from checks.model import Finding
from monitor.store.codec import finding_to_json
from monitor.store.database import Row
from monitor.store.events import record_recheck
from monitor.store.ledger.entry_changes import write_changes
from monitor.store.ledger.sightings import mark_fixed, mark_open
from monitor.store.schema import entries
from reports.remediation.entry import FieldChange, LedgerEntry
from reports.remediation.states import State


class RecheckStore:
    """What rechecks write, an entry a transaction; ``now`` is in seconds since the epoch."""

    def __init__(self, engine: Engine, now: float) -> None:
        self.engine, self.now = engine, now

    def save_unknown(self, entry: LedgerEntry, rows: Sequence[FieldChange]) -> None:
        """Keep that nothing could be told. Raises ConflictError."""
        with self.engine.begin() as connection:
            write_changes(connection, {entry.number: entry}, rows)

    def save_gone(self, entry: LedgerEntry, rows: Sequence[FieldChange]) -> None:
        """Keep that a fault is gone, for every scope that saw it. Raises ConflictError."""
        with self.engine.begin() as connection:
            write_changes(connection, {entry.number: entry}, rows)
            mark_fixed(connection, entry.site, [entry.fingerprint], self.now, None)
            record_recheck(connection, entry.site, entry.number, entry.revision, self.now)

    def save_still_there(
        self, entry: LedgerEntry, finding: Finding, rows: Sequence[FieldChange], suppression_of: Mapping[int, int]
    ) -> None:
        """Keep that a fault is still there, as ``finding``. Raises ConflictError."""
        with self.engine.begin() as connection:
            write_changes(connection, {entry.number: entry}, rows, suppression_of)
            _mark_seen(connection, entry, finding, self.now)
            if entry.state is State.CLOSED:
                mark_open(connection, entry.site, [entry.fingerprint])


def _mark_seen(connection: Connection, entry: LedgerEntry, finding: Finding, now: float) -> None:
    seen: Row = {"last_seen": now}
    if finding.confidence is not entry.confidence:
        seen |= {"confidence": finding.confidence.value, "body": finding_to_json(finding)}
    connection.execute(update(entries).where(entries.c.number == entry.number).values(seen))
