"""Processes that are lent to files end when nobody needs them, and leave nothing behind."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

import pytest

from monitor.service.fleet import spare_processes
from monitor.service.fleet.spare_processes import SpareProcesses


@pytest.fixture
def spare(monkeypatch):
    monkeypatch.setattr(spare_processes, "cores", lambda: 2)
    ended = []

    async def end(process: object) -> None:
        await asyncio.sleep(0)
        ended.append(process)

    return SpareProcesses(object, end), ended


async def test_two_that_come_back_one_after_the_other_are_waited_for_once(spare):
    processes, ended = spare
    async with AsyncExitStack() as one, AsyncExitStack() as other:
        lent = {await one.enter_async_context(processes.lend()), await other.enter_async_context(processes.lend())}
    await processes.close()
    await asyncio.sleep(0)  # a task that is cancelled ends at its next turn
    assert set(ended) == lent
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_one_that_is_idle_is_lent_again(spare):
    processes, ended = spare
    async with processes.lend() as first:
        pass
    async with processes.lend() as again:
        assert again is first
    assert not ended
    await processes.close()
    assert ended == [first]
