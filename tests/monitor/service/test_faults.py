"""Whatever happens to the store, at whatever moment: the operator sees it, and afterwards it is as if it had not been.

Each case has a site of its own, which a running daemon is given; the moment is held by the site's own server, so that
no case depends on time.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import signal
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
import pytest

from monitor.store.schema import sightings
from tests.monitor import command_server
from tests.monitor.daemons import FEW, QUICK, Daemon, daemon
from tests.monitor.postgresql import Server, server
from tests.monitor.service.faults import (
    NEW_STORE,
    REPLACED,
    Fault,
    of_postgresql,
    of_sqlite,
    small_disk,
    without_override,
)
from tests.server.site import Exchange, Site

PAGES, BROKEN = 20, 6
"""Pages of a site, and broken links on each."""
MEGABYTES = 48
SETTINGS = {
    "schedule": {"spread": 0, "weekly": {"run": False}},
    "crawl": {**QUICK, "timeout": 60, "concurrency": 4},
    "checks": FEW,
    "probes": {"every": 0, "timeout": 60},
    "report": {"formats": ["json"]},
}


class HeldSite:
    """A site that holds its answers back at a moment of an inspection, until it is let go on."""

    def __init__(self) -> None:
        self.moment, self.waiting = "", 0
        self.site = Site({"/": self.home, "/p/": self.page, "/function": self.function, "/gone/": self.gone})

    async def home(self, exchange: Exchange) -> None:
        await exchange.answer(html("".join(f"<a href=/p/{n}.html>第 {n} 页</a>" for n in range(PAGES))))

    async def page(self, exchange: Exchange) -> None:
        number = int(exchange.last.removesuffix(".html"))
        if number >= PAGES // 2:
            await self.hold("crawl")
        await exchange.answer(html("".join(f"<a href=/gone/{number}-{n}>旧闻</a>" for n in range(BROKEN))))

    async def function(self, exchange: Exchange) -> None:
        await self.hold("judging", "closing")
        await exchange.answer(html("<p>办件查询</p>"))

    async def gone(self, exchange: Exchange) -> None:
        await exchange.answer("<title>404</title>", status=404)

    async def hold(self, *moments: str) -> None:
        self.waiting += self.moment in moments
        while self.moment in moments:  # noqa: ASYNC110 - the test, which lets go, is another thread
            await asyncio.sleep(0.01)

    def begin(self, moment: str) -> None:
        self.moment, self.waiting = moment, 0

    def let_go(self) -> None:
        self.moment = ""


def html(body: str) -> str:
    return f"<!DOCTYPE html><html lang=zh-CN><meta charset=utf-8><title>某局</title><body>{body}</body></html>"


class Case(NamedTuple):
    """A fault at a moment; ``pauses``: the inspection meets it and is gone on with."""

    fault: str
    moment: str
    pauses: bool = True


SQLITE = [
    Case("full", "start", pauses=False),
    Case("full", "crawl"),
    Case("full", "judging"),
    Case("nearly full", "start", pauses=False),
    Case("nearly full", "crawl"),
    Case("nearly full", "judging"),
    Case("nearly full", "closing"),
    Case("nearly full", "idle", pauses=False),
    Case("full", "idle", pauses=False),
    Case("moved away", "start", pauses=False),
    Case("moved away", "crawl"),
    Case("moved away", "judging"),
    Case("moved away", "idle", pauses=False),
    Case("deleted", "start", pauses=False),
    Case("deleted", "crawl"),
    Case("deleted", "idle", pauses=False),
    Case("replaced", "start", pauses=False),
    Case("replaced", "crawl", pauses=False),
    Case("replaced", "judging", pauses=False),
    Case("replaced", "idle", pauses=False),
    Case("overwritten", "start", pauses=False),
    Case("overwritten", "crawl", pauses=False),
    Case("overwritten", "judging", pauses=False),
    Case("overwritten", "idle", pauses=False),
    Case("another store", "start", pauses=False),
    Case("another store", "crawl", pauses=False),
    Case("another store", "idle", pauses=False),
    Case("garbage", "start", pauses=False),
    Case("garbage", "crawl", pauses=False),
    Case("garbage", "idle", pauses=False),
    Case("a folder", "start", pauses=False),
    Case("a folder", "crawl", pauses=False),
    Case("a folder", "idle", pauses=False),
]
READ_ONLY = [
    Case("read-only", "start", pauses=False),
    Case("read-only", "crawl"),
    Case("read-only", "judging"),
    Case("read-only", "idle", pauses=False),
]
"""In SQLite. Root may write such a file, so that the daemon is started by a command that takes that from it."""
POSTGRESQL = [
    Case("full", "crawl"),
    Case("full", "judging"),
    Case("full", "closing"),
    Case("full", "idle", pauses=False),
    Case("full", "start", pauses=False),
    Case("cut off", "crawl", pauses=False),
    Case("cut off", "judging", pauses=False),
    Case("cut off", "closing"),
    Case("cut off", "idle", pauses=False),
    Case("restarted", "crawl", pauses=False),
    Case("restarted", "judging", pauses=False),
    Case("restarted", "closing"),
    Case("restarted", "idle", pauses=False),
    Case("stopped", "crawl"),
    Case("stopped", "judging"),
    Case("stopped", "closing"),
    Case("stopped", "idle", pauses=False),
    Case("stopped", "start", pauses=False),
    Case("refusing", "crawl"),
    Case("refusing", "closing"),
    Case("refusing", "idle", pauses=False),
    Case("refusing", "start", pauses=False),
    Case("read-only", "crawl"),
    Case("read-only", "closing"),
    Case("read-only", "idle", pauses=False),
    Case("read-only", "start", pauses=False),
]


@dataclass
class World:
    """A daemon, the site that it inspects, and what may happen to its store."""

    daemon: Daemon
    web: HeldSite
    faults: dict[str, Fault]
    server: Server | None = None
    calm: list[object] = field(default_factory=list)
    """What an inspection finds that nothing happens to."""

    def add_site(self, name: str) -> None:
        """Have a site inspected that nobody knew."""
        probe = {"name": "办件查询", "steps": [{"url": "/function", "expect": {"seconds": None}}]}
        site = {"id": name, "url": f"{self.web.site.url}/?{name}", "probes": [probe]}
        self.daemon.write(sites=[site])
        self.daemon.process.send_signal(signal.SIGHUP)

    def outcome(self, name: str) -> list[object]:
        """Return what the inspection of a site came to, once its report is there."""
        (path,) = self.daemon.until(lambda: list(self.reports(name).glob("*-site-*.json")), f"report of {name}")
        report = json.loads(path.read_text("utf-8"))
        run = report["run"]
        found = sorted((each["rule"], (each["target"] or {}).get("url", "")) for each in report["findings"])
        return [run["status"], run["pages"], run["links"], [(rule, url.partition("?")[0]) for rule, url in found]]

    def rows(self, name: str) -> list[Any]:
        """Return the runs of a site in the store."""
        return [row for row in self.daemon.rows() if row.site == name]

    def reports(self, name: str) -> Path:
        return self.daemon.folder / "reports" / name

    def fails(self) -> list[str]:
        """Return what the log gave as reasons of failures, so far."""
        return [line["reason"] for line in self.daemon.events("the store fails; inspections pause until it answers")]

    def shows(self, fault: Fault, before: int) -> None:
        """Wait until the operator can see a fault everywhere; ``before`` is how many failures the log had."""
        it = self.daemon
        it.until(lambda: any(re.search(fault.reason, reason) for reason in self.fails()[before:]), fault.name)
        if fault.is_used:
            it.until(lambda: it.metric("store_available") == 1, "taken up")
        if fault.passes:
            return
        it.until(lambda: re.search(f"the store fails: .*({fault.reason})", it.get("/readyz")[1]), "unready")
        assert it.get("/readyz")[0] == 503
        assert it.get("/healthz") == (200, "ok\n")
        assert it.metric("store_available") == 0
        self.status_is_clear(fault)

    def status_is_clear(self, fault: Fault, *, is_closed: bool = False) -> None:
        """See that `sitehealth status` says how the sites stand, or in a line why it cannot."""
        done = command_server.run("status", "--config", self.daemon.config, text=True)
        assert "Traceback" not in done.stderr
        if is_closed:
            assert re.search(f"打不开：.*({fault.reason})", done.stderr)
        elif fault.status:
            assert re.search(fault.status, done.stderr)
        elif not fault.quiet:  # a full PostgreSQL may be there, or start anew
            assert done.returncode == 0, done.stderr
            assert "下次" in done.stdout

    def paused(self, name: str) -> int:
        lines = self.daemon.events("paused: the store fails; the inspection goes on when it answers")
        return sum(line["site"] == name for line in lines)

    def live_through(self, case: Case) -> None:
        """Inspect a site, have the fault happen at its moment, see it, end it, and compare what came of it."""
        name = f"{case.fault} {case.moment}".replace(" ", "-")
        fault, before = self.faults[case.fault], len(self.fails())
        self.web.begin(case.moment)
        if case.moment == "start":
            self.daemon.stop()
        elif case.moment != "idle":
            self.add_site(name)
            self.daemon.until(lambda: self.web.waiting, f"at {case.moment}")
        with self.closing(case.moment):
            fault.begin()
        try:
            if case.moment == "start":
                self.start_meanwhile(fault)
            elif fault.reason and not fault.quiet:
                self.shows(fault, before)
            if not fault.is_used:
                self.web.let_go()
            if case.pauses:
                self.daemon.until(lambda: self.paused(name), "paused")
            if fault.quiet:
                if case.moment in {"start", "idle"}:
                    self.add_site(name)
                self.shows(fault, before)
            before = len(self.fails())
        finally:
            fault.end()
        if fault.is_used or (case.moment == "start" and fault.at_start == NEW_STORE):
            self.daemon.until(lambda: REPLACED in self.fails()[before:], "taken up again")
        self.web.let_go()
        self.goes_on(name, case)

    def start_meanwhile(self, fault: Fault) -> None:
        """Start meanwhile: where the store cannot even be opened, the daemon says so and ends, to be started again."""
        it, before = self.daemon, len(self.daemon.log())
        if fault.at_start is not None:
            it.start()
            assert fault.at_start in it.log()[before:]
            return
        it.start(wait=False)
        if fault.opens:
            it.until(lambda: re.search(fault.reason, it.get("/readyz")[1]), "unready")
            assert it.get("/healthz") == (200, "ok\n")
            self.status_is_clear(fault)
            return
        assert it.process.wait(200) == 3
        assert re.search(f"数据库 .* 打不开：.*({fault.reason})", it.log()[before:])
        assert "Traceback" not in it.log()[before:]
        self.status_is_clear(fault, is_closed=True)

    @contextlib.contextmanager
    def closing(self, moment: str) -> Iterator[None]:
        """Have the inspection stand in its last transaction, where a database can be made to hold it there."""
        if moment != "closing" or self.server is None:
            yield
            return
        with contextlib.suppress(psycopg.OperationalError), self.server.connect() as holder, holder.transaction():
            holder.execute(f"LOCK TABLE {sightings.name} IN EXCLUSIVE MODE")
            self.web.let_go()
            waits = f"SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = '{sightings.name}'::regclass"
            self.daemon.until(lambda: holder.execute(waits).fetchone()[0], "in its last transaction")
            yield

    def goes_on(self, name: str, case: Case) -> None:
        """See that everything is as it would be if nothing had happened."""
        it = self.daemon
        if it.process.poll() is not None:
            it.start()
        it.until(it.ready, "ready")
        it.until(lambda: it.metric("store_available") == 1, "available")
        if case.moment in {"start", "idle"}:
            self.add_site(name)
        # Of a store that was put back to a moment in the inspection, the report may be there before the run has ended.
        it.until(lambda: all(row.status == "complete" for row in self.rows(name)), "complete")
        assert self.outcome(name) == self.calm
        assert [(row.status, row.scheduled_for is not None) for row in self.rows(name)] == [("complete", True)]
        it.measures("broken_links", PAGES * BROKEN, site=name, scope="site", kind="page", reason="http-404")
        for reason in ("skipped", "missed"):
            it.measures("scheduler_misfires_total", 0, site=name, scope="site", reason=reason)
        assert it.events("inspection broke down") == []


@contextlib.contextmanager
def world(
    folder: Path,
    store: str,
    faults: dict[str, Fault],
    started: Server | None = None,
    wrapper: Sequence[str] = (),
) -> Iterator[World]:
    """Run a daemon over a store, started through ``wrapper``, and have it inspect one site in peace."""
    web = HeldSite()
    settings = SETTINGS | {"store": {"url": store, "check_every": 0.3, "retry_every": 0.1}}
    with web.site.running(), daemon(folder, **settings) as it:
        it.wrapper = wrapper
        it.start()
        made = World(it, web, faults, started)
        made.add_site("calm")
        made.calm = made.outcome("calm")
        assert made.calm[0] == "complete"
        assert sum(rule == "broken-link" for rule, _ in made.calm[3]) == PAGES * BROKEN
        yield made


@contextlib.contextmanager
def world_on_sqlite(folder: Path, wrapper: Sequence[str] = ()) -> Iterator[World]:
    with small_disk(folder / "disk", MEGABYTES) as disk:
        path = disk.folder / "store.db"
        with world(folder, f"sqlite:///{path}", of_sqlite(path, disk), wrapper=wrapper) as made:
            yield made


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> Iterator[World]:
    with world_on_sqlite(tmp_path_factory.mktemp("sqlite")) as made:
        yield made


@pytest.fixture(scope="module")
def where_modes_count(tmp_path_factory) -> Iterator[World]:
    with world_on_sqlite(tmp_path_factory.mktemp("modes"), without_override()) as made:
        yield made


@pytest.fixture(scope="module")
def on_postgresql(tmp_path_factory) -> Iterator[World]:
    folder = tmp_path_factory.mktemp("postgresql")
    with (
        tempfile.TemporaryDirectory(prefix="sitehealth-pg-") as place,  # pytest's folders are closed to other users
        small_disk(Path(place), 200) as disk,
        server(disk.folder) as started,
        world(folder, started.url, of_postgresql(started, disk), started) as made,
    ):
        yield made


def name_of(case: Case) -> str:
    return f"{case.fault} at {case.moment}"


@pytest.mark.parametrize("case", SQLITE, ids=name_of)
def test_a_fault_of_sqlite_leaves_no_trace(on_sqlite, case):
    on_sqlite.live_through(case)


@pytest.mark.parametrize("case", READ_ONLY, ids=name_of)
def test_a_file_that_may_not_be_written_leaves_no_trace(where_modes_count, case):
    where_modes_count.live_through(case)


@pytest.mark.parametrize("case", POSTGRESQL, ids=name_of)
def test_a_fault_of_postgresql_leaves_no_trace(on_postgresql, case):
    on_postgresql.live_through(case)
