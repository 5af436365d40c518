"""Run CPU-bound checks in worker processes of this machine, and go on without the texts that they do not survive.

A text may keep a check busy for ever, exhaust its memory or crash it. Its worker is killed then and another started;
the texts that it had together with that one are judged again one by one, so that only the culprit stays without a
verdict.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from msgspec import Struct

from checks.model import Check
from monitor.failure import Failure, failure_of
from monitor.inspection.child import LostWorkerError
from monitor.inspection.fence import Verdict
from monitor.inspection.helpers import HelpOfOthers
from monitor.inspection.restarted_child import RestartedChild
from monitor.inspection.text_process import serve

KEPT = 300.0
"""Seconds for which processes outlive the last inspection of a daemon: a start costs a CPU second, and 13,000 homepages
a round would start one each."""


class Patience(Struct, frozen=True):
    """How long a worker may take: ``seconds`` for anything, loading its tables included, and one a so many characters.

    A hundred characters a second is less than a hundredth of what the slowest machine in use reads. A check that has
    hung ``hangs`` times is not asked again in the run: it would hang at the next text as well.
    """

    seconds: float = 180.0
    characters: float = 100.0
    hangs: int = 5

    def limit(self, texts: Sequence[str]) -> float:
        """Return the seconds that texts may take together."""
        return self.seconds + sum(map(len, texts)) / self.characters


class Worker:
    """One process, started with the first batch of texts and again after every batch that it did not survive."""

    def __init__(self, check: Check[Any]) -> None:
        self.check = check
        self._child = RestartedChild(serve, check)

    async def judge(self, texts: Sequence[str], seconds: float) -> list[Verdict]:
        """Return the verdicts on texts. Raises LostWorkerError, after which the process is gone."""
        try:
            verdicts: list[Verdict] = await self._child.ask(list(texts), seconds)
        except EOFError:
            reason = "the worker died"
        except TimeoutError:
            reason = f"no verdict within {seconds:.0f} s"
        except Exception as error:  # noqa: BLE001 - a check that does not pickle, a system without processes
            reason = failure_of(error).reason
        else:
            return verdicts
        raise LostWorkerError(reason)

    def kill(self) -> None:
        """End the process; what it was doing is dropped."""
        self._child.kill()


def cores() -> int:
    """Return how many processors this process may run on: a container or taskset may allow it fewer than there are."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


class Crew:
    """The processes that hold one check, at most ``processes`` of them, else one a core; texts start them as needed.

    The crawl takes a tenth of the time of the typo check, so a core of its own would be idle. The processes end
    ``kept`` seconds after the last run that shares them.
    """

    def __init__(self, check: Check[Any], processes: int | None = None, kept: float = 0.0) -> None:
        self.check, self.kept = check, kept
        self._all = [Worker(check) for _ in range(processes or cores())]
        self._free: asyncio.LifoQueue[Worker] = asyncio.LifoQueue()  # the one that ran last has its tables loaded
        for worker in self._all:
            self._free.put_nowait(worker)
        self._runs = 0
        self._end: asyncio.TimerHandle | None = None

    @property
    def is_busy(self) -> bool:
        """Whether who borrows a worker has to wait for it."""
        return self._free.empty()

    @asynccontextmanager
    async def borrow(self) -> AsyncIterator[Worker]:
        """Lend a worker that is free."""
        worker = await self._free.get()
        try:
            yield worker
        finally:
            self._free.put_nowait(worker)

    def join(self) -> None:
        """Count one more run that shares the processes."""
        self._runs += 1
        if self._end is not None:
            self._end.cancel()

    def leave(self) -> None:
        """Count a run out; with the last one the processes end, at once or some time later."""
        self._runs -= 1
        if self._runs:
            return
        if self.kept:
            self._end = asyncio.get_running_loop().call_later(self.kept, self.close)
        else:
            self.close()

    def close(self) -> None:
        """End the processes. Threads that wait for them see their pipes end, and end as well."""
        for worker in self._all:
            worker.kill()


class Crews:
    """The crews that a daemon keeps from one inspection to the next, by their checks with all their settings."""

    def __init__(self, kept: float = KEPT) -> None:
        self.kept = kept
        self._crews: dict[tuple[Check[Any], str], Crew] = {}

    def of(self, check: Check[Any]) -> Crew:
        """Return the crew of a check."""
        key = (check, check.version)
        if key not in self._crews:
            self._crews[key] = Crew(check, kept=self.kept)
        return self._crews[key]

    def close(self) -> None:
        """End all processes."""
        for crew in self._crews.values():
            crew.close()


class Workers:
    """One run's way to a crew: what hangs too often is not asked again in the run. ``close`` leaves the crew.

    ``help_of_others`` is asked for where the crew is busy.
    """

    def __init__(
        self, crew: Crew, patience: Patience | None = None, help_of_others: HelpOfOthers | None = None
    ) -> None:
        self.patience = patience or Patience()
        self.hangs = 0
        self._crew, self._help = crew, help_of_others or HelpOfOthers(None)
        self._seconds = 0.0
        crew.join()

    def take_seconds(self) -> float:
        """Return how long processes were at work since the last call, added up over the processes."""
        seconds, self._seconds = self._seconds, 0.0
        return seconds

    async def judge(self, texts: Sequence[str]) -> list[Verdict]:
        """Return the verdict on each text."""
        self._help.count()
        helped = await self._judge_elsewhere(texts)
        return await self._judge_here(texts) if helped is None else helped

    async def _judge_elsewhere(self, texts: Sequence[str]) -> list[Verdict] | None:
        if not self._crew.is_busy or self._has_hung_too_often:
            return None
        helped = await self._help.ask(lambda helpers: helpers.judge(self._crew.check, texts))
        if helped is None:
            return None
        self._seconds += helped.seconds
        self.hangs += helped.hangs
        return helped.verdicts

    @property
    def _has_hung_too_often(self) -> bool:
        return self.hangs >= self.patience.hangs

    async def _judge_here(self, texts: Sequence[str]) -> list[Verdict]:
        async with self._crew.borrow() as worker:
            began = time.monotonic()
            try:
                return await self._judge(worker, texts)
            finally:
                self._seconds += time.monotonic() - began

    async def _judge(self, worker: Worker, texts: Sequence[str]) -> list[Verdict]:
        if self._has_hung_too_often:
            return [Failure("the check hung too often and is not asked any more") for _ in texts]
        try:
            return await worker.judge(texts, self.patience.limit(texts))
        except LostWorkerError as error:
            if len(texts) == 1:
                self.hangs += 1
                return [Failure(str(error))]
        return [verdict for text in texts for verdict in await self._judge(worker, [text])]

    def close(self) -> None:
        """Leave the crew, whose processes end with the last run that shares them."""
        self._crew.leave()
