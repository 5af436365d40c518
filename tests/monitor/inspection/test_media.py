"""Accounts on new media: looked at with every inspection, their posts read, and what cannot be seen not judged."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from tests.monitor.desk import Desk
from tests.monitor.official import NEAR, Office, Served
from tests.monitor.web import html, serve, web
from tests.sites.pages import NOW

ID_NUMBER = "440106199003076235"
NAME = "清河发布"


def rss(*days_ago, text="各镇街请做好防汛工作。", host="https://mp.example.cn"):
    items = "".join(
        f"<item><title>第{at}期</title><link>{host}/s/{at}</link>"
        f"<pubDate>{format_datetime(NOW - timedelta(days=at))}</pubDate><description>{text}</description></item>"
        for at in days_ago
    )
    return f"<rss version='2.0'><channel><title>{NAME}</title>{items}</channel></rss>"


def account(**source):
    return {"name": NAME, "kind": "wechat", **source}


BY_FEED = account(feed="/wx.xml")


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def inspect(office, site, *accounts, checks="media", **more):
    return office.inspect(Served(site.url), checks=checks, accounts=list(accounts), **more)


def messages(report):
    return [(each["rule"], each["severity"], each["message"]) for each in report["findings"]]


def test_an_account_that_sleeps_is_found_and_one_that_posts_is_not(office):
    pages = {"/": html("首页"), "/wx.xml": rss(20, 300), "/wb.json": None}
    del pages["/wb.json"]
    with web(pages).running() as site:
        report = inspect(office, site, BY_FEED)
        site.routes["/wx.xml"] = serve(rss(1, 20))
        later = inspect(office, site, BY_FEED)
    day = (NOW - timedelta(days=20)).date()
    said = f"微信公众号“{NAME}”最新一条信息发布于 {day}，已 20 天没有更新"
    assert messages(report) == [("stale-account", "critical", said)]
    assert (later["findings"], [each["rule"] for each in later["fixed"]]) == ([], ["stale-account"])


@pytest.mark.parametrize(
    ("feed", "reason"),
    [
        ((503, "忙"), "订阅源返回状态码 503"),
        (html("登录"), "订阅源的内容既不是 RSS、Atom，也不是 JSON Feed"),
        ("<rss version='2.0'><channel><item><title>甲</title></item></channel></rss>", "订阅源中的信息都没有日期"),
        (rss(), "订阅源中没有信息"),
        (rss(-40), "信息的日期都还没有到"),
        (html("登录" + "<p>请先登录</p>" * 5_000), "订阅源的内容既不是 RSS、Atom，也不是 JSON Feed"),
        ('{"items": ' + "[" * 100_000, "订阅源的内容既不是 RSS、Atom，也不是 JSON Feed"),
        ('{"items": [' + '{"title": "甲"}, ' * 300_000, "订阅源超过 4 MiB，读不完整"),
    ],
    ids=["busy", "a page", "no dates", "empty", "to come", "a large page", "nested", "too long"],
)
def test_a_feed_that_shows_nothing_accuses_nobody_and_clears_nobody(office, feed, reason):
    with web({"/": html("首页"), "/wx.xml": rss(20)}).running() as site:
        inspect(office, site, BY_FEED)
        site.routes["/wx.xml"] = serve(feed)
        blind = inspect(office, site, BY_FEED)
        site.routes["/wx.xml"] = serve(rss(20))
        again = inspect(office, site, BY_FEED)
    assert (blind["findings"], blind["fixed"]) == ([], [])
    assert f"政务新媒体“{NAME}”的更新情况没有检查：{reason}" in blind["notices"]
    assert [(each["rule"], each["baseline"]) for each in again["findings"]] == [("stale-account", "unchanged")]


def test_a_feed_that_the_reader_fails_on_costs_its_account_alone(office):
    def failing(*_):
        raise ZeroDivisionError("a mistake of ours")

    other = {"name": "清河微博", "kind": "weibo", "page": "/wb/"}
    pages = {"/": html("首页"), "/wx.xml": rss(20), "/wb/": html("微博")}
    with web(pages).running() as site, pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.probes.media.read_list", failing)
        report = inspect(office, site, other, BY_FEED)
    assert [each["rule"] for each in report["findings"]] == ["stale-account"]
    (notice,) = [each for each in report["notices"] if "清河微博" in each]
    assert "没有检查：读取时出错：" in notice


def test_posts_are_proofread_and_read_for_leaks_and_a_post_that_is_mended_is_fixed(office):
    slip = f"公示名单：李明，身份证号{ID_NUMBER}。"
    checks = "media,post-privacy"
    with web({"/": html("首页"), "/wx.xml": rss(1, 2, text=slip)}).running() as site:
        report = inspect(office, site, BY_FEED, checks=checks)
        site.routes["/wx.xml"] = serve(rss(1))
        later = inspect(office, site, BY_FEED, checks=checks)
    found = {(each["rule"], each["url"], each["column"]) for each in report["findings"]}
    assert found == {("leaked-id-number", f"https://mp.example.cn/s/{at}", NAME) for at in (1, 2)}
    assert ID_NUMBER not in json.dumps(report)
    # The second post left the feed: nobody knows whether it was mended.
    assert [each["url"] for each in later["fixed"]] == ["https://mp.example.cn/s/1"]


def test_a_slip_in_a_post_is_a_finding_at_the_post(office):
    text = "我局召开会议，决择了新的方案，请各单位遵照执行。"
    with web({"/": html("首页"), "/wx.xml": rss(1, text=text)}).running() as site:
        report = inspect(office, site, BY_FEED, checks="media,typos", settings=("checks.typos.run=true",))
    slips = [(each["url"], each["column"]) for each in report["findings"] if each["rule"].endswith("typo")]
    assert slips == [("https://mp.example.cn/s/1", NAME)]


def test_links_in_posts_are_checked_and_a_dead_one_names_its_post(office):
    def post(*hrefs):
        links = "".join(f"&lt;a href='{href}'&gt;阅读原文&lt;/a&gt;" for href in hrefs)
        return rss(1, text=f"详见{links}&lt;img src='/picture.png'&gt;")

    pages = {"/": html("首页<a href=/a/>甲</a>"), "/a/": html("甲"), "/b.html": html("乙<a href=/gone-too>x</a>")}
    with web(pages).running() as site:
        site.routes["/wx.xml"] = serve(
            post(f"{site.url}/b.html", f"{site.url}/gone", "https://elsewhere.example/", "mailto:x@y")
        )
        report = inspect(office, site, BY_FEED, checks="links,media")
        asked = [path for _, path, _ in site.requests]
        site.routes["/wx.xml"] = serve(post(f"{site.url}/b.html"))
        later = inspect(office, site, BY_FEED, checks="links,media")
    (finding,) = report["findings"]
    assert (finding["rule"], finding["target"]["url"]) == ("broken-link", f"{site.url}/gone")
    assert [each["url"] for each in finding["referrers"]] == ["https://mp.example.cn/s/1"]
    assert asked.count("/b.html") == 1
    assert not {"/gone-too", "/picture.png", "/s/1"} & set(asked)
    assert (later["findings"], [each["rule"] for each in later["fixed"]]) == ([], ["broken-link"])


def test_a_page_that_lists_the_posts_will_do(office):
    rows = "".join(
        f"<li><a href=/wx/{at}.html>第{at}期：防汛抗旱工作动态</a><span>{(NOW - timedelta(days=at)).date()}</span></li>"
        for at in range(16, 30)
    )
    with web({"/": html("首页"), "/wx/": html(f"<h1>{NAME}</h1><ul>{rows}</ul>")}).running() as site:
        report = inspect(office, site, account(page="/wx/"))
    assert messages(report)[0][:2] == ("stale-account", "critical")
    assert "已 16 天" in messages(report)[0][2]


def test_an_account_without_a_feed_goes_by_the_day_that_somebody_enters(office):
    with web({"/": html("首页")}).running() as site:
        before = inspect(office, site, account())
        config = f"--config={office.config}"
        office.run("account", "seen", NAME, (NOW - timedelta(days=20)).date().isoformat(), "--by", "王五", config)
        stale = inspect(office, site, account())
        office.run("account", "seen", NAME, NOW.date().isoformat(), config)
        fresh = inspect(office, site, account())
    assert (before["findings"], len(before["notices"])) == ([], 1)
    assert "登记的最近一次更新" in messages(stale)[0][2]
    assert (fresh["findings"], len(fresh["fixed"])) == ([], 1)


def test_the_list_says_how_accounts_stand(office):
    accounts = [BY_FEED, {"name": "清河微博", "kind": "weibo"}]
    with web({"/": html("首页"), "/wx.xml": rss(3)}).running() as site:
        inspect(office, site, *accounts)
        site.routes["/wx.xml"] = serve((500, "坏"))
        inspect(office, site, *accounts)
    config = f"--config={office.config}"
    text = office.run("account", "list", config).output.splitlines()
    day = (NOW - timedelta(days=3)).date()
    assert text[0] == f"fixture  微信公众号  {NAME}  {day} 发布，3 天前：第3期  订阅源自 {NOW.date()} 起读不出来"
    assert text[1] == "fixture  微博  清河微博  没有看到过更新"
    known = [json.loads(line) for line in office.run("account", "list", "--format=json", config).output.splitlines()]
    assert [(each["kind"], each["newest"], each["title"]) for each in known] == [
        ("wechat", day.isoformat(), "第3期"),
        ("weibo", None, ""),
    ]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("清河发部", "2026-01-01"), "是不是“清河发布”"),
        ((NAME, "2099-01-01"), "还没有到"),
        ((NAME, "2126-01-01"), "年份在 2000 至 2099 之间"),
        ((NAME, "昨天"), "取值不对"),
    ],
)
def test_what_cannot_be_entered_is_refused_with_the_reason(office, arguments, said):
    office.configure(Served("http://127.0.0.1:1"), accounts=[BY_FEED])
    assert said in office.run("account", "seen", *arguments, f"--config={office.config}", code=2).output


def test_an_account_of_two_names_or_two_sources_is_refused(office):
    office.configure(Served("http://127.0.0.1:1"), accounts=[BY_FEED, BY_FEED])
    refused = office.run("account", "list", f"--config={office.config}", code=2).output
    assert "accounts 中每一项都要有自己的名称" in refused
    office.configure(Served("http://127.0.0.1:1"), accounts=[account(feed="/a", page="/b")])
    assert "feed 和 page 只能给一个" in office.run("account", "list", f"--config={office.config}", code=2).output


def test_a_recheck_reads_the_feed_again_and_leaves_posts_to_the_next_round(tmp_path):
    slip = f"公示名单：李明，身份证号{ID_NUMBER}。"
    with web({"/": html("首页"), "/wx.xml": rss(20, text=slip)}).running() as site:
        desk = Desk(tmp_path, site, "media,post-privacy", NEAR)
        desk.inspect(accounts=[BY_FEED])
        sleeping, leak = desk.entry(rule="stale-account"), desk.entry(rule="leaked-id-number")
        site.routes["/wx.xml"] = serve((503, "忙"))
        results = [each["result"] for each in desk.recheck(sleeping["number"], leak["number"], code=3)]
        site.routes["/wx.xml"] = serve(rss(0))
        (mended,) = desk.recheck(sleeping["number"])
    assert results == ["unknown", "unknown"]
    assert mended["result"] == "gone"
