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
from tests.monitor.delivery.slack_and_teams import WELL, webhook

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


# ---- Slack and Teams ---------------------------------------------------------------------------------


unverified = pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
"""The imitator's certificate is its own, and the address says so (``verify=no``)."""


@pytest.fixture(params=["slack", "teams"])
def service(request, monkeypatch):
    """Return the name of a service, its imitator and the address of it in config.yaml."""
    with webhook(request.param) as running:
        if request.param == "slack":
            slack = pytest.importorskip("apprise.plugins.slack", reason="Apprise is not installed")
            monkeypatch.setattr(slack.NotifySlack, "webhook_url", f"http://127.0.0.1:{running.port}/services")
            yield request.param, running, f"slack://T1JJ3T3L2/A1BRTD4JD/{SLACK_TOKEN}"
        else:
            yield request.param, running, f"workflows://127.0.0.1:{running.port}/{WORKFLOW}/{TOKEN}/?verify=no"


SLACK_TOKEN = "TIiajkdnlazkcOXrIdevi7FQ"
WORKFLOW = "0123456789abcdef0123456789abcdef"


@unverified
async def test_slack_and_teams_get_the_message_inert(service):
    name, there, address = service
    attempt = await AppriseSender(address).send(message(), None)
    assert attempt.error == ""
    (body,) = there.taken
    said = json.dumps(body, ensure_ascii=False)
    assert "清河县：新增 1" in said
    assert "编号 7" in said
    for active in ("<!channel>", "@here", "*粗", "https://evil"):
        assert active not in said
    assert there.paths[0].startswith({"slack": "/services/T1JJ3T3L2/", "teams": f"/workflows/{WORKFLOW}/"}[name])


ERRORS = {
    "slack": [(200, "invalid_token"), (200, "channel_is_archived"), (404, "no_service"), (429, ""), (500, "oops")],
    "teams": [(400, '{"error": {"code": "InvalidRequest"}}'), (401, '{"error": {"code": "Unauthorized"}}'), (502, "")],
}
"""What the services answer that have not taken a message; Slack's error as a 200 among them."""


@unverified
async def test_what_slack_and_teams_refuse_has_not_arrived_and_shows_no_token(service):
    name, there, address = service
    for there.answer in ERRORS[name]:
        attempt = await AppriseSender(address).send(message(), None)
        assert not attempt.arrived, there.answer
        settings = TargetSettings.model_validate({"name": "x", "url": address, "events": ["overdue"]})
        shown = scrubbed(attempt.error, settings)
        assert str(there.answer[0]) in shown
        assert not {TOKEN, SLACK_TOKEN} & set(shown.replace("/", " ").split())
    assert there.taken == []
    there.answer = WELL[name]
    assert (await AppriseSender(address).send(message(), None)).arrived
