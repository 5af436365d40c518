"""`sitehealth status` says what ran, what runs and what is due, with a daemon or without."""

from __future__ import annotations

import json
import time
from datetime import timedelta

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.commands.work.status_words import CHINESE
from monitor.rounds import Calendar
from monitor.store import Store
from monitor.store.schedules import ScheduleRecord, ScheduleStore
from reports.model import Scope, Status
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.monitor.feeding import DAY, Feed, fault


@pytest.fixture
def store(tmp_path):
    with Store(f"sqlite:///{tmp_path / 'store.db'}") as made:
        yield made


def status(tmp_path, *options: str) -> str:
    (tmp_path / "config.yaml").write_text(
        f"sites: [{{id: a, url: 'http://a.cn/'}}]\nstore: {{url: 'sqlite:///{tmp_path / 'store.db'}'}}\n"
        "schedule: {spread: 0, quarterly: {run: false}}\n"
    )
    done = CliRunner().invoke(main, ["status", "--config", str(tmp_path / "config.yaml"), *options])
    assert done.exit_code == 0, done.output
    return done.stdout


def line(tmp_path) -> dict:
    return json.loads(status(tmp_path, "--format", "json"))


def test_a_site_that_no_daemon_has_seen_is_due(tmp_path, store):
    assert line(tmp_path) | {"next": "", "due": ""} == {
        "site": "a", "scope": "homepage", "state": "due", "due": "", "next": "", "last": "never", "last_ended": None,
        "run": None, "skipped": 0, "missed": 0, "retry": None, "open": 0, "overdue": 0, "to_verify": 0,
    }  # fmt: skip
    assert status(tmp_path).startswith("due       homepage  next ")


def test_a_served_round_is_not_due_again(tmp_path, store):
    calendar = Calendar.parse("every monday 02:00 Asia/Shanghai")
    fire = calendar.latest(time.time())
    ScheduleStore(store.engine).save({("a", "homepage"): ScheduleRecord(str(calendar), fire - 1, None, 1, 2)})
    assert line(tmp_path)["state"] == "due"
    run = store.runs.begin(site="a", name="", url="http://a.cn/", scope="homepage", engine="", scheduled_for=fire)
    assert line(tmp_path)["state"] == "running"
    store.runs.release(run.id)
    assert line(tmp_path)["state"] == "cut off"
    store.runs.finish(run.id, status="partial")
    told = line(tmp_path)
    assert (told["state"], told["last"], told["run"], told["skipped"], told["missed"]) == (
        "waiting",
        "partial",
        1,
        1,
        2,
    )


SAID = {
    "zh-CN": ("到期待查  首页      下次 ", "上次 从未检查", "检查中    首页 ", "等待      首页 ", "上次 部分完成 "),
    "en": ("due       homepage  next ", "last never", "running   homepage ", "waiting   homepage ", "last partial "),
}


@pytest.mark.parametrize("language", SAID)
def test_a_row_is_told_in_the_language_of_the_reader(tmp_path, store, monkeypatch, language):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", language)
    due, never, running, waiting, partial = SAID[language]
    assert status(tmp_path).startswith(due)
    assert never in status(tmp_path)
    fire = Calendar.parse("every monday 02:00 Asia/Shanghai").latest(time.time())
    ScheduleStore(store.engine).save({("a", "homepage"): ScheduleRecord("every monday 02:00 Asia/Shanghai", fire - 1)})
    run = store.runs.begin(site="a", name="", url="http://a.cn/", scope="homepage", engine="", scheduled_for=fire)
    assert status(tmp_path).startswith(running)
    store.runs.finish(run.id, status="partial")
    assert status(tmp_path).startswith(waiting)
    assert partial in status(tmp_path)


def test_every_state_of_a_row_has_its_chinese():
    shown = {"due", "waiting", "running", "cut off", "retry", "never", *map(str, Status), *map(str, Scope)}
    assert shown <= CHINESE.keys()


def test_a_retry_is_told_from_a_round(tmp_path, store):
    calendar = Calendar.parse("every monday 02:00 Asia/Shanghai")
    fire = calendar.latest(time.time())
    ScheduleStore(store.engine).save({("a", "homepage"): ScheduleRecord(str(calendar), fire - 1)})
    for number, state in enumerate(("retry 1", "retry 2", "retry 3", "waiting")):
        begun = {"site": "a", "name": "", "url": "http://a.cn/", "scope": "homepage", "engine": ""}
        run = store.runs.begin(**begun, scheduled_for=fire + number / 1000)
        store.runs.finish(run.id, status="failed")
        assert line(tmp_path)["state"] == state
    assert line(tmp_path)["retry"] is None
    by_hand = store.runs.begin(**begun)
    store.runs.finish(by_hand.id, status="complete")
    assert (line(tmp_path)["state"], line(tmp_path)["last"]) == ("waiting", "complete")


def test_it_says_what_is_open_late_and_called_mended(tmp_path, store, monkeypatch):
    feed = Feed(store, now=time.time() - 60 * DAY)
    feed.run([fault(path) for path in "abcd"])
    feed.now = time.time()
    tomorrow = feed.ledger.today + timedelta(days=1)
    feed.ledger.change([1], WantedChange(deadline=tomorrow), "张三")
    feed.ledger.change([2], WantedChange(state=State.TO_VERIFY), "张三")
    feed.ledger.change([3], WantedChange(state=State.POSTPONED, until=tomorrow, reason="等改版"), "张三")
    told = line(tmp_path)
    assert (told["open"], told["overdue"], told["to_verify"]) == (3, 2, 1)
    assert "open 3     overdue 2     to verify 1" in status(tmp_path)
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "zh-CN")
    assert "待整改 3     逾期 2     待复核 1      a" in status(tmp_path)


@pytest.fixture(autouse=True)
def _reads_english(monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    """A daemon whose file was moved away would take a new one for its store."""
    assert "due" in status(tmp_path)
    done = CliRunner().invoke(main, ["runs", "--config", str(tmp_path / "config.yaml")])
    assert "there is no store at" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_without_sites_there_is_nothing_to_show(tmp_path):
    done = CliRunner().invoke(main, ["status", "--set", f"store.url=sqlite:///{tmp_path}/s.db", "--set", "sites=[]"])
    assert "no sites are configured" in done.output
