"""Show how an inspection goes: a bar on a terminal, a log line now and then elsewhere."""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING

import click

from checks.model import Text

if TYPE_CHECKING:
    from monitor.crawl.crawler import Crawl
    from monitor.store.runs import RunRecord

FIRST, EVERY = 5.0, 30.0
"""Seconds until the first plain line, and between two of them."""

LINE = Text(
    "已读 {pages} 页，待查 {queued} 个地址，{rate:.0f} 请求/秒，发现 {findings} 处问题，约剩 {left}",
    "{pages} pages, {queued} addresses waiting, {rate:.0f} requests/s, {findings} findings, about {left} left",
)


class Progress:
    """Watches one crawl. Everything goes to standard error: standard output is for results."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._crawl: Crawl | None = None
        self._began = time.monotonic()

    def watch(self, crawl: Crawl, run: RunRecord, /) -> None:
        """Take the crawl to look at."""
        self._crawl, self._began = crawl, time.monotonic()
        begun = Text("开始检查 {url}（第 {id} 次运行）", "inspecting {url} (run {id})")
        click.echo(begun(self.language).format(url=run.url, id=run.id), err=True)

    async def show(self) -> None:
        """Show until cancelled."""
        if sys.stderr.isatty():
            await self._bar()
        else:
            await self._lines()

    async def _lines(self) -> None:
        await asyncio.sleep(FIRST)
        while True:
            if self._crawl is not None:
                click.echo(self.line(), err=True)
            await asyncio.sleep(EVERY)

    async def _bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (BarColumn(bar_width=24), TextColumn("{task.description}"))
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("…", total=None)
            while True:
                if self._crawl is not None:
                    counters = self._crawl.frontier.counters
                    done, total = counters.links, counters.links + self._crawl.queued
                    bar.update(task, description=self.line(), completed=done, total=total or None)
                await asyncio.sleep(0.2)

    def line(self) -> str:
        """Return where the crawl stands, as one line."""
        crawl = self._crawl
        if crawl is None:
            return ""
        counters = crawl.frontier.counters
        seconds = max(time.monotonic() - self._began, 0.001)
        rate = counters.requests / seconds
        return LINE(self.language).format(
            pages=counters.pages,
            queued=crawl.queued,
            rate=rate,
            findings=counters.findings,
            left=_span(crawl.queued / max(rate, 0.1)),
        )


def _span(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
