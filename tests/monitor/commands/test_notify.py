"""`sitehealth notify` tries targets, says what each gets, and shows and repeats what has not arrived."""

from __future__ import annotations

import json

import pytest
import yaml
from click.testing import CliRunner

from monitor.cli import main
from monitor.store import Store
from monitor.store.events import EventKind, EventStore
from monitor.store.outbox import NewMessage, Outbox
from reports.messages.message import Message, message_to_json
from tests.monitor.delivery.robots import SECRET, robots

TOKEN = "geheim-4712"


@pytest.fixture
def there():
    with robots() as running:
        yield running


@pytest.fixture(autouse=True)
def _reads_english(monkeypatch):
    monkeypatch.setenv("SITEHEALTH_LANGUAGE", "en")


@pytest.fixture
def run(tmp_path, there):
    def command(*arguments, code=0, targets=None, **notify):
        targets = targets or [target(there, "群", "wecom"), target(there, "另一群", "feishu", secret=SECRET)]
        config = {"store": {"url": f"sqlite:///{tmp_path}/store.db"}, "notify": {"targets": targets, **notify}}
        path = tmp_path / "config.yaml"
        path.write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        done = CliRunner().invoke(main, [*arguments, "--config", str(path)])
        assert done.exit_code == code, done.output
        assert TOKEN not in done.output
        assert SECRET not in done.output
        return done

    return command


def target(there, name, kind, **fields):
    url = f"{there.url}/{kind}?key={TOKEN}"
    return {"name": name, "url": url, "kind": kind, "events": ["overdue", "recovered"], **fields}


def put(tmp_path, *keys):
    """Put messages into the outbox; return it."""
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        EventStore(store.engine).record("week-1", EventKind.WEEK, 1.0)
        (event,) = EventStore(store.engine).pending()
        made = [Message(key=key, language="zh-CN", subject=f"逾期 {key}") for key in keys]
        written = [NewMessage(each.key, "群", "overdue", message_to_json(each)) for each in made]
        outbox = Outbox(store.engine)
        outbox.digest([event.id], written, 1_800_000_000.0)
        outbox.give_up(1, "error 310000: sign not match", 1_800_000_000.0, None)


def test_a_test_message_goes_to_every_target_and_says_what_came_of_it(run, there):
    there.signed = True
    targets = [target(there, "签名", "feishu", secret=SECRET), target(there, "没签名", "feishu")]
    done = run("notify", "test", targets=targets, code=1)
    assert done.stdout == "签名: sent\n"
    assert done.stderr == "没签名: error 310000: sign not match\n"
    (body,) = there.taken
    assert "测试消息：网站健康检查" in json.dumps(body, ensure_ascii=False)


def test_one_target_is_tried_alone(run, there):
    assert run("notify", "test", "群").stdout == "群: sent\n"
    assert len(there.taken) == 1
    assert "there is no target 无; there are: 群, 另一群" in run("notify", "test", "无", code=2).output


def test_nobody_to_write_to_is_said(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text(f"store: {{url: 'sqlite:///{tmp_path}/store.db'}}\n", "utf-8")
    assert CliRunner().invoke(main, ["notify", "test", "--config", str(path)]).exit_code == 2
    done = CliRunner().invoke(main, ["notify", "list", "--config", str(path)])
    assert (done.exit_code, "nobody is written to" in done.output) == (0, True)


def test_targets_are_listed_with_what_is_wrong_with_them(run, there, monkeypatch):
    missing = {"name": "邮件", "url": "${NO_SUCH_VARIABLE}", "events": ["overdue"], "sites": []}
    done = run("notify", "list", targets=[target(there, "群", "wecom", departments=["办公室"]), missing], code=1)
    first, second = done.stdout.splitlines()
    assert "群: overdue, recovered; all sites; 办公室" in first
    assert "the environment has no variable NO_SUCH_VARIABLE" in second
    rows = [json.loads(line) for line in run("notify", "list", "--format=json").stdout.splitlines()]
    assert [row["channel"] for row in rows] == ["wecom", "feishu"]
    monkeypatch.setenv("NO_SUCH_VARIABLE", "mailtos://u:p@a.cn")
    run("notify", "list", targets=[missing])


def test_the_outbox_is_listed_and_what_failed_is_sent_again(run, tmp_path):
    put(tmp_path, "run-1/群", "run-2/群")
    done = run("notify", "outbox")
    assert [line.split()[1] for line in done.stdout.splitlines()] == ["waiting", "given-up"]
    (line,) = run("notify", "outbox", "--failed").stdout.splitlines()
    assert "逾期 run-1/群  [error 310000: sign not match; attempts 0]" in line
    (row,) = map(json.loads, run("notify", "outbox", "--failed", "--format=json").stdout.splitlines())
    assert (row["number"], row["state"], row["key"]) == (1, "given-up", "run-1/群")
    assert "messages  waiting 1     given up 1      群" in run("status").stdout
    assert run("notify", "retry", "1").stdout == "to be sent again: 1\n"
    assert "not waiting and not given up: 9" in run("notify", "retry", "9", code=2).output
    assert "given-up" not in run("notify", "outbox").stdout


def test_an_empty_outbox_says_so(run):
    assert "no messages" in run("notify", "outbox").stderr
    assert "messages" not in run("status").stdout
