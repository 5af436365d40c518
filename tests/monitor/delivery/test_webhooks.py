"""A program is told every change of an entry's state: each once, by person or look, as its target wants it, signed."""

from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from pydantic import ValidationError

from checks.model import Severity
from monitor.delivery.attempt import Attempt
from monitor.delivery.composing import Composer
from monitor.delivery.senders import sender_of
from monitor.delivery.webhooks import WebhookSender
from monitor.settings.delivery import NotifySettings, TargetSettings
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.outbox import MessageState, Outbox
from reports.messages.message import Message, message_from_json
from reports.remediation.changes import WantedChange
from reports.remediation.states import State
from tests.monitor.delivery.robots import robots
from tests.monitor.feeding import Feed, fault

SECRET = "geheim-4711"


def target(**fields) -> dict:
    return {"name": "大屏", "url": "http://screen.cn/hook", "kind": "webhook", "events": ["state-changed"], **fields}


class Told:
    """A ledger of two sites, and what reaches a program from it."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.feeds = {site: Feed(store, site) for site in ("a", "b")}
        self.known: set[int] = set()

    def compose(self, **fields) -> list[dict]:
        """Return the changes of the new messages, in the order of messages."""
        settings = Settings.model_validate(
            {"sites": [{"id": each, "url": f"http://{each}.cn/"} for each in self.feeds]}
        )
        notify = NotifySettings.model_validate({"targets": [target(**fields)]})
        settings = settings.model_copy(update={"notify": notify})
        now = self.feeds["a"].now + 60
        Composer(self.store, lambda: settings, lambda: now, lambda _: False).compose()
        kept = [each for each in Outbox(self.store.engine).load(MessageState, 999) if each.id not in self.known]
        self.known |= {each.id for each in kept}
        return [change for each in reversed(kept) for change in message_from_json(each.body).changes]


@pytest.fixture
def told(store):
    return Told(store)


def test_runs_people_looks_and_dates_are_told_once_each(told):
    feed = told.feeds["a"]
    feed.run([fault("1.html"), fault("2.html", sure=False)])
    opened = told.compose()
    assert sorted((each["from"], each["to"]) for each in opened) == [("", "to-confirm"), ("", "to-fix")]
    assert {(each["cause"], each["run"], each["by"]) for each in opened} == {("run", 1, "")}
    assert told.compose() == []
    sure = next(each.number for each in feed.ledger.select() if each.state is State.TO_FIX)
    feed.ledger.change([sure], WantedChange(state=State.FIXING, note="已派人"), "张三")
    (change,) = told.compose()
    assert (change["number"], change["site"], change["from"], change["to"]) == (sure, "a", "to-fix", "fixing")
    assert (change["by"], change["cause"], change["run"]) == ("张三", "person", None)
    assert change["at"].startswith("2027-01-15T16:00")
    feed.ledger.change([sure], WantedChange(note="换了说法"), "张三")
    assert told.compose() == []
    feed.run([fault("2.html", sure=False)])
    (closed,) = told.compose()
    assert (closed["number"], closed["to"], closed["by"], closed["run"]) == (sure, "closed", "", 2)


def test_many_changes_at_once_are_all_told(told):
    feed = told.feeds["a"]
    feed.run([fault(f"{at}.html") for at in range(1_100)])
    assert len({each["number"] for each in told.compose()}) == 1_100
    sizes = [len(message_from_json(each.body).changes) for each in Outbox(told.store.engine).load(MessageState, 9)]
    assert sorted(sizes) == [100, 500, 500]
    feed.ledger.change(range(1, 1_001), WantedChange(state=State.FIXING), "张三")
    changes = told.compose()
    assert len(changes) == len({each["number"] for each in changes}) == 1_000


@pytest.mark.parametrize(
    ("fields", "sites"),
    [
        ({}, {"a", "b"}),
        ({"sites": ["b"]}, {"b"}),
        ({"departments": ["办公室"]}, {"a"}),
        ({"departments": ["信息中心"]}, set()),
        ({"severity": Severity.CRITICAL}, set()),
    ],
)
def test_a_target_is_told_what_concerns_it(told, fields, sites):
    for site, feed in told.feeds.items():
        feed.run([fault("1.html")])
        department = "办公室" if site == "a" else ""
        (number,) = (each.number for each in feed.ledger.select() if each.site == site)
        feed.ledger.change([number], WantedChange(state=State.FIXING, department=department), "张三")
    assert {each["site"] for each in told.compose(**fields)} == sites


def test_only_programs_are_told_of_states():
    with pytest.raises(ValidationError, match="goes with `kind: webhook`"):
        TargetSettings.model_validate(target(url="dingtalk://x@y", kind=None))
    with pytest.raises(ValidationError, match=r"kind webhook goes with an http\(s\) address"):
        TargetSettings.model_validate(target(url="dingtalk://x@y"))
    assert isinstance(sender_of(TargetSettings.model_validate(target())), WebhookSender)


@pytest.fixture(scope="module")
def server():
    with robots() as running:
        yield running


CHANGE = {"number": 4, "site": "a", "from": "to-fix", "to": "fixing", "why": "一\ud800"}
MESSAGE = Message(key="states-4/大屏", language="zh-CN", subject="【台账】1 处状态变动", changes=(CHANGE,))


async def test_a_request_is_json_and_signed(server):
    server.mood = "well"
    sender = WebhookSender(f"{server.url}/webhook", SECRET, lambda: 1_800_000_000.5, timeout=60.0)
    assert await sender.send(MESSAGE, None) == Attempt()
    sent, headers = server.taken[-1], server.headers[-1]
    assert (sent["event"], sent["id"]) == ("state-changed", MESSAGE.digest)
    assert sent["changes"] == [{**CHANGE, "why": "一?"}]
    moment, signature = (part.partition("=")[2] for part in headers["X-Sitehealth-Signature"].split(","))
    content = json.dumps(sent, ensure_ascii=False).encode()
    assert signature == hmac.new(SECRET.encode(), f"{moment}.".encode() + content, hashlib.sha256).hexdigest()
    plain = WebhookSender(f"{server.url}/webhook", "", timeout=60.0)
    await plain.send(Message(key="k", language="zh-CN", subject="清河县：新增 1"), None)
    assert (server.taken[-1]["event"], server.taken[-1]["changes"]) == ("message", [])
    assert "清河县：新增 1" in server.taken[-1]["text"]
    assert "X-Sitehealth-Signature" not in server.headers[-1]


@pytest.mark.parametrize(("mood", "attempt"), [("500", ("HTTP 500", 0.0)), ("429", ("HTTP 429", 77.0))])
async def test_what_was_not_taken_is_tried_again(server, mood, attempt):
    server.mood = mood
    done = await WebhookSender(f"{server.url}/webhook", "", timeout=60.0).send(MESSAGE, None)
    assert (done.error, done.retry_after) == attempt
