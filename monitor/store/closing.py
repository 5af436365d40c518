"""Close a run in one transaction: its findings, the history of faults, its figures; and let go of its frontier."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, update

from monitor.store.codec import finding_to_json
from monitor.store.database import Row, chunks, upsert
from monitor.store.findings import FindingRecord, stored_row
from monitor.store.history import FaultRecord
from monitor.store.runs import RunRecord, ended
from monitor.store.schema import findings, pages, runs, sightings, targets

Settled = tuple[FindingRecord, FaultRecord]
"""A finding with its baseline, and the history of its fault up to this run."""


def close(  # noqa: PLR0913 - what a run ends with
    engine: Engine,
    run: RunRecord,
    values: Mapping[str, Any],
    settled: Iterable[Sequence[Settled]],
    *,
    fixed: Sequence[str],
    now: float,
    forget_unseen: bool,
) -> None:
    """Write findings and histories as they come, mark what is ``fixed``, and end the run with ``values``.

    ``forget_unseen`` drops the memory of pages that this run did not meet again. Either all of it is written or
    nothing: a run that is killed here is still open, and its end can be done again.
    """
    with engine.begin() as connection:
        for chunk in settled:
            upsert(connection, findings, [stored_row(run.id, stored) for stored, _ in chunk])
            upsert(connection, sightings, [_sighting_row(run, stored, record) for stored, record in chunk])
        _mark_fixed(connection, run, fixed, now)
        if forget_unseen:
            _forget_unseen(connection, run)
        connection.execute(update(runs).where(runs.c.id == run.id).values(ended(values)))
        connection.execute(delete(targets).where(targets.c.run == run.id))


def _sighting_row(run: RunRecord, stored: FindingRecord, record: FaultRecord) -> Row:
    return {
        "site": run.site,
        "scope": run.scope,
        "fingerprint": stored.fingerprint,
        "rule": stored.finding.rule.id,
        **record._asdict(),
        "body": finding_to_json(stored.finding),
    }


def _mark_fixed(connection: Connection, run: RunRecord, fingerprints: Sequence[str], now: float) -> None:
    of_site = sightings.c.site == run.site, sightings.c.scope == run.scope
    for chunk in chunks(fingerprints):
        gone = update(sightings).where(*of_site, sightings.c.fingerprint.in_(chunk))
        connection.execute(gone.values(fixed=now, fixed_run=run.id))


def _forget_unseen(connection: Connection, run: RunRecord) -> None:
    of_site = pages.c.site == run.site, pages.c.scope == run.scope
    connection.execute(delete(pages).where(*of_site, pages.c.run != run.id))
