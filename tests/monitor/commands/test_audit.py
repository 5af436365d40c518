"""The audit log on the command line: what commands change is in it, and it is read as text, JSON and CSV."""

from __future__ import annotations

import csv
import getpass
import io
import json
import time

import pytest
from click.testing import CliRunner

from monitor.accounts.auditing import Actor, AuditLog, Via
from monitor.cli import main
from monitor.store import Store
from monitor.store.outbox import NewMessage, Outbox
from tests.monitor.feeding import Feed, fault


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def sitehealth(url, monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")

    def run(*arguments, code=0):
        done = CliRunner().invoke(main, [*arguments, "--set", f"store.url={url}", "--set", "report.language=en"])
        assert done.exit_code == code, done.output
        return done.output

    return run


@pytest.fixture
def store(url):
    with Store(url) as opened:
        Feed(opened, now=time.time() - 40 * 86_400).run([fault("a"), fault("b"), fault("c")])
        yield opened


def logged(sitehealth, *arguments):
    return [json.loads(line) for line in sitehealth("audit", "list", "--format", "json", *arguments).splitlines()]


def test_what_commands_change_is_in_the_log(store, sitehealth, tmp_path):
    sitehealth("ledger", "set", "1", "2", "--state", "to-verify", "--by", "张三")
    sitehealth("suppressions", "add", "--host", "x.example.cn", "--why", "内网", "--by", "李四")
    sitehealth("suppressions", "add", "--entry", "3", "--why", "没有错", "--by", "李四")
    sitehealth("suppressions", "remove", "1", "--by", "王五")
    Outbox(store.engine).digest([], [NewMessage("k", "office", "test", {"subject": "x"})], time.time())
    sitehealth("notify", "retry", "1")
    account = getpass.getuser()
    shown = [(item["who"], item["action"], item["object"]) for item in logged(sitehealth)]
    assert shown == [
        (account, "outbox.retry", "messages 1"),
        ("王五", "suppression.remove", "suppression 1"),
        ("李四", "entry.change", "#3"),
        ("李四", "suppression.add", "suppression 1: x.example.cn"),
        ("张三", "entry.change", "#1, #2"),
    ]
    assert {(item["address"], item["channel"]) for item in logged(sitehealth)} == {(account, "cli")}
    change = logged(sitehealth)[-1]
    assert (change["before"], change["after"]) == ("state=to-fix", "state=to-verify")


def test_a_spreadsheet_that_is_taken_back_is_in_the_log_and_a_trial_is_not(store, sitehealth, tmp_path):
    from openpyxl import load_workbook

    file = tmp_path / "ledger.xlsx"
    sitehealth("ledger", "export", "--out", str(file))
    book = load_workbook(file)
    sheet = book.worksheets[0]
    (head,) = [row for row in sheet.iter_rows() if any(cell.value == "Owner" for cell in row)][:1]
    column = next(cell.column for cell in head if cell.value == "Owner")
    sheet.cell(head[0].row + 1, column).value = "赵六"
    book.save(file)
    sitehealth("ledger", "import", str(file), "--by", "张三", "--dry-run")
    assert logged(sitehealth) == []
    sitehealth("ledger", "import", str(file), "--by", "张三")
    (item,) = logged(sitehealth)
    assert (item["who"], item["action"], item["after"]) == ("张三", "entry.change", "owner=赵六")


def test_what_is_refused_is_not_in_the_log(store, sitehealth):
    sitehealth("ledger", "set", "99", "--state", "to-verify", "--by", "张三", code=2)
    sitehealth("suppressions", "remove", "99", "--by", "张三", code=2)
    sitehealth("notify", "retry", "99", code=2)
    assert logged(sitehealth) == []


def test_the_log_is_asked_for_by_user_day_and_action(store, sitehealth):
    now = [time.time() - 3 * 86_400]
    log = AuditLog(store, lambda: now[0])
    log.add(Actor("zhang", "10.1.1.1", Via.CONSOLE), "login", "user zhang")
    now[0] += 3 * 86_400
    log.add(Actor("zhang", "10.1.1.1", Via.CONSOLE), "run.start", "site a", after="=cmd()")
    log.add(Actor("li", "10.2.2.2", Via.API), "run.cancel", "site a")
    assert [item["who"] for item in logged(sitehealth, "--user", " Zhang ")] == ["zhang", "zhang"]
    assert [item["action"] for item in logged(sitehealth, "--action", "run.")] == ["run.cancel", "run.start"]
    assert [item["action"] for item in logged(sitehealth, "--limit", "1")] == ["run.cancel"]
    day = time.strftime("%Y-%m-%d", time.gmtime(now[0] + 8 * 3600 - 86_400))
    assert len(logged(sitehealth, "--since", day)) == 2
    rows = list(csv.reader(io.StringIO(sitehealth("audit", "list", "--format", "csv"))))
    assert rows[0] == ["number", "at", "who", "address", "channel", "action", "object", "before", "after"]
    assert rows[2][-1] == "'=cmd()"  # a spreadsheet runs nothing of it
    text = sitehealth("audit", "list", "--user", "li")
    assert "li (api 10.2.2.2)  run.cancel  site a" in text
    assert "nothing was changed like that" in sitehealth("audit", "list", "--user", "nobody")


def test_looking_makes_no_store(sitehealth, tmp_path):
    assert "there is no store" in sitehealth("audit", "list")
    assert not (tmp_path / "store.db").exists()
