"""Tell the console what is inspected now, and begin or end an inspection for it: asked from another thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar

from checks.model import Text
from monitor.console.console_parts import Underway
from monitor.service.runner import Active, Runner
from monitor.store.schedules import Key

T = TypeVar("T")

PATIENCE = 15.0
"""Seconds after which the loop of the daemon is too busy to answer."""

TOO_BUSY = Text("服务繁忙，请稍后再试", "the daemon is too busy; try again later")


class InspectionsOnRequest:
    """The inspections of a daemon, for the console. ``attach`` names the loop that they run in."""

    def __init__(self, runner: Runner) -> None:
        self._runner = runner
        self._loop: asyncio.AbstractEventLoop | None = None

    def attach(self, loop: asyncio.AbstractEventLoop) -> None:
        """Take the loop: until then nothing is under way."""
        self._loop = loop

    def underway(self) -> list[Underway]:
        """Return what runs and what waits, by site and scope."""
        # A copy is made in one step of the interpreter, whatever the loop's thread does meanwhile.
        return [_underway(key, active) for key, active in sorted(self._runner.active.copy().items())]

    def start(self, site: str, scope: str) -> Text | None:
        """Have a site inspected; return why not, None where it will be."""
        try:
            return self._in_loop(lambda: self._runner.request((site, scope)))
        except TimeoutError:
            return TOO_BUSY

    def cancel(self, site: str, scope: str) -> bool:
        """End an inspection; return whether there was one to end."""
        try:
            return self._in_loop(lambda: self._runner.cancel((site, scope)))
        except TimeoutError:
            return False

    def _in_loop(self, what: Callable[[], T]) -> T:
        """Return what a call gives in the daemon's loop. Raises TimeoutError."""
        if self._loop is None:
            raise TimeoutError

        async def call() -> T:
            return what()

        asked = asyncio.run_coroutine_threadsafe(call(), self._loop)
        try:
            return asked.result(PATIENCE)
        finally:
            asked.cancel()  # one that was given up must not happen later


def _underway(key: Key, active: Active) -> Underway:
    site, scope = key
    run = active.run
    crawl = active.inspection.crawl if active.inspection is not None else None
    if run is None or crawl is None:
        return Underway(site, scope, None, None, can_be_cancelled=active.fire is None)
    counters = crawl.frontier.counters
    return Underway(
        site=site,
        scope=scope,
        run=run.id,
        started=run.started,
        pages=counters.pages,
        links=counters.links,
        requests=counters.requests,
        queued=crawl.queued,
        findings=counters.findings,
        can_be_cancelled=True,
    )
