"""The trend of a report: the latest runs of one site and scope, as they were, and the days its homepage was probed."""

from __future__ import annotations

from datetime import date

import pytest
from msgspec.structs import replace

from checks.model import Text
from checks.scoring.sheet import Score, Veto
from monitor.output.report import build_report
from monitor.output.trend import RUNS, probed_days, trend_of
from monitor.store.run_facts import RunFacts
from monitor.store.statistics import Statistics
from monitor.store.upkeep import prune
from reports.model import Security, Status, Tally
from tests.monitor.feeding import DAY, Feed, fault

FACTS = RunFacts(
    checks=(Tally("meta", 1, 1),),
    score=Score("census-2015", 81.5, veto=(Veto("V", Text("严重问题", "Severe"), Text("", "")),)),
    security=Security(45, "C-"),
)


@pytest.fixture
def feed(store):
    return Feed(store)


def inspect(feed: Feed, *found, status: str = "complete", facts: RunFacts = FACTS, scope: str = "homepage"):
    run, _ = feed.run(found, scope=scope)
    feed.store.runs.finish(run.id, status=status, facts=facts, finished=feed.now)
    feed.now += 7 * DAY
    return feed.store.runs.load(run.id)


def test_it_has_what_each_run_found_and_closed(feed):
    inspect(feed, fault("a"), fault("b"), fault("c", sure=False))
    last = inspect(feed, fault("a"), facts=replace(FACTS, score=None, security=None))
    first, second = trend_of(feed.store, last)
    assert (first.confirmed, first.closed) == ({fault("a").weight: 2}, 0)
    assert (first.score, first.vetoes, first.grade) == (81.5, 1, "C-")
    assert (sum(second.confirmed.values()), second.closed) == (1, 2)
    assert (second.score, second.vetoes, second.grade) == (None, 0, "")
    assert first.when < second.when
    assert build_report(feed.store, last.id).trend == (first, second)


def test_a_failed_run_is_there_and_found_nothing(feed):
    inspect(feed, fault("a"))
    failed = inspect(feed, status="failed")
    point = trend_of(feed.store, failed)[-1]
    assert (point.status, point.confirmed, point.score) == (Status.FAILED, {}, None)


def test_later_runs_and_other_scopes_are_not_in_it(feed):
    first = inspect(feed, fault("a"))
    inspect(feed, fault("a"), scope="site")
    inspect(feed, fault("a"))
    assert len(trend_of(feed.store, first)) == 1


def test_it_goes_back_so_many_runs(feed):
    runs = [inspect(feed, fault("a")) for _ in range(RUNS + 1)]
    assert len(trend_of(feed.store, runs[-1])) == RUNS


def test_a_run_whose_findings_were_dropped_is_left_out(feed):
    runs = [inspect(feed, fault("a")) for _ in range(4)]
    prune(feed.store.engine, findings_days=1, verdicts_days=1, snapshots_days=1, now=feed.now)
    assert [sum(point.confirmed.values()) for point in trend_of(feed.store, runs[-1])] == [1, 1]


def test_the_days_of_the_probe_end_with_the_run(feed):
    statistics = Statistics(feed.store.engine)
    for day, failed in (("2026-08-01", False), ("2026-09-01", False), ("2026-09-01", True), ("2026-09-08", False)):
        statistics.probed("a", day, failed=failed)
    (probed,) = probed_days(feed.store, "a", date(2026, 9, 7))
    assert (probed.day, probed.probes, probed.failures) == (date(2026, 9, 1), 2, 1)
