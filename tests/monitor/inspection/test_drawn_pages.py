"""Pages that a script makes are inspected as their readers see them, and as their static twins are."""

from __future__ import annotations

import json
import time
from itertools import pairwise

import pytest

from monitor.browser.chromium import why_not_drawn
from monitor.browser.renderer import ENDLESS
from monitor.crawl.page_drawing import SPENT, PageDrawing
from monitor.settings.browser import BrowserSettings
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web

MISSING = why_not_drawn(BrowserSettings(sandbox=False))
UNBOXED = "browser.sandbox=false"
PLAIN = (UNBOXED, "browser.pictures=0")
drawn = pytest.mark.skipif(bool(MISSING), reason=f"NOT TESTED: drawn pages: {MISSING}")

TWO = (ENDLESS, SPENT)

ROWS = [
    {"u": f"/a/{at}.html", "t": f"关于召开第{at}次防汛抗旱工作会议的通知", "d": f"2026-08-{at:02}"}
    for at in range(11, 20)
]
ROWS.append({"u": "/a/gone.html", "t": "关于做好城乡居民医疗保险工作的通知", "d": "2026-08-21"})
MENU = "".join(f"<a href=/>{name}</a> " for name in ("政务公开", "办事服务", "互动交流", "走进清河", "信息公开年报"))
HEAD = "<h2>通知公告</h2><div class=position>当前位置：<a href=/>首页</a> &gt; <a href=/tzgg/>通知公告</a></div>"
ITEM = '`<li><a href="${x.u}">${x.t}</a><span>${x.d}</span></li>`'
STATIC = "".join(f'<li><a href="{row["u"]}">{row["t"]}</a><span>{row["d"]}</span></li>' for row in ROWS)
FILL = f"rows => {{document.getElementById('list-box').innerHTML = rows.map(x => {ITEM}).join('')}}"
FETCHED = f"<ul id=list-box></ul><script>fetch('/rows.json').then(r => r.json()).then({FILL})</script>"


def site(listing: str):
    """A site with one column, in the given form."""
    articles = {row["u"]: html(f"<h1>{row['t']}</h1><p>{row['d']}</p>{'请各单位遵照执行。' * 20}") for row in ROWS[:-1]}

    return web(
        {
            "/": html(f"{MENU}<a href=/tzgg/>通知公告</a>", "首页"),
            "/tzgg/": html(f"{MENU}{HEAD}{listing}", "通知公告"),
            "/rows.json": json.dumps(ROWS).encode(),
            **articles,
        }
    )


def inspected(folder, listing):
    """Return what is found on a site, its column, the report, and what was asked for."""
    folder.mkdir(exist_ok=True)
    with site(listing).running() as running:
        report = Office(folder).inspect(Served(running.url), checks="links,freshness,homepage", settings=PLAIN)
        asked = [path for _, path, _ in running.requests]
    targets = [each["target"]["url"].removeprefix(running.url) if each["target"] else "" for each in report["findings"]]
    found = sorted(zip((each["rule"] for each in report["findings"]), targets, strict=True))
    (column,) = [each for each in report["columns"] if each["url"].endswith("/tzgg/")]
    return found, (column["name"], column["newest"], column["status"]), report, asked


@drawn
def test_nothing_is_drawn_where_nothing_has_to_be(tmp_path):
    _, _, report, asked = inspected(tmp_path, f"<ul>{STATIC}</ul><script>fetch('/hits')</script>")
    assert "/hits" not in asked
    assert not any("渲染" in notice for notice in report["notices"])


def test_a_run_that_reads_no_text_takes_no_page_for_one_without(tmp_path):
    article = f"<p>{'请各单位遵照执行。' * 20}</p><script>fetch('/hits')</script>"
    with site(article).running() as running:
        report = Office(tmp_path).inspect(Served(running.url), checks="links", settings=PLAIN)
        asked = [path for _, path, _ in running.requests]
    assert "/hits" not in asked
    assert not any("渲染" in notice for notice in report["notices"])


@drawn
def test_a_drawn_page_is_drawn_again_though_its_source_is_the_same(tmp_path):
    office = Office(tmp_path)
    listing = FETCHED
    with site(listing).running() as running:
        served, settings = Served(running.url), PLAIN
        office.inspect(served, checks="links", settings=settings)
        running.requests.clear()
        report = office.inspect(served, checks="links", settings=settings)
        asked = [path for _, path, _ in running.requests]
    assert "/rows.json" in asked
    assert [each["baseline"] for each in report["findings"] if each["rule"] == "broken-link"] == ["unchanged"]


