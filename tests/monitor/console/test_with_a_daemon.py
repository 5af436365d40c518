"""The console of a running daemon: inspect now and watch, stop, recheck and watch; a stuck console delays no scrape."""

from __future__ import annotations

import re
import socket

import httpx
import pytest

from monitor.accounts.administration import UserAdministration
from monitor.accounts.auditing import Actor, Via
from monitor.settings.config_file import load
from monitor.store import Store
from monitor.store.accounts.users import RightRecord
from monitor.store.ledger.entries import EntryStore
from monitor.store.ledger.entry_filter import LedgerFilter
from tests.monitor.console.bureau import PASSWORD, form_token, send
from tests.monitor.daemons import daemon, free_port
from tests.server.site import Exchange, Site

pytestmark = pytest.mark.slow


class Office:
    """A site with a link that breaks and mends, whose other pages wait for as long as ``is_slow``."""

    def __init__(self) -> None:
        self.is_broken, self.is_slow = True, False
        self.site = Site({"/": self.home, "/gone.html": self.gone, "/p/": self.page})

    async def home(self, exchange: Exchange) -> None:
        links = "".join(f"<a href=/p/{n}.html>{n}</a>" for n in range(30))
        await exchange.answer(f"<title>某局</title><a href=/gone.html>旧闻</a>{links}")

    async def page(self, exchange: Exchange) -> None:
        import asyncio

        while self.is_slow:  # noqa: ASYNC110 - a test's thread sets it
            await asyncio.sleep(0.05)
        await exchange.answer(f"<title>{exchange.path}</title><p>正文</p>")

    async def gone(self, exchange: Exchange) -> None:
        await exchange.answer("<title>旧闻</title>", status=404 if self.is_broken else 200)


def events(client: httpx.Client, path: str):
    """Yield name and data of the events of a stream."""
    with client.stream("GET", path) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in answer.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, line.removeprefix("data: ")


@pytest.fixture
def office():
    made = Office()
    with made.site.running():
        yield made


@pytest.fixture
def served(tmp_path, office):
    """A daemon that inspects nothing by itself, and an editor of its site who is logged in."""
    idle = {"weekly": {"run": False}, "quarterly": {"run": False}}
    sites = [{"id": "a", "url": f"{office.site.url}/", "name": "某局", "schedule": idle}]
    port = free_port()
    with daemon(tmp_path, sites=sites, console={"listen": f"127.0.0.1:{port}"}) as it:
        with Store(it.store) as store:
            users = UserAdministration(store, load(it.config, []))
            users.add_user("editor", PASSWORD, [RightRecord("site", "a", "editor")], [], Actor("test", "", Via.CLI))
        it.start()
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=200) as client:
            it.until(lambda: answers(client), "answering")
            assert send(client, "/login", {"name": "editor", "password": PASSWORD}).status_code == 303
            yield it, client


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/login").status_code in {200, 303}
    except httpx.TransportError:
        return False


def test_inspect_watch_stop_and_recheck(served, office):
    it, client = served
    office.is_slow = True
    assert send(client, "/sites/a/inspect", {"scope": "homepage"}).status_code == 303
    assert "正在进行" in client.get(send(client, "/sites/a/inspect", {"scope": "homepage"}).headers["location"]).text
    figures = (data for name, data in events(client, "/sites/a/progress") if name == "part")
    assert next(line for line in figures if re.search(r"已读 [1-9]", line))
    page = client.get("/sites/a").text
    assert 'action="/sites/a/cancel"' in page
    office.is_slow = False
    names = [name for name, _ in events(client, "/sites/a/progress")]
    assert names[-1] == "end"
    it.until(lambda: it.ended(1), "ended")
    (run,) = it.rows()
    assert (run.status, run.scheduled_for) == ("complete", None)
    assert it.events("inspection ended")

    office.is_slow = True
    send(client, "/sites/a/inspect", {"scope": "site"})
    it.until(lambda: 'action="/sites/a/cancel"' in client.get("/sites/a").text, "under way")
    send(client, "/sites/a/cancel", {"scope": "site"})
    office.is_slow = False
    it.until(lambda: it.ended(2), "ended")
    assert it.rows()[0].status == "partial"

    with Store(it.store) as store:
        (entry,) = EntryStore(store.engine).select(LedgerFilter(rules=("broken-link",)))
    office.is_broken = False
    answer = client.post("/rechecks", data={"form_token": form_token(page), "number": str(entry.number)})
    parts = [data for _, data in events(client, f"{answer.headers['location']}/events")]
    assert any("已消失" in line for line in parts)
    with Store(it.store) as store:
        closed = EntryStore(store.engine).get([entry.number])[entry.number]
        last = EntryStore(store.engine).history(entry.number)[-1]
    assert (closed.state, last.by, last.cause) == ("closed", "editor", "recheck")


def test_connections_that_say_nothing_delay_neither_scrape_nor_inspection(served):
    it, client = served
    host, port = client.base_url.host, client.base_url.port
    silent = [socket.create_connection((host, port), timeout=60) for _ in range(150)]
    try:
        for each in silent:
            each.sendall(b"GET / HTTP/1.1\r\nHost:")
        assert it.ready()
        assert it.metric("store_available") == 1
        # They are hung up on, and there is room again.
        it.until(lambda: answers(client), "answering again")
    finally:
        for each in silent:
            each.close()
    assert it.stop() < 100
