"""Keep the table of runs: who runs what, since when, and how it ended."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from msgspec import Struct, field
from sqlalchemy import Connection, Engine, RowMapping, bindparam, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from checks.model import NOTHING, Text, WordedError
from monitor.store.events import record_end_of_run
from monitor.store.run_facts import RunFacts, facts_from_json, facts_to_json
from monitor.store.schema import entries, findings, runs, targets

HEARTBEAT_LIMIT = 120.0
"""Seconds without a sign of life after which a run on another machine counts as dead."""

SILENCE = 5
"""Seconds without a statement after which a transaction that writes to a run is ended."""

RUNNING = "running"

CHANGE_OF_HELD_RUN = update(runs).where(runs.c.id == bindparam("held_run"), runs.c.owner == bindparam("held_by"))
"""Sets the columns that it is given values of, where the run is still held by the process that writes."""


class RunRecord(Struct, frozen=True):
    """A run as it is stored; times in seconds since the epoch."""

    id: int
    site: str
    name: str
    url: str
    scope: str
    started: float
    status: str
    engine: str
    owner: str = ""
    heartbeat: float = 0.0
    scheduled_for: float | None = None
    finished: float | None = None
    reason: Text = NOTHING
    pages: int = 0
    requests: int = 0
    links: int = 0
    bytes: int = 0
    facts: RunFacts = field(default_factory=RunFacts)

    @property
    def alive(self) -> bool:
        """Whether the process that owns the run is still there."""
        return is_alive(self.owner, self.heartbeat)


def is_alive(owner: str, heartbeat: float) -> bool:
    """Return whether a process is still there, as ``me`` names it; one on another machine by its last sign of life."""
    machine, _, process = owner.partition("/")
    if machine == socket.gethostname():
        return bool(process) and _process(int(process.partition("@")[0])) == owner
    return time.time() - heartbeat < HEARTBEAT_LIMIT


@cache
def me() -> str:
    """Name this process so that no later one is taken for it: host, number, and when it started."""
    return _process(os.getpid())


os.register_at_fork(after_in_child=me.cache_clear)


def _process(number: int) -> str:
    try:
        started = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[19]
    except (OSError, IndexError):
        return ""
    return f"{socket.gethostname()}/{number}@{started}"


def ended(values: Mapping[str, object]) -> dict[str, object]:
    """Return the columns of a run that has ended; ``reason`` and ``facts`` come as values."""
    columns = dict(values)
    if isinstance(reason := columns.get("reason"), Text):
        columns["reason"] = list(reason)
    if isinstance(facts := columns.get("facts"), RunFacts):
        columns["facts"] = facts_to_json(facts)
    return columns


class RoundServedError(WordedError):
    """Another process has begun a run for the round."""

    def __init__(self) -> None:
        super().__init__("另一个进程正在做同一次定期检查", "another process serves the same round")


def end_where_silent(connection: Connection) -> None:
    """Have PostgreSQL end a transaction whose process was stopped amid it: who takes over waits for its locks.

    SQLite's locks end with their process alone; its processes are on one machine.
    """
    if connection.dialect.name == "postgresql":
        limit = {"limit": f"{SILENCE}s"}
        connection.execute(text("SELECT set_config('idle_in_transaction_session_timeout', :limit, true)"), limit)


class RunTakenError(WordedError):
    """Another process has taken the run over; what this one would write of it is not written."""

    def __init__(self, number: int) -> None:
        super().__init__(f"检查 {number} 由另一个进程接着做", f"run {number} is gone on with by another process")


def write_as_owner(connection: Connection, number: int, columns: Mapping[str, object]) -> None:
    """Write columns of a run of this process, in a transaction that holds whatever else it learned.

    A process that was paused for long may have lost its run to another, which goes on with it from what is stored.
    Raises RunTakenError then: the transaction ends without a trace.
    """
    end_where_silent(connection)
    held_here = {"held_run": number, "held_by": me()}
    if connection.execute(CHANGE_OF_HELD_RUN, {**columns, **held_here}).rowcount == 0:
        raise RunTakenError(number)


@contextmanager
def served_once(engine: Engine) -> Iterator[Connection]:
    """Open a transaction in which a round is claimed: the table holds one run for each site, scope and round."""
    try:
        with engine.begin() as connection:
            yield connection
    except IntegrityError:
        raise RoundServedError from None


class RunStore:
    """The table of runs."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def begin(self, **columns: object) -> RunRecord:
        """Open a run that this process owns; ``columns`` are site, name, url, scope, engine and scheduled_for.

        It starts now, or at the moment that ``started`` gives.

        Raises RoundServedError where another process has begun a run for the same round.
        """
        now = time.time()
        values: dict[str, object] = {
            "started": now,
            "heartbeat": now,
            "status": RUNNING,
            "reason": ["", ""],
            "owner": me(),
            "facts": {},
        }
        values |= columns
        with served_once(self.engine) as connection:
            number = connection.execute(insert(runs).values(values)).inserted_primary_key[0]  # type: ignore[index]
        return self.load(number)

    def load(self, number: int) -> RunRecord:
        """Return a run. Raises KeyError where there is none of that number."""
        rows = self._select(runs.c.id == number)
        if not rows:
            raise KeyError(number)
        return rows[0]

    def unfinished(self, site: str, scope: str) -> list[RunRecord]:
        """Return the runs of a site and scope that never ended, newest first."""
        return self._select(runs.c.site == site, runs.c.scope == scope, runs.c.status == RUNNING)

    def unfinished_of_all(self) -> dict[tuple[str, str], RunRecord]:
        """Return the newest run that never ended, of every site and scope that has one."""
        return {(run.site, run.scope): run for run in reversed(self._select(runs.c.status == RUNNING))}

    def previous(self, run: RunRecord) -> RunRecord | None:
        """Return the last finished run of the same site and scope before this one that saw anything."""
        rows = self._select(
            runs.c.site == run.site,
            runs.c.scope == run.scope,
            runs.c.id < run.id,
            runs.c.status.in_(("complete", "partial")),
            limit=1,
        )
        return rows[0] if rows else None

    def ended_up_to(self, run: RunRecord, limit: int) -> list[RunRecord]:
        """Return the last runs of a run's site and scope that ended, itself and the failed among them, newest first."""
        ended = ("complete", "partial", "failed")
        same = runs.c.site == run.site, runs.c.scope == run.scope, runs.c.id <= run.id
        return self._select(*same, runs.c.status.in_(ended), limit=limit)

    def ended_between(self, site: str, start: float, end: float) -> list[RunRecord]:
        """Return the runs of a site that ended between two moments, the failed among them, the oldest first."""
        ended = runs.c.status.in_(("complete", "partial", "failed"))
        return self._select(runs.c.site == site, ended, runs.c.finished >= start, runs.c.finished <= end)[::-1]

    def latest(self, limit: int = 50, site: str | None = None) -> list[RunRecord]:
        """Return the newest runs first."""
        return self._select(*([runs.c.site == site] if site else []), limit=limit)

    def page(self, sites: Iterable[str] | None, before: int | None, limit: int) -> list[RunRecord]:
        """Return runs of some sites, None for all, that are older than one, the newest first."""
        where = [] if sites is None else [runs.c.site.in_(list(sites))]
        return self._select(*where, *([] if before is None else [runs.c.id < before]), limit=limit)

    def knows(self, site: str) -> bool:
        """Return whether the store has runs or ledger entries of a site."""
        with self.engine.connect() as connection:
            return any(
                connection.execute(select(table.c.site).where(table.c.site == site).limit(1)).first()
                for table in (runs, entries)
            )

    def sites(self) -> set[str]:
        """Return the sites that the store has runs or ledger entries of."""
        named = select(runs.c.site).union(select(entries.c.site))
        with self.engine.connect() as connection:
            return set(connection.execute(named).scalars())

    def adopt(self, run: RunRecord, scheduled_for: float | None = None) -> None:
        """Take over a run whose process is gone, and let it serve a round, where one is given.

        Raises RunTakenError where the run is no longer as it was read: of several that try, one has it.
        """
        values: dict[str, object] = {"owner": me(), "heartbeat": time.time()}
        if scheduled_for is not None:
            values["scheduled_for"] = scheduled_for
        as_read = runs.c.id == run.id, runs.c.owner == run.owner, runs.c.heartbeat == run.heartbeat
        with self.engine.begin() as connection:
            end_where_silent(connection)
            if connection.execute(update(runs).where(*as_read).values(values)).rowcount == 0:
                raise RunTakenError(run.id)

    def release(self, number: int) -> None:
        """Give a run of this process up for the next one to go on with; from here on nobody owns it.

        A store that was restored meanwhile may know another run by that number, and that one stays as it is.
        """
        held_here = runs.c.id == number, runs.c.owner == me()
        with self.engine.begin() as connection:
            connection.execute(update(runs).where(*held_here).values(owner="", heartbeat=0.0))

    def abandon(self, number: int, *reason: str) -> None:
        """Close a run that nobody will go on with. The round that it was for is free again."""
        self.finish(number, status="failed", reason=Text(*reason), scheduled_for=None)

    def finish(self, number: int, *, finished: float | None = None, as_owner: bool = False, **values: object) -> None:
        """Close a run with its status and figures; its frontier is of no further use and goes.

        It ends now, or at the moment ``finished``. ``as_owner``: raises RunTakenError where another process has it.
        """
        moment = time.time() if finished is None else finished
        columns = ended(values | {"finished": moment})
        with self.engine.begin() as connection:
            if as_owner:
                write_as_owner(connection, number, columns)
            else:
                connection.execute(update(runs).where(runs.c.id == number).values(columns))
            connection.execute(delete(targets).where(targets.c.run == number))
            record_end_of_run(connection, number, moment)

    def forget(self, number: int) -> None:
        """Remove a run and what it found; the ledger keeps its history."""
        with self.engine.begin() as connection:
            for table in (targets, findings):
                connection.execute(delete(table).where(table.c.run == number))
            connection.execute(delete(runs).where(runs.c.id == number))

    def _select(self, *where: Any, limit: int | None = None) -> list[RunRecord]:  # noqa: ANN401 - SQL clauses
        statement = select(runs).where(*where).order_by(runs.c.id.desc()).limit(limit)
        with self.engine.connect() as connection:
            return [run_from_row(mapping) for mapping in connection.execute(statement).mappings()]


def run_from_row(row: RowMapping) -> RunRecord:
    """Return a run as its row has it."""
    return RunRecord(**{**row, "reason": Text(*row["reason"]), "facts": facts_from_json(row["facts"])})
