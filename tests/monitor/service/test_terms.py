"""A judgement that is over ends while the daemon runs, though nothing is inspected."""

from __future__ import annotations

import asyncio
import threading
from datetime import timedelta

from monitor.service.daemon import Daemon
from monitor.service.scheduler import Clock
from monitor.settings.site import Settings
from monitor.store import Store
from reports.remediation.changes import WantedChange
from reports.remediation.entry import ChangeCause
from reports.remediation.states import State
from tests.monitor.daemons import free_port
from tests.monitor.feeding import Feed, fault

FAST = 12 * 3600.0
"""Seconds of the daemon's clock in one second of the test."""


def test_what_was_postponed_comes_back_on_the_day_after_its_last(tmp_path):
    url = f"sqlite:///{tmp_path / 'store.db'}"
    with Store(url) as store:
        clock = Clock(FAST)
        feed = Feed(store, now=clock.began)
        feed.run([fault("a"), fault("b")])
        for number, days in ((1, 0), (2, 4000)):
            until = feed.ledger.today + timedelta(days=days)
            feed.ledger.change([number], WantedChange(state=State.POSTPONED, until=until, reason="等改版"), "李四")
        settings = Settings.model_validate(
            {
                "store": {"url": url},
                "daemon": {"listen": f"127.0.0.1:{free_port()}", "reports": str(tmp_path / "reports")},
                "availability": {"every": 0},
            }
        )
        last_day = feed.ledger.get(1).until
        asyncio.run(asyncio.wait_for(live_until_it_is_open(clock, feed, settings), 120))
        (came_back,) = (row for row in feed.ledger.history(1) if row.cause is ChangeCause.TERM and row.field == "state")
        assert came_back.at.date() > last_day
        assert feed.ledger.get(2).state is State.POSTPONED
    assert not any(isinstance(thread, threading.Timer) for thread in threading.enumerate()), "it would end this process"


async def live_until_it_is_open(clock: Clock, feed: Feed, settings: Settings) -> None:
    daemon = Daemon(settings, clock=clock)
    running = asyncio.create_task(daemon.run())
    while feed.ledger.get(1).state is State.POSTPONED:
        assert not running.done(), await running
        await asyncio.sleep(0.05)
    daemon.stop()
    await running
