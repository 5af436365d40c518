"""What an https page loads and sends without encryption, and passwords that travel in the clear."""

import pytest

from checks.model import Severity
from checks.security.content import MixedContent

HTTP = "http://www.qinghe.gov.cn/login.html"

MIXED = [
    ('<script src="http://a.example.cn/a.js"></script>', "script", Severity.MAJOR),
    ('<link rel="stylesheet" href="http://a.example.cn/a.css">', "style", Severity.MAJOR),
    ('<style>@import "http://a.example.cn/b.css";</style>', "style", Severity.MAJOR),
    ('<iframe src="http://a.example.cn/f.html"></iframe>', "frame", Severity.MAJOR),
    ('<object data="http://a.example.cn/f.swf"></object>', "frame", Severity.MAJOR),
    ('<embed src="http://a.example.cn/f.swf">', "frame", Severity.MAJOR),
    ('<img src="http://a.example.cn/a.jpg">', "image", Severity.MINOR),
    ('<img data-original="http://a.example.cn/a.jpg" src="/blank.gif">', "image", Severity.MINOR),
    ('<div style="background:url(http://a.example.cn/a.png)"></div>', "image", Severity.MINOR),
    ('<video src="http://a.example.cn/a.mp4"></video>', "media", Severity.MINOR),
]

NOT_MIXED = [
    '<a href="http://a.example.cn/">链接</a>',
    '<link rel="canonical" href="http://www.qinghe.gov.cn/art/1.html">',
    '<script src="https://a.example.cn/a.js"></script>',
    '<script src="//a.example.cn/a.js"></script>',
    '<script src="/a.js"></script>',
    '<img src="http://127.0.0.1/a.jpg">',
    '<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">',
]


def findings(page):
    return [(finding.rule.id, finding.variant) for finding in MixedContent().inspect(page)]


@pytest.mark.parametrize(("html", "variant", "severity"), MIXED)
def test_what_is_loaded_without_encryption_is_told_apart(parsed, html, variant, severity):
    (finding,) = MixedContent().inspect(parsed(html))
    assert (finding.variant, finding.weight) == (variant, severity)
    assert "a.example.cn" in finding.rule.say(finding, "zh-CN")
    assert finding.rule.say(finding, "en")


@pytest.mark.parametrize("html", NOT_MIXED)
def test_what_browsers_do_not_call_mixed_is_clean(parsed, html):
    assert findings(parsed(html)) == []


def test_an_http_page_has_no_mixed_content(parsed):
    assert findings(parsed(MIXED[0][0], HTTP)) == []


def test_a_meta_policy_that_upgrades_requests_counts(parsed):
    policy = '<meta http-equiv="Content-Security-Policy" content="upgrade-insecure-requests">'
    assert findings(parsed(policy + MIXED[0][0])) == []


def test_the_header_that_upgrades_requests_counts(parsed):
    header = ("Content-Security-Policy", "default-src 'self'; Upgrade-Insecure-Requests")
    assert findings(parsed(MIXED[0][0], headers=[header])) == []


def test_a_picture_server_is_one_finding_however_many_pages_and_pictures(parsed):
    pictures = "".join(f'<img src="http://a.example.cn/{number}.jpg">' for number in range(9))
    first = list(MixedContent().inspect(parsed(pictures)))
    other = list(MixedContent().inspect(parsed(pictures, "https://www.qinghe.gov.cn/art/2.html")))
    assert len(first) == len(other) == 1
    assert first[0].fingerprint == other[0].fingerprint


FORMS = [
    ('<form action="http://a.example.cn/s"><input name="q"></form>', None, [("insecure-form", "")]),
    ('<form action="http://a.example.cn/s"><input type="Password"></form>', None, [("insecure-password", "action")]),
    ('<form action="/s"><input type="password"></form>', None, []),
    ('<form><input type="password"></form>', None, []),
    ('<form action="/s"><input name="q"></form>', HTTP, []),
    ('<form action="/s"><INPUT TYPE=PASSWORD></form>', HTTP, [("insecure-password", "page")]),
    ('<form action="https://a.example.cn/s"><input type="password"></form>', HTTP, [("insecure-password", "page")]),
    ('<input type="password">', HTTP, [("insecure-password", "page")]),
    ('<p>password 找回</p><form action="/s"></form>', HTTP, []),
    ('<form action="javascript:void(0)"><input type="password"></form>', None, []),
    ('<form action="http://[bad/"><input type="password"></form>', None, []),
]


@pytest.mark.parametrize(("html", "url", "expected"), FORMS)
def test_forms_are_judged_by_where_the_page_and_its_data_travel(parsed, html, url, expected):
    assert findings(parsed(html, url) if url else parsed(html)) == expected


def test_a_login_over_http_is_critical(parsed):
    (finding,) = MixedContent().inspect(parsed(FORMS[5][0], HTTP))
    assert finding.weight is Severity.CRITICAL
    assert "http://www.qinghe.gov.cn/s" in finding.rule.say(finding, "zh-CN")


def test_a_session_in_the_address_does_not_make_one_form_many(parsed):
    one, two = (
        next(iter(MixedContent().inspect(parsed(f'<form action="/in?s={n}"><input type="password"></form>', HTTP))))
        for n in (1, 2)
    )
    assert one.fingerprint == two.fingerprint
