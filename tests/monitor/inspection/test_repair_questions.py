"""Likely repairs of a whole inspection: only what was asked and answered is offered, politely; the log is the proof."""

from __future__ import annotations

import pytest

from tests.monitor import command_server
from tests.monitor.web import Command, html, links, web
from tests.server.site import not_found


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


def repairs(outcome, site) -> dict[str, list[str]]:
    """The repairs of each broken target, as paths of the site."""
    return {
        finding["target"]["url"].removeprefix(site.url): [
            repair["url"].removeprefix(site.url) for repair in finding["repairs"]
        ]
        for finding in (*outcome.found("broken-link"), *outcome.found("soft-404"), *outcome.found("redirected-link"))
    }


def asked(site, path) -> int:
    return len(site.asked(path))


def only(path: str):
    """A folder that answers, and nothing below it."""

    async def handler(exchange):
        await (exchange.answer(PAGE) if exchange.path == path else not_found(exchange))

    return handler


TITLE = "关于做好防汛工作的通知"
PAGE = html("<p>正文</p>")


def test_each_kind_of_repair_is_offered_where_it_answers(inspect):
    home = html(
        '<a href="/Zwgk/List.html">政务</a><a href="/gsgg">公告</a><a href="/bm/1.htm">部门</a>'
        f'<a href="/old/1.html">{TITLE}</a><a href="/tzgg/t20241030_4917654.htm">文件</a>'
        '<a href="/new/2.html">新闻</a><a href="/nowhere.html">无</a>'
    )
    pages = {
        "/": home,
        "/zwgk/list.html": PAGE,
        "/gsgg/": only("/gsgg/"),
        "/bm/1.html": PAGE,
        "/new/2.html": html('<a href="/zcwj/t20241030_4917654.htm">政策</a><a href="/art/9.html">长文</a>'),
        "/zcwj/t20241030_4917654.htm": PAGE,
        "/art/9.html": html("<p>正文</p>", title=f"{TITLE}-清河县人民政府"),
    }
    with web(pages).running() as site:
        outcome = inspect(site.url)
        assert repairs(outcome, site) == {
            "/Zwgk/List.html": ["/zwgk/list.html"],
            "/gsgg": ["/gsgg/"],
            "/bm/1.htm": ["/bm/1.html"],
            "/old/1.html": ["/art/9.html"],
            "/tzgg/t20241030_4917654.htm": ["/zcwj/t20241030_4917654.htm"],
            "/nowhere.html": [],
        }
        assert asked(site, "/zwgk/list.html") == asked(site, "/gsgg/") == asked(site, "/bm/1.html") == 1
    (finding,) = [each for each in outcome.found("broken-link") if each["target"]["url"].endswith("/Zwgk/List.html")]
    assert finding["repairs"][0]["reason"] == "字母大小写不同的地址可以打开"
    assert f"可能应为 {site.url}/zwgk/list.html" in finding["suggestion"]


def test_a_notice_that_a_page_is_missing_is_no_repair(inspect):
    notice = html("<p>您访问的页面不存在或已删除</p>", title="页面不存在")
    with web({"/": links("/zwgk/Old.html"), "/zwgk/old.html": notice}).running() as site:
        assert repairs(inspect(site.url), site) == {"/zwgk/Old.html": []}
        assert asked(site, "/zwgk/old.html") == 1


def test_a_server_that_answers_everything_alike_offers_nothing(inspect):
    async def anything(exchange):
        if exchange.path == "/bm/Old.html":
            await not_found(exchange)
        else:
            await exchange.answer(html("<p>欢迎访问部门网站</p>"))

    with web({"/": links("/bm/Old.html"), "/bm/": anything}).running() as site:
        assert repairs(inspect(site.url), site) == {"/bm/Old.html": []}


@pytest.mark.parametrize("status", [301, 302])
def test_a_redirect_to_the_homepage_is_no_repair(inspect, status):
    with web({"/": links("/zwgk/Old.html"), "/zwgk/old.html": (status, "/")}).running() as site:
        assert repairs(inspect(site.url), site) == {"/zwgk/Old.html": []}


