"""Measure the remediation ledger at 200,000 entries: lists by every filter, figures, spreadsheets, closing a run.

``make bench BENCH=ledger ARGS=--postgresql``: on a PostgreSQL of its own (tools/install-debian.sh postgresql); with
``--store URL`` on any empty store; else on SQLite in a temporary folder. Seconds are of CPU, ours and those of the
PostgreSQL that was started here, and of the wall. Of what is done three times the quickest is told.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent))

from bench.fleet import cpu_of
from checks import RULES
from checks.model import Excerpt, Finding, Kind, Link, Referrer, Response, Severity
from monitor.remediation.ledger import Ledger
from monitor.remediation.returned_spreadsheets import import_spreadsheet
from monitor.remediation.spreadsheets import export_spreadsheet
from monitor.store import Store
from monitor.store.closing import close
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.counts import LedgerCountCache, LedgerCounts
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.ledger.sightings import FaultRecord
from reports.model import Baseline
from reports.remediation.entry import LedgerEntry
from reports.remediation.policy import Assignment, LedgerPolicy
from reports.remediation.states import State
from tests.monitor.postgresql import Server
from tests.monitor.postgresql import server as postgresql

ROOT = Path(__file__).parent.parent

PAGE = 100
"""Entries of a list that people or programs look at together."""


def findings(site: str, count: int) -> Iterator[Finding]:
    """Yield faults as sites have them: half of them broken links, looked at twice, half of them typos."""
    for at in range(count):
        page = f"http://{site}/art/{at % 5000}.html"
        if at % 2:
            found = Excerpt("各单位要严格管理办公系统", "帐号", "，定期更换密码，不得外借他人使用。", 24)
            yield Finding(RULES["typo"], page, f"{site}-{at}", {"wrong": "帐号", "right": "账号"}, text=found)
        else:
            yield Finding(RULES["broken-link"], page, f"{site}-{at}", variant="http-4xx", target=broken(page, at))


def broken(page: str, at: int) -> Link:
    url = f"{page}/../files/t20241030_{at}.pdf"
    referrers = (Referrer(page, "关于印发实施方案的通知"), Referrer(f"{page}?p=2", "附件"))
    looks = (Response(url, 404, elapsed=0.2), Response(url, 404, elapsed=0.3))
    return Link(url, Kind.ATTACHMENT, internal=True, looks=looks, referrers=referrers, referrer_count=2)


class Taken(NamedTuple):
    """Seconds of CPU, ours and the server's, and of the wall."""

    ours: float
    servers: float
    wall: float

    def __str__(self) -> str:
        return f"{self.ours:.3f} + {self.servers:.3f} CPU s, {self.wall:.3f} s of the wall"


class Meter:
    """Measure what something takes; of a server that was not started here nothing is known."""

    def __init__(self, server: Server | None) -> None:
        self._server = server

    def taken(self, what: Callable[[], object], times: int = 1) -> Taken:
        """Return the least that it takes, of so many times."""
        every = []
        for _ in range(times):
            before = self._now()
            what()
            every.append([after - then for after, then in zip(self._now(), before, strict=True)])
        return Taken(*map(min, zip(*every, strict=True)))

    def _now(self) -> Taken:
        ours = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        servers = cpu_of(self._server.process) if self._server else 0.0
        return Taken(ours, servers, time.perf_counter())


def close_run(store: Store, site: str, count: int, now: float, meter: Meter) -> Taken:
    """Close a run with so many findings; return what the closing took."""
    run = store.runs.begin(site=site, name="", url=f"http://{site}/", scope="site", engine="", scheduled_for=None)
    kept = FindingStore(store.engine, run.id)
    kept.save(CheckFinding("links", finding) for finding in findings(site, count))
    policy = LedgerPolicy((Assignment(department=f"处室{hash(site) % 7}", owner="张三"),))
    record = FaultRecord("links", now, now, run.id, 1, None, None)
    settled = ([(each._replace(baseline=Baseline.NEW), record) for each in chunk] for chunk in kept.load())
    values = {"status": "complete"}
    return meter.taken(
        lambda: close(store.engine, run, values, settled, fixed={}, now=now, forget_unseen=False, policy=policy)
    )


