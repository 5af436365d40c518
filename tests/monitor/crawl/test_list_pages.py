"""Lists that a script draws: interfaces are asked within robots.txt, within a bound, and while they have news."""

from __future__ import annotations

import json

import pytest

from checks.columns.paging import DEEPEST
from tests.monitor.official import Office, Served
from tests.monitor.web import html, links, web

API = "/gkmlpt/api/all/12"
PROXY = "/module/web/jpage/dataproxy.jsp"


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def inspect(office, site, *settings):
    return office.inspect(Served(site.url), checks="freshness", settings=settings)


CONFIG = '{"SID": "3", "CATEGORY_ID": 12, "api": "/gkmlpt/api/all/"}'
SCRIPTED = html(f'<div id="app"></div><script>window._CONFIG = {CONFIG}; new Vue({{el: "#app"}});</script>', "通知公告")


def articles(*titles: str) -> str:
    """Every item is the same page, so that only the interface is asked again and again."""
    return json.dumps({"articles": [{"title": title, "url": "/a.html", "date": "2026-08-01"} for title in titles]})


def interface(answer):
    """Answer with ``answer(page)``."""

    async def handler(exchange):
        exchange.keep_alive = True
        await exchange.answer(answer(int(exchange.query("page"))), type="application/json")

    return handler


def datastore(total: int) -> str:
    records = "".join(f"<record><![CDATA[<a href='/a.html'>第{n}号公告</a>2026-08-01]]></record>" for n in range(1, 4))
    following = f"<nextgroup><![CDATA[<a href='{PROXY}?page=1&col=1&unitid=9'></a>]]></nextgroup>"
    counted = f"<totalrecord>{total}</totalrecord>"
    return html(
        f"<script type='text/xml'><datastore>{following}{counted}<recordset>{records}</recordset></datastore></script>"
    )


def records(answer):
    """Answer a datastore's proxy with ``answer(start)``."""

    async def handler(exchange):
        exchange.keep_alive = True
        start = int(dict(pair.split("=") for pair in exchange.body.decode().split("&"))["startrecord"])
        title = answer(start)
        record = f"<record><![CDATA[<a href='/a.html'>{title}</a>2026-08-01]]></record>"
        await exchange.answer(f"<datastore><recordset>{record}</recordset></datastore>", type="text/xml")

    return handler


@pytest.mark.parametrize("obeyed", [True, False])
def test_robots_txt_holds_for_interfaces_too(office, obeyed):
    async def robots(exchange):
        await exchange.answer("User-agent: *\nDisallow: /gkmlpt/api/\n", type="text/plain")

    pages = {"/": links("/list/"), "/list/": SCRIPTED, "/a.html": html("正文"), "/robots.txt": robots}
    with web(
        {**pages, API: interface(lambda page: articles("第一号公告") if page == 1 else articles())}
    ).running() as site:
        report = inspect(office, site, f"crawl.robots={str(obeyed).lower()}")
        assert len(site.asked(API)) == (0 if obeyed else 2)
        assert len(site.asked("/a.html")) == (0 if obeyed else 1)
    assert report["notices"] == (["robots.txt 不允许访问的 1 个地址没有检查"] if obeyed else [])


def test_an_interface_that_never_ends_is_asked_so_many_times(office):
    pages = {"/": links("/list/"), "/list/": SCRIPTED, "/a.html": html("正文")}
    with web({**pages, API: interface(lambda page: articles(f"第{page}号公告"))}).running() as site:
        inspect(office, site, "crawl.concurrency=16")
        asked = [target for _, target, _ in site.requests if target.startswith(API)]
    assert len(asked) == len(set(asked)) == DEEPEST


def test_a_datastore_that_claims_too_much_is_asked_so_many_times(office):
    pages = {"/": links("/list/"), "/list/": datastore(10_000_000), "/a.html": html("正文")}
    with web({**pages, PROXY: records(lambda start: f"第{start}号公告")}).running() as site:
        inspect(office, site, "crawl.concurrency=16")
        assert len(site.asked(PROXY)) == DEEPEST


def test_an_answer_that_was_given_before_ends_the_paging(office):
    pages = {"/": links("/list/"), "/list/": SCRIPTED, "/a.html": html("正文")}
    with web({**pages, API: interface(lambda _: articles("第一号公告", "第二号公告"))}).running() as site:
        report = inspect(office, site)
        assert [target.partition("?")[2] for _, target, _ in site.requests if target.startswith(API)] == [
            "page=1&sid=3",
            "page=2&sid=3",
        ]
    assert report["run"]["status"] == "complete"


def test_an_empty_answer_ends_the_paging(office):
    pages = {"/": links("/list/"), "/list/": SCRIPTED, "/a.html": html("正文")}
    answers = {1: articles("第一号公告"), 2: articles("第二号公告")}
    with web({**pages, API: interface(lambda page: answers.get(page, articles()))}).running() as site:
        inspect(office, site)
        assert len(site.asked(API)) == 3


def test_a_datastore_that_repeats_itself_is_asked_no_more(office):
    pages = {"/": links("/list/"), "/list/": datastore(3_000), "/a.html": html("正文")}
    with web({**pages, PROXY: records(lambda _: "第一号公告")}).running() as site:
        inspect(office, site, "crawl.concurrency=1")
        assert len(site.asked(PROXY)) == 2
