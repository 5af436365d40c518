"""Robots get what they take, signed as they want it, and only a code of 0 is success."""

from __future__ import annotations

import json

import pytest

from monitor.delivery.chats import DINGTALK_BYTES, FEISHU_BYTES, WECOM_BYTES, DingTalkRobot, FeishuRobot, WeComRobot
from monitor.delivery.scrubbing import scrubbed
from monitor.delivery.senders import sender_of, webhook_of
from monitor.settings.delivery import TargetSettings
from reports.messages.message import Message, MessageLink, MessageRow, MessageSection
from tests.monitor.delivery.robots import SECRET, robots

ROBOTS = {"dingtalk": DingTalkRobot, "wecom": WeComRobot, "feishu": FeishuRobot}
NOW = 1_800_000_000.25


@pytest.fixture(scope="module")
def server():
    with robots() as running:
        yield running


@pytest.fixture
def there(server):
    server.mood, server.signed, server.asked = "well", False, 0
    server.taken.clear()
    return server


def robot(name, there, secret="", timeout=60.0):
    joint = "?access_token=geheim-4712" if name == "dingtalk" else ""
    return ROBOTS[name](f"{there.url}/{name}{joint}", secret, lambda: NOW, timeout=timeout)


def message(rows=1, text="链接打不开", **fields):
    listed = tuple(MessageRow("严重", f"{text} {number}", "编号 7", "https://a.gov.cn/") for number in range(rows))
    section = MessageSection("新发现的问题", listed, rows)
    links = (MessageLink("打开报告", "https://check.example.cn/a.html"),)
    given = {
        "key": "run-1/群",
        "language": "zh-CN",
        "subject": "清河县：新增 1",
        "sections": (section,),
        "links": links,
    }
    return Message(**{**given, **fields})


@pytest.mark.parametrize("name", ROBOTS)
async def test_a_message_arrives(there, name):
    assert await robot(name, there).send(message(), None) == ("", None, 0.0)
    (body,) = there.taken
    written = json.dumps(body, ensure_ascii=False)
    for part in ("清河县：新增 1", "链接打不开 0", "打开报告", "https://check.example.cn/a.html", "run-1/群"):
        assert part in written


@pytest.mark.parametrize("name", ["dingtalk", "feishu"])
async def test_a_signed_message_arrives_and_an_unsigned_one_is_refused(there, name):
    there.signed = True
    assert (await robot(name, there, SECRET).send(message(), None)).arrived
    refused = await robot(name, there, "another").send(message(), None)
    assert refused.error.startswith("error 310000: sign")
    assert len(there.taken) == 1


@pytest.mark.parametrize("name", ROBOTS)
@pytest.mark.parametrize(
    ("mood", "error", "wait"),
    [
        ("code", "error 310000: sign", 0),
        ("fast", "too fast", 60),
        ("500", "HTTP 500", 0),
        ("429", "HTTP 429", 77),
        ("html", "the answer is no JSON object", 0),
        ("hangs", "timeout: ", 0),
    ],
)
async def test_what_is_not_taken_has_not_arrived(there, name, mood, error, wait):
    there.mood = mood
    patience = 0.3 if mood == "hangs" else 60.0
    attempt = await robot(name, there, timeout=patience).send(message(), None)
    assert not attempt.arrived
    assert error in attempt.error
    assert attempt.retry_after == wait
    assert there.asked == 1, "what went out once is not sent again by itself"


async def test_nobody_listens():
    attempt = await WeComRobot("http://127.0.0.1:9/geheim-4712", "").send(message(), None)
    assert attempt.error


@pytest.mark.parametrize("code", [None, "0", False, {"errcode": True}, 1, []])
def test_only_zero_is_success(code):
    assert not WeComRobot("", "").judge(json.dumps({"errcode": code}).encode()).arrived
    assert not FeishuRobot("", "").judge(json.dumps(code).encode()).arrived


@pytest.mark.parametrize("body", [{"code": 0, "msg": "success"}, {"StatusCode": 0, "StatusMessage": "success"}])
def test_feishu_has_two_ways_to_say_so(body):
    assert FeishuRobot("", "").judge(json.dumps(body).encode()).arrived


