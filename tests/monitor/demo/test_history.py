"""The demo grows a past: ten weeks in a minute, in a folder of its own, by the same functions as in a daemon."""

from __future__ import annotations

import os
import re
import shlex
import time
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from checks import CHECKS
from monitor.beijing import beijing_time
from monitor.demo.content_files import read
from monitor.demo.history import MARK, NotOursError, UnderWayError, make_history
from monitor.output.report import build_report
from monitor.store import Store
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from monitor.store.outbox import MessageState, Outbox
from reports.remediation.states import State
from tests.monitor import command_server

pytestmark = pytest.mark.slow

FOREVER = 10_000


@pytest.mark.calendar
def test_ten_weeks_have_passed_and_all_that_is_printed_can_be_looked_at(tmp_path):
    """One test: the story is told once, which takes 15 CPU seconds."""
    home = tmp_path / "some data"  # a space has to be quoted
    environment = os.environ | {"SITEHEALTH_DATA": str(home)}
    done = command_server.run("demo", "--history", "--port", "0", cwd=tmp_path, env=environment, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    folder = home / "demo-history"
    assert not (home / "demo-history.part").exists()
    assert ".part" not in (folder / "config.yaml").read_text("utf-8")
    with Store(f"sqlite:///{folder / 'store.db'}") as store:
        the_rounds_fell_on_mondays_and_ended_well(store)
        people_were_at_the_ledger_and_faults_came_and_went(store)
        the_last_report_has_a_trend_and_says_what_changed(store)
        every_occasion_made_messages_and_none_waits(store, folder)
    the_list_of_reports_ranks_two_sites(folder)
    what_is_printed_opens_and_answers(done.stdout, tmp_path)


def the_list_of_reports_ranks_two_sites(folder):
    page = (folder / "reports" / "index.html").read_text("utf-8")
    assert 0 < page.index("东湖市住房和城乡建设局") < page.index("东湖市人民政府")
    assert len(re.findall(r'href="donghu/[^"]*\.html"', page)) == 3


def the_rounds_fell_on_mondays_and_ended_well(store):
    """The bureau's, and beside them three of the city government."""
    every = store.runs.latest(FOREVER)[::-1]
    assert [run.status for run in every] == ["complete"] * 14
    assert [run.scope for run in every if run.site == "donghu"] == ["site"] * 3
    runs = [run for run in every if run.site == "donghu-zjj"]
    assert Counter(run.scope for run in runs) == {"site": 6, "homepage": 5}
    fell = [beijing_time(run.scheduled_for) for run in runs]
    assert {(when.weekday(), when.hour) for when in fell} == {(0, 2)}
    assert {later - earlier for earlier, later in pairwise(fell)} == {timedelta(days=7)}
    assert all(0 <= run.started - run.scheduled_for < run.finished - run.scheduled_for < 3_600 for run in runs)
    assert 0 <= time.time() - runs[-1].scheduled_for < 8 * 86_400


def people_were_at_the_ledger_and_faults_came_and_went(store):
    ledger = EntryStore(store.engine)
    entries = list(ledger.select(LedgerFilter()))
    assert {entry.state for entry in entries} >= set(State) - {State.TO_VERIFY}
    assert any(entry.reopened for entry in entries)
    assert any(entry.bounced for entry in entries)
    today = max(entry.last_seen for entry in entries).date()
    assert 0 < sum(entry.overdue(today) for entry in entries) < len(entries) / 2
    assert {entry.department for entry in entries} == {"人事科", "办公室", "政务服务科", "信息中心"}
    deeds = [row for entry in entries for row in ledger.history(entry.number) if row.cause == "person"]
    assert {row.by for row in deeds} == {each["by"] for each in read("history")["people"]}
    assert {(row.at.hour, row.at.minute) for row in deeds} == {(10, 0)}


def the_last_report_has_a_trend_and_says_what_changed(store):
    report = build_report(store, store.runs.latest(1)[0].id)
    assert len(report.trend) == 6
    assert all(point.score is not None and point.grade for point in report.trend)
    assert len({point.score for point in report.trend}) > 1
    assert {"new", "reopened", "unchanged"} <= {entry.baseline for entry in report.findings}
    assert report.fixed
    assert len(report.availability) == 30
    assert any(day.failures for day in report.availability)


def every_occasion_made_messages_and_none_waits(store, folder):
    messages = Outbox(store.engine).load(list(MessageState), FOREVER)
    occasions = {message.occasion for message in messages}
    assert occasions == {"run-finished", "critical-at-once", "recovered", "overdue", "weekly-digest"}
    assert {message.state for message in messages} == {MessageState.SENT}
    assert {message.attempts for message in messages} == {0}  # nobody was ever asked to take one
    assert len(list((folder / "messages").glob("*.html"))) == len(messages)


def what_is_printed_opens_and_answers(printed, folder):
    opened = re.findall(r"^ {2}(/.*?) {4}", printed, re.MULTILINE)
    assert [Path(path).exists() for path in opened] == [True, True]
    commands = [shlex.split(line) for line in printed.splitlines() if "--config" in line]
    assert [words[1] for words in commands] == ["ledger", "ledger", "report", "notify", "status"]
    for _, *words in commands:
        done = command_server.run(*words, cwd=folder, text=True)
        assert (done.returncode, bool(done.stdout)) == (0, True), done.stderr


# ---- a short one -------------------------------------------------------------------------------------


@pytest.fixture
def short(monkeypatch):
    """Cut the story down to a homepage that is looked at twice by one check."""
    story = read("history")
    checks = {check.id: {"run": check.id == "headers"} for check in CHECKS}
    cut = {"weeks": 1, "rounds": {"site": [], "homepage": [0, 1]}, "neighbour": {}, "people": []}
    for name, value in (cut | {"settings": story["settings"] | {"checks": checks}}).items():
        monkeypatch.setitem(story, name, value)


def summary(folder: Path) -> list[tuple[str, str, str]]:
    with Store(f"sqlite:///{folder / 'store.db'}") as store:
        entries = EntryStore(store.engine).select(LedgerFilter())
        return sorted((entry.rule, entry.state, f"{entry.first_seen:%F}") for entry in entries)


@pytest.mark.usefixtures("short")
def test_a_second_call_makes_the_same_again(tmp_path):
    folder, now = tmp_path / "past", time.time()
    make_history(folder, now, port=0)
    before = summary(folder)
    (folder / "of the first").touch()
    made = make_history(folder, now, language="en", port=0)
    assert before
    assert summary(folder) == before
    assert not (folder / "of the first").exists()
    assert "Findings" in next((folder / "reports").rglob("donghu*.html")).read_text("utf-8")
    assert made.index.is_file()


class StopError(Exception):
    """What ends a history halfway."""


@pytest.mark.usefixtures("short")
def test_what_is_broken_off_leaves_the_one_before_and_nothing_else(tmp_path):
    folder = tmp_path / "past"
    make_history(folder, time.time(), port=0)
    (folder / "of the first").touch()

    def stop(_: object) -> None:
        raise StopError

    with pytest.raises(StopError):
        make_history(folder, time.time(), port=0, show_step=stop)
    assert (folder / "of the first").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"past", "past.lock"}


