"""A fleet on this machine: a scheduler and workers as processes, and sites on addresses of their own."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from monitor.store.database import connect
from monitor.store.job_store import JobStore
from tests.monitor.command_server import Forked
from tests.monitor.daemons import COMMAND, FEW, QUICK, Daemon
from tests.server.site import Exchange, Site

PAGES, BROKEN = 12, 3
"""Pages of a site, and broken links on each."""

STALLED_AFTER = 8

SETTINGS = {
    "engine": {"kind": "procrastinate", "stalled_after": STALLED_AFTER},
    "schedule": {"spread": 0, "weekly": {"run": False}},
    "crawl": {**QUICK, "timeout": 60, "concurrency": 2},
    "checks": FEW,
    "probes": {"every": 0},
    "report": {"formats": ["json"]},
}


@dataclass(frozen=True)
class Asked:
    """A request as its server saw it; ``process`` is the one that asked, moments are of the monotonic clock."""

    site: str
    path: str
    process: int
    began: float
    ended: float


@dataclass
class Province:
    """Sites that are alike but for their addresses; one of them may hold its answers back."""

    count: int
    network: str = "127.0.77"
    held: str = ""
    """The site whose pages are held back from half of them on."""
    waiting: int = 0
    deadly: str = ""
    """The site one page of which kills the process that asks for it."""
    asked: list[Asked] = field(default_factory=list)
    processes: list[int] = field(default_factory=list)
    """Who may ask."""
    names_processes: bool = True
    """Whether it is found out who asks, which costs a server more than its answer."""
    sites: dict[str, Site] = field(default_factory=dict)
    answer_page: Callable[[Exchange], Awaitable[None]] | None = None
    """Answers with a page, instead of one with broken links."""

    @contextlib.contextmanager
    def running(self) -> Iterator[Province]:
        with contextlib.ExitStack() as stack:
            for number in range(1, self.count + 1):
                name = f"site{number}"
                routes = {
                    "/": self._of(name, home),
                    "/p/": self._of(name, self.answer_page or page),
                    "/gone/": self._of(name, gone),
                }
                site = Site(routes, host=f"{self.network}.{number}")
                stack.enter_context(site.running())
                self.sites[name] = site
            yield self

    @property
    def configured(self) -> list[dict[str, str]]:
        return [{"id": name, "url": site.url} for name, site in self.sites.items()]

    def _of(self, name: str, answer):
        async def handle(exchange: Exchange) -> None:
            began, process = time.monotonic(), self._process_of(exchange) if self.names_processes else 0
            try:
                await self._hold(name, exchange)
                if name == self.deadly and exchange.path == "/p/3.html" and process:
                    os.kill(process, signal.SIGKILL)
                await answer(exchange)
            finally:
                self.asked.append(Asked(name, exchange.path, process, began, time.monotonic()))

        return handle

    async def _hold(self, name: str, exchange: Exchange) -> None:
        import asyncio

        if name != self.held or not re.fullmatch(r"/p/\d+\.html", exchange.path):
            return
        if int(exchange.last.removesuffix(".html")) < PAGES // 2:
            return
        self.waiting += 1
        while name == self.held:  # noqa: ASYNC110 - the test, which lets go, is another thread
            await asyncio.sleep(0.01)

    def _process_of(self, exchange: Exchange) -> int:
        """Return which process is at the other end of a connection; 0 for one that has hung up."""
        port = exchange.writer.get_extra_info("peername")[1]
        here = exchange.writer.get_extra_info("sockname")[1]
        # The kernel lists connections while they come and go, and may pass one over.
        return next(filter(None, (self._connected(port, here) for _ in range(5))), 0)

    def _connected(self, port: int, here: int) -> int:
        """Return which process has a connection from one port to another (proc(5): net/tcp, fd), 0 where none has."""
        for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
            fields = line.split()
            if fields[1].endswith(f":{port:04X}") and fields[2].endswith(f":{here:04X}"):
                return self._holder(f"socket:[{fields[9]}]")
        return 0

    def _holder(self, socket: str) -> int:
        for process in self.processes:
            with contextlib.suppress(OSError):
                for descriptor in Path(f"/proc/{process}/fd").iterdir():
                    with contextlib.suppress(OSError):
                        if str(descriptor.readlink()) == socket:
                            return process
        return 0

    def hold(self, name: str) -> None:
        self.held, self.waiting = name, 0

    def let_go(self) -> None:
        self.held = ""

    def asked_at_once_by_two(self, stopped: int = 0, until: float = 0.0) -> list[tuple[Asked, Asked]]:
        """Return pairs of requests to one site that two processes had under way at one moment.

        What a process that was ``stopped`` had asked for before it woke up is left out: it waits for no answer.
        """
        counted = [each for each in self.asked if each.process != stopped or each.began > until]
        pairs = []
        for name in self.sites:
            of_site = sorted((each for each in counted if each.site == name), key=lambda each: each.began)
            for before, after in pairwise(of_site):
                if after.began < before.ended and 0 != before.process != after.process != 0:
                    pairs.append((before, after))
        return pairs

    def asked_twice(self, name: str) -> dict[str, int]:
        """Return the pages of a site that were asked for more than once, and how often."""
        counts = Counter(each.path for each in self.asked if each.site == name and each.path.startswith("/p/"))
        return {path: count for path, count in counts.items() if count > 1}


async def home(exchange: Exchange) -> None:
    await exchange.answer(html("".join(f"<a href=/p/{n}.html>第 {n} 页</a>" for n in range(PAGES))))


async def page(exchange: Exchange) -> None:
    number = exchange.last.removesuffix(".html")
    await exchange.answer(html("".join(f"<a href=/gone/{number}-{n}>旧闻</a>" for n in range(BROKEN))))


async def gone(exchange: Exchange) -> None:
    await exchange.answer("<title>404</title>", status=404)


def html(body: str) -> str:
    return f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>某局</title><body>{body}</body></html>"


@dataclass
class Worker:
    """One worker process; its log is its own."""

    folder: Path
    name: str
    config: Path
    options: Sequence[str] = ()
    environment: Mapping[str, str] | None = None
    """Of a process of its own; one of the tests' own is forked."""
    process: subprocess.Popen | None = None

    def start(self) -> Worker:
        with (self.folder / f"{self.name}.log").open("ab") as log:
            arguments = ["worker", "--config", str(self.config), *self.options]
            if self.environment is None:
                self.process = Forked(arguments, stdout=log, stderr=log)
            else:
                self.process = subprocess.Popen([COMMAND, *arguments], stdout=log, stderr=log, env=self.environment)
        return self

    @property
    def log(self) -> str:
        return (self.folder / f"{self.name}.log").read_text("utf-8")

    def events(self, name: str) -> list[dict[str, Any]]:
        lines = (json.loads(line) for line in self.log.splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == name]

    def send(self, number: int) -> None:
        os.kill(self.process.pid, number)

    def end(self) -> None:
        """Have it end in good order."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


@dataclass
class Fleet:
    """A scheduler over a database, and its workers."""

    scheduler: Daemon
    province: Province
    workers: dict[str, Worker] = field(default_factory=dict)
    others: list[Daemon] = field(default_factory=list)

    @contextlib.contextmanager
    def jobs(self) -> Iterator[JobStore]:
        engine = connect(self.scheduler.store)
        try:
            yield JobStore(engine, STALLED_AFTER)
        finally:
            engine.dispose()

    def worker(
        self, name: str, *options: str, environment: Mapping[str, str] | None = None, wait: bool = True
    ) -> Worker:
        """Start a worker, and wait until it is ready."""
        made = Worker(self.scheduler.folder, name, self.scheduler.config, options, environment).start()
        self.workers[name] = made
        self.province.processes.append(made.process.pid)
        if wait:
            self.until(lambda: made.events("ready"), f"{name} ready")
        return made

    def another_scheduler(self, folder: Path) -> Daemon:
        """Start a second scheduler, on the same configuration but for its own port and folder."""
        made = Daemon(folder, dict(self.scheduler.settings), is_forked=True)
        made.write()
        self.others.append(made)
        made.start()
        return made

    def until(self, told, what: str):
        """Wait until ``told()`` says something, and return it."""
        try:
            return self.scheduler.until(told, what, 90)
        except AssertionError as error:
            logs = "\n".join(f"--- {name}\n{worker.log[-3000:]}" for name, worker in self.workers.items())
            raise AssertionError(f"{error}\n{logs}") from None

    def inspecting(self, name: str) -> Worker:
        """Wait until a site that is held is amid its inspection, and return the worker that makes it."""
        self.until(lambda: self.province.waiting, f"{name} amid its crawl")
        (process,) = {
            worker.process.pid
            for worker in self.workers.values()
            for line in worker.events("inspection begins")
            if line["site"] == name and worker.process.poll() is None
        }
        return next(worker for worker in self.workers.values() if worker.process.pid == process)

    def report(self, name: str) -> dict[str, Any]:
        """Return the report of the inspection of a site, once the scheduler that leads has written it."""
        folders = [each.folder / "reports" / name for each in (self.scheduler, *self.others)]
        written = self.until(
            lambda: [path for folder in folders for path in folder.glob("*-site-*.json")], f"report of {name}"
        )
        return json.loads(written[0].read_text("utf-8"))

    def outcome(self, name: str) -> list[object]:
        """Return what the inspection of a site came to."""
        report = self.report(name)
        found = sorted(
            (each["rule"], urlsplit((each["target"] or {}).get("url", "")).path) for each in report["findings"]
        )
        run = report["run"]
        return [run["status"], run["pages"], run["links"], found]

    def is_empty(self) -> bool:
        """Whether nothing waits, runs or broke down."""
        with self.jobs() as jobs:
            return all((count.waiting, count.running, count.failed) == (0, 0, 0) for count in jobs.counts())


@contextlib.contextmanager
def fleet(folder: Path, store: str, province: Province, **settings: Any) -> Iterator[Fleet]:
    """Give a fleet whose scheduler runs and has nothing to do yet, and see to the end of all its processes."""
    chosen = SETTINGS | {"store": {"url": store}, "sites": province.configured} | settings
    scheduler = Daemon(folder, chosen, is_forked=True)
    scheduler.write()
    made = Fleet(scheduler, province)
    scheduler.start()
    try:
        yield made
    finally:
        province.let_go()
        for process in (scheduler, *made.others, *made.workers.values()):
            if process.process is not None and process.process.poll() is None:
                process.process.kill()
                process.process.wait()
