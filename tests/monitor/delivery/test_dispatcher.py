"""Messages go out of the store to real servers: again where they fail, and no target waits for another."""

from __future__ import annotations

import asyncio
import json

import pytest

from monitor.delivery import dispatcher as dispatching
from monitor.delivery.dispatcher import FIRST_WAIT, LONGEST_WAIT, NO_TARGET, Dispatcher, Pace, wait_after
from monitor.delivery.senders import A_MINUTE
from monitor.settings.site import Settings
from monitor.store.events import EventKind, EventStore
from monitor.store.outbox import MessageState, NewMessage, Outbox
from reports.messages.message import Message, message_to_json
from tests.monitor.delivery.counting import Counting
from tests.monitor.delivery.robots import robots

NOW = 1_800_000_000.0
HOUR = 3600.0


class Composing:
    def compose(self):
        """Everything is in the outbox already."""


class Post:
    """A store with messages, a dispatcher over it, and a clock that tests set."""

    def __init__(self, store, urls):
        self.now, self.tally, self.errors = NOW, Counting(), []
        self.urls = urls
        self.store = store
        self.outbox = Outbox(self.store.engine)
        self.start()

    def start(self):
        """Begin as a process does that knows nothing but the store."""
        self.dispatcher = Dispatcher(
            self.store,
            self.settings,
            lambda: self.now,
            Composing(),
            self.tally,
            failed=lambda what, error: self.errors.append((what, error)),
        )

    def settings(self):
        common = {"kind": "wecom", "events": ["overdue"]}
        targets = [{"name": name, "url": url, **common} for name, url in self.urls.items()]
        return Settings.model_validate({"notify": {"targets": targets}})

    def put(self, *names, each=1):
        events = EventStore(self.store.engine)
        events.record(f"week-{self.now}", EventKind.WEEK, self.now)
        (event,) = events.pending()
        made = [Message(key=f"{n}/{name}", language="zh-CN", subject="逾期") for name in names for n in range(each)]
        written = [NewMessage(m.key, m.key.partition("/")[2], "overdue", message_to_json(m)) for m in made]
        self.outbox.digest([event.id], written, self.now)

    async def tick(self, after=0.0):
        self.now += after
        await self.dispatcher.tick()
        await self.dispatcher.drain()

    def records(self, *states):
        return list(reversed(self.outbox.load(states or MessageState, 999)))

    def states(self):
        return [record.state.value for record in self.records()]


@pytest.fixture
def there():
    with robots() as running:
        yield running


@pytest.fixture
def post(store, there):
    made = Post(store, {"a": f"{there.url}/wecom", "b": f"{there.url}/wecom"})
    yield made
    assert made.errors == []


async def test_every_target_gets_its_messages_once(post, there):
    post.put("a", "b", each=3)
    await post.tick()
    assert post.states() == ["sent"] * 6
    assert len(there.taken) == 6
    await post.tick(HOUR)
    assert len(there.taken) == 6
    assert post.tally.counted == {("a", "sent"): 3, ("b", "sent"): 3}
    assert post.tally.shown["a"] == (0, 0, None)


async def test_what_fails_is_tried_again_after_longer_and_longer_and_given_up_after_a_day(post, there):
    there.mood = "code"
    post.put("a")
    waits = []
    while True:
        await post.tick()
        (record,) = post.records()
        if record.state is not MessageState.WAITING:
            break
        asked, waited = there.asked, record.due - post.now
        await post.tick(record.due - post.now - 1)
        assert there.asked == asked, "not before its time"
        waits.append(waited)
        post.now = record.due
    assert record.state is MessageState.GIVEN_UP
    assert record.error == "error 310000: sign not match"
    assert post.now == NOW + 24 * HOUR, "the last attempt is made when the time is over"
    assert 24 <= waits[0] <= 36
    assert max(waits) <= 1.2 * LONGEST_WAIT + 2
    assert 25 <= len(waits) <= 40
    assert post.tally.counted["a", "given-up"] == 1
    assert post.outbox.count() == {"a": (0, 1, None)}


async def test_a_robot_that_wants_to_be_left_alone_is(post, there):
    there.mood = "429"
    post.put("a")
    await post.tick()
    (record,) = post.records()
    assert record.due == NOW + 77
    there.mood = "fast"
    await post.tick(77)
    assert post.records()[0].due >= post.now + 60
    there.mood = "well"
    await post.tick(60 + 80)
    assert post.states() == ["sent"]


async def test_one_that_fails_does_not_keep_the_next_from_going_out(post, there):
    there.mood = "code"
    post.put("a", each=2)
    await post.tick()
    assert there.asked == 1, "a target that refuses is not asked again at once"
    there.mood = "well"
    await post.tick(1)
    assert post.states() == ["waiting", "sent"]