@pytest.mark.usefixtures("short")
def test_what_a_killed_one_left_is_swept_up(tmp_path):
    (tmp_path / "past.part" / "reports").mkdir(parents=True)
    (tmp_path / "past.part" / "store.db").write_text("half of a store")
    make_history(tmp_path / "past", time.time(), port=0)
    assert {path.name for path in tmp_path.iterdir()} == {"past", "past.lock"}
    assert (tmp_path / "past" / MARK).is_file()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path):
    (tmp_path / "store.db").write_text("an operator's")
    with pytest.raises(NotOursError, match="something else"):
        make_history(tmp_path, time.time(), port=0)
    assert [path.name for path in tmp_path.iterdir()] == ["store.db"]


@pytest.mark.usefixtures("short")
def test_two_at_once_do_not_write_over_each_other(tmp_path):
    folder = tmp_path / "past"

    def again(_: object) -> None:
        with pytest.raises(UnderWayError, match="another process"):
            make_history(folder, time.time(), port=0)

    make_history(folder, time.time(), port=0, show_step=again)
    assert summary(folder)


@pytest.mark.parametrize("other", [["--serve"], ["--scope", "homepage"]])
def test_it_takes_no_options_of_an_inspection(other):
    environment = os.environ | {"SITEHEALTH_LANGUAGE": "en"}
    done = command_server.run("demo", "--history", *other, env=environment, text=True)
    assert done.returncode == 2
    assert "--history takes --port and --language" in done.stderr
