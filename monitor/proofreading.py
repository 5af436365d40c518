"""Run the typo check over the passages of a document, in this process or in several, in the order of the text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Any

from checks.model import Block, Check, Finding
from monitor.documents import Passage

BATCH = 20_000
"""Characters that one task of a worker process holds."""

AHEAD = 3
"""Tasks a process that wait for it; more would only fill memory."""

Proof = tuple[Passage, list[Finding]]
"""A passage and what is wrong with it."""

_CHECK: dict[str, Check[Block]] = {}


def proofs(check: Check[Any], read: Iterable[Passage], jobs: int = 1) -> Iterator[Proof]:
    """Yield every passage with its findings, as early as it can be known."""
    if jobs == 1:
        for passage in read:
            yield passage, list(check.inspect(Block(passage.text)))
        return
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=_begin, initargs=(check,)) as pool:
        waiting: deque[Future[list[Proof]]] = deque()
        tasks = (pool.submit(_judge, batch) for batch in _batches(read))
        while waiting or (waiting := deque(islice(tasks, jobs * AHEAD))):
            yield from waiting.popleft().result()
            waiting.extend(islice(tasks, 1))


def _batches(read: Iterable[Passage]) -> Iterator[list[Passage]]:
    batch: list[Passage] = []
    size = 0
    for passage in read:
        batch.append(passage)
        size += len(passage.text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _begin(check: Check[Block]) -> None:
    _CHECK["check"] = check


def _judge(batch: list[Passage]) -> list[Proof]:
    return [(passage, list(_CHECK["check"].inspect(Block(passage.text)))) for passage in batch]
