"""Ask every host politely: so many requests at a time, a pause between them, and silence where it asks for silence."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Generic, TypeVar

from msgspec import Struct, field

J = TypeVar("J")


class HostQueue(Struct, Generic[J]):
    """The jobs of one host. ``limit`` requests at a time, ``delay`` seconds between two starts.

    ``internal`` is True for a host of the site: it need not wait for a place among the foreign hosts.
    """

    limit: int
    delay: float
    internal: bool
    jobs: deque[J] = field(default_factory=deque)
    workers: int = 0
    free_at: float = 0.0

    def pause(self, seconds: float, now: float) -> None:
        """Start nothing on this host for so long."""
        self.free_at = max(self.free_at, now + seconds)

    def reserve_start(self, now: float) -> float:
        """Take the next time at which a request may start; return the seconds until then."""
        start = max(now, self.free_at)
        self.free_at = start + self.delay
        return start - now


RELEASED = 8
"""Jobs without a place that are finished at a time: pages in memory, which the typo check has yet to read.

Enough to keep two cores busy; more would let pages come in bursts, which the loop that times answers parses.
"""


class HostQueues(Generic[J]):
    """The queues of all hosts of a run, and their workers.

    ``handle`` does one job; an exception that leaves it ends the run (``idle`` raises it), so it lets none out that is
    about one job alone. ``new_queue`` makes the queue of a host; ``hosts_at_once`` bounds the foreign hosts together.
    """

    def __init__(
        self,
        handle: Callable[[J, HostQueue[J]], Awaitable[None]],
        new_queue: Callable[[str], HostQueue[J]],
        hosts_at_once: int,
    ) -> None:
        self._handle, self._new_queue = handle, new_queue
        self._queues: dict[str, HostQueue[J]] = {}
        self._foreign_places = asyncio.Semaphore(hosts_at_once)
        self._workers: set[asyncio.Task[None]] = set()
        self._released: set[asyncio.Task[None] | None] = set()
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = asyncio.Event()
        self._taken = asyncio.Event()
        self._failure: BaseException | None = None
        self.waiting = 0

    @property
    def stopped(self) -> bool:
        """Whether no further job is started."""
        return self._stopping.is_set()

    def queue_of(self, host: str) -> HostQueue[J]:
        """Return the queue of a host."""
        queue = self._queues.get(host)
        if queue is None:
            queue = self._queues[host] = self._new_queue(host)
        return queue

    def put(self, host: str, job: J) -> None:
        """Queue a job, and start a worker for it where the host has room."""
        if self.stopped:
            return
        queue = self.queue_of(host)
        queue.jobs.append(job)
        self.waiting += 1
        if queue.workers < queue.limit:
            self._start_worker(queue)

    def _start_worker(self, queue: HostQueue[J]) -> None:
        # Counted here and not when the task first runs: many jobs may be put before that.
        queue.workers += 1
        self._idle.clear()
        task = asyncio.create_task(self._work(queue))
        self._workers.add(task)
        task.add_done_callback(self._on_worker_end)

    def release_place(self, queue: HostQueue[J], further: int = 0) -> None:
        """Give the place of the job that calls to the next one of its host: what is left of it makes no request.

        The job is finished all the same before ``idle`` returns. Where ``RELEASED`` and ``further`` ones are being
        finished it keeps its place, and the crawl waits for them.
        """
        if len(self._released) >= RELEASED + further or self.stopped:
            return
        self._released.add(asyncio.current_task())
        queue.workers -= 1
        if queue.jobs:
            self._start_worker(queue)

    def _on_worker_end(self, task: asyncio.Task[None]) -> None:
        self._workers.discard(task)
        self._released.discard(task)
        if not task.cancelled() and task.exception() is not None:
            self._failure = self._failure or task.exception()
            self.stop()
        self._taken.set()
        if not self._workers:
            self._idle.set()

    async def _work(self, queue: HostQueue[J]) -> None:
        worker = asyncio.current_task()
        try:
            if queue.internal:
                await self._drain(queue, worker)
            else:
                async with self._foreign_places:
                    await self._drain(queue, worker)
        finally:
            # Nothing may be awaited between finding the queue empty and this line (leaving the semaphore does not
            # suspend): a job put in between would see a worker that no longer looks, and wait for ever.
            # One that released its place was counted out then.
            if worker not in self._released:
                queue.workers -= 1

    async def _drain(self, queue: HostQueue[J], worker: asyncio.Task[None] | None) -> None:
        """Do the jobs of a queue until none is left, or the worker has released its place."""
        clock = asyncio.get_running_loop().time
        while queue.jobs and not self.stopped:
            if queue.delay or queue.free_at:
                wait = queue.reserve_start(clock())
                if wait > 0:
                    await self.sleep(wait)
                    if not queue.jobs or self.stopped:
                        return
            self.waiting -= 1
            self._taken.set()
            await self._handle(queue.jobs.popleft(), queue)
            if worker in self._released:
                return

    async def sleep(self, seconds: float) -> None:
        """Sleep; end at once when the queues are stopped."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def wait_below(self, jobs: int) -> None:
        """Wait until fewer jobs wait than so many, or nobody is left to do them; let the others go on in any case."""
        await asyncio.sleep(0)
        while self.waiting >= jobs and self._workers and not self.stopped:
            self._taken.clear()
            await self._taken.wait()

    async def idle(self) -> None:
        """Wait until no worker is at work, and raise what a worker raised.

        Then every queue is empty, unless the queues were stopped: what still waits in them is left.
        """
        await self._idle.wait()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Start no further job; those under way are finished."""
        self._stopping.set()
        self._taken.set()

    async def close(self) -> None:
        """Break off what is under way."""
        self.stop()
        for task in list(self._workers):
            task.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)


def retry_after(value: str | None, now: datetime, otherwise: float) -> float:
    """Return the seconds that a Retry-After asks for: a number, or a date (RFC 9110, 10.2.3).

    ``otherwise`` where there is none or it is neither. ``isdigit`` would let through digits that ``float`` refuses (²).
    """
    text = (value or "").strip()
    if text.isascii() and text.isdecimal():
        return float(text)
    try:
        return max(0.0, (parsedate_to_datetime(text) - now).total_seconds())
    except (ValueError, TypeError, IndexError, OverflowError):
        return otherwise
