"""Host queues: every job is done once, waits end when the queues are stopped, and odd Retry-After values do no harm."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from monitor.crawl.host_queues import RELEASED, HostQueue, HostQueues, retry_after

NOW = datetime(2026, 9, 28, 12, tzinfo=UTC)


def queues_of(handle, *, delay=0.0, limit=2, internal=True) -> HostQueues:
    return HostQueues(handle, lambda _: HostQueue(limit, delay, internal), hosts_at_once=2)


@pytest.mark.parametrize("internal", [True, False])
async def test_every_job_is_done_once_also_those_that_jobs_put(internal):
    done = []

    async def handle(job, _):
        await asyncio.sleep(0)
        done.append(job)
        if job < 50:
            queues.put(f"host{job % 5}", job + 50)

    queues = queues_of(handle, internal=internal)
    for job in range(50):
        queues.put(f"host{job % 7}", job)
    await queues.idle()
    assert sorted(done) == list(range(100))
    assert queues.waiting == 0


async def test_a_job_that_raises_ends_the_run():
    async def handle(job, _):
        raise RuntimeError(job)

    queues = queues_of(handle)
    queues.put("host", "why")
    with pytest.raises(RuntimeError, match="why"):
        await queues.idle()


async def test_a_wait_for_the_delay_of_a_host_ends_when_the_queues_are_stopped():
    done = []

    async def handle(job, _):
        done.append(job)
        asyncio.get_running_loop().call_soon(queues.stop)

    queues = queues_of(handle, delay=86_400.0, limit=4)
    for job in range(4):
        queues.put("host", job)
    await asyncio.wait_for(queues.idle(), 20)
    assert (done, queues.waiting) == ([0], 3)


async def test_whoever_fills_the_queues_waits_until_few_jobs_wait():
    most = [0]

    async def handle(_, __):
        await asyncio.sleep(0)

    queues = queues_of(handle)
    for job in range(200):
        await queues.wait_below(10)
        queues.put("host", job)
        most[0] = max(most[0], queues.waiting)
    await queues.idle()
    assert most[0] <= 10


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 7 ", 7),
        ("Mon, 28 Sep 2026 12:00:30 GMT", 30),
        ("Mon, 28 Sep 2026 11:00:00 GMT", 0),
        (None, 2),
        ("", 2),
        ("²", 2),
        ("٣", 2),
        ("-5", 2),
        ("1.5", 2),
        ("soon", 2),
        ("Mon, 99 Sep 99999 99:99:99 GMT", 2),
        ("28 Sep 2026 12:00:30", 2),
    ],
)
def test_a_retry_after_is_a_number_or_a_date_or_none(value, seconds):
    assert retry_after(value, NOW, otherwise=2) == seconds


async def test_a_job_that_released_its_place_lets_the_next_begin_and_is_waited_for():
    begun, done, read = [], [], asyncio.Event()

    async def handle(job: int, queue: HostQueue[int]) -> None:
        begun.append(job)
        queues.release_place(queue)
        if job == RELEASED:  # no place is left to be released: the crawl waits for the readers
            assert queue.workers == 1
            read.set()
        await read.wait()
        done.append(job)

    queues = queues_of(handle, limit=1)
    for job in range(RELEASED + 5):
        queues.put("a", job)
    await asyncio.wait_for(queues.idle(), 60)
    assert begun == sorted(done) == list(range(RELEASED + 5))
    assert queues.queue_of("a").workers == 0


async def test_a_released_place_is_never_taken_by_more_than_the_host_allows():
    at_work, most = 0, 0

    async def handle(job: int, queue: HostQueue[int]) -> None:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0)
        at_work -= 1
        if job % 3:
            queues.release_place(queue)
            await asyncio.sleep(0)
        if job < 40:
            queues.put("a", 2 * job + 100)

    queues = queues_of(handle, limit=2)
    for job in range(40):
        queues.put("a", job)
    await asyncio.wait_for(queues.idle(), 60)
    assert most == 2
    assert queues.waiting == queues.queue_of("a").workers == 0