@drawn
def test_a_finding_says_that_a_script_made_its_place(tmp_path):
    body = (
        "<script>/* $.get( */ document.getElementById('list-box').innerHTML ="
        " '<p>李明，身份证号440106199003076235，公示。</p>'</script>"
    )
    with web({"/": html(f"{MENU}<div id=list-box></div>{body}")}).running() as running:
        report = Office(tmp_path).inspect(Served(running.url), checks="privacy", settings=PLAIN)
    assert [(each["rule"], each["drawn"]) for each in report["findings"]] == [("leaked-id-number", True)]


FAILING = "<script>fetch('/api/list?page=1').then(r => r.json()).catch(() => 0)</script>"
FAULTY = f"<div id=list-box></div><!-- $.get( list-box -->{FAILING}"


@drawn
def test_a_cause_that_only_a_browser_shows_is_one_finding_with_its_pages(tmp_path):
    async def ungrammatical(exchange):
        await exchange.answer("var a = ;", type="text/javascript")

    column = f"{MENU}{HEAD}<ul id=list-box></ul><script src=/broken.js></script><!-- $.get( -->"
    pages = {
        "/": html(f"{MENU}<a href=/a/>甲</a><a href=/b/>乙</a><a href=/c/>丙</a><a href=/d/>丁</a>"),
        **dict.fromkeys(("/a/", "/b/"), html(f"{MENU}{HEAD}{FAULTY}")),
        **dict.fromkeys(("/c/", "/d/"), html(column + "<script>document.getElementById('list-box').x.y</script>")),
        "/broken.js": ungrammatical,
    }
    with web(pages).running() as running:
        report = Office(tmp_path).inspect(Served(running.url), checks="browser", settings=PLAIN)
    found = {each["rule"]: each for each in report["findings"]}
    assert set(found) == {"failed-request", "script-error"}
    assert len(found["failed-request"]["pages"]) == 2
    assert found["failed-request"]["drawn"]
    assert found["failed-request"]["message"] == f"网页脚本请求的数据返回 404：{running.url}/api/list?page=1"
    assert len([each for each in report["findings"] if each["rule"] == "script-error"]) == 2
    assert [len(each["pages"]) for each in report["findings"]] == [2, 2, 2]


@drawn
def test_what_a_page_asks_for_keeps_to_the_pause_that_the_site_wants(tmp_path):
    came = []

    async def noted(exchange):
        came.append(time.monotonic())
        await exchange.answer(b"[]", type="application/json")

    asks = "".join(f"fetch('/{name}.json');" for name in "abc")
    pages = {
        "/": html(f"{MENU}<ul id=list-box></ul><script>/* list-box */ {asks}</script>"),
        "/robots.txt": "User-agent: *\nCrawl-delay: 0.3",
        **dict.fromkeys(("/a.json", "/b.json", "/c.json"), noted),
    }
    with web(pages).running() as running:
        Office(tmp_path).inspect(Served(running.url), checks="browser", scope="homepage", settings=PLAIN)
    assert len(came) == 3
    assert min(later - before for before, later in pairwise(came)) > 0.29


LURE = {
    "search": "if (document.referrer.includes('baidu')) location = 'http://dubo.example/'",
    "phone": "if (navigator.userAgent.includes('Mobile')) location.replace('http://dubo.example/')",
    "both": "if (document.referrer && 'ontouchstart' in window) location.href = 'http://dubo.example/'",
    "nobody": "if (navigator.userAgent.includes('Mobile')) location = '/m/'",
    "everybody": "location = 'http://dubo.example/'",
}


@drawn
@pytest.mark.parametrize("lured", LURE)
def test_a_script_that_takes_some_visitors_away_is_found(tmp_path, lured):
    with web({"/": html(f"{MENU}<p>{'欢迎访问。' * 90}</p><script>{LURE[lured]}</script>")}).running() as running:
        report = Office(tmp_path).inspect(Served(running.url), checks="cloaking", settings=PLAIN)
    found = [(each["rule"], each["drawn"]) for each in report["findings"]]
    assert found == ([("visitor-redirect", True)] if lured in {"search", "phone", "both"} else [])


