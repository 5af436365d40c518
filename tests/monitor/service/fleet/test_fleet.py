"""A scheduler and workers as processes of their own: whatever becomes of one, the findings are those of a calm day."""

from __future__ import annotations

import json
import signal
import time
from math import inf
from subprocess import PIPE

import pytest
from sqlalchemy import text

from monitor.store.job_store import LOSSES
from tests.cost import patience
from tests.monitor import command_server
from tests.monitor.command_server import Forked
from tests.monitor.disturbance import QUICK_TIMING, Disturbance
from tests.monitor.fleet import PAGES, SETTINGS, Fleet, Province, fleet

pytestmark = pytest.mark.slow

LEADS = "this scheduler leads"
DIFFERS = (
    "this worker takes nothing: its version, configuration, language models, browser or reader of pictures differ "
    "from the scheduler's; the same of each belongs on every machine"
)
ENGLISH = {"SITEHEALTH_LANGUAGE": "en", "PATH": "/usr/bin"}


@pytest.fixture
def province():
    with Province(3).running() as running:
        yield running


def calm(it: Fleet, *, stopped: int = 0, until: float = 0.0) -> None:
    """See that all sites came to the same, that nobody was asked by two workers, and that nothing is left to do.

    ``stopped`` and ``until`` are a process that was stopped, and when it woke up.
    """
    outcomes = [it.outcome(name) for name in it.province.sites]
    assert outcomes == [outcomes[0]] * len(outcomes)
    status, pages, _, found = outcomes[0]
    assert (status, pages) == ("complete", PAGES + 1)
    assert len(found) >= PAGES
    assert len(it.scheduler.rows()) == len(it.province.sites)
    assert it.province.asked_at_once_by_two(stopped, until) == []
    it.until(it.is_empty, "nothing left")
    for worker in it.workers.values():
        assert "Traceback" not in worker.log


def test_all_sites_are_inspected_once(tmp_path, store, province):
    with fleet(tmp_path, store, province) as it:
        it.worker("one", "--concurrency", "1")
        it.worker("other", "--concurrency", "1")
        calm(it)
        assert all(province.asked_twice(name) == {} for name in province.sites)
        assert it.scheduler.metric("queue_jobs", queue="site", state="waiting") == 0
        assert it.scheduler.metric("workers", version="0.1.0") == 2


