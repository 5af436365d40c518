"""Metrics of the ledger: right at once and after every change, by any process; silent about sites that are gone."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event

from monitor.store import Store
from monitor.store.ledger.counts import LedgerCountCache
from monitor.store.schema import entry_history
from reports.remediation.changes import WantedChange
from reports.remediation.recheck_verdict import RecheckResult
from reports.remediation.states import State
from tests.monitor.feeding import DAY, Feed, fault
from tests.monitor.service.metrics.test_store import NOW, Made

MAJOR, MINOR, CRITICAL = "broken-link", "redirected-link", "severe-typo"


@pytest.fixture
def feed(store):
    """A site with one fault of each severity, found thirty days ago."""
    made = Feed(store, now=NOW - 30 * DAY)
    made.run([fault("a", rule=MAJOR), fault("b", rule=MINOR), fault("c", rule=CRITICAL)])
    return made


def number(feed: Feed, path: str) -> int:
    return next(each.number for each in feed.ledger.select() if each.page.endswith(f"/{path}"))


def test_entries_are_counted_by_state_and_severity_and_what_is_zero_is_shown(feed):
    made = Made(feed.store, "a", "b")
    assert made.value("ledger_entries", site="a", state="to-fix", severity="major") == 1
    assert made.value("ledger_entries", site="a", state="closed", severity="major") == 0
    assert made.value("ledger_entries", site="b", state="to-fix", severity="minor") == 0
    assert made.value("ledger_overdue", site="b", severity="minor") == 0
    assert made.value("ledger_oldest_open_age_seconds", site="a") == 30 * DAY
    assert made.value("ledger_oldest_open_age_seconds", site="b") == 0
    assert made.value("ledger_rechecks_total", result="gone") == 0


@pytest.mark.parametrize(
    ("change", "overdue"),
    [
        (WantedChange(note="已联系"), 1),
        (WantedChange(state=State.FIXING), 1),
        (WantedChange(state=State.TO_VERIFY), 1),
        (WantedChange(deadline=date(2026, 11, 24)), 0),  # today is its last day
        (WantedChange(deadline=date(2026, 11, 23)), 1),
        (WantedChange(state=State.POSTPONED, until=date(2027, 1, 1), reason="等改版"), 0),
        (WantedChange(state=State.FALSE_POSITIVE, reason="没有错"), 0),
    ],
)
def test_overdue_is_what_is_still_to_be_worked_on_after_its_deadline(feed, change, overdue):
    feed.now = NOW
    feed.ledger.change([number(feed, "a")], change, "张三")
    assert Made(feed.store, "a").value("ledger_overdue", site="a", severity="major") == overdue


def test_it_is_overdue_on_the_day_after_without_any_change(feed):
    feed.ledger.change([number(feed, "a")], WantedChange(deadline=date(2026, 11, 24)), "张三")
    figures = LedgerCountCache(feed.store.engine)
    midnight = datetime(2026, 11, 25, tzinfo=ZoneInfo("Asia/Shanghai")).timestamp()
    for now, expected in ((midnight - 1, 0), (midnight, 1)):
        groups, _ = figures.read(now)
        assert sum(group.overdue for group in groups if group.severity == "major") == expected


def test_a_change_by_another_process_is_seen_and_nothing_is_counted_twice(feed):
    """The daemon's store is open all the time, as here; the command opens its own."""
    made, statements = Made(feed.store, "a"), []
    before = made.collector.stamp()
    event.listen(feed.store.engine, "before_cursor_execute", lambda *of: statements.append(of[2]))
    for _ in range(2):
        assert made.value("ledger_entries", site="a", state="fixing", severity="major") == 0
    assert made.collector.stamp() == before
    assert sum("GROUP BY entries.site, entries.state" in statement for statement in statements) == 1
    with Store(str(feed.store.engine.url)) as other:
        Feed(other, now=NOW).ledger.change([number(feed, "a")], WantedChange(state=State.FIXING), "张三")
    assert made.collector.stamp() != before
    assert made.value("ledger_entries", site="a", state="fixing", severity="major") == 1