def measure(url: str, entries: int, found: int, meter: Meter) -> None:
    with Store(url) as store:
        ledger, per_site = Ledger(store), found
        now = datetime(2026, 10, 12, tzinfo=UTC).timestamp()
        for at in range(entries // per_site):
            close_run(store, f"s{at}.cn", per_site, now, meter)
        print(f"{ledger.entries.count(LedgerFilter()):,} entries on {store.engine.dialect.name}")
        print(f"closing, {found:,} new findings: {close_run(store, 'new.cn', found, now, meter)}")
        print(f"closing, {found:,} known findings: {close_run(store, 's0.cn', found, now + 1, meter)}")
        filters = {
            "none": LedgerFilter(),
            "site": LedgerFilter(site="s3.cn"),
            "state": LedgerFilter(states=(State.TO_FIX,)),
            "state that none has": LedgerFilter(states=(State.POSTPONED,)),
            "rule": LedgerFilter(rules=("typo",)),
            "severity": LedgerFilter(severities=(Severity.CRITICAL,)),
            "department": LedgerFilter(department="处室3"),
            "owner": LedgerFilter(owner="张三"),
            "owner that none has": LedgerFilter(owner="李四"),
            "overdue": LedgerFilter(overdue=date(2026, 12, 1)),
            "all of them": LedgerFilter(
                site="s3.cn", states=(State.TO_FIX,), rules=("typo",), department="处室3", overdue=date(2026, 12, 1)
            ),
        }
        for name, wanted in filters.items():
            page = meter.taken(partial(listed, ledger, replace(wanted, limit=PAGE)), 3)
            counted = meter.taken(partial(ledger.entries.count, wanted), 3)
            print(f"list, {name}: {page}; counted in {counted}")
        measure_export(url, meter)  # first, while no other process that was started here has held much
        print(f"figures: {meter.taken(ledger.count)}")
        measure_counts(store, now, meter)
        measure_spreadsheet(ledger, meter)


def listed(ledger: Ledger, wanted: LedgerFilter) -> list[LedgerEntry]:
    """Return entries as a list has them."""
    return list(ledger.select(wanted))


def measure_counts(store: Store, now: float, meter: Meter) -> None:
    """Count for metrics and overviews: all for the first time, then what is counted anew when something changed."""
    counts, cache = LedgerCounts(store.engine), LedgerCountCache(store.engine)
    print(f"groups by site, state and severity: {meter.taken(lambda: counts.groups(date(2026, 12, 1)), 3)}")
    print(f"metrics, first reading: {meter.taken(lambda: cache.read(now))}")
    print(f"metrics, whether anything changed: {meter.taken(cache.stamp, 3)}")


def measure_export(url: str, meter: Meter) -> None:
    """Write all entries as a workbook by the command, whose memory is its own."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "ledger.xlsx"
        command = [sys.executable, "-m", "monitor", "ledger", "export", "--out", str(out), "--set", f"store.url={url}"]
        taken = meter.taken(partial(subprocess.run, command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL))
        largest = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
        print(f"export by the command: {taken}, {out.stat().st_size >> 20} MB; {largest} MB in its largest process")


def measure_spreadsheet(ledger: Ledger, meter: Meter) -> None:
    """Write all entries as a workbook and take it back, untouched; memory is that of the process so far."""
    with tempfile.TemporaryFile() as file:
        export = partial(export_spreadsheet, ledger, LedgerFilter(), "zh-CN", file)
        print(f"export in one process: {meter.taken(export)}, {file.tell() >> 20} MB")
        print(f"import: {meter.taken(partial(take_back, ledger, file))}; {memory()}")


def take_back(ledger: Ledger, file: BinaryIO) -> None:
    """Take a workbook back that nobody touched."""
    outcome = import_spreadsheet(ledger, file, "bench")
    assert not outcome.changes
    assert not outcome.lines


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10} MB at most in this process so far"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--store", default="", help="SQLAlchemy URL of an empty store")
    where.add_argument("--postgresql", action="store_true", help="keep the store in a PostgreSQL of its own")
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--found", type=int, default=5_000)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(postgresql()) if chosen.postgresql else None
        url = server.url if server else chosen.store
        if not url:
            url = f"sqlite:///{stack.enter_context(tempfile.TemporaryDirectory())}/store.db"
        measure(url, chosen.entries, chosen.found, Meter(server))


if __name__ == "__main__":
    main()