@drawn
def test_what_a_script_shows_to_some_alone_is_compared_as_it_is_drawn(tmp_path):
    show = """if (document.referrer) fetch('/ad.txt').then(r => r.text())
    .then(text => document.body.insertAdjacentHTML('beforeend', text))"""
    pages = {
        "/": html(f"{MENU}<p>{'欢迎访问。' * 90}</p><script>{show}</script>"),
        "/ad.txt": '<div style="display:none"><a href="http://www.example.com/">澳门新葡京</a></div>',
    }
    with web(pages).running() as running:
        report = Office(tmp_path).inspect(Served(running.url), checks="cloaking", settings=PLAIN)
    assert [each["rule"] for each in report["findings"]] == ["cloaked-page"]


@drawn
def test_what_was_not_drawn_this_time_is_not_mended(tmp_path):
    office = Office(tmp_path)
    listing = f"{FETCHED}{FAILING}"
    states = []
    with site(listing).running() as running:
        served = Served(running.url)
        for settings in ((UNBOXED,), (UNBOXED, "browser.pages=0"), ("browser.executable=/nowhere",), (UNBOXED,)):
            report = office.inspect(served, checks="browser,links", settings=settings)
            open_now = sorted((each["rule"], each["baseline"]) for each in report["findings"])
            states.append((open_now, [each["rule"] for each in report.get("fixed", ())]))
    assert states[0] == ([("broken-link", "new"), ("failed-request", "new")], [])
    assert states[1] == states[2] == ([], [])
    assert states[3] == ([("broken-link", "unchanged"), ("failed-request", "unchanged")], [])


@drawn
def test_a_recheck_draws_the_page_as_well(tmp_path):
    office = Office(tmp_path)
    listing = f"{FETCHED}{FAILING}"
    with site(listing).running() as running:
        report = office.inspect(Served(running.url), checks="browser,links", settings=PLAIN)
        command = ["ledger", "recheck", "1", "2", f"--config={office.config}", f"--set={UNBOXED}"]
        done = office.run(*command, "--set=crawl.delay=0", "--set=crawl.allow_private=true", "--format=json", code=1)
    assert len(report["findings"]) == 2
    results = [json.loads(line) for line in done.output.splitlines() if line.strip()]
    assert {each["rule"]: each["result"] for each in results} == {
        "broken-link": "still-there",
        "failed-request": "still-there",
    }


def test_a_notice_names_every_reason_for_which_pages_were_not_drawn():
    drawing = PageDrawing.__new__(PageDrawing)
    drawing.missing = None
    drawing.unseen = {"/a": TWO[0], "/b": TWO[1], "/c": TWO[1]}
    (notice,) = drawing.notices()
    assert notice.zh.endswith(
        "（/a、/b、/c）：达到渲染页数上限 browser.pages（2 个）；页面没有在限定时间内停下来（1 个）"
    )
    assert notice.en.endswith("the limit browser.pages was reached (2); the page did not come to an end (1)")


def test_without_a_browser_the_report_says_what_was_not_seen(tmp_path):
    listing = FETCHED
    with site(listing).running() as running:
        report = Office(tmp_path).inspect(
            Served(running.url), checks="links", settings=("browser.executable=/nowhere",)
        )
        never = Office(tmp_path).inspect(
            Served(running.url), checks="links", settings=("browser.executable=/nowhere",), render="never"
        )
    (notice,) = [each for each in report["notices"] if "渲染" in each]
    assert notice.startswith("1 个页面的内容由脚本生成，没有用浏览器渲染")
    assert notice.endswith("没有找到 Chromium（/nowhere）")
    assert not any("渲染" in each for each in never["notices"])


def test_asking_for_a_browser_that_is_not_there_is_refused(tmp_path):
    office = Office(tmp_path)
    office.configure(Served("http://127.0.0.1:1"))
    done = office.run(
        "inspect",
        "http://127.0.0.1:1/",
        "--render",
        "--set=browser.executable=/nowhere",
        f"--config={office.config}",
        code=2,
    )
    assert "--render: 没有找到 Chromium（/nowhere）" in done.output


@drawn
def test_the_command_shows_what_a_page_asked_for(tmp_path):
    office = Office(tmp_path)
    listing = FETCHED
    with site(listing).running() as running:
        command = ["render", f"{running.url}/tzgg/", "--allow-private", f"--set={UNBOXED}", "--format=json"]
        out, picture = tmp_path / "d.html", tmp_path / "d.png"
        done = json.loads(office.run(*command, f"--out={out}", f"--picture={picture}").output)
    assert [request["outcome"] for request in done["requests"] if request["url"].endswith("rows.json")] == ["200"]
    assert "第15次" in out.read_text("utf-8")
    assert picture.read_bytes().startswith(b"\x89PNG")