def test_where_a_permanent_redirect_leads_is_offered(inspect):
    pages = {"/": links("/zwgk/Old.html"), "/zwgk/old.html": (301, "/art/1.html"), "/art/1.html": PAGE}
    with web(pages).running() as site:
        outcome = inspect(site.url)
        assert repairs(outcome, site) == {"/zwgk/Old.html": ["/art/1.html"]}


def test_the_new_address_of_a_page_that_moved_for_good_is_offered_without_another_request(inspect):
    with web({"/": links("/old.html"), "/old.html": (301, "/art/1.html"), "/art/1.html": PAGE}).running() as site:
        assert repairs(inspect(site.url), site) == {"/old.html": ["/art/1.html"]}
        assert asked(site, "/art/1.html") == 1


def test_what_robots_txt_closes_is_not_asked_for(inspect):
    robots = "User-agent: *\nDisallow: /zwgk/old.html\n"
    pages = {"/": links("/zwgk/Old.html"), "/zwgk/old.html": PAGE, "/robots.txt": robots}
    site = web(pages)
    with site.running():
        assert repairs(inspect(site.url, settings=("crawl.sitemap=false",)), site)["/zwgk/Old.html"] == []
        assert asked(site, "/zwgk/old.html") == 0


def test_no_more_links_are_tried_than_the_bound(inspect):
    broken = [f"/zwgk/Old{number}.html" for number in range(5)]
    with web({"/": links(*broken), **{path.lower(): PAGE for path in broken}}).running() as site:
        offered = repairs(inspect(site.url, settings=("crawl.repairs=2",)), site)
        assert sum(map(bool, offered.values())) == 2
        assert sum(asked(site, path.lower()) for path in broken) == 2


def test_switched_off_nothing_is_asked(inspect):
    with web({"/": links("/zwgk/Old.html"), "/zwgk/old.html": PAGE}).running() as site:
        assert repairs(inspect(site.url, settings=("crawl.repairs=0",)), site) == {"/zwgk/Old.html": []}
        assert asked(site, "/zwgk/old.html") == 0


def test_an_address_that_two_links_may_mean_is_asked_for_once(inspect):
    with web({"/": links("/zwgk/OLD.html", "/zwgk/Old.html"), "/zwgk/old.html": PAGE}).running() as site:
        outcome = inspect(site.url)
        assert repairs(outcome, site) == {"/zwgk/OLD.html": ["/zwgk/old.html"], "/zwgk/Old.html": ["/zwgk/old.html"]}
        assert asked(site, "/zwgk/old.html") == 1


def test_a_repair_that_leads_to_a_private_address_is_not_followed(inspect):
    with web({"/inside.html": PAGE}, host="127.0.0.2").running() as inside:
        pages = {"/": links("/zwgk/Old.html"), "/zwgk/old.html": (301, f"{inside.url}/inside.html")}
        with web(pages).running() as site:
            outcome = inspect(site.url, "--strict", settings=('crawl.allowed_networks=["127.0.0.1/32"]',))
            assert repairs(outcome, site) == {"/zwgk/Old.html": []}
            assert asked(site, "/zwgk/old.html") == 1
        assert not inside.requests


def test_the_report_for_people_shows_the_repair(inspect):
    with web({"/": links("/zwgk/Old.html"), "/zwgk/old.html": PAGE}).running() as site:
        inspect(site.url)
        store = f"--set=store.url=sqlite:///{inspect.folder}/store.db"
        out = f"--out={inspect.folder}/all"
        command_server.run("report", "1", "--format=html,markdown,csv", out, store).check_returncode()
        for suffix in ("html", "md", "csv"):
            (path,) = (inspect.folder / "all").glob(f"*.{suffix}")
            assert "/zwgk/old.html" in path.read_text("utf-8")