async def test_a_target_that_hangs_holds_up_nobody(post, there):
    with robots() as dead:
        dead.mood = "hangs"
        post.urls["a"] = f"{dead.url}/wecom"
        post.put("a", "b", each=3)
        await post.dispatcher.tick()
        await asyncio.wait([post.dispatcher._under_way["b"]])
        await post.dispatcher.tick()
        assert dead.asked <= 1, "the task under way is the only one"
        assert post.states() == ["waiting"] * 3 + ["sent"] * 3
        await post.dispatcher.stop(0)


async def test_no_robot_gets_more_than_twenty_messages_a_minute(post, there):
    post.put("a", each=45)
    await post.tick()
    assert len(there.taken) == 20
    await post.tick(59)
    assert len(there.taken) == 20
    await post.tick(1)
    assert len(there.taken) == 40
    await post.tick(60)
    assert len(there.taken) == 45


async def test_messages_to_a_target_that_is_no_more_are_given_up(post, there):
    post.put("a", "gone")
    await post.tick()
    assert {record.target: record.error for record in post.records(MessageState.GIVEN_UP)} == {"gone": NO_TARGET}
    assert "gone" not in post.tally.shown


async def test_a_target_that_cannot_be_used_is_tried_until_it_can(post, there, monkeypatch):
    post.urls["a"] = "${CHAT_ADDRESS}"
    monkeypatch.setenv("CHAT_ADDRESS", f"{there.url}/wecom")
    post.put("a")
    monkeypatch.delenv("CHAT_ADDRESS")
    await post.tick()
    assert post.records()[0].error == "the environment has no variable CHAT_ADDRESS"
    monkeypatch.setenv("CHAT_ADDRESS", f"{there.url}/wecom")
    await post.tick(60)
    assert post.states() == ["sent"]


async def test_what_was_sent_while_the_store_is_away_is_not_sent_again(post, there, monkeypatch):
    post.put("a")
    kept = Outbox.mark_sent

    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Outbox, "mark_sent", fail)
    await post.tick()
    (what, error) = post.errors.pop()
    assert (what, str(error)) == ("messages to a", "disk full")
    assert len(there.taken) == 1
    with pytest.raises(OSError, match="disk full"):
        await post.dispatcher.tick()
    monkeypatch.setattr(Outbox, "mark_sent", kept)
    await post.tick(HOUR)
    assert post.states() == ["sent"]
    assert len(there.taken) == 1


async def test_a_sender_that_breaks_costs_its_attempt(post, monkeypatch):
    class Broken:
        async def send(self, message, remaining):
            raise ZeroDivisionError(f"{post.urls['a']} is odd")

    monkeypatch.setattr(dispatching, "sender_of", lambda *_: Broken())
    post.put("a")
    await post.tick()
    (record,) = post.records()
    assert record.error.startswith("ZeroDivisionError: ")
    assert "/wecom" not in record.error


async def test_an_attempt_without_an_end_is_ended(post, monkeypatch):
    class Endless:
        async def send(self, message, remaining):
            await asyncio.Event().wait()

    monkeypatch.setattr(dispatching, "sender_of", lambda *_: Endless())
    monkeypatch.setattr(dispatching, "LIMIT", 0.01)
    post.put("a")
    await post.tick()
    assert post.records()[0].error == "no end after 0.01 s"


async def test_a_stop_waits_for_what_is_being_sent(post, there):
    post.put("a")
    await post.dispatcher.tick()
    await post.dispatcher.stop(20)
    assert post.states() == ["sent"]


def test_waits_double_and_are_spread():
    waits = [{wait_after(attempts, 0) for _ in range(50)} for attempts in range(1, 12)]
    for attempts, drawn in enumerate(waits):
        middle = min(FIRST_WAIT * 2**attempts, LONGEST_WAIT)
        assert 0.8 * middle <= min(drawn) < max(drawn) <= 1.2 * middle
    assert wait_after(1, 500) == 500


def test_a_pace_is_kept_by_the_minute():
    pace = Pace()
    for second in range(20):
        assert pace.allows(second)
        pace.sent.append(second)
    assert not pace.allows(59.9)
    assert pace.allows(60)


async def test_a_robot_gets_no_more_than_its_minute_takes_over_a_restart(post, there):
    post.put("a", each=30)
    await post.tick()
    assert len(there.taken) == A_MINUTE
    post.start()
    await post.tick(30)
    assert len(there.taken) == A_MINUTE, "the robot counts on"
    await post.tick(31)
    assert len(there.taken) == 30
    assert post.states() == ["sent"] * 30


def test_the_bodies_of_messages_are_json(post):
    post.put("a")
    assert json.loads(json.dumps(post.records()[0].body))["subject"] == "逾期"
