"""Have other workers read texts, attachments and pictures of a large site for which this one's cores have no time.

Only the worker that inspects a site asks it for anything; what travels are texts, a few pages' worth at a time, or the
bytes of a file, and what they say. Whatever becomes of them, an inspection waits for nobody who does not come: what
nobody took within seconds, and what was lost with its helper, is read here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from math import inf
from typing import Any

import structlog

from checks.model import Check
from checks.reading.attachments import Extract
from monitor.inspection.helpers import VerdictsOfHelper
from monitor.inspection.picture_process import PictureReading
from monitor.service.fleet.batches import (
    Words,
    extract_in,
    question_of_file,
    question_of_picture,
    question_of_texts,
    reading_in,
    verdicts_in,
)
from monitor.service.fleet.queueing import TEXTS, put_one_in, texts_of
from monitor.settings.site import Settings
from monitor.store.batch_store import BatchQuestion, BatchState, BatchStore
from monitor.store.database import driver_connection
from monitor.store.job_store import JobStore

log = structlog.get_logger()

AT_ONCE = 16
"""Batches that wait for helpers at the same time, and pages and files in memory."""

LEAST = 500
"""Characters of a batch at least. They take a worker some 50 CPU ms, and the way to another one 5."""

MOST = 20_000
"""Characters of a batch at most: some seconds of a helper."""

LARGEST = 2 * 1024 * 1024
"""Bytes of a file at most: with all that wait, 32 MB of this worker and of the database."""

LOOK = 0.2
"""Seconds between two looks for answers."""

PATIENCE = 10.0
"""Seconds after which a batch is taken back that nobody began: workers look for jobs every other second at the latest,
and a busy machine is slow to start."""

NOBODY = 60.0
"""Seconds for which nobody is asked after nobody was found."""

LONGEST = 900.0
"""Seconds after which any batch is taken back: more than a helper may take that hangs at every other text."""


class Waiting:
    """A batch that waits for its answer, and the job that asks for it. ``answer`` becomes None where none comes."""

    def __init__(self, job: int) -> None:
        self.job, self.since = job, time.monotonic()
        self.answer = asyncio.get_running_loop().create_future()


class TextsForOthers:
    """What all inspections of one worker have others read. ``adopt`` comes first.

    ``address`` returns the queue of those who judge alike, ``number`` the one that the queue knows this worker by, None
    before it has one. ``changed`` is called when the first batch goes out and when the last one is back.
    """

    at_once = AT_ONCE
    largest = LARGEST
    patience = PATIENCE

    def __init__(
        self,
        jobs: JobStore,
        address: Callable[[], str],
        number: Callable[[], int | None],
        changed: Callable[[], None],
    ) -> None:
        self.after = inf
        self._jobs, self._batches = jobs, BatchStore(jobs.engine)
        self._address, self._number, self._changed = address, number, changed
        self._waiting: dict[int, Waiting] = {}
        self._going_out = 0
        self._nobody_until = self._begun_at = float("-inf")
        self._looking: asyncio.Task[None] | None = None

    def adopt(self, settings: Settings) -> None:
        """Ask for help from where new settings say; what waits for it goes on waiting."""
        self.after = inf if settings.engine.help_after is None else settings.engine.help_after

    @property
    def is_asking(self) -> bool:
        """Whether batches of this worker wait for others."""
        return bool(self._waiting or self._going_out)

    async def judge(self, check: Check[Any], texts: Sequence[str]) -> VerdictsOfHelper | None:
        """As Helpers has it. Raises what the store does."""
        if not LEAST <= sum(map(len, texts)) <= MOST:
            return None
        words = await self._ask(question_of_texts(check, texts))
        answer = None if words is None else verdicts_in(words)
        return answer if answer is not None and len(answer.verdicts) == len(texts) else None

    async def read_file(self, body: bytes) -> Extract | None:
        """As Helpers has it. Raises what the store does."""
        words = await self._ask(question_of_file(body))
        return None if words is None else extract_in(words)

    async def read_picture(
        self, body: bytes, seconds: float, page: int, smallest: tuple[int, int]
    ) -> PictureReading | None:
        """As Helpers has it. Raises what the store does."""
        words = await self._ask(question_of_picture(body, seconds, page, smallest))
        return None if words is None else reading_in(words)

    async def _ask(self, question: BatchQuestion) -> Words:
        """Return what a helper says, None where none does, or none is to be asked."""
        asker = self._number()
        if asker is None or not self._may_ask or len(question.body) > self.largest:
            return None
        batch = await self._send(question, asker)
        try:
            return await self._waiting[batch].answer
        finally:
            await self._take_back(batch)

    @property
    def _may_ask(self) -> bool:
        is_full = len(self._waiting) + self._going_out >= self.at_once
        return not is_full and time.monotonic() >= self._nobody_until

    async def _send(self, question: BatchQuestion, asker: int) -> int:
        self._going_out += 1
        self._changed()
        try:
            batch, job = await self._put_in(question, asker)
            self._waiting[batch] = Waiting(job)
        finally:
            self._going_out -= 1
            self._changed()
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return batch

    async def _put_in(self, question: BatchQuestion, asker: int) -> tuple[int, int]:
        putting = asyncio.create_task(asyncio.to_thread(self._put_in_now, question, asker))
        try:
            return await asyncio.shield(putting)
        except asyncio.CancelledError:
            await asyncio.to_thread(self._forget, *await putting)  # a thread comes to its end
            raise

    def _put_in_now(self, question: BatchQuestion, asker: int) -> tuple[int, int]:
        batch = self._batches.ask(question, asker)
        with driver_connection(self._jobs.engine) as connection:
            return batch, put_one_in(texts_of(batch, self._address()), connection)

    async def _take_back(self, batch: int) -> None:
        waiting = self._waiting.pop(batch)
        self._changed()
        await asyncio.to_thread(self._forget, batch, waiting.job)

    def _forget(self, batch: int, job: int) -> None:
        self._jobs.drop_waiting([job])
        self._batches.drop([batch])

    # ---- answers ---------------------------------------------------------------------------------

    async def _look(self) -> None:
        """Give batches their answers until none waits; where the store fails, all that wait fail with it."""
        while self._waiting:
            try:
                jobs = {batch: waiting.job for batch, waiting in self._waiting.items()}
                states = await asyncio.to_thread(self._batches.states, jobs)
            except Exception as error:  # noqa: BLE001 - the inspections have to know, whatever it is
                for waiting in self._waiting.values():
                    if not waiting.answer.done():
                        waiting.answer.set_exception(error)
                return
            for batch, state in states.items():
                self._take(batch, state)
            await asyncio.sleep(LOOK)

    def _take(self, batch: int, state: BatchState) -> None:
        waiting = self._waiting.get(batch)
        if waiting is None or waiting.answer.done():
            return
        waited = time.monotonic() - waiting.since
        if state.answer is not None or state.job == "doing":
            self._begun_at = time.monotonic()
        if state.answer is not None:
            waiting.answer.set_result(state.answer)
        elif self._is_left_lying(waiting, state, waited) or state.job not in {"todo", "doing"} or waited > LONGEST:
            waiting.answer.set_result(None)

    def _is_left_lying(self, waiting: Waiting, state: BatchState, waited: float) -> bool:
        """Return whether nobody began a batch in time; where nobody began any, nobody is asked for a while."""
        if state.job != "todo" or waited < self.patience:
            return False
        if self._begun_at < waiting.since and self._nobody_until < waiting.since:
            log.info("no other worker has time for texts of this one", queue=TEXTS)
            self._nobody_until = time.monotonic() + NOBODY
        return True
