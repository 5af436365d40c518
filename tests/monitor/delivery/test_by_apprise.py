"""Apprise carries a message to where we have no channel of our own, and what it says of a failure holds no secret."""

from __future__ import annotations

import json
import sys

import pytest

from monitor.delivery.by_apprise import MISSING, REFUSED, AppriseSender
from monitor.delivery.scrubbing import scrubbed
from monitor.settings.delivery import TargetSettings
from reports.messages.message import Message, MessageRow, MessageSection
from tests.monitor.delivery.robots import robots

TOKEN = "geheim-4712"


@pytest.fixture
def there():
    with robots() as running:
        yield running


def message():
    row = MessageRow("严重", "<!channel> @here *粗* https://evil.example/", "编号 7")
    section = MessageSection("新发现的问题", (row,), 1)
    return Message(key="run-1/群", language="zh-CN", subject="清河县：新增 1", sections=(section,))


def address(there):
    return f"json://{there.url.removeprefix('http://')}/{TOKEN}"


async def test_a_webhook_gets_the_message_with_its_key(there):
    assert (await AppriseSender(address(there)).send(message(), None)).arrived
    (body,), (headers,) = there.taken, there.headers
    assert body["title"] == "清河县：新增 1"
    assert "编号 7" in body["message"]
    assert "run-1/群" in body["message"]
    assert headers["Idempotency-Key"] == message().digest
    for active in ("<!", "@here", "*粗", "https://evil"):
        assert active not in json.dumps(body, ensure_ascii=False)


async def test_what_is_not_taken_says_why(there):
    there.mood = "500"
    attempt = await AppriseSender(address(there)).send(message(), None)
    assert not attempt.arrived
    settings = TargetSettings.model_validate({"name": "x", "url": address(there), "events": ["overdue"]})
    shown = scrubbed(attempt.error, settings)
    assert "500" in shown
    assert TOKEN not in shown


async def test_an_address_that_it_does_not_understand_is_refused():
    assert (await AppriseSender("slack://").send(message(), None)).error == REFUSED


async def test_without_it_a_message_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "apprise", None)
    assert (await AppriseSender("json://a.cn").send(message(), None)).error == MISSING
