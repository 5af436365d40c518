"""Measure the remediation ledger at 200,000 entries: lists by every filter, figures, spreadsheets, closing a run.

``make bench BENCH=ledger ARGS="--store postgresql+psycopg://user@host/database"``; default: a SQLite file in a
temporary folder. Seconds are of this process's CPU, the best of three where there are three; the wall counts what a
server does as well, and is given beside the closings.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from checks import RULES
from checks.model import Excerpt, Finding, Kind, Link, Referrer, Response, Severity
from monitor.inspection.workers import cores
from monitor.remediation.ledger import Ledger
from monitor.remediation.spreadsheets import export_spreadsheet, import_spreadsheet
from monitor.store import Store
from monitor.store.closing import close
from monitor.store.findings import CheckFinding, FindingStore
from monitor.store.ledger.counts import LedgerCountCache, LedgerCounts
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.ledger.sightings import FaultRecord
from reports.model import Baseline
from reports.remediation.policy import Assignment, LedgerPolicy
from reports.remediation.states import State

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
    """Seconds of CPU, and of the wall."""

    cpu: float
    wall: float

    def __str__(self) -> str:
        return f"{self.cpu:.2f} s ({self.wall:.2f} s of the wall)"


def close_run(store: Store, site: str, count: int, now: float) -> Taken:
    """Close a run with so many findings; return what the closing took."""
    run = store.runs.begin(site=site, name="", url=f"http://{site}/", scope="site", engine="", scheduled_for=None)
    kept = FindingStore(store.engine, run.id)
    kept.save(CheckFinding("links", finding) for finding in findings(site, count))
    policy = LedgerPolicy((Assignment(department=f"处室{hash(site) % 7}", owner="张三"),))
    record = FaultRecord("links", now, now, run.id, 1, None, None)
    settled = ([(each._replace(baseline=Baseline.NEW), record) for each in chunk] for chunk in kept.load())
    before, wall = time.process_time(), time.perf_counter()
    close(store.engine, run, {"status": "complete"}, settled, fixed=[], now=now, forget_unseen=False, policy=policy)
    return Taken(time.process_time() - before, time.perf_counter() - wall)


def best(what: Callable[[], object], times: int = 3) -> float:
    taken = []
    for _ in range(times):
        before = time.process_time()
        what()
        taken.append(time.process_time() - before)
    return min(taken)


def measure(url: str, entries: int, found: int) -> None:
    with Store(url) as store:
        ledger, per_site = Ledger(store), found
        now = datetime(2026, 10, 12, tzinfo=UTC).timestamp()
        for at in range(entries // per_site):
            close_run(store, f"s{at}.cn", per_site, now)
        print(f"{ledger.entries.count(LedgerFilter()):,} entries on {store.engine.dialect.name}")
        print(f"closing, {found:,} new findings: {close_run(store, 'new.cn', found, now)}")
        print(f"closing, {found:,} known findings: {close_run(store, 's0.cn', found, now + 1)}")
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
            page = replace(wanted, limit=PAGE)
            listed = best(lambda page=page: list(ledger.select(page)))
            counted = best(lambda wanted=wanted: ledger.entries.count(wanted))
            print(f"list, {name}: {listed:.3f} s; counted in {counted:.3f} s")
        print(f"figures: {best(ledger.count, 1):.2f} s")
        measure_counts(store, now)
        measure_spreadsheet(ledger)


def measure_counts(store: Store, now: float) -> None:
    """Count for metrics and overviews: all for the first time, then what is counted anew when something changed."""
    counts, cache = LedgerCounts(store.engine), LedgerCountCache(store.engine)
    print(f"groups by site, state and severity: {best(lambda: counts.groups(date(2026, 12, 1))):.2f} s")
    print(f"metrics, first reading: {best(lambda: cache.read(now), 1):.2f} s")
    print(f"metrics, whether anything changed: {best(cache.stamp):.3f} s")


def measure_spreadsheet(ledger: Ledger) -> None:
    """Write all entries as a workbook and take it back, untouched; memory is that of the process so far."""
    with tempfile.TemporaryFile() as file:
        for processes in (1, cores()):
            file.truncate(file.seek(0))
            before, wall = cpu(), time.perf_counter()
            total = export_spreadsheet(ledger, LedgerFilter(), "zh-CN", file, processes=processes)
            taken = Taken(cpu() - before, time.perf_counter() - wall)
            print(f"export of {total:,} by {processes}: {taken}, {file.tell() >> 20} MB; {memory()}")
        before = time.process_time()
        outcome = import_spreadsheet(ledger, file, "bench")
        assert not outcome.changes
        assert not outcome.lines
        print(f"import: {time.process_time() - before:.1f} s; {memory()}")


def cpu() -> float:
    """Return the seconds of CPU of this process and of those that it started and that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def memory() -> str:
    own, other = (resource.getrusage(who).ru_maxrss >> 10 for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return f"{own} MB at most, {other} MB in the largest other process"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", default="", help="SQLAlchemy URL of an empty store")
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--found", type=int, default=5_000)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(chosen.store or f"sqlite:///{folder}/store.db", chosen.entries, chosen.found)


if __name__ == "__main__":
    main()
