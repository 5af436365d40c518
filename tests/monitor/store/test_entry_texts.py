"""A search finds entries by every text that is known of them, as it is now, and reads little for it."""

from __future__ import annotations

import pytest

from checks import RULES
from checks.model import Excerpt, Finding
from monitor.store import Store
from monitor.store.ledger.entry_browsing import EntryBrowser, EntryOrder, EntryQuery, Facet, Visibility
from monitor.store.ledger.entry_texts import text_of
from reports.remediation.changes import WantedChange
from tests.monitor.feeding import HOME, Feed


def typo(page: str, wrong: str, right: str) -> Finding:
    params = {"wrong": wrong, "right": right}
    text = Excerpt("请登录您的", wrong, "办理Business", 5)
    return Finding(RULES["typo"], f"{HOME}{page}", page, params=params, text=text, suggestion=right)


@pytest.fixture
def feed(store_url):
    with Store(store_url) as store:
        feed = Feed(store, "a")
        feed.run([typo("1.html", "帐号", "账号"), typo("2.html", "布署", "部署"), typo("3_x.html", "一\0\ud800", "乙")])
        yield feed


def found(feed: Feed, text: str, **query) -> list[str]:
    """The pages of what a search finds, by whichever way it is read."""
    browser = EntryBrowser(feed.store.engine)
    every = EntryQuery(text=text, **query)
    ways = [(every, False), (every, True), (every.choosing(Facet.SITE, ["a"]), False), (browser.located(every), False)]
    pages = [browser.page(wanted, EntryOrder.WORST, 50, many=many) for wanted, many in ways]
    first, *others = (sorted(each.page.removeprefix(HOME) for each in page.entries) for page in pages)
    assert all(other == first for other in others)
    return first


def number_of(feed: Feed, page: str) -> int:
    return next(each.number for each in feed.ledger.select() if each.page.endswith(page))


def test_every_text_of_a_finding_is_searched_by(feed):
    assert found(feed, "帐号") == ["1.html"]
    assert found(feed, "登录您的") == ["1.html", "2.html", "3_x.html"]
    assert found(feed, "business") == ["1.html", "2.html", "3_x.html"]
    assert found(feed, "2.HTML") == ["2.html"]
    assert found(feed, f"#{number_of(feed, '2.html')}") == ["2.html"]
    assert found(feed, "丙") == found(feed, "a\0b") == []


def test_signs_of_a_pattern_are_meant_as_they_are(feed):
    assert found(feed, "3_x") == ["3_x.html"]
    assert found(feed, "3%") == found(feed, "_._tml") == found(feed, "!") == []


def test_a_note_is_found_as_it_is_now(feed):
    second = number_of(feed, "2.html")
    feed.ledger.change([second], WantedChange(note="已报信息中心"), "张三")
    assert found(feed, "信息中心") == ["2.html"]
    feed.ledger.change([second], WantedChange(note=""), "张三")
    assert found(feed, "信息中心") == []


def test_what_a_later_run_saw_is_found_and_no_longer_what_it_did_not(feed):
    again = [typo("1.html", "帐号", "账户"), typo("2.html", "布署", "部署")]
    feed.run(again)
    assert found(feed, "账户") == ["1.html"]
    assert found(feed, "账号") == []
    assert found(feed, "部署") == ["2.html"]


def test_nobody_finds_what_they_may_not_see(feed):
    assert found(feed, "帐号", visible=Visibility({"a": frozenset({"办公室"})})) == []


def test_a_text_stands_once():
    body = {"url": "http://a.cn/", "target": {"url": "http://a.cn/", "looks": [["http://a.cn/", 404], "甲"]}, "n": 1}
    assert text_of(body) == "http://a.cn/\n甲"
