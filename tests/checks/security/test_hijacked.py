"""External links whose target is no longer what it was."""

import pytest
from msgspec.structs import replace

from checks.model import Kind, Redirect, Response, Severity
from checks.security.hijacked import HijackedLinks, telling, title_of
from tests.factories import link

URL = "http://www.oldpartner.com/"

TITLES = [
    ("澳门新葡京-真人百家乐在线投注", "trade"),
    ("成人电影免费在线观看", "trade"),
    ("bet365 - Online Sports Betting", "trade"),
    ("域名出售 - oldpartner.com", "parked"),
    ("oldpartner.com is for sale | HugeDomains", "parked"),
    ("This domain may be for sale", "parked"),
    ("该域名已过期", "parked"),
    ("清河县供水公司", ""),
    ("警惕网络赌博陷阱", ""),
    ("中国福利彩票发行管理中心", ""),
    ("", ""),
]


def judged(**fields):
    defaults = {"url": URL, "status": 200, "internal": False}
    return list(HijackedLinks().inspect(link(**(defaults | fields))))


def judged_link(**fields):
    return list(HijackedLinks().inspect(replace(link(URL, 200, internal=False), **fields)))


@pytest.mark.parametrize(("title", "variant"), TITLES)
def test_the_title_of_the_answer_tells(title, variant):
    assert telling(URL, title) == variant
    assert [finding.variant for finding in judged(title=title)] == ([variant] if variant else [])


def test_a_link_to_an_illegal_site_is_critical_and_names_its_title():
    (finding,) = judged(title=TITLES[0][0])
    assert finding.weight is Severity.CRITICAL
    assert TITLES[0][0] in finding.rule.say(finding, "zh-CN")
    assert URL in finding.rule.say(finding, "en")


def test_a_redirect_to_the_trade_counts_without_a_title():
    looks = (Response("https://www.xpj8899.com/", 200, redirects=(Redirect(URL, 302, "https://www.xpj8899.com/"),)),)
    assert [finding.variant for finding in judged_link(looks=looks)] == ["redirected"]


def test_a_redirect_to_a_marketplace_is_a_parked_domain():
    looks = (Response("https://www.hugedomains.com/domain_profile.cfm?d=oldpartner", 200),)
    (finding,) = judged_link(looks=looks)
    assert (finding.variant, finding.weight) == ("parked", Severity.MAJOR)


@pytest.mark.parametrize(
    "fields",
    [
        {"internal": True},
        {"kind": Kind.IMAGE},
        {"fragment": "top"},
        {"url": "https://weibo.com/u/1"},
        {"looks": (Response(URL, error="dns", detail="no such host: Name or service not known"),) * 2},
        {"looks": (Response(URL, error="resolver", detail="temporary failure"),)},
        {"looks": (Response(URL, error="dns", detail="no such host"), Response(URL, 200))},
    ],
)
def test_what_is_not_judged(fields):
    title = "" if "looks" in fields else "澳门新葡京-真人百家乐在线投注"
    fields = {"looks": (Response(fields.get("url", URL), 200),), "title": title} | fields
    assert judged_link(**fields) == []


@pytest.mark.parametrize(
    ("head", "title"),
    [
        ("<html><title>清河县</title>", "清河县"),
        ("<TITLE lang=zh>\n 清河&nbsp;县 \n</TITLE>", "清河 县"),
        ("<title>cut off", "cut off"),
        ("<p>none</p>", ""),
        ("", ""),
    ],
)
def test_a_title_is_read_from_the_first_bytes(head, title):
    assert title_of(head) == title
