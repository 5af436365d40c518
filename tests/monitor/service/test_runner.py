"""The runner: one inspection a site, a few at a time, and whatever goes wrong with one costs that one only."""

from __future__ import annotations

import asyncio
from collections import Counter

import pytest
from sqlalchemy import update

from monitor.inspection.run import BusyError
from monitor.rounds import Calendar
from monitor.service.retries import tries_before
from monitor.service.runner import PAUSES, Runner
from monitor.service.timetable import Timetable
from monitor.store import Store
from monitor.store.runs import RoundServedError
from monitor.store.schedules import ScheduleStore
from monitor.store.schema import runs

NOW = 1_800_000_000.0
MONDAYS = Calendar.parse("every monday 02:00 Asia/Shanghai")

SOME_TIME = 0.05
"""Seconds for which inspections that were begun together are under way together."""


class Fake:
    """An inspection that takes a while, over the real table of runs."""

    def __init__(self, bench: Bench, key, fire) -> None:
        self.bench, self.key, self.fire, self.watch = bench, key, fire, None

    async def run(self):
        bench, (site, scope) = self.bench, self.key
        trouble = bench.troubles.get(self.key)
        if isinstance(trouble, BusyError):
            raise trouble
        (run, *_) = bench.store.runs.unfinished(site, scope) or [
            bench.store.runs.begin(
                site=site, name="", url=f"http://{site}/", scope=scope, engine="", scheduled_for=self.fire
            )
        ]
        bench.store.runs.adopt(run, self.fire)
        self.watch(None, run)
        bench.under_way[site] += 1
        bench.most_of_a_site = max(bench.most_of_a_site, *bench.under_way.values())
        bench.most = max(bench.most, bench.under_way.total())
        try:
            bench.begun.set()
            await asyncio.sleep(SOME_TIME)
            await bench.may_end.wait()
            if trouble:
                raise trouble
        except asyncio.CancelledError:
            bench.store.runs.release(run.id)
            raise
        finally:
            bench.under_way[site] -= 1
        bench.store.runs.finish(run.id, status="complete")
        return bench.store.runs.load(run.id)


class Bench:
    def __init__(self, store: Store, sites: str, at_once: int = 2) -> None:
        self.store, self.now = store, NOW
        self.begun, self.may_end = asyncio.Event(), asyncio.Event()
        self.may_end.set()
        self.under_way: Counter[str] = Counter()
        self.troubles: dict = {}
        self.most = self.most_of_a_site = 0
        self.ended: list = []
        self.timetable = Timetable(ScheduleStore(store.engine))
        self.timetable.adopt({(site, scope): MONDAYS for site in sites for scope in ("homepage", "site")}, NOW)
        self.runner = Runner(
            store, self.timetable, lambda key, fire: Fake(self, key, fire), self.finished, at_once, lambda: self.now
        )

    async def finished(self, row) -> None:
        self.ended.append((row.site, row.scope, row.status))

    async def settle(self) -> None:
        while self.runner.active:
            await asyncio.gather(*(each.task for each in self.runner.active.values()), return_exceptions=True)
            await asyncio.sleep(0)


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as made:
        yield made


async def test_a_few_at_a_time_and_never_two_of_a_site(store):
    bench = Bench(store, "abcd", at_once=3)
    bench.runner.look()
    bench.runner.look()
    await bench.settle()
    assert len(bench.ended) == 8
    assert (bench.most, bench.most_of_a_site) == (3, 1)
    bench.runner.look()
    assert not bench.runner.active


async def test_a_round_that_falls_meanwhile_is_skipped_and_counted(store):
    bench = Bench(store, "a")
    bench.may_end.clear()
    bench.runner.look()
    await bench.begun.wait()
    bench.now = MONDAYS.next(NOW)
    bench.runner.look()
    bench.runner.look()
    bench.may_end.set()
    await bench.settle()
    bench.runner.look()
    await bench.settle()
    assert len(bench.ended) == 2
    assert [record.skipped for record in ScheduleStore(store.engine).load().values()] == [1, 1]


async def test_a_round_that_was_cut_off_and_overtaken_by_the_next_is_counted_as_missed(store):
    bench = Bench(store, "a")
    bench.takes = 1.0
    bench.runner.look()
    await asyncio.sleep(0.05)
    await bench.runner.cut_off(1.0)
    bench.now, bench.takes = MONDAYS.next(NOW), 0.0
    bench.runner.look()
    await bench.settle()
    records = ScheduleStore(store.engine).load()
    assert {scope: record.missed for (_, scope), record in records.items()} == {"homepage": 1, "site": 1}
    assert [row.scheduled_for for row in store.runs.latest() if row.scope == "homepage"] == [bench.now]


async def test_one_that_breaks_down_is_a_failed_run_and_the_others_go_on(store):
    bench = Bench(store, "ab")
    bench.troubles["a", "site"] = RuntimeError("disk full")
    bench.runner.look()
    await bench.settle()
    assert len(bench.ended) == 3
    (failed,) = [row for row in store.runs.latest() if row.status == "failed"]
    assert "disk full" in failed.reason[1]
    bench.runner.look()
    assert not bench.runner.active


