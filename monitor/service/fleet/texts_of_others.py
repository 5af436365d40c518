"""Read texts for a worker that inspects a large site, where this one has a place free."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from typing import Any

import structlog

from checks.model import Block, Check
from monitor.inspection.workers import Crews, Workers
from monitor.service.fleet.judge import name_of
from monitor.store.batch_store import BatchAnswer, BatchStore

log = structlog.get_logger()

PAUSE = 60.0
"""Seconds without a batch after which it is logged that there is one again."""


class TextsOfOthers:
    """Reads batches by the checks that are in force, in the processes of ``crews``.

    ``adopt`` comes first. A batch for a check that this worker would judge by otherwise is left alone: who asked finds
    no answer, and reads it itself.
    """

    def __init__(self, batches: BatchStore, crews: Crews) -> None:
        self._batches, self._crews = batches, crews
        self._checks: dict[str, Check[Any]] = {}
        self._read_at = float("-inf")

    def adopt(self, checks: Iterable[Check[Any]]) -> None:
        """Read by other checks from the next batch on."""
        read = [check for check in checks if check.subject is Block and check.cpu_bound]
        self._checks = {name_of(check): check for check in read}

    async def read(self, batch: int) -> None:
        """Read the texts of a batch and keep what there is to say of each. Raises what the store does."""
        question = await asyncio.to_thread(self._batches.question, batch)
        check = self._checks.get(question.check) if question is not None else None
        if question is None or check is None:
            return
        if time.monotonic() - self._read_at > PAUSE:
            log.info("reading texts for another worker")
        self._read_at = time.monotonic()
        workers = Workers(self._crews.of(check))
        try:
            verdicts = await workers.judge(question.texts)
        finally:
            workers.close()
        answer = BatchAnswer(verdicts, workers.take_seconds(), workers.hangs)
        await asyncio.to_thread(self._batches.answer, batch, answer)
