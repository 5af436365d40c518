"""Pages in a real Chromium: what a script makes is seen, and what a page tries costs itself alone."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from functools import partial

import pytest

from checks.model import Response
from monitor.browser.browser_memory import browser_memory, descendants, name_of
from monitor.browser.chromium import (
    NO_SANDBOX,
    BrowserMissingError,
    executable_of,
    namespace_command,
    why_it_does_not_start,
    why_not_drawn,
)
from monitor.browser.renderer import ANYBODY, Drawn, NotDrawnError, Renderer, Visitor, Wanted
from monitor.browser.screenshots import Mark
from monitor.fetch import Fetched, Fetcher
from monitor.settings.browser import BrowserSettings
from tests.monitor.browser.hostile import ENDLESS, HOSTILE
from tests.monitor.web import html, web

NOBODY = 65_534

SETTINGS = BrowserSettings(sandbox=False, seconds=5, requests=30, memory=600)

pytestmark = pytest.mark.skipif(
    bool(why_not_drawn(SETTINGS)), reason=f"NOT TESTED: drawn pages: {why_not_drawn(SETTINGS)}"
)


class Studio:
    """A renderer in a loop of its own, so that tests share one browser; pages are served by a real site."""

    def __init__(self, settings: BrowserSettings) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        self.asked: list[str] = []
        self.fetcher = Fetcher(user_agent="t", allow_private=True)
        self.renderer = Renderer(settings, self.ask, is_ours=lambda url: url.startswith("http://127."))

    async def ask(self, url: str, **options) -> Fetched:
        self.asked.append(url)
        return await self.fetcher.fetch(url, **options)

    def draw(self, site, body: str, url="", visitor=ANYBODY, marks=(), **settings) -> Drawn:
        """Draw a document at an address, by default the homepage of a site."""
        self.asked.clear()
        self.renderer.settings = SETTINGS.model_copy(update=settings)
        headers = (("content-type", "text/html; charset=utf-8"),)
        document = Fetched(Response(url or f"{site.url}/", 200, headers), html(body).encode())
        drawing = self.renderer.draw(document, Wanted(marks=marks), visitor)
        return asyncio.run_coroutine_threadsafe(drawing, self.loop).result(100)

    def close(self) -> None:
        for part in (self.renderer.close(), self.fetcher.__aexit__(None, None, None)):
            asyncio.run_coroutine_threadsafe(part, self.loop).result(60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture(scope="module")
def studio() -> Iterator[Studio]:
    made = Studio(SETTINGS)
    yield made
    made.close()


@pytest.fixture
def guarded(studio) -> Iterator[Studio]:
    """The same, with a fetcher that keeps private addresses closed."""
    open_to_all, studio.fetcher = studio.fetcher, Fetcher(user_agent="t")
    yield studio
    asyncio.run_coroutine_threadsafe(studio.fetcher.__aexit__(None, None, None), studio.loop).result(60)
    studio.fetcher = open_to_all


ROWS = b'{"rows": [{"t": "\xe9\x98\xb2\xe6\xb1\x9b\xe9\x80\x9a\xe7\x9f\xa5", "u": "/a/1.html"}]}'
FILL = "d => {document.querySelector('#l').innerHTML = d.rows.map(x => `<li><a href=${x.u}>${x.t}</a></li>`).join('')}"


@pytest.fixture(scope="module")
def site():
    async def posted(exchange):
        await exchange.answer(ROWS if exchange.body == b"page=1" else b"{}", type="application/json")

    async def jsonp(exchange):
        await exchange.answer(b"fill(" + ROWS + b")", type="text/javascript")

    async def script(exchange):
        await exchange.answer(f"fetch('/rows.json').then(r => r.json()).then({FILL})", type="text/javascript")

    async def choosy(exchange):
        await exchange.answer(f"{exchange.headers['x-token']}/{exchange.headers.get('user-agent', '')[:0]}")

    async def agent(exchange):
        await exchange.answer(f"p.append(' asked by {exchange.headers['user-agent']}')", type="text/javascript")

    def source(text):
        async def handler(exchange):
            await exchange.answer(text, type="text/javascript")

        return handler

    shaky = iter((503, 200, 200))

    async def shaking(exchange):
        await exchange.answer("1", status=next(shaky), type="text/javascript")

    scripts = {
        "/throwing.js": source("document.querySelector('#none').x"),
        "/calling.js": source("function call() {throw new RangeError('far')}"),
        "/ungrammatical.js": source("var a = ;"),
        "/choosy": choosy,
        "/agent.js": agent,
        "/shaky.js": shaking,
    }
    pages = scripts | {
        "/rows.json": ROWS,
        "/posted": posted,
        "/jsonp": jsonp,
        "/app.js": script,
        "/frame": "<p>框中的字</p>",
    }
    with web(pages).running() as running:
        yield running


LISTS = {
    "fetch": f"<ul id=l></ul><script>fetch('/rows.json').then(r => r.json()).then({FILL})</script>",
    "XMLHttpRequest": "<ul id=l></ul><script>let x = new XMLHttpRequest(); x.open('GET', '/rows.json');"
    f"x.onload = () => ({FILL})(JSON.parse(x.responseText)); x.send()</script>",
    "POST": "<ul id=l></ul><script>fetch('/posted', {method: 'POST', body: 'page=1', headers: {'Content-Type':"
    f" 'application/x-www-form-urlencoded'}}}}).then(r => r.json()).then({FILL})</script>",
    "JSONP": f"<ul id=l></ul><script>window.fill = {FILL}</script><script src=/jsonp></script>",
    "a script of its own": "<ul id=l></ul><script src=/app.js></script>",
    "after a while": "<ul id=l></ul><script>setTimeout(() =>"
    f" fetch('/rows.json').then(r => r.json()).then({FILL}), 300)</script>",
    "an application": f"<div id=app></div><script>document.querySelector('#app').innerHTML = '<ul id=l></ul>';"
    f"fetch('/rows.json').then(r => r.json()).then({FILL})</script>",
}


@pytest.mark.parametrize("body", LISTS.values(), ids=LISTS)
def test_a_list_that_a_script_draws_is_there_in_the_end(studio, site, body):
    drawn = studio.draw(site, body)
    assert (drawn.settled, drawn.faults, drawn.hindered) == (True, (), False)
    assert '<a href="/a/1.html">防汛通知</a>' in drawn.html


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_a_page_tries_costs_nothing_and_its_text_is_read(studio, site, body):
    drawn = studio.draw(site, f"<p>正文在此</p>{body}")
    assert "正文在此" in drawn.html
    assert "root:" not in drawn.html
    assert all("127.0.0.1" in url for url in studio.asked)


def test_a_page_that_moves_on_is_judged_as_the_page_that_was_asked_for(studio, site):
    with contextlib.suppress(NotDrawnError):
        drawn = studio.draw(site, "<p>正文在此</p><script>location = '/loop?' + Math.random()</script>")
        assert drawn.url.startswith(site.url)
    assert not any("loop" in url for url in studio.asked)


@pytest.mark.parametrize("body", ENDLESS.values(), ids=ENDLESS)
def test_an_endless_page_is_given_up_and_the_next_one_is_drawn(studio, site, body):
    with contextlib.suppress(NotDrawnError):
        drawn = studio.draw(site, body, seconds=1)
        assert not drawn.settled or "setTimeout(f)" in body  # timers alone change nothing that is seen
    assert browser_memory() < 2 * SETTINGS.memory * 2**20
    assert "防汛通知" in studio.draw(site, LISTS["fetch"]).html


def test_nothing_leaves_but_through_the_fetcher(studio, site):
    """Listeners on this machine stand for the networks that a page may try; what they hear has passed us by."""
    with contextlib.ExitStack() as stack:
        tcp, udp = (stack.enter_context(socket.socket(type=kind)) for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM))
        for listener in (tcp, udp):
            listener.bind(("127.0.0.1", 0))
            listener.settimeout(0)
        tcp.listen()
        stream, datagram = tcp.getsockname()[1], udp.getsockname()[1]
        drawn = studio.draw(
            site,
            f"""<link rel=dns-prefetch href=//localhost:{stream}><link rel=preconnect href=http://localhost:{stream}>
            <script>
            try {{ new WebSocket('ws://localhost:{stream}/') }} catch (e) {{}}
            try {{ new WebTransport('https://localhost:{stream}/') }} catch (e) {{}}
            const p = new RTCPeerConnection({{iceServers: [{{urls: 'stun:127.0.0.1:{datagram}'}}]}});
            p.createDataChannel('x'); p.createOffer().then(o => p.setLocalDescription(o));
            navigator.sendBeacon('http://localhost:{stream}/beacon', 'x');
            fetch('http://localhost:{stream}/put', {{method: 'PUT', body: 'x'}}).catch(() => 0);
            fetch('http://localhost:{stream}/post', {{method: 'POST', body: 'x'}}).catch(() => 0);
            </script>""",
        )
        for hear, sizes in ((tcp.accept, ()), (udp.recv, (1,))):
            with pytest.raises(BlockingIOError):
                hear(*sizes)
    assert drawn.settled
    assert studio.asked == []


def test_private_addresses_are_as_closed_as_to_a_crawl(guarded, site):
    closed = [
        f"{site.url}/closed.json",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://[::1]/",
    ]
    asks = "".join(f"fetch('{url}', {{mode: 'no-cors'}}).catch(() => p.append('closed '));" for url in closed)
    drawn = guarded.draw(site, f"<p id=p></p><script>{asks}</script>")
    assert "closed closed closed closed" in drawn.html
    assert {asked.outcome for asked in drawn.asked[1:]} == {"forbidden-address"}


def test_a_name_that_turns_to_a_private_address_after_its_page_came_is_closed(studio, site):
    async def turned(_: str) -> list[str]:
        return ["127.0.0.1"]

    open_to_all, studio.fetcher = studio.fetcher, Fetcher(user_agent="t", lookup=turned)
    port = site.url.rpartition(":")[2]
    body = (
        "<p id=p></p><script>fetch('/rows.json?secret').then(r => p.append('read'), () => p.append('closed'))</script>"
    )
    try:
        drawn = studio.draw(site, body, url=f"http://rebound.example:{port}/")
    finally:
        asyncio.run_coroutine_threadsafe(studio.fetcher.__aexit__(None, None, None), studio.loop).result(60)
        studio.fetcher = open_to_all
    assert '<p id="p">closed</p>' in drawn.html
    assert [asked.outcome for asked in drawn.asked] == ["200", "forbidden-address"]


def test_requests_and_bytes_of_a_page_are_bounded(studio, site):
    many = "<script>for (let i = 0; i < 200; i++) fetch('/rows.json?' + i).catch(() => 0)</script>"
    drawn = studio.draw(site, many, requests=10)
    assert len(studio.asked) <= 10
    assert {asked.outcome for asked in drawn.asked} == {"200", "refused: budget"}
    long = studio.draw(site, many, bytes=1024)
    assert sum(asked.outcome == "200" for asked in long.asked) < 40


def test_a_resource_is_asked_for_once_a_run(studio, site):
    for _ in range(3):
        studio.draw(site, "<ul id=l></ul><script src=/app.js></script>")
    assert studio.asked == []  # the first test of its form had asked


def test_a_resource_that_is_asked_for_several_times_at_once_is_asked_for_once(studio, site):
    studio.draw(site, "<script>for (let i = 0; i < 6; i++) fetch('/rows.json?same', {cache: 'no-store'})</script>")
    assert studio.asked == [f"{site.url}/rows.json?same"]


def test_cookies_and_storage_of_one_page_are_not_the_next_ones(studio, site):
    studio.draw(site, "<script>document.cookie = 'a=1'; localStorage.setItem('a', '1')</script>")
    drawn = studio.draw(
        site, "<p id=p></p><script>p.append('[' + document.cookie + localStorage.length + ']')</script>"
    )
    assert "[0]" in drawn.html


def test_a_browser_that_ends_over_another_page_does_not_cost_this_one(site):
    class Ending(Studio):
        async def ask(self, url: str, **options) -> Fetched:
            if not self.asked:  # as when the page beside this one is given up, the first time alone
                await self.renderer.chromium.close()
            return await super().ask(url, **options)

    ending = Ending(SETTINGS)
    try:
        assert "防汛通知" in ending.draw(site, LISTS["fetch"]).html
    finally:
        ending.close()


@pytest.mark.parametrize("process", ["chromium", "node"])
def test_a_browser_that_is_killed_is_started_again_and_so_is_its_driver(site, process):
    before = set(descendants(os.getpid()))
    killing = Studio(SETTINGS)
    try:
        killing.draw(site, "<p>字</p>")
        started = [pid for pid in descendants(os.getpid()) if pid not in before]
        assert 0 < browser_memory(killing.renderer.chromium.mark) <= browser_memory()
        victim = next(pid for pid in started if name_of(pid).startswith(process))
        os.kill(victim, signal.SIGKILL)
        assert "防汛通知" in killing.draw(site, LISTS["fetch"]).html
    finally:
        killing.close()


FAULTS = {
    "inline": ("<script>nothing.there()</script>", ("ReferenceError", "nothing is not defined", ["/"])),
    "a file": (
        "<script src=/throwing.js></script>",
        ("TypeError", "Cannot read properties of null (reading 'x')", ["/throwing.js"]),
    ),
    "called": ("<script src=/calling.js></script><script>call()</script>", ("RangeError", "far", ["/calling.js", "/"])),
    "grammar": (
        "<script src=/ungrammatical.js></script>",
        ("SyntaxError", "Unexpected token ';'", ["/ungrammatical.js"]),
    ),
    "a promise": ("<script>Promise.reject(new TypeError('late'))</script>", ("TypeError", "late", ["/"])),
    "no error": ("<script>throw 'plain'</script>", ("", "plain", ["/"])),
}


@pytest.mark.parametrize(("body", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_script_that_fails_is_named(studio, site, body, fault):
    drawn = studio.draw(site, body)
    assert [
        (each.name, each.message, [url.removeprefix(site.url) for url in each.scripts]) for each in drawn.faults
    ] == [fault]
    assert not drawn.hindered


def test_a_script_that_fails_for_ever_is_noted_a_few_times(studio, site):
    drawn = studio.draw(site, "<p>字</p><script>setInterval(() => {throw Error(1)}, 1)</script>", seconds=1)
    assert 20 <= len(drawn.faults) < 2000
    assert "字" in drawn.html


HINDERED = {
    "a question": "<script>prompt('x').length</script>",
    "a window": "<script>open('/frame').focus()</script>",
    "a socket": "<script>new WebSocket('ws://127.0.0.1:1/').onclose = () => {throw Error('x')}</script>",
    "what we may not fetch": "<script src=http://169.254.169.254/a.js></script><script>$('a')</script>",
    "what may change something": "<script>fetch('/a', {method: 'DELETE'}).then(r => r.x.y)</script>",
    "a move": "<script>location = '/frame'</script>",
}


@pytest.mark.parametrize("body", HINDERED.values(), ids=HINDERED)
def test_what_we_kept_from_a_page_is_told(guarded, site, body):
    assert guarded.draw(site, body).hindered


UNHINDERED = {
    "pictures": "<img src=/a.png onerror='this.remove()'><p id=p></p><script>const i = new Image();"
    " i.onload = () => p.append('came'); i.onerror = () => p.append('lost'); i.src = '/b.png'</script>",
    "a beacon": "<script>navigator.sendBeacon('/hits', 'x')</script>",
    "an alert": "<script>alert('x')</script>",
    "a service worker": "<script>navigator.serviceWorker && navigator.serviceWorker.register('/w.js')"
    ".then(r => r.update())</script>",
}


@pytest.mark.parametrize("body", UNHINDERED.values(), ids=UNHINDERED)
def test_what_no_script_counts_on_hinders_none(studio, site, body):
    drawn = studio.draw(site, body)
    assert (drawn.hindered, drawn.faults) == (False, ())
    assert studio.asked == []
    if "b.png" in body:
        assert 'src="/a.png"' in drawn.html
        assert '<p id="p">came</p>' in drawn.html


def test_content_in_the_clear_is_blocked_and_noted(studio, site):
    drawn = studio.draw(
        site,
        """<script>fetch('http://a.example/x').catch(() => 0);
        const s = document.createElement('script'); s.src = 'http://a.example/a.js'; s.onerror = () => s.remove();
        document.body.append(s); try { new WebSocket('ws://a.example/') } catch (e) {}</script>""",
        url="https://www.example.gov.cn/",
    )
    blocked = [(asked.kind, asked.url) for asked in drawn.asked if asked.is_blocked]
    assert sorted(blocked) == [
        ("fetch", "http://a.example/x"),
        ("script", "http://a.example/a.js"),
        ("websocket", "ws://a.example/"),
    ]
    assert studio.asked == []


def test_a_page_is_asked_for_its_resources_as_it_asks(studio, site):
    body = """<ul id=l></ul><script>for (const token of ['a', 'b', 'a'])
    fetch('/choosy', {headers: {'X-Token': token}}).then(r => r.text()).then(t => l.append(t + ' '))</script>"""
    drawn = studio.draw(site, body)
    assert sorted(drawn.html.partition('<ul id="l">')[2].partition("<")[0].split()) == ["a/", "a/", "b/"]
    assert len(studio.asked) == 2


def test_what_failed_once_is_asked_for_once_more(studio, site):
    for seen in ("503", "200", "200"):
        drawn = studio.draw(site, "<script src=/shaky.js></script>")
        assert [asked.outcome for asked in drawn.asked] == ["200", seen]


def test_a_visitor_is_who_he_says(studio, site):
    body = (
        "<p id=p></p><script>p.append([document.referrer, navigator.userAgent, innerWidth, 'ontouchstart' in window])"
    )
    phone = Visitor("A phone", "https://m.search.example/s?q=1", is_phone=True)
    drawn = studio.draw(site, f"{body}</script><script src=/agent.js></script>", visitor=phone)
    assert "https://m.search.example/s?q=1,A phone," in drawn.html
    assert "true" in drawn.html
    assert "asked by A phone" in drawn.html


def test_where_a_script_wants_to_go_is_noted(studio, site):
    drawn = studio.draw(site, "<script>location = 'http://away.example/'</script>")
    assert drawn.moves == ("http://away.example/",)
    assert studio.asked == []


RED = """<canvas id=c></canvas><p id=p></p><script>const i = new Image(); i.onload = () => {{
const seen = c.getContext('2d'), rows = new Set(); c.width = i.width; c.height = i.height; seen.drawImage(i, 0, 0);
const d = seen.getImageData(0, 0, i.width, i.height).data;
for (let at = 0; at < d.length; at += 4)
  if (d[at] > 180 && d[at + 1] < 90 && d[at + 2] < 90) rows.add(Math.floor(at / 4 / i.width));
p.append('red ' + Math.min(...rows) + '-' + Math.max(...rows)) }}; i.src = '{}'</script>"""
"""Reads from where to where a picture is red, from top to bottom."""


def test_faults_are_outlined_in_pictures_of_the_parts_where_they_are(studio, site):
    body = """<p>开头</p><p style="margin-top: 2000px">公示：张三 决<b>择</b>了
    新的方案</p><p>决择</p><a href="/gone" style="position: absolute; top: 5000px">下载</a>
    <p style="display:none">藏</p>"""
    marks = (
        Mark("text", text="决择", before="张三"),
        Mark("link", url=f"{site.url}/gone", href="/gone"),
        Mark("hidden", text="藏"),
        Mark("nowhere", text="没有的字"),
    )
    drawn = studio.draw(site, body, marks=marks)
    assert [shot.keys for shot in drawn.shots] == [("hidden", "nowhere"), ("text",), ("link",)]
    assert {(shot.picture.width, shot.picture.height) for shot in drawn.shots} == {(896, 700)}
    red = [studio.draw(site, RED.format(shot.picture.address)).html.partition("red ")[2] for shot in drawn.shots]
    assert red[0].startswith("Infinity")
    for outlined in red[1:]:
        top, bottom = map(int, outlined.partition("<")[0].split("-"))
        assert 15 < bottom - top < 40


def test_as_root_the_sandbox_is_given_up_by_a_word_alone():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.geteuid", lambda: 0)
        reason = why_not_drawn(BrowserSettings(executable="/bin/sh"))
    assert "browser.sandbox: false" in reason.zh
    assert why_not_drawn(SETTINGS) is None


@pytest.mark.skipif(os.geteuid() != 0, reason="NOT TESTED: an ordinary user's browser, which root alone can become")
def test_an_ordinary_user_has_the_sandbox_and_no_interface():
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as home:
        os.chown(home, NOBODY, NOBODY)
        patch.setattr("os.geteuid", lambda: NOBODY)
        walls = namespace_command()
        executable = executable_of(BrowserSettings())
        patch.undo()
        user = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "env", f"HOME={home}"]
        flags = [
            "--headless",
            "--disable-dev-shm-usage",
            f"--user-data-dir={home}",
            "--dump-dom",
            "data:text/html,<p>hi",
        ]
        run = partial(subprocess.run, check=True, capture_output=True, text=True, timeout=100)
        if run([*user, *walls, "true"], check=False).returncode:
            pytest.skip("NOT TESTED: a network namespace of an ordinary user, which this machine does not allow")
        assert "<p>hi</p>" in run([*user, *walls, executable, *flags]).stdout
        interfaces = run([*user, *walls, "cat", "/proc/net/dev"]).stdout
    assert [line.split(":")[0].strip() for line in interfaces.splitlines() if ":" in line] == ["lo"]


def test_why_a_browser_does_not_start_is_said(tmp_path):
    """A unit of systemd that forbids what a sandbox is made of makes Chromium end with these words."""
    forbidden = tmp_path / "chromium"
    forbidden.write_text("#!/bin/sh\necho 'No usable sandbox! If this is a Debian system' >&2\nexit 1\n")
    forbidden.chmod(0o700)
    settings = SETTINGS.model_copy(update={"executable": str(forbidden)})
    assert why_not_drawn(settings) is None
    assert why_it_does_not_start(settings) == NO_SANDBOX
    ending = why_it_does_not_start(SETTINGS.model_copy(update={"executable": "/bin/false"}))
    assert ending.en.startswith("/bin/false does not start: ")


def test_what_drives_a_browser_may_not_start_either(monkeypatch):
    """As where a container runs under a number that nobody has, and without HOME."""
    monkeypatch.setenv("PLAYWRIGHT_NODEJS_PATH", "/bin/false")
    assert " does not start: " in why_it_does_not_start(SETTINGS).en


def test_no_browser_is_said(tmp_path):
    missing = BrowserSettings(executable=str(tmp_path / "none"), sandbox=False)
    assert "there is no Chromium" in why_not_drawn(missing).en
    broken = Studio(SETTINGS.model_copy(update={"executable": "/bin/false"}))
    try:
        with pytest.raises(BrowserMissingError, match="/bin/false does not start"), web({}).running() as nothing:
            broken.draw(nothing, "x", executable="/bin/false")
    finally:
        broken.close()