@pytest.mark.parametrize("text", ["文" * 190, "a long line of words " * 9, '"\\' * 60])
async def test_no_robot_is_sent_more_than_it_takes(there, text):
    for name in ROBOTS:
        await robot(name, there, SECRET).send(message(200, text), None)
    dingtalk, wecom, feishu = there.taken
    assert len(dingtalk["markdown"]["text"].encode()) <= DINGTALK_BYTES
    assert len(wecom["markdown"]["content"].encode()) <= WECOM_BYTES
    assert len(json.dumps(feishu, ensure_ascii=False).encode()) <= FEISHU_BYTES
    for body in there.taken:
        written = json.dumps(body, ensure_ascii=False)
        assert "条没有列出" in written
        assert "https://check.example.cn/a.html" in written


async def test_nobody_is_called(there):
    text = '<@all> @all @所有人 <at user_id=\\"all\\">a</at>'
    for name in ROBOTS:
        await robot(name, there).send(message(1, text, subject=text), None)
    assert there.taken[0]["at"] == {"isAtAll": False}
    for body in there.taken:
        written = json.dumps(body, ensure_ascii=False)
        assert "<" not in written
        assert "@" not in written
    tags = {part["tag"] for line in there.taken[2]["content"]["post"]["zh_cn"]["content"] for part in line}
    assert tags == {"text", "a"}


@pytest.mark.parametrize(
    ("url", "webhook", "secret"),
    [
        ("dingtalk://SEC1@Tok_EN-2", "https://oapi.dingtalk.com/robot/send?access_token=Tok_EN-2", "SEC1"),
        ("dingtalk://Tok?secret=SEC1", "https://oapi.dingtalk.com/robot/send?access_token=Tok", "SEC1"),
        ("wecombot://Ab-1", "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=Ab-1", ""),
        ("feishu://Ab-1/", "https://open.feishu.cn/open-apis/bot/v2/hook/Ab-1", ""),
        ("lark://S1@Ab-1", "https://open.larksuite.com/open-apis/bot/v2/hook/Ab-1", "S1"),
        ("https://open.feishu.cn/open-apis/bot/v2/hook/x", "https://open.feishu.cn/open-apis/bot/v2/hook/x", ""),
    ],
)
def test_addresses_are_read_as_apprise_writes_them(url, webhook, secret):
    assert webhook_of(url) == (webhook, secret)


def test_an_address_without_a_token_is_refused():
    with pytest.raises(ValueError, match="has no token"):
        webhook_of("dingtalk://")


def target(**fields):
    return TargetSettings.model_validate({"name": "x", "events": ["overdue"], **fields})


@pytest.mark.parametrize(
    ("url", "secret", "told", "kept"),
    [
        ("dingtalk://SECge%2Fheim@geheim-token", "", "at SECge/heim SECge%2Fheim geheim-token", ""),
        ("https://oapi.dingtalk.com/robot/send?access_token=geheim", "SEC-1", "POST …token=geheim SEC-1", "token="),
        ("mailtos://u:geheim%21@smtp.a.cn/?to=a@b.cn", "", "535 geheim! a@b.cn smtp.a.cn", "a@b.cn smtp.a.cn"),
        ("jsons://gate.a.cn/hook/geheim-7", "", "gate.a.cn/hook/geheim-7 refused", "gate.a.cn/hook/"),
    ],
)
def test_an_error_holds_no_secret(url, secret, told, kept):
    shown = scrubbed(told, target(url=url, secret=secret))
    assert "geheim" not in shown
    assert "heim" not in shown
    assert "SEC-1" not in shown
    assert "***" in shown
    assert kept in shown


def test_a_target_makes_its_sender():
    made = sender_of(target(url="http://gate.a.cn/x", kind="feishu", secret="s"))
    assert isinstance(made, FeishuRobot)
    assert (made.url, made.secret) == ("http://gate.a.cn/x", "s")
