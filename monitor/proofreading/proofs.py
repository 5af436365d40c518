"""Run the typo check over the passages of a document, in this process or in several, in the order of the text."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from checks.model import Block, Finding
from checks.typos import Typos
from monitor.garbage import expect_many_objects
from monitor.pages.documents import Passage
from monitor.typo_engine.load import with_engine

BATCH = 20_000
"""Characters that are read together: short texts are read three times as fast in company."""

AHEAD = 3
"""Tasks a process that wait for it; more would only fill memory."""

Proof = tuple[Passage, list[Finding]]
"""A passage and what is wrong with it."""

_CHECK: dict[str, Typos] = {}


def proofs(check: Typos, read: Iterable[Passage], jobs: int = 1, *, eager: bool = False) -> Iterator[Proof]:
    """Yield every passage with its findings, in the order of the text; ``eager``: each as soon as it has been read."""
    if jobs == 1:
        ready = with_engine(check)
        for batch in ([passage] for passage in read) if eager else _batches(read):
            yield from _judged(ready, batch)
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


def _judged(check: Typos, batch: list[Passage]) -> list[Proof]:
    return list(zip(batch, check.inspect_all([Block(passage.text) for passage in batch]), strict=True))


def _begin(check: Typos) -> None:
    expect_many_objects()
    _CHECK["check"] = with_engine(check)


def _judge(batch: list[Passage]) -> list[Proof]:
    return _judged(_CHECK["check"], batch)
