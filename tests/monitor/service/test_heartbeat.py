"""The heartbeat: alive while the event loop turns, dead once it has stood still for minutes."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from monitor.service import heartbeat
from monitor.service.heartbeat import FROZEN, Heartbeat


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(heartbeat, "time", clock)
    return clock


@pytest.mark.parametrize(
    ("silent", "fault"),
    [(0, ""), (FROZEN, ""), (FROZEN + 1, "the event loop has been busy for 301 s")],
)
def test_it_is_dead_after_five_silent_minutes(clock, silent, fault):
    beating = Heartbeat(lambda: None)
    clock.now += silent
    assert beating.fault() == fault


async def test_a_beat_shows_life_and_calls_along(clock):
    called = asyncio.Event()
    beating = Heartbeat(called.set)
    clock.now += FROZEN + 1
    task = asyncio.create_task(beating.beat())
    await called.wait()
    assert beating.fault() == ""
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(("allowed", "interval"), [("", 5.0), ("4000000", 2.0), ("60000000", 5.0)])
async def test_it_beats_twice_as_often_as_systemd_wants_to_hear(monkeypatch, allowed, interval):
    slept = []

    async def sleep(seconds):
        slept.append(seconds)
        raise asyncio.CancelledError

    monkeypatch.setenv("WATCHDOG_USEC", allowed)
    monkeypatch.setattr(heartbeat.asyncio, "sleep", sleep)
    with pytest.raises(asyncio.CancelledError):
        await Heartbeat(lambda: None).beat()
    assert slept == [interval]
