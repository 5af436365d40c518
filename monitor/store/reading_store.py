"""Open a store a second time to read alone: what shows pages cannot change anything, nor hold a statement for long."""

from __future__ import annotations

import os
import time
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import DisconnectionError

from monitor.store import Store
from monitor.store.database import patient
from monitor.store.file import StoreFile
from monitor.store.ledger.entry_cube import EntryCube
from monitor.store.runs import RunStore

AT_ONCE = 4
"""Connections: as many as there are threads that make pages."""

LONGEST = 20.0
"""Seconds after which a statement is given up."""

STEPS = 200_000
"""Instructions of SQLite between two looks at the clock: some milliseconds."""


class ReadingStore(Store):
    """A store that is read. ``url`` names one that is up to date: who writes it has opened it before.

    Writing raises what the driver raises. A file that was replaced meanwhile is opened anew.
    """

    def __init__(self, url: str) -> None:
        address = make_url(url)
        self.engine = _reading_sqlite(address) if address.get_backend_name() == "sqlite" else _reading_server(address)
        self.file = StoreFile(self.engine)
        self.runs = RunStore(self.engine)
        self.counts = EntryCube(self.engine)


def _reading_server(address: URL) -> Engine:
    # What the address says itself comes first; the rest of PostgreSQL's options stand beside ours.
    options = f"-c default_transaction_read_only=on -c statement_timeout={int(LONGEST * 1000)}"
    with_limits = patient(address).update_query_dict({"options": options}, append=True)
    joined = with_limits.query["options"]
    query = {**with_limits.query, "options": joined if isinstance(joined, str) else " ".join(joined)}
    return create_engine(
        with_limits.set(query=query), pool_pre_ping=True, pool_size=AT_ONCE, max_overflow=0, hide_parameters=True
    )


def _reading_sqlite(address: URL) -> Engine:
    engine = create_engine(address, hide_parameters=True, pool_size=AT_ONCE, max_overflow=0)

    @event.listens_for(engine, "connect")
    def _tune(connection: Any, record: Any) -> None:  # noqa: ANN401 - a DBAPI connection has no common type
        for pragma in ("query_only=ON", "busy_timeout=15000", "temp_store=MEMORY", "cache_size=-800"):
            connection.execute(f"PRAGMA {pragma}")
        record.info["file"] = _identity(address)
        connection.set_progress_handler(lambda: time.monotonic() > record.info.get("until", float("inf")), STEPS)

    @event.listens_for(engine, "checkout")
    def _begin(_connection: object, record: Any, _proxy: object) -> None:  # noqa: ANN401 - likewise
        if record.info["file"] != _identity(address):
            raise DisconnectionError("the file of the store was replaced")
        record.info["until"] = time.monotonic() + LONGEST

    return engine


def _identity(address: URL) -> tuple[int, int] | None:
    """Return what tells one file from another; None where there is none."""
    try:
        found = os.stat(address.database or "")  # noqa: PTH116 - asked at every page
    except OSError:
        return None
    return found.st_dev, found.st_ino