async def test_an_error_of_the_store_that_comes_again_and_again_is_the_runs_own(store):
    """As often as nobody but the run meets it: where the store was away indeed, every pause is excused."""
    bench = Bench(store, "a")
    bench.timetable.adopt({("a", "site"): MONDAYS}, NOW)
    bench.runner.is_outage = lambda _: True
    bench.troubles["a", "site"] = RuntimeError("too many SQL variables")
    statuses = []
    for _ in range(PAUSES):
        bench.runner.look()
        await bench.settle()
        statuses.append([row.status for row in store.runs.latest()])
    assert statuses == [["running"]] * PAUSES
    bench.runner.excuse()
    for _ in range(PAUSES):
        bench.runner.look()
        await bench.settle()
    assert [row.status for row in store.runs.latest()] == ["running"]
    bench.runner.look()
    await bench.settle()
    (row,) = store.runs.latest()
    assert (row.status, "too many SQL variables" in row.reason[1]) == ("failed", True)


async def test_the_run_of_another_process_is_left_alone(store):
    bench = Bench(store, "a")
    theirs = store.runs.begin(site="a", name="", url="", scope="site", engine="", scheduled_for=MONDAYS.latest(NOW))
    bench.troubles["a", "site"] = BusyError("别人在检查", "inspected by another")
    bench.runner.look()
    await bench.settle()
    assert bench.ended == [("a", "homepage", "complete")]
    assert store.runs.load(theirs.id).status == "running"


async def test_what_is_stopped_is_gone_on_with(store):
    bench = Bench(store, "a")
    bench.may_end.clear()
    bench.runner.look()
    await bench.begun.wait()
    await bench.runner.stop(5)
    assert [(row.status, row.owner) for row in store.runs.latest()] == [("running", "")]
    assert not bench.runner.active
    bench.runner.look()
    assert not bench.runner.active


async def test_a_run_of_a_site_that_is_gone_is_closed(store):
    bench = Bench(store, "a")
    left = store.runs.begin(site="gone", name="", url="", scope="site", engine="", scheduled_for=NOW)
    store.runs.release(left.id)
    bench.runner.look()
    await bench.settle()
    row = store.runs.load(left.id)
    assert (row.status, row.scheduled_for, row.reason[1]) == ("failed", None, "the site is no longer configured")


def test_a_round_that_two_daemons_begin_at_once_has_one_run(store):
    """The second finds the run of the first in the table, however close together they came."""
    first = {"site": "a", "name": "", "url": "http://a/", "scope": "site", "engine": "", "scheduled_for": NOW}
    store.runs.begin(**first)
    with pytest.raises(RoundServedError):
        store.runs.begin(**first)
    assert len(store.runs.latest()) == 1


class Failing(Fake):
    """An inspection whose homepage does not open."""

    async def run(self):
        site, scope = self.key
        run = self.bench.store.runs.begin(
            site=site, name="", url=f"http://{site}/", scope=scope, engine="", scheduled_for=self.fire
        )
        self.watch(None, run)
        self.bench.store.runs.finish(run.id, status="failed")
        return self.bench.store.runs.load(run.id)


def ended_at(bench: Bench, moment: float) -> None:
    """Date the end of the last run: the table takes it from the clock of the machine."""
    with bench.store.engine.begin() as connection:
        connection.execute(update(runs).where(runs.c.id == bench.store.runs.latest(1)[0].id).values(finished=moment))


async def test_a_round_that_failed_is_tried_again_and_then_left(store):
    bench = Bench(store, "a")
    bench.timetable.adopt({("a", "site"): MONDAYS}, NOW)
    bench.timetable.retry_after = (1.0, 6.0)
    bench.runner.build = lambda key, fire: Failing(bench, key, fire)
    tries = []
    for hours in (0, 0.9, 1.1, 2, 7.2, 30, 40):
        bench.now = NOW + hours * 3600
        before = len(store.runs.latest())
        bench.runner.look()
        await bench.settle()
        if len(store.runs.latest()) > before:
            tries.append(hours)
            ended_at(bench, bench.now)
    assert tries == [0, 1.1, 7.2]
    assert len({run.scheduled_for for run in store.runs.latest()}) == 3
    assert [tries_before(run.scheduled_for) for run in store.runs.latest()] == [2, 1, 0]


async def test_a_retry_that_goes_well_ends_the_matter(store):
    bench = Bench(store, "a")
    bench.timetable.adopt({("a", "site"): MONDAYS}, NOW)
    bench.timetable.retry_after = (1.0, 6.0)
    good = bench.runner.build
    bench.runner.build = lambda key, fire: Failing(bench, key, fire)
    bench.runner.look()
    await bench.settle()
    ended_at(bench, NOW)
    bench.runner.build = good
    for hours in (1.1, 8, 30):
        bench.now = NOW + hours * 3600
        bench.runner.look()
        await bench.settle()
    assert [run.status for run in store.runs.latest()] == ["complete", "failed"]
