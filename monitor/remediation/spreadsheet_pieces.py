"""Make the rows of the ledger's spreadsheet piece by piece, in this process or in several."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context
from typing import NamedTuple, Protocol

from monitor.remediation.ledger_rows import LedgerRows
from monitor.store.ledger.entries import EntryStore
from reports.remediation.spreadsheet import encode_entries
from reports.workbooks.streaming import SheetForm, settle_heap

TOGETHER = 1_000
"""Entries that are read, and whose rows are encoded, together: 2 MB of XML."""

AHEAD = 2
"""Pieces a process that wait for it or for being written; more would only fill memory."""

WORTH_IT = 50_000
"""Entries from which on other processes help for sure. Each takes 0.6 CPU seconds to start, as many as 10,000 rows
take, and up to 2.3 on a busy machine; on two cores the file is ready as early with them as without near 23,000 rows."""


class Piece(NamedTuple):
    """Entries that stand below each other: their numbers, and which row of its sheet the first is, from 1 on."""

    numbers: Sequence[int]
    first: int


class PieceMaker(Protocol):
    """What makes pieces of a sheet."""

    def __call__(self, numbers: Sequence[int], form: SheetForm, /) -> Iterator[bytes]:
        """Yield the rows of entries as XML, in the order of ``numbers``."""


@contextmanager
def piece_maker(entries: EntryStore, language: str, processes: int = 1) -> Iterator[PieceMaker]:
    """Give what makes the pieces of all sheets of a workbook; several processes where the store has an address."""
    rows, address = LedgerRows(entries), entries.address
    if processes == 1 or address is None:
        yield lambda numbers, form: (_encoded(rows, form, language, piece) for piece in _cut(numbers))
        return
    begin = (address, language)
    with ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin, initargs=begin) as pool:
        yield lambda numbers, form: _made_by(pool, processes * AHEAD, numbers, form)


def _made_by(pool: ProcessPoolExecutor, ahead: int, numbers: Sequence[int], form: SheetForm) -> Iterator[bytes]:
    tasks = (pool.submit(_make, form, piece) for piece in _cut(numbers))
    waiting: deque[Future[bytes]] = deque(islice(tasks, ahead))
    try:
        while waiting:
            yield waiting.popleft().result()
            waiting.extend(islice(tasks, 1))
    finally:
        for each in waiting:
            each.cancel()


def _cut(numbers: Sequence[int]) -> Iterator[Piece]:
    return (Piece(numbers[at : at + TOGETHER], at + 1) for at in range(0, len(numbers), TOGETHER))


def _encoded(rows: LedgerRows, form: SheetForm, language: str, piece: Piece) -> bytes:
    return encode_entries(form, language, rows.get(piece.numbers, piece.first))


# ---- in another process --------------------------------------------------------------------------


class _Own(NamedTuple):
    """What a process of the pool has of its own."""

    rows: LedgerRows
    language: str


_own: list[_Own] = []


def _begin(address: str, language: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who waits for the pieces ends the pool
    settle_heap()
    _own.append(_Own(LedgerRows(EntryStore.at(address)), language))


def _make(form: SheetForm, piece: Piece) -> bytes:
    return _encoded(_own[0].rows, form, _own[0].language, piece)
