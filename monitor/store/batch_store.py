"""Keep what a worker of a fleet has others read, and what those say of it.

The table is made by ``monitor/service/fleet/fleet_schema.py``, in PostgreSQL. A batch lives as long as somebody waits
for it: the one that asked drops it, and the leader what nobody waits for any more.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Engine, text

from monitor.store.json_text import decode_json, encode_json

LONGEST = 3_600.0
"""Seconds for which a batch is kept at most; who asked waits for less."""

STATES = """
    SELECT waiting.batch, job.status::text, batch.answer
    FROM unnest(CAST(:batches AS bigint[]), CAST(:jobs AS bigint[])) AS waiting (batch, job)
    LEFT JOIN fleet_batches batch ON batch.id = waiting.batch
    LEFT JOIN procrastinate_jobs job ON job.id = waiting.job
"""

# A batch is read by anybody with the same result, so nothing has to be fenced: a helper that wakes up finds its batch
# gone, and what it says goes nowhere.
LOST_JOBS = """
    DELETE FROM procrastinate_jobs job
    WHERE job.task_name = :task AND job.status = 'doing' AND NOT EXISTS (
        SELECT 1 FROM procrastinate_workers worker
        WHERE worker.id = job.worker_id AND worker.last_heartbeat > now() - make_interval(secs => :seconds)
    )
"""

UNWANTED_BATCHES = """
    DELETE FROM fleet_batches batch WHERE batch.at < now() - make_interval(secs => :longest) OR NOT EXISTS (
        SELECT 1 FROM procrastinate_workers worker
        WHERE worker.id = batch.asker AND worker.last_heartbeat > now() - make_interval(secs => :seconds)
    )
"""

UNWANTED_JOBS = """
    DELETE FROM procrastinate_jobs job
    WHERE job.task_name = :task AND job.status = 'todo'
    AND NOT EXISTS (SELECT 1 FROM fleet_batches batch WHERE batch.id = (job.args->>'batch')::bigint)
"""


class BatchQuestion(NamedTuple):
    """What is to be read: ``words`` are any JSON, ``body`` is a file, b"" where there is none.

    ``reader`` names by what it is to be read, with all that an answer depends on.
    """

    reader: str
    words: Any
    body: bytes = b""


class BatchState(NamedTuple):
    """How a batch stands: ``job`` in Procrastinate's words, empty where it is gone; ``answer`` is None before one."""

    job: str
    answer: Any


class BatchStore:
    """The batches of one database. Each statement is a transaction of its own, as in JobStore."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def ask(self, question: BatchQuestion, asker: int) -> int:
        """Keep what a helper is to read; return the number of the batch. ``asker`` is the number of the worker."""
        keep = "INSERT INTO fleet_batches (asker, question, body) VALUES (:asker, :question, :body) RETURNING id"
        words = encode_json([question.reader, question.words]).encode()
        rows = self._rows(keep, {"asker": asker, "question": words, "body": question.body})
        return int(rows[0][0])

    def question(self, batch: int) -> BatchQuestion | None:
        """Return what is to be read, None where nobody waits for it any more."""
        rows = self._rows("SELECT question, body FROM fleet_batches WHERE id = :batch", {"batch": batch})
        if not rows:
            return None
        reader, words = decode_json(rows[0].question)
        return BatchQuestion(reader, words, rows[0].body or b"")

    def answer(self, batch: int, words: Any) -> None:  # noqa: ANN401 - any JSON
        """Keep what a helper says, where somebody still waits for it."""
        keep = "UPDATE fleet_batches SET answer = :answer WHERE id = :batch"
        self._rows(keep, {"batch": batch, "answer": encode_json(words).encode()})

    def states(self, jobs: Mapping[int, int]) -> dict[int, BatchState]:
        """Return how batches stand, by their numbers; ``jobs`` has the number of the job of each."""
        rows = self._rows(STATES, {"batches": [*jobs], "jobs": [*jobs.values()]})
        return {
            batch: BatchState(status or "", None if answer is None else decode_json(answer))
            for batch, status, answer in rows
        }

    def drop(self, batches: Collection[int]) -> None:
        """Forget batches: the answers are known, or nobody waits for them."""
        self._rows("DELETE FROM fleet_batches WHERE id = ANY(:batches)", {"batches": [*batches]})

    def tidy(self, task: str, stalled_after: float) -> None:
        """Drop what workers left behind that were not heard of for so many seconds, with the jobs of a ``task``."""
        values = {"task": task, "seconds": stalled_after, "longest": LONGEST}
        for statement in (LOST_JOBS, UNWANTED_BATCHES, UNWANTED_JOBS):
            self._rows(statement, values)

    def _rows(self, statement: str, values: dict[str, Any]) -> Sequence[Any]:
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            result = connection.execute(text(statement), values)
            return result.all() if result.returns_rows else ()
