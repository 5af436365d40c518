"""Read texts, attachments and pictures for a worker that inspects a large site, where this one has a place free."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import Any

import structlog

from checks.model import Block, Check
from monitor.inspection.attachment_reader import AttachmentReader
from monitor.inspection.helpers import VerdictsOfHelper
from monitor.inspection.picture_process import PictureProcess
from monitor.inspection.workers import Crews, Workers
from monitor.ocr.line_reader import why_not_read
from monitor.service.fleet.batches import (
    Words,
    reader_of_files,
    reader_of_pictures,
    words_of_extract,
    words_of_reading,
    words_of_verdicts,
)
from monitor.service.fleet.judge import name_of
from monitor.service.fleet.spare_processes import SpareProcesses
from monitor.store.batch_store import BatchQuestion, BatchStore

log = structlog.get_logger()

PAUSE = 60.0
"""Seconds without a batch after which it is logged that there is one again."""

Read = Callable[[BatchQuestion], Awaitable[Words]]
"""Returns what there is to say of a batch."""


class TextsOfOthers:
    """Reads batches: texts by the checks that are in force, in the processes of ``crews``, and files in its own.

    ``adopt`` comes first. A batch that this worker would read by something else is left alone: who asked finds no
    answer, and reads it itself.
    """

    def __init__(self, batches: BatchStore, crews: Crews) -> None:
        self._batches, self._crews = batches, crews
        self._files = SpareProcesses(AttachmentReader, AttachmentReader.close)
        self._pictures = SpareProcesses(_picture_process, _end)
        self._readers: dict[str, Read] = {}
        self._read_at = float("-inf")

    def adopt(self, checks: Iterable[Check[Any]]) -> None:
        """Read by other checks from the next batch on."""
        read = [check for check in checks if check.subject is Block and check.cpu_bound]
        self._readers = {name_of(check): partial(self._judge, check) for check in read}
        self._readers[reader_of_files()] = self._read_file
        if why_not_read() is None:
            self._readers[reader_of_pictures()] = self._read_picture

    async def read(self, batch: int) -> None:
        """Read a batch and keep what there is to say of it. Raises what the store does."""
        question = await asyncio.to_thread(self._batches.question, batch)
        read = self._readers.get(question.reader) if question is not None else None
        if question is None or read is None:
            return
        if time.monotonic() - self._read_at > PAUSE:
            log.info("reading texts for another worker")
        self._read_at = time.monotonic()
        answer = await read(question)
        await asyncio.to_thread(self._batches.answer, batch, answer)

    async def _judge(self, check: Check[Any], question: BatchQuestion) -> Words:
        workers = Workers(self._crews.of(check))
        try:
            verdicts = await workers.judge(question.words)
        finally:
            workers.close()
        return words_of_verdicts(VerdictsOfHelper(verdicts, workers.take_seconds(), workers.hangs))

    async def _read_file(self, question: BatchQuestion) -> Words:
        async with self._files.lend() as reader:
            return words_of_extract(await reader.read(question.body))

    async def _read_picture(self, question: BatchQuestion) -> Words:
        seconds, page, *smallest = question.words
        async with self._pictures.lend() as process:
            process.seconds = seconds
            return words_of_reading(await process.read(question.body, page, tuple(smallest)))

    async def close(self) -> None:
        """End the processes that read files."""
        await self._files.close()
        await self._pictures.close()


def _picture_process() -> PictureProcess:
    return PictureProcess(0.0)  # what a picture may take comes with each


async def _end(process: PictureProcess) -> None:
    process.close()
