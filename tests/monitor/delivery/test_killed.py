"""kill -9 at 50 random moments of sending 100 messages: every message arrives, and only those in flight twice."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from monitor.store import Store
from monitor.store.events import EventKind, EventStore
from monitor.store.outbox import NewMessage, Outbox
from reports.messages.message import Message, message_to_json
from tests.monitor.delivery.robots import robots

ROOT = Path(__file__).parents[3]
MESSAGES, KILLS = 100, 50


def fill(url):
    with Store(url) as store:
        EventStore(store.engine).record("week-1", EventKind.WEEK, 1.0)
        (event,) = EventStore(store.engine).pending()
        made = [Message(key=f"run-{n}/a", language="zh-CN", subject=f"第 {n} 条") for n in range(MESSAGES)]
        written = [NewMessage(each.key, "a", "run-finished", message_to_json(each)) for each in made]
        Outbox(store.engine).digest([event.id], written, 1.0)


def key_of(body):
    return re.search(r"消息编号 (run-\d+/a)", json.dumps(body, ensure_ascii=False))[1]


def test_every_message_arrives_and_only_those_in_flight_twice(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    fill(url)
    seed = random.SystemRandom().randrange(1 << 30)
    with robots() as there:
        command = [sys.executable, "-m", "tests.monitor.delivery.sending", url, f"{there.url}/feishu"]
        done = subprocess.run(
            [*command, str(KILLS), str(seed)], check=False, capture_output=True, text=True, cwd=ROOT, timeout=500
        )
        assert done.returncode == 0, (seed, done.stderr[-3000:])
        arrived = Counter(map(key_of, there.taken))
    kills = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(kills) == KILLS
    assert {len(kill["held"]) for kill in kills} <= {0, 1}
    assert sum(kill["waiting"] > 0 for kill in kills) >= 0.9 * KILLS, "sending was over before the last kills"
    assert set(arrived) == {f"run-{n}/a" for n in range(MESSAGES)}, seed
    in_flight = Counter(key for kill in kills for key in kill["held"])
    assert {key: times for key, times in arrived.items() if times > 1 + in_flight[key]} == {}, seed
    assert in_flight, "the moments were not such that anything was in flight"
    with Store(url) as store:
        assert Outbox(store.engine).count() == {}
