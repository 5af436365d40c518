"""Send what is in an outbox in processes that are killed at random moments: ``python sending.py STORE URL KILLS SEED``.

Every process is forked from this one, which has loaded everything, and holds neither threads nor the store. Prints for
each kill, one JSON object a line, how many messages waited after it and which of them were claimed and not marked; then
sends the rest.
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

from monitor.delivery import dispatcher as dispatching
from monitor.delivery.dispatcher import Dispatcher
from monitor.logs import configure
from monitor.settings.site import Settings
from monitor.store import Store
from monitor.store.schema import messages
from tests.monitor.delivery.counting import Counting

MOST = 3
"""Messages that a process begins to send, at most, before it is killed: some are left for every kill."""
LONGEST = 0.006
"""Seconds after the beginning of a message at which a process is killed, at most: a message takes about as long."""


def send_all(store_url: str, url: str, begun: int) -> None:
    """Send until nothing waits; a byte to ``begun`` says that a message begins."""
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

        attempted = dispatching.attempted

        async def announced(*arguments):
            os.write(begun, b"x")
            return await attempted(*arguments)

        dispatching.attempted = announced

        async def work() -> None:
            while True:
                await dispatcher.tick()
                await dispatcher.drain()
                if not dispatcher._outbox.count():
                    return

        asyncio.run(work())


def look(store_url: str) -> tuple[int, list[str]]:
    """Return how many messages wait, and the keys of those that a process held when it was killed."""
    with Store(store_url) as store, store.engine.connect() as connection:
        waiting = connection.execute(
            select(messages.c.key, messages.c.owner).where(messages.c.state == "waiting")
        ).all()
    return len(waiting), [key for key, owner in waiting if owner]


def fork(store_url: str, url: str) -> tuple[int, int]:
    """Start a process that sends; return its number, and what says that it begins a message, a byte each time."""
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        send_all(store_url, url, writing)
        os._exit(0)
    os.close(writing)
    return child, reading


def main() -> None:
    store_url, url, kills, seed = sys.argv[1:]
    configure("text")
    moments = random.Random(int(seed))
    for _ in range(int(kills)):
        child, begun = fork(store_url, url)
        for _ in range(moments.randint(1, MOST)):
            os.read(begun, 1)
        time.sleep(moments.uniform(0, LONGEST))  # the moment is what the test is about
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(begun)
        waiting, held = look(store_url)
        sys.stdout.write(json.dumps({"waiting": waiting, "held": held}) + "\n")
        sys.stdout.flush()
    child, _ = fork(store_url, url)
    _, status = os.waitpid(child, 0)
    sys.exit(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
