"""Links of a whole inspection: what is one fault, what cannot be judged, and what no page may end."""

from __future__ import annotations

import gzip
import random

import pytest

from tests.monitor.web import Command, html, links, web
from tests.server.framing import CHUNKED, OK, raw


@pytest.fixture
def inspect(tmp_path) -> Command:
    return Command(tmp_path)


def test_a_dead_host_is_one_finding_with_all_who_refer_to_any_of_its_addresses(inspect):
    pages = {f"/{number}.html": links(f"http://no-such-host.invalid/{number}", "/") for number in range(30)}
    with web({"/": links(*pages), **pages}).running() as site:
        (finding,) = inspect(site.url, "--checks", "links").report["findings"]
    assert (finding["target"]["error"], finding["referrer_count"]) == ("dns", 30)
    assert finding["target"]["url"] == "http://no-such-host.invalid/0"
    assert "http://no-such-host.invalid/1\n" in finding["evidence"]


def test_a_broken_link_is_where_its_page_has_it(inspect):
    page = "<div class=header><a href=/>首页</a></div><div class=footer><a href=/gone>旧站</a></div>"
    with web({"/": links("/a.html"), "/a.html": html(page)}).running() as site:
        (finding,) = inspect(site.url, "--checks", "links").report["findings"]
    (referrer,) = finding["referrers"]
    assert referrer == {"url": f"{site.url}/a.html", "title": "清河县人民政府", "text": "旧站", "region": "footer"}
    assert (finding["region"], finding["page_title"]) == ("footer", "清河县人民政府")


def test_two_dead_hosts_are_two_findings(inspect):
    page = links("http://one.invalid/a", "http://two.invalid/a", "http://one.invalid/b")
    with web({"/": page}).running() as site:
        found = inspect(site.url, "--checks", "links").report["findings"]
    assert {finding["target"]["url"] for finding in found} == {"http://one.invalid/a", "http://two.invalid/a"}


def test_a_page_whose_end_was_not_received_lacks_no_place(inspect):
    long = html("<p>政务公开</p>" * 5_000 + "<h2 id=end>附则</h2>")
    pages = {"/": links("/long.html#end", "/short.html#end"), "/long.html": long, "/short.html": html("短")}
    with web(pages).running() as site:
        outcome = inspect(site.url, "--checks", "links", "--set", "crawl.body=50000")
    (finding,) = outcome.found("broken-fragment")
    assert finding["target"]["url"].endswith("/short.html#end")


HALF = html("<p id=start>政务公开</p>").encode()
PACKED = gzip.compress(HALF + random.Random(1).randbytes(5_000).hex().encode())
BROKEN_OFF = {
    "/length": OK + b"Content-Length: 90000\r\n\r\n" + HALF,
    "/chunk": OK + CHUNKED + b"\r\n%x\r\n%b\r\n400\r\nhalf" % (len(HALF), HALF),
    "/gzip": OK + b"Content-Encoding: gzip\r\n\r\n" + PACKED[: len(PACKED) // 2],
}


def test_a_page_that_broke_off_lacks_no_place_and_is_named_as_such(inspect):
    pages = {path: raw(answer) for path, answer in BROKEN_OFF.items()}
    with web({"/": links(*(f"{path}#end" for path in pages)), **pages}).running() as site:
        report = inspect(site.url, "--checks", "links").report
    assert report["findings"] == []
    assert any("3 个页面没有传完" in notice for notice in report["notices"])


def test_a_homepage_that_broke_off_lacks_no_marks_and_no_news(inspect):
    page = raw(OK + b"Content-Length: 90000\r\n\r\n" + html("<ul><li>要闻</ul>").encode())
    with web({"/": page}).running() as site:
        checks = "identity,meta,homepage,freshness,columns"
        outcome = inspect(site.url, "--checks", checks, settings=("checks.identity.official=true",))
    assert outcome.report["findings"] == []


def test_a_fragment_that_names_no_place_is_missing_nowhere(inspect):
    with web(
        {
            "/": links(
                "###", "#", "#!", "#none", "#javascript:;", "#{{id}}", "#_", "#%23", "#void(0)", "#no", "#NoLink", "#0"
            )
        }
    ).running() as site:
        assert inspect(site.url, "--checks", "links").report["findings"] == []


def test_a_place_in_what_an_application_draws_is_not_missed(inspect):
    drawn = html("<div id='app'></div><script src='/a.js'></script>")
    routes = html("<div id='app'><p>政府信息公开目录</p><h2 id=a>一</h2></div><script src='/a.js'></script>")
    pages = {"/drawn": drawn, "/routes": routes, "/a.js": "", "/b": html("<p id=x>二</p>")}
    with web({"/": links("/drawn#part", "/routes#102", "/b#102"), **pages}).running() as site:
        found = inspect(site.url, "--checks", "links", "--render", "never").found("broken-fragment")
    assert [finding["target"]["url"].removeprefix(site.url) for finding in found] == ["/b#102"]


def test_unfilled_template_code_is_no_broken_link(inspect):
    page = html('<a href="{{item.url}}">题</a><img src="/img/${id}.png">')
    with web({"/": page}).running() as site:
        outcome = inspect(site.url, "--checks", "links,templates")
    assert outcome.rules == {"template-leftover"}


def test_a_headline_about_firewalls_hides_no_site(inspect):
    with web({"/": html('<a href="/gone.html">关于采购网站防火墙、安全狗的公告</a>')}).running() as site:
        outcome = inspect(site.url, "--checks", "links")
    assert outcome.targets("broken-link") == {"/gone.html"}


@pytest.mark.parametrize(
    "body",
    [
        '<svg><a xlink:href="/b.html">x</a><a>y</a><area/><link/></svg>',
        "<math><a></a></math><a>x</a><area><link><form></form><iframe></iframe><object></object>",
        "<meta http-equiv=refresh><meta charset=undefined><option value>x</option><select onchange><option value=/>",
    ],
)
def test_elements_without_what_they_usually_have_end_no_inspection(inspect, body):
    pages = {"/": html(body + '<a href="/b.html">b</a>'), "/b.html": html("b")}
    with web(pages).running() as site:
        outcome = inspect(site.url)
    assert outcome.report["run"]["status"] == "complete"
    assert outcome.report["run"]["pages"] == 2
