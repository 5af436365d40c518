"""Send what is in an outbox in processes that are killed at random moments: ``python sending.py STORE URL KILLS SEED``.

Every process is forked from this one, which has loaded everything, and holds neither threads nor the store. Prints
for each kill the keys of the messages that were claimed and not marked, one JSON list a line; then sends the rest.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import sys
import time
from types import SimpleNamespace

from sqlalchemy import select

from monitor.delivery.dispatcher import Dispatcher
from monitor.logs import configure
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.schema import messages
from tests.monitor.delivery.counting import Counting

FASTEST = 0.06
"""Seconds within which a process is killed after it began to send: it sends some two dozen messages meanwhile."""


def send_all(store_url: str, url: str, begun: int) -> None:
    """Send until nothing waits; a byte to ``begun`` says that it begins."""
    settings = Settings.model_validate(
        {"notify": {"targets": [{"name": "a", "url": url, "kind": "feishu", "events": ["run-finished"]}]}}
    )
    # A minute passes in a millisecond, so that the pace of robots does not hold a test up.
    began = time.time()
    nobody = SimpleNamespace(compose=lambda: None)
    with Store(store_url) as store:
        dispatcher = Dispatcher(
            store,
            lambda: settings,
            lambda: began + (time.time() - began) * 60_000,
            nobody,
            Counting(),
            failed=lambda _, error: sys.exit(f"{error!r}"),
        )

        async def work() -> None:
            while True:
                await dispatcher.tick()
                await dispatcher.drain()
                if not dispatcher._outbox.count():
                    return

        os.write(begun, b"x")
        asyncio.run(work())


def in_flight(store_url: str) -> list[str]:
    """Return the keys of messages that a process held when it was killed."""
    with Store(store_url) as store, store.engine.connect() as connection:
        return list(connection.execute(select(messages.c.key).where(messages.c.owner != "")).scalars())


def fork(store_url: str, url: str) -> int:
    """Start a process that sends, and return its number once it begins."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        send_all(store_url, url, writing)
        os._exit(0)
    os.close(writing)
    os.read(reading, 1)
    os.close(reading)
    return child


def main() -> None:
    store_url, url, kills, seed = sys.argv[1:]
    configure("text")
    moments = random.Random(int(seed))
    for _ in range(int(kills)):
        child = fork(store_url, url)
        time.sleep(moments.uniform(0, FASTEST))  # the moment is what the test is about
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        sys.stdout.write(json.dumps(in_flight(store_url)) + "\n")
        sys.stdout.flush()
    _, status = os.waitpid(fork(store_url, url), 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
