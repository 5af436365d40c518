"""Look at the queue of a fleet, and change what is in it: Procrastinate's tables, and ours beside them.

Jobs are put in and taken out by Procrastinate; here stands what it has no call for, or none that is safe where a
worker wakes up that was given up. The tables are made by ``monitor/service/fleet/fleet_schema.py``, in PostgreSQL.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, text

from monitor.store.leader_lock import NUMBER as LEADERS
from monitor.store.schema import DONE

Key = tuple[str, str]
"""Site and scope."""


Verdict = tuple[str, str, str, bool]
"""What a recheck says of an entry: result, evidence in Chinese and English, and whether it is certain."""


class JobRecord(NamedTuple):
    """A job that waits or is done now. ``fire`` is the round that it serves, ``asked`` when somebody asked instead.

    ``queue`` is the queue and who may judge (``queue@judge``); times are seconds since the epoch.
    """

    id: int
    site: str
    scope: str
    fire: float | None
    asked: float | None
    queue: str
    is_running: bool
    attempts: int

    @property
    def key(self) -> Key:
        """Site and scope."""
        return self.site, self.scope


class LostJob(NamedTuple):
    """A job whose worker is gone, for the how manieth time (``losses``), and whether nobody gets it any more."""

    site: str
    scope: str
    losses: int
    is_given_up: bool


class QueueCount(NamedTuple):
    """What one queue of the queue holds; ``oldest`` is how many seconds the oldest job that waits has waited.

    ``retried`` are jobs that were begun before, and handed back or lost with their worker.
    """

    queue: str
    waiting: int
    running: int
    oldest: float
    retried: int
    failed: int


class WorkerRecord(NamedTuple):
    """A worker that has not said that it ended; ``silent`` is how many seconds ago it was last heard of."""

    owner: str
    version: str
    judge: str
    concurrency: int
    queues: str
    running: int
    silent: float


JOB = """
    SELECT id, args->>'site', args->>'scope', (args->>'fire')::float, (args->>'asked')::float, queue_name,
           status = 'doing', attempts
    FROM procrastinate_jobs
"""

COUNTS = """
    SELECT split_part(job.queue_name, '@', 1),
           count(*) FILTER (WHERE job.status = 'todo'),
           count(*) FILTER (WHERE job.status = 'doing'),
           coalesce(max(extract(epoch FROM now() - event.at)) FILTER (WHERE job.status = 'todo'), 0)::float,
           count(*) FILTER (WHERE job.status IN ('todo', 'doing') AND job.attempts > 0),
           count(*) FILTER (WHERE job.status = 'failed')
    FROM procrastinate_jobs job
    LEFT JOIN procrastinate_events event ON event.job_id = job.id AND event.type = 'deferred'
    GROUP BY 1 ORDER BY 1
"""

# The dead are locked before their jobs are given away: one that is heard of at this very moment is passed over, and
# one that is heard of a moment later finds that its jobs are gone. What a job came to so far is its run, how many
# addresses of it have answered, and how much they said, which grows with second looks: a job whose workers die again
# and again without coming further is what kills them. Texts are not given to others (BatchStore.tidy).
RECLAIM = """
    WITH dead AS (
        SELECT id FROM procrastinate_workers
        WHERE last_heartbeat < now() - make_interval(secs => :seconds) FOR UPDATE
    ), lost AS (
        SELECT job.id, coalesce((job.args->>'losses')::int, 0) + 1 AS losses,
               CASE WHEN job.args->>'stood_at' = now_at.place THEN coalesce((job.args->>'stuck')::int, 0) ELSE 0 END + 1
                   AS stuck,
               now_at.place
        FROM procrastinate_jobs job CROSS JOIN LATERAL (
            SELECT coalesce(max(run.id || '/' || (
                SELECT count(*) || '/' || coalesce(sum(length(targets.answer::text)), 0)
                FROM targets WHERE targets.run = run.id AND targets.state = :done
            )), '') AS place
            FROM runs run
            WHERE run.site = job.args->>'site' AND run.scope = job.args->>'scope' AND run.status = 'running'
        ) now_at
        WHERE job.status = 'doing' AND (job.worker_id IS NULL OR job.worker_id IN (SELECT id FROM dead))
        AND job.task_name <> 'texts'
    )
    UPDATE procrastinate_jobs job
    SET status = (CASE WHEN lost.stuck >= :stuck OR lost.losses >= :losses THEN 'failed' ELSE 'todo' END)
            ::procrastinate_job_status,
        args = job.args || jsonb_build_object('losses', lost.losses, 'stuck', lost.stuck, 'stood_at', lost.place),
        attempts = attempts + 1, worker_id = NULL, scheduled_at = NULL, abort_requested = false
    FROM lost WHERE job.id = lost.id AND job.status = 'doing'
    RETURNING job.args->>'site', job.args->>'scope', lost.losses, job.status = 'failed'
