"""Functional probes: what the configuration asks of a site, its own search, its feeds, and IPv6."""

from __future__ import annotations

import json
import socket

import pytest

from checks.model import Page, Response
from monitor.fetch import Fetcher
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from monitor.probes import ipv6
from monitor.settings.config_file import ConfigError, load
from tests.monitor.official import Office, Served
from tests.monitor.web import html, web
from tests.sites.pages import NOW


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


async def login(exchange):
    """Let in a client that posts the right name, with a cookie."""
    right = b"user=demo" in exchange.body
    await exchange.answer(html("欢迎" if right else "出错"), headers=[("Set-Cookie", "sid=7; Path=/")] if right else [])


async def query(exchange):
    """Answer those who come with the cookie."""
    known = "sid=7" in exchange.headers.get("cookie", "")
    await exchange.answer(json.dumps({"data": {"total": 1 if known else 0}}), type="application/json")


FEED = "<?xml version='1.0'?><rss version='2.0'><channel><item><title>a</title></item></channel></rss>"
PAGES = {
    "/": html("<p>本站首页</p>"),
    "/login": login,
    "/query": query,
    "/slow": html("慢"),
    "/broken": (500, "内部错误"),
}


def found(report):
    return [each for each in report["findings"] if each["rule"] == "failed-probe"]


def inspect(office, site, *probes):
    return office.inspect(Served(site.url), checks="probes", probes=list(probes))


STEPS = [
    {"url": "/login", "form": {"user": "demo"}, "expect": {"text": "欢迎"}},
    {"url": "/query", "json": {"no": 1}, "expect": {"json": {"data.total": 1}}},
]


def test_a_probe_that_works_says_nothing(office):
    with web(PAGES).running() as site:
        assert found(inspect(office, site, {"name": "办件查询", "steps": STEPS})) == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ({"url": "/broken"}, "“在线申报”第 1 步返回 500，应为 200"),
        ({"url": "/", "expect": {"text": "登录"}}, "“在线申报”第 1 步的结果中没有“登录”"),
        ({"url": "/", "expect": {"absent": "首页"}}, "“在线申报”第 1 步的结果中出现“首页”"),
        ({"url": "/", "expect": {"selector": "form"}}, "“在线申报”第 1 步的页面中没有 form（找到 0 处）"),
        ({"url": "/query", "expect": {"json": {"data.total": 1}}}, "第 1 步的数据 data.total = 1 不符，实际为 0"),
        ({"url": "/login", "form": {"user": "x"}, "expect": {"text": "欢迎"}}, "第 1 步的结果中没有“欢迎”"),
    ],
)
def test_what_is_not_as_expected_is_told(office, step, message):
    with web(PAGES).running() as site:
        (finding,) = found(inspect(office, site, {"name": "在线申报", "steps": [step]}))
    assert message in finding["message"]


def test_a_probe_ends_at_the_step_that_fails(office):
    with web(PAGES).running() as site:
        probe = {"name": "申报", "steps": [STEPS[0], {"url": "/broken"}, {"url": "/never"}]}
        (finding,) = found(inspect(office, site, probe))
        assert finding["message"].startswith("“申报”第 2 步")
        assert site.asked("/never") == []


def test_a_probe_that_works_again_is_a_fault_fixed(office):
    pages = dict(PAGES)
    with web(pages).running() as site:
        broken, fine = ({"name": "申报", "steps": [{"url": url}]} for url in ("/broken", "/slow"))
        assert len(found(inspect(office, site, broken))) == 1
        report = inspect(office, site, fine)
    assert [each["rule"] for each in report["fixed"]] == ["failed-probe"]


def test_the_feeds_that_a_homepage_announces_are_tried(office):
    home = html("<p>首页</p>").replace(
        "<title>", "<link rel=alternate type='application/rss+xml' href=/rss.xml><title>"
    )
    with web({"/": home, "/rss.xml": FEED}).running() as site:
        assert found(inspect(office, site)) == []
    with web({"/": home, "/rss.xml": html("没有")}).running() as site:
        assert [each["message"] for each in found(inspect(office, site))] == ["“订阅源”不是有效的订阅源"]


@pytest.mark.parametrize(
    ("probe", "message"),
    [
        ("{name: a, steps: []}", "sites.0.probes.0.steps: Tuple should have at least 1 item"),
        ("{name: a, steps: [{url: /, form: {a: b}, json: 1}]}", "a request has one body: give form or json"),
        ("{name: a, steps: [{url: /, expect: {txt: b}}]}", "sites.0.probes.0.steps.0.expect.txt: no such setting"),
        ("{name: a, steps: [{url: /, method: DELETE}]}", "Input should be 'GET', 'POST' or 'HEAD'"),
    ],
)
def test_a_probe_that_cannot_be_is_refused(tmp_path, probe, message):
    path = tmp_path / "c.yaml"
    path.write_text(f"sites:\n- url: http://a.cn\n  probes:\n  - {probe}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert message in str(caught.value)


def test_two_probes_of_one_name_are_refused(tmp_path):
    path = tmp_path / "c.yaml"
    probe = "{name: a, steps: [{url: /}]}"
    path.write_text(f"sites:\n- url: http://a.cn\n  probes: [{probe}, {probe}]\n", "utf-8")
    with pytest.raises(ConfigError, match="every probe needs a name of its own"):
        load(path)


def fetcher(lookup):
    return Fetcher(user_agent="test", allow_private=True, lookup=lookup)


async def look(url, title, answer):
    async def lookup(_):
        if isinstance(answer, Exception):
            raise answer
        return answer

    page = Page(url, Response(url, 200), "", NOW, title=title)
    return await ipv6.look(url, page, Parser(HrefResolver()), fetcher, lookup)


@pytest.mark.parametrize(
    ("error", "told"), [(socket.EAI_NONAME, ()), (socket.EAI_AGAIN, None)], ids=["no such record", "no answer"]
)
async def test_a_name_without_an_address_is_told_from_a_silent_name_server(error, told):
    seen = await look("http://www.site-a.example/", "", socket.gaierror(error, ""))
    assert (seen and seen.addresses) == told


async def test_a_host_that_is_an_address_has_no_name_to_look_up():
    assert await look("http://127.0.0.1:8080/", "", ["::1"]) is None


@pytest.mark.parametrize(("title", "same"), [("清河县人民政府", True), ("别的网站", False)])
async def test_what_ipv6_shows_is_compared(title, same):
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("NO IPV6 ON THIS MACHINE")
    with web({"/": html("首页")}, host="::1").running() as site:
        url = f"http://www.site-a.example:{site.port}/"
        seen = await look(url, title, ["::1"])
    assert (seen.addresses, seen.response.status, seen.same) == (("::1",), 200, same)
