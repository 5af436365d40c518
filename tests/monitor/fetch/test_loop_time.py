"""A loop of ours that is late makes no server slow, and no answer late."""

from __future__ import annotations

import asyncio
import time

import pytest

from monitor.fetch import Fetcher, Limits
from monitor.fetch.loop_time import LoopTime
from tests.monitor.web import html, web

BUSY = 0.4
SHORT = 0.3


@pytest.fixture
def site():
    with web({"/": html("<p>政务公开</p>")}).running() as served:
        yield served


async def fetch_while_busy(fetcher: Fetcher, url: str):
    """Fetch while the loop is kept from running as soon as the request is on its way."""
    asked = asyncio.create_task(fetcher.fetch(url))
    await asyncio.sleep(0)
    time.sleep(BUSY)  # noqa: ASYNC251 - this is the fault
    return await asked


async def test_what_a_busy_loop_reads_late_was_not_late(site):
    async with Fetcher(user_agent="test", limits=Limits(timeout=SHORT), allow_private=True) as fetcher:
        fetched = await fetch_while_busy(fetcher, site.url + "/")
    assert fetched.response.error is None
    assert fetched.response.status == 200
    assert fetched.response.elapsed < SHORT


async def test_its_time_is_up_all_the_same_where_nothing_comes():
    clock = LoopTime()
    with pytest.raises(TimeoutError), clock.timeout(0.05):
        await asyncio.Event().wait()


async def test_what_others_break_off_is_not_out_of_time():
    async def wait() -> None:
        with LoopTime().timeout(60):
            await asyncio.Event().wait()

    task = asyncio.create_task(wait())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_the_clock_stands_still_while_the_loop_is_late_and_never_goes_back():
    clock = LoopTime()
    with clock.timeout(60):
        seen = [clock.now()]
        for _ in range(3):
            time.sleep(BUSY / 2)  # noqa: ASYNC251 - this is the fault
            seen.append(clock.now())
            await asyncio.sleep(0.01)
            seen.append(clock.now())
    seen.append(clock.now())
    assert seen == sorted(seen)
    assert seen[-1] - seen[0] < BUSY


async def test_nobody_is_watched_where_nothing_is_fetched(site):
    clock = LoopTime()
    with clock.timeout(60), clock.timeout(60):
        pass
    assert clock._beat.cancelled()