"""

UNDER_WAY = frozenset({"todo", "doing"})
"""How a job stands that waits or is done now, in Procrastinate's words."""

STUCK = 10
"""Workers in a row that may be lost with a job before it has come any further than with the last one."""

LOSSES = 50
"""Workers that may be lost with a job in all."""

WORKERS = """
    SELECT ours.owner, ours.version, ours.judge, ours.concurrency, ours.queues,
           (SELECT count(*) FROM procrastinate_jobs job WHERE job.worker_id = ours.worker AND job.status = 'doing'),
           extract(epoch FROM now() - coalesce(theirs.last_heartbeat, ours.heartbeat))::float
    FROM fleet_workers ours LEFT JOIN procrastinate_workers theirs ON theirs.id = ours.worker
    ORDER BY ours.owner
"""


class JobStore:
    """The queue of one database. A worker that was not heard of for ``stalled_after`` seconds has lost its jobs.

    Each statement is a transaction of its own, which the server ends: a process that is stopped amid one would hold
    locks that all others wait for.
    """

    def __init__(self, engine: Engine, stalled_after: float) -> None:
        self.engine, self.stalled_after = engine, stalled_after

    # ---- jobs ------------------------------------------------------------------------------------

    def active(self, only: Key | None = None) -> dict[Key, JobRecord]:
        """Return the inspections that wait or run, by site and scope; of several what runs, or was there first."""
        statement, values = f"{JOB} WHERE status IN ('todo', 'doing') AND task_name = 'inspect'", dict[str, Any]()
        if only is not None:
            statement += " AND args->>'site' = :site AND args->>'scope' = :scope"
            values = {"site": only[0], "scope": only[1]}
        rows = self._rows(f"{statement} ORDER BY status, id DESC", values)
        records = (JobRecord(*row) for row in rows)
        return {record.key: record for record in records}

    def counts(self) -> list[QueueCount]:
        """Return what the queues hold."""
        return [QueueCount(*row) for row in self._rows(COUNTS)]

    def time(self) -> datetime:
        """Return what the clock of the database says."""
        moment: datetime = self._rows("SELECT now()")[0][0]
        return moment

    def held_by(self, worker: int) -> set[int]:
        """Say that a worker lives, and return the jobs that are its own: others may have been given away.

        The sign of life comes first: from then on nobody gives its jobs away for a while, and those that are seen here
        stay its own.
        """
        with self._connection() as connection:
            beat = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = :worker"
            connection.execute(text(beat), {"worker": worker})
            held = "SELECT id FROM procrastinate_jobs WHERE worker_id = :worker AND status = 'doing'"
            return set(connection.execute(text(held), {"worker": worker}).scalars())

    def reclaim(self) -> list[LostJob]:
        """Let others have the jobs of workers that were not heard of, but for those that kill them; return which."""
        values = {"seconds": self.stalled_after, "done": DONE, "stuck": STUCK, "losses": LOSSES}
        return [LostJob(*row) for row in self._rows(RECLAIM, values)]

    def cancel(self, number: int, *, abort: bool) -> bool:
        """Take a job that waits out of the queue, or have its worker end it (``abort``).

        Return whether there was one.
        """
        call = "SELECT procrastinate_cancel_job_v1(:number, :abort, :forget)"
        values = {"number": number, "abort": abort, "forget": not abort}
        return bool(self._rows(call, values)[0][0])

    def status(self, number: int) -> str:
        """Return how a job stands in Procrastinate's words (``todo``, ``doing`` …); empty where it is gone."""
        rows = self._rows("SELECT status::text FROM procrastinate_jobs WHERE id = :number", {"number": number})
        return rows[0][0] if rows else ""

    def drop_waiting(self, numbers: Iterable[int]) -> None:
        """Take jobs that wait out of the queue."""
        drop = "DELETE FROM procrastinate_jobs WHERE id = ANY(:numbers) AND status = 'todo'"
        self._rows(drop, {"numbers": list(numbers)})

    def readdress(self, judge: str) -> int:
        """Have those take what waits who judge alike (``judge``); return how many jobs that were."""
        move = """
            UPDATE procrastinate_jobs SET queue_name = split_part(queue_name, '@', 1) || '@' || :judge
            WHERE status = 'todo' AND split_part(queue_name, '@', 2) <> :judge RETURNING id
        """
        return len(self._rows(move, {"judge": judge}))

    def forget_ended(self, days: float) -> None:
        """Drop jobs that broke down so many days ago; those that ended are dropped at once."""
        old = """
            DELETE FROM procrastinate_jobs job WHERE status IN ('failed', 'cancelled', 'aborted') AND NOT EXISTS (
                SELECT 1 FROM procrastinate_events event
                WHERE event.job_id = job.id AND event.at > now() - make_interval(secs => :seconds)
            )
        """
        self._rows(old, {"seconds": days * 86_400})

    # ---- what rechecks see -------------------------------------------------------------------------

    def save_look(self, order: str, entry: int, verdict: Verdict) -> None:
        """Keep what a recheck that was ordered says of an entry, for who ordered it."""
        keep = """
            INSERT INTO fleet_looks (ordered, entry, result, evidence_zh, evidence_en, sure)
            VALUES (:ordered, :entry, :result, :zh, :en, :sure) ON CONFLICT DO NOTHING
        """
        result, zh, en, sure = verdict
        self._rows(keep, {"ordered": order, "entry": entry, "result": result, "zh": zh, "en": en, "sure": sure})

    def looks(self, order: str) -> dict[int, Verdict]:
        """Return what the recheck of an order said so far, by entry."""
        select = "SELECT entry, result, evidence_zh, evidence_en, sure FROM fleet_looks WHERE ordered = :ordered"
        return {entry: verdict for entry, *rest in self._rows(select, {"ordered": order}) for verdict in [tuple(rest)]}

    def forget_looks(self, order: str, days: float) -> None:
        """Drop what the recheck of an order said, and what nobody asked for in so many days."""
        drop = "DELETE FROM fleet_looks WHERE ordered = :ordered OR at < now() - make_interval(secs => :seconds)"
        self._rows(drop, {"ordered": order, "seconds": days * 86_400})

    # ---- who works ---------------------------------------------------------------------------------

    def enrol(self, worker: WorkerRecord, number: int) -> None:
        """Note a worker, and the number that Procrastinate knows it by."""
        statement = """
            INSERT INTO fleet_workers (owner, worker, version, judge, concurrency, queues)
            VALUES (:owner, :number, :version, :judge, :concurrency, :queues)
            ON CONFLICT (owner) DO UPDATE SET worker = :number, judge = :judge, queues = :queues, heartbeat = now()
        """
        self._rows(statement, {**worker._asdict(), "number": number})

    def dismiss(self, owner: str) -> None:
        """Forget a worker that ends."""
        self._rows("DELETE FROM fleet_workers WHERE owner = :owner", {"owner": owner})

    def workers(self) -> list[WorkerRecord]:
        """Return the workers that have not said that they ended."""
        return [WorkerRecord(*row) for row in self._rows(WORKERS)]

    def is_gone(self, owner: str) -> bool | None:
        """Return whether a worker was given up; None where it is no worker, or has ended in good order."""
        known = [worker for worker in self.workers() if worker.owner == owner]
        return known[0].silent > self.stalled_after if known else None

    def forget_workers(self, days: float) -> None:
        """Drop workers that were not heard of for so many days."""
        old = "DELETE FROM fleet_workers WHERE heartbeat < now() - make_interval(secs => :seconds)"
        self._rows(old, {"seconds": days * 86_400})

    def leader(self) -> tuple[str, str, str] | None:
        """Return who leads, its version, and by what its jobs are judged; None where nobody ever did."""
        rows = self._rows("SELECT owner, version, judge FROM fleet_leader")
        return (rows[0][0], rows[0][1], rows[0][2]) if rows else None

    def is_led(self) -> bool:
        """Return whether somebody leads now: the lock of leaders is held."""
        held = """
            SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = :number
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        """
        return bool(self._rows(held, {"number": LEADERS})[0][0])

    def _connection(self) -> Connection:
        return self.engine.connect().execution_options(isolation_level="AUTOCOMMIT")

    def _rows(self, statement: str, values: dict[str, Any] | None = None) -> Sequence[Any]:
        with self._connection() as connection:
            result = connection.execute(text(statement), values or {})
            return result.all() if result.returns_rows else ()
