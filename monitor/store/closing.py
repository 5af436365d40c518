"""Close a run in one transaction: its findings, the ledger, its figures; and let go of its frontier."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, delete, update

from monitor.store.database import upsert
from monitor.store.runs import RunRow
from monitor.store.schema import findings, ledger, pages, runs, targets

Rows = Sequence[dict[str, Any]]

CHUNK = 500
"""Keys in one IN clause; SQLite allows 999 parameters in old builds."""


def close(  # noqa: PLR0913 - what a run ends with
    engine: Engine,
    run: RunRow,
    values: Mapping[str, Any],
    chunks: Iterable[tuple[Rows, Rows]],
    *,
    fixed: Sequence[str],
    now: float,
    forget_unseen: bool,
) -> None:
    """Write findings and ledger rows as they come, mark what is fixed, and end the run with ``values``.

    ``forget_unseen`` drops the memory of pages that this run did not meet again.
    """
    mine = ledger.c.site == run.site, ledger.c.scope == run.scope
    with engine.begin() as connection:
        for found, entered in chunks:
            upsert(connection, findings, found)
            upsert(connection, ledger, [{"site": run.site, "scope": run.scope, **row} for row in entered])
        for start in range(0, len(fixed), CHUNK):
            gone = ledger.c.fingerprint.in_(fixed[start : start + CHUNK])
            connection.execute(update(ledger).where(*mine, gone).values(fixed=now, fixed_run=run.id))
        if forget_unseen:
            _forget_unseen(connection, run)
        connection.execute(update(runs).where(runs.c.id == run.id).values(finished=time.time(), **values))
        connection.execute(delete(targets).where(targets.c.run == run.id))


def _forget_unseen(connection: Connection, run: RunRow) -> None:
    seen = pages.c.site == run.site, pages.c.scope == run.scope
    connection.execute(delete(pages).where(*seen, pages.c.run != run.id))