def test_closings_are_only_ever_added(feed):
    """A counter that falls is taken for a restart: what comes back was closed all the same."""
    made = Made(feed.store, "a")
    feed.now += 4 * DAY
    feed.run([fault("b", rule=MINOR), fault("c", rule=CRITICAL)])
    assert made.value("ledger_time_to_close_seconds_bucket", site="a", le=str(3 * DAY)) == 0
    assert made.value("ledger_time_to_close_seconds_bucket", site="a", le=str(5 * DAY)) == 1
    assert made.value("ledger_time_to_close_seconds_sum", site="a") == pytest.approx(4 * DAY)
    feed.now += DAY
    feed.run([fault(path, rule=rule) for path, rule in (("a", MAJOR), ("b", MINOR), ("c", CRITICAL))])
    assert made.value("ledger_time_to_close_seconds_count", site="a") == 1
    feed.now += DAY
    feed.run([])
    assert made.value("ledger_time_to_close_seconds_count", site="a") == 4
    assert made.value("ledger_entries", site="a", state="closed", severity="major") == 1
    assert Made(feed.store, "a").value("ledger_time_to_close_seconds_count", site="a") == 4  # after a restart


def test_rechecks_are_counted_by_their_result(feed):
    """A recheck adds a row ``recheck`` to the history of its entry."""
    row = {"at": NOW, "cause": "recheck", "by": "", "field": "recheck", "before": "", "why": ""}
    results = {1: "gone", 2: "unknown", 3: "unknown"}
    with feed.store.engine.begin() as connection:
        rows = [row | {"number": entry, "after": result} for entry, result in results.items()]
        connection.execute(entry_history.insert(), rows)
    made = Made(feed.store, "a")
    assert [made.value("ledger_rechecks_total", result=each) for each in RecheckResult] == [
        1,
        0,
        2,
    ]


def test_a_site_that_is_gone_leaves_no_series(feed):
    made = Made(feed.store, "a", "b")
    made.configure("b")
    assert not any(("site", "a") in labels for _, labels in made.samples())


def test_with_many_sites_only_urgent_lateness_is_named_and_sums_are_the_same(feed):
    Feed(feed.store, site="b", now=NOW - 60 * DAY).run([fault("d", rule=MINOR)])
    Feed(feed.store, site="c", now=NOW).run([fault("e", rule=CRITICAL)])
    full, compact = Made(feed.store, *"abc"), Made(feed.store, *"abc", compact_above=1)
    assert sums(full, "ledger_entries") == sums(compact, "ledger_entries")
    assert sums(full, "ledger_overdue") == sums(compact, "ledger_overdue")
    shown = [dict(labels) for name, labels in compact.samples() if name.startswith("ledger")]
    named = {labels["site"] for labels in shown if "site" in labels}
    assert named == {"(others)", "a"}
    assert compact.value("ledger_overdue", site="a", severity="major") == 1
    assert compact.value("ledger_overdue", site="(others)", severity="minor") == 2
    assert compact.value("ledger_oldest_open_age_seconds", site="(others)") == 60 * DAY
    assert compact.value("ledger_time_to_close_seconds_count", site="(others)") == 0


def sums(made: Made, metric: str) -> dict[frozenset, float]:
    """Return the sum over all sites by the other labels, without what is zero."""
    counted: dict[frozenset, float] = {}
    for (name, labels), value in made.samples().items():
        if name == metric and value:
            rest = frozenset(each for each in labels if each[0] != "site")
            counted[rest] = counted.get(rest, 0) + value
    return counted


def test_history_is_counted_once_though_its_rows_come_late(feed):
    """On PostgreSQL a row with a lower id may appear after one with a higher; an hour later none does any more."""
    figures = LedgerCountCache(feed.store.engine)
    at = feed.now
    row = {"number": 1, "cause": "run", "by": "", "field": "state", "before": "to-fix", "after": "closed", "why": ""}
    for now, identity in ((at, 1000), (at, 999), (at + 2 * 3600, 1001), (at + 2 * 3600, 1002)):
        with feed.store.engine.begin() as connection:
            connection.execute(entry_history.insert(), [row | {"id": identity, "at": now}])
        _, history = figures.read(now)
    assert history.closings["a"].count == 4
