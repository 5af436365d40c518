"""A resource is asked for once a run: by the crawl or for a page in a browser, the first of them that wants it."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest

from monitor.browser.chromium import why_not_drawn
from monitor.settings.browser import BrowserSettings
from monitor.store import Store
from monitor.store.pictures import PictureStore
from reports.picture import HOMEPAGE
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web
from tests.painted import encoded

MISSING = why_not_drawn(BrowserSettings(sandbox=False))
pytestmark = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: drawn pages: {MISSING}")

ROWS = [{"u": f"/a/{at}.html", "t": f"关于召开第{at}次会议的通知", "d": f"2026-08-{at}"} for at in range(11, 16)]
MENU = "".join(f"<a href=/>{name}</a> " for name in ("政务公开", "办事服务", "互动交流"))
HEAD = "<link rel=stylesheet href=/site.css><script src=/common.js></script>"
FILL = """rows => {document.getElementById('list-box').innerHTML =
rows.map(x => `<li><a href="${x.u}">${x.t}</a><span>${x.d}</span></li>`).join('')}"""
LIST = f"""{HEAD}{MENU}<h2>通知公告</h2><ul id=list-box></ul><iframe src=/frame.html></iframe><div id=foot></div>
<script>fetch('/rows.json').then(r => r.json()).then({FILL});
fetch('/').then(r => r.text()).then(text => foot.append(text.length))</script>"""


def site():
    async def script(exchange):
        await exchange.answer("var common = 1", type="text/javascript")

    async def style(exchange):
        await exchange.answer("body {background: url(/ground.png)}", type="text/css")

    pages = {
        "/": html(
            f"{HEAD}{MENU}<a href=/tzgg/>通知公告</a><p>{'欢迎访问。' * 90}</p><iframe src=/frame.html></iframe>"
        ),
        "/tzgg/": html(LIST, "通知公告"),
        "/zcwj/": html(LIST, "政策文件"),
        "/frame.html": html(f"<p>框中的字</p><a href=/zcwj/>政策文件</a>{HEAD}"),
        "/rows.json": json.dumps(ROWS).encode(),
        "/common.js": script,
        "/site.css": style,
        "/ground.png": encoded_ground(),
        **{row["u"]: html(f"{HEAD}<h1>{row['t']}</h1>{'请遵照执行。' * 20}", row["t"]) for row in ROWS},
    }
    return web(pages)


def encoded_ground() -> bytes:
    from PIL import Image

    return encoded(Image.new("RGB", (40, 40), "white"))


@pytest.mark.parametrize("render", ["auto", "always"])
def test_what_came_whole_is_not_asked_for_again(tmp_path, render):
    office, settings = Office(tmp_path), ("browser.sandbox=false",)
    with site().running() as running:
        report = office.inspect(Served(running.url), checks="links,browser", settings=settings, render=render)
        log = list(running.requests)
    methods = defaultdict(list)
    for method, path, _ in log:
        methods[path].append(method)
    again = {path: asked for path, asked in methods.items() if "GET" in asked and asked.index("GET") < len(asked) - 1}
    assert again == {}
    assert {path for path, asked in methods.items() if "GET" in asked} >= {
        *("/", "/tzgg/", "/zcwj/", "/frame.html", "/rows.json", "/common.js", "/site.css", "/ground.png"),
        *(row["u"] for row in ROWS),
    }
    assert report["findings"] == []
    with Store(office.store) as store:
        assert PictureStore(store.engine).of_findings(report["run"]["id"], [HOMEPAGE])[HOMEPAGE]
