"""While the store fails people hear of it from memory, once each; when it is back the outbox says so."""

from __future__ import annotations

import pytest

from monitor.delivery.outage_notice import PATIENCE, OutageNotice
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.events import EventStore
from tests.monitor.delivery.robots import robots

NOW = 1_800_000_000.0


@pytest.fixture
def there():
    with robots() as running:
        yield running


@pytest.fixture
def outage(tmp_path, there):
    settings = Settings.model_validate(
        {
            "notify": {
                "targets": [
                    {"name": "a", "url": f"{there.url}/wecom", "kind": "wecom", "events": ["daemon-trouble"]},
                    {"name": "b", "url": f"{there.url}/feishu", "kind": "feishu", "events": ["overdue"]},
                ]
            }
        }
    )
    with Store(f"sqlite:///{tmp_path}/store.db") as store:
        yield Watched(settings, EventStore(store.engine))


class Watched:
    def __init__(self, settings, events):
        self.now, self.events = NOW, events
        self.notice = OutageNotice(lambda: settings, lambda: self.now, events)

    async def look(self, fault, after=0.0):
        self.now += after
        await self.notice.look(fault)


async def test_people_hear_of_it_once_and_only_those_who_want_to(outage, there):
    await outage.look("disk full")
    await outage.look("disk full", PATIENCE - 1)
    assert there.taken == []
    for _ in range(4):
        await outage.look("disk full", 61)
    (body,) = there.taken
    text = body["markdown"]["content"]
    assert "【故障】检查服务的数据库不能写入，检查已暂停" in text
    assert "disk full" in text
    assert "2027-01-15 16:00" in text
    await outage.look("", 60)
    (event,) = outage.events.pending()
    assert event.facts == {"reason": "disk full", "since": NOW, "until": outage.now}
    await outage.look("", 60)
    assert len(outage.events.pending()) == 1


async def test_somebody_who_could_not_be_reached_is_tried_again(outage, there):
    there.mood = "500"
    await outage.look("disk full")
    await outage.look("disk full", PATIENCE)
    await outage.look("disk full", 30)
    assert there.asked == 1
    there.mood = "well"
    await outage.look("disk full", 30)
    await outage.look("disk full", 60)
    assert (there.asked, len(there.taken)) == (2, 1)


async def test_a_short_outage_is_no_news(outage, there):
    await outage.look("locked")
    await outage.look("", 30)
    assert outage.events.pending() == []
    assert there.asked == 0