def test_a_worker_that_is_told_to_stop_hands_its_inspection_to_another(tmp_path, store, province):
    province.hold("site1")
    with fleet(tmp_path, store, province) as it:
        it.worker("one")
        it.inspecting("site1").end()
        assert it.workers["one"].process.returncode == 0
        assert it.workers["one"].events("stopped")
        other = it.worker("other")
        province.let_go()
        calm(it)
        assert [line for line in other.events("resuming") if line["site"] == "site1"]
        assert set(province.asked_twice("site1")) <= {f"/p/{n}.html" for n in range(PAGES // 2, PAGES // 2 + 2)}


def test_of_a_worker_that_is_killed_another_takes_over(tmp_path, store, province):
    province.hold("site1")
    with fleet(tmp_path, store, province) as it:
        it.worker("one")
        it.inspecting("site1").send(signal.SIGKILL)
        other = it.worker("other")
        province.let_go()
        calm(it)
        assert [line for line in other.events("resuming") if line["site"] == "site1"]
        assert it.scheduler.events("its worker is gone; another goes on with it")


def test_a_worker_that_wakes_up_after_it_was_given_up_asks_for_nothing_more(tmp_path, store, province):
    province.hold("site1")
    with fleet(tmp_path, store, province) as it:
        paused = it.worker("one")
        it.inspecting("site1").send(signal.SIGSTOP)
        it.worker("other")
        it.until(lambda: it.workers["other"].events("resuming"), "taken over")
        woken = time.monotonic()
        paused.send(signal.SIGCONT)
        it.until(lambda: paused.events("another worker goes on with an inspection of this one"), "noticed")
        province.let_go()
        calm(it, stopped=paused.process.pid, until=woken)
        late = [each for each in province.asked if each.site == "site1" and each.began > woken]
        assert {each.process for each in late} == {it.workers["other"].process.pid}


def test_the_database_is_waited_for(tmp_path, store, province, postgresql):
    province.hold("site1")
    with fleet(tmp_path, store, province) as it:
        one = it.worker("one")
        it.inspecting("site1")
        postgresql.stop()
        it.until(lambda: one.events("the queue cannot be reached; trying again"), "noticed")
        postgresql.start()
        province.let_go()
        calm(it)


def test_of_two_schedulers_one_leads_and_one_that_wakes_up_late_puts_nothing_in(tmp_path, store, province):
    with fleet(tmp_path, store, province) as it:
        first = it.scheduler
        it.until(lambda: first.events(LEADS), "leads")
        (tmp_path / "second").mkdir()
        second = it.another_scheduler(tmp_path / "second")
        it.until(lambda: queued(it), "all in the queue")
        first.process.send_signal(signal.SIGSTOP)
        it.until(lambda: second.events(LEADS), "taken over")
        first.process.send_signal(signal.SIGCONT)
        it.until(lambda: first.events("another scheduler leads"), "gave way")
        assert first.metric("scheduler_leads") == 0
        assert second.metric("scheduler_leads") == 1
        assert queued(it) == len(province.sites)

        second.stop(signal.SIGKILL)
        it.until(lambda: len(first.events(LEADS)) == 2, "leads again")
        it.worker("one")
        calm(it)


def queued(it: Fleet) -> int:
    with it.jobs() as jobs:
        return sum(count.waiting for count in jobs.counts())


def test_the_findings_are_the_same_whatever_happens(tmp_path, postgresql, store, province):
    slow = SETTINGS["crawl"] | {"delay": 0.1}
    with fleet(tmp_path, store, province, crawl=slow) as it:
        disturbance = Disturbance(it, postgresql, QUICK_TIMING)
        disturbance.run(patience(200))
        calm(it)
        assert disturbance.killed
        assert [each for each, age in disturbance.repeated() if age == inf] == []


def test_a_site_that_kills_its_workers_is_given_up_and_costs_no_other(tmp_path, store, province):
    province.deadly = "site1"
    with fleet(tmp_path, store, province, engine=SETTINGS["engine"] | {"stalled_after": 3}) as it:
        it.until(lambda: queued(it) == len(province.sites), "all in the queue")
        with it.jobs() as jobs, jobs.engine.begin() as connection:  # others were lost with it before
            connection.execute(text(f"UPDATE procrastinate_jobs SET args = args || '{{\"losses\": {LOSSES - 1}}}'"))
        it.worker("one")
        it.until(lambda: it.workers["one"].process.poll() is not None, "killed")
        it.until(lambda: it.scheduler.events("given up: it kills its workers"), "given up")
        it.worker("other")
        it.until(lambda: it.scheduler.ended(len(province.sites)), "all runs ended")
        assert {row.site: row.status for row in it.scheduler.rows()}["site1"] == "failed"
        assert it.scheduler.metric("queue_jobs", queue="site", state="failed") >= 1
        assert it.workers["other"].process.poll() is None


def test_a_recheck_is_made_by_a_worker_and_forgotten_where_nobody_waits_for_it(tmp_path, store, province):
    with fleet(tmp_path, store, province) as it:
        one = it.worker("one")
        calm(it)
        moment, config = time.monotonic(), str(it.scheduler.config)
        links = ["ledger", "list", "--site", "site1", "--rule", "broken-link", "--config", config]
        listed = command_server.run(*links, text=True, env=ENGLISH).stdout.splitlines()
        one_link, another = (line.split()[0] for line in listed[:2])
        done = command_server.run("ledger", "recheck", one_link, another, "--config", config, text=True, env=ENGLISH)
        assert (done.returncode, done.stdout.count("still there  http")) == (1, 2), done.stdout + done.stderr
        assert {each.process for each in province.asked if each.began > moment} == {one.process.pid}
        assert len(one.events("recheck ended")) == 1
        it.until(it.is_empty, "nothing left")

        one.end()
        asking = Forked(["ledger", "recheck", one_link, "--config", config], stdout=PIPE, stderr=PIPE, env=ENGLISH)
        it.until(lambda: queued(it), "put in")
        asking.send_signal(signal.SIGINT)
        said, _ = asking.communicate(timeout=90)
        assert (asking.returncode, b"cannot be told" in said) == (130, True), said
        assert queued(it) == 0


def test_an_inspection_from_the_keyboard_is_made_by_a_worker(tmp_path, store, province):
    with fleet(tmp_path, store, province) as it:
        one = it.worker("one")
        calm(it)
        config, url, out = str(it.scheduler.config), province.sites["site1"].url, str(tmp_path / "report.json")
        asked = ["inspect", url, "--config", config, "--format", "json", "--out", out]
        moment = time.monotonic()
        done = command_server.run(*asked, text=True, env=ENGLISH)
        assert (done.returncode, "queued: a worker makes it" in done.stderr) == (0, True), done.stderr
        assert json.loads((tmp_path / "report.json").read_text("utf-8"))["run"]["pages"] == PAGES + 1
        assert {each.process for each in province.asked if each.began > moment} == {one.process.pid}

        one.end()
        waiting = Forked(asked, stderr=PIPE, env=ENGLISH)
        it.until(lambda: queued(it), "put in")
        waiting.send_signal(signal.SIGINT)
        _, words = waiting.communicate(timeout=90)
        assert (waiting.returncode, queued(it)) == (130, 0), words


def test_a_worker_that_would_judge_differently_takes_nothing_and_says_so(tmp_path, store, province):
    with fleet(tmp_path, store, province) as it:
        other = it.worker("other", "--set", "crawl.max_depth=7")
        it.until(lambda: other.events(DIFFERS), "said so")
        assert not other.events("inspection begins")
        shown = command_server.run("fleet", "status", "--config", it.scheduler.config, text=True, env=ENGLISH)
        assert shown.returncode == 1
        assert "takes nothing" in shown.stdout
        other.end()
        it.worker("one")
        calm(it)
        shown = command_server.run("fleet", "status", "--config", it.scheduler.config, text=True, env=ENGLISH)
        assert (shown.returncode, "leader: " in shown.stdout) == (0, True), shown.stdout


def test_the_wrong_settings_are_refused(tmp_path):
    config = tmp_path / "config.yaml"
    config.write_text("engine: {kind: procrastinate}\n", "utf-8")
    done = command_server.run("config", "check", "--config", config, text=True)
    assert done.returncode == 2
    assert "engine.kind: procrastinate 需要多台机器共用的数据库" in done.stderr
    config.write_text("engine: {kind: local}\n", "utf-8")
    done = command_server.run("worker", "--config", config, text=True)
    assert done.returncode == 2
    assert "请设 engine.kind: procrastinate" in done.stderr
