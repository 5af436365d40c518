"""What a target's answers come to: the words are tested where they are read, the verdicts here."""

from __future__ import annotations

import pytest

from checks.link_rules import UNAVAILABLE
from checks.links import Links, reason_of
from checks.model import Confidence, Kind, Redirect, Response, Severity
from checks.reading.firewalls import challenge_of
from checks.reading.sniff import sniff
from tests.factories import at, link


def judge(target):
    found = list(Links().inspect(target))
    assert len(found) <= 1
    return found[0] if found else None


def assert_clean(target):
    assert judge(target) is None


def assert_finds(target, rule, variant=None, confidence=Confidence.CONFIRMED):
    finding = judge(target)
    assert (finding.rule.id, finding.confidence) == (rule, confidence)
    assert variant is None or finding.variant == variant
    assert finding.rule.say(finding, "zh-CN")
    assert finding.rule.say(finding, "en")


SUSPECTED = Confidence.SUSPECTED


@pytest.mark.parametrize(
    ("status", "error", "variant", "confidence"),
    [
        (404, None, "http-404", Confidence.CONFIRMED),
        (410, None, "http-410", Confidence.CONFIRMED),
        (400, None, "http-4xx", SUSPECTED),
        (500, None, "http-5xx", SUSPECTED),
        (304, None, "redirect-broken", Confidence.CONFIRMED),
        (None, "dns", "dns", Confidence.CONFIRMED),
        (None, "connect", "connect", SUSPECTED),
        (None, "timeout", "timeout", SUSPECTED),
        (None, "reset", "reset", SUSPECTED),
        (None, "protocol", "protocol", SUSPECTED),
        (None, "redirect-loop", "redirect-loop", Confidence.CONFIRMED),
        (None, "forbidden-address", "forbidden-address", Confidence.CONFIRMED),
        (None, "an error of next year", "protocol", SUSPECTED),
    ],
)
def test_a_target_that_does_not_open(status, error, variant, confidence):
    assert_finds(link(status=status, error=error), "broken-link", variant, confidence)


@pytest.mark.parametrize("status", [200, 204, 206])
def test_a_target_that_opens(status):
    assert_clean(link(status=status))


def test_a_certificate_that_browsers_refuse_is_certain_and_another_handshake_is_not():
    def tls(detail):
        look = Response(at("/"), error="tls", detail=detail)
        return link(looks=(look,))

    assert_finds(tls("certificate has expired"), "broken-link", "tls")
    assert_finds(tls("handshake failure"), "broken-link", "tls", SUSPECTED)


@pytest.mark.parametrize("element", ["form[action]", "button[formaction]", "input[formaction]"])
def test_a_form_that_takes_no_get_is_fine(element):
    assert_clean(link(status=405, element=element))


def test_a_form_that_posts_is_suspected_at_most_where_a_get_finds_nothing():
    assert_finds(link(status=404, element="form[method=post]"), "broken-link", "http-404", SUSPECTED)
    assert_clean(link(status=405, element="form[method=post]"))
    assert_finds(link(status=None, error="dns", element="form[method=post]"), "broken-link", "dns")
    assert_finds(link(status=404, element="form[action]"), "broken-link", "http-404")


@pytest.mark.parametrize(
    ("href", "confidence"),
    [
        ("htps://www.a.gov.cn/", Confidence.CONFIRMED),
        ("ttps://www.a.gov.cn/", Confidence.CONFIRMED),
        ("hhttps://www.a.gov.cn/", Confidence.CONFIRMED),
        ("hppt://www.a.gov.cn/", Confidence.CONFIRMED),
        ("http://[bad", Confidence.CONFIRMED),
        ("file:///C:/a.doc", Confidence.CONFIRMED),
        (r"F:\公文\1.doc", Confidence.CONFIRMED),
        ("www.a.gov.cn:8080/x", Confidence.CONFIRMED),
        ("someapp://open?id=1", SUSPECTED),
    ],
)
def test_a_scheme_that_nobody_knows_is_a_slip_where_it_looks_like_http(href, confidence):
    assert_finds(link(href, status=None, error="malformed", href=href), "malformed-link", confidence=confidence)


def test_a_link_that_takes_no_get_is_suspected():
    assert_finds(link(status=405), "broken-link", "http-4xx", SUSPECTED)


@pytest.mark.parametrize(
    ("url", "kind", "sniffed", "variant"),
    [
        (at("/a.pdf"), Kind.ATTACHMENT, "html", "not-a-document"),
        (at("/a.pdf"), Kind.ATTACHMENT, "empty", "empty"),
        (at("/a.png"), Kind.IMAGE, "html", "not-a-document"),
        (at("/a.pdf"), Kind.ATTACHMENT, "pdf", None),
        (at("/a.doc"), Kind.ATTACHMENT, "office-html", None),
        (at("/a.txt"), Kind.ATTACHMENT, "html", None),
        (at("/a.pdf?x=1"), Kind.ATTACHMENT, "html", "not-a-document"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(url, kind, sniffed, variant):
    assert reason_of(link(url, 200, kind=kind, sniffed=sniffed)) == variant


def test_a_table_that_excel_would_open_is_only_suspected():
    assert_finds(link(at("/a.xls"), 200, kind=Kind.ATTACHMENT, sniffed="html"), "broken-link", confidence=SUSPECTED)


@pytest.mark.parametrize("status", [401, 403, 429, 999])
def test_who_keeps_us_out_is_never_broken(status):
    assert_finds(link(status=status), "blocked-link", confidence=SUSPECTED)


def test_the_homepage_makes_a_dead_link_critical_and_a_hint_no_worse():
    assert judge(link(homepage=True)).weight is Severity.CRITICAL
    assert judge(link(status=403, homepage=True)).weight is Severity.MINOR


@pytest.mark.parametrize(
    ("url", "hops", "final", "variant"),
    [
        ("http://b.gov.cn/x", [301], "http://b.gov.cn/y", "moved"),
        ("http://b.gov.cn/x", [308, 301], "http://b.gov.cn/y", "moved"),
        ("http://b.gov.cn/x", [301, 302], "http://b.gov.cn/y", None),
        ("http://b.gov.cn/x", [301], "https://www.b.gov.cn/x/", None),
        ("http://b.gov.cn/", [302], "http://casino.com/", "foreign"),
        ("http://b.gov.cn/", [302], "http://www.b.gov.cn/index.html", None),
    ],
)
def test_a_target_that_has_moved(url, hops, final, variant):
    redirects = tuple(Redirect(url, status, final) for status in hops)
    target = link(url, looks=(Response(final, 200, redirects=redirects),), internal=False)
    finding = judge(target)
    assert (finding and finding.variant) == variant
    assert Links(permanent_redirects=False).inspect(target) is not None


def test_what_is_true_of_a_host_is_one_fault_whichever_address_comes_first():
    gone = {"status": None, "error": "dns", "internal": False}
    one = link("http://gone.gov.cn/a", others=("http://gone.gov.cn/b",), other_count=1, **gone)
    other = link("http://gone.gov.cn/b", **gone)
    assert judge(one).fingerprint == judge(other).fingerprint
    assert judge(one).evidence == "http://gone.gov.cn/b"
    assert judge(link("http://elsewhere.gov.cn/a", **gone)).fingerprint != judge(other).fingerprint


def test_two_signals_make_a_soft_404_and_one_does_not():
    assert_finds(link(status=200, soft_404=("title", "words")), "soft-404")
    assert_clean(link(status=200, soft_404=("title",)))


def test_a_finding_is_the_same_whoever_refers_to_its_target():
    one, other = link(referrers=((at("/a"), "甲"),)), link(referrers=((at("/b"), "乙"), (at("/c"), "")))
    assert judge(one).fingerprint == judge(other).fingerprint
    assert judge(link(fragment="a")).fingerprint != judge(link(fragment="b")).fingerprint


def test_every_reason_reads_well_in_both_languages():
    for text in UNAVAILABLE.values():
        for said in text:
            assert said.format(host="a.cn", status=500, detail="x")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"%PDF-1.4", "pdf"),
        (b"PK\x03\x04..", "zip"),
        (b"\xd0\xcf\x11\xe0", "ole"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "html"),
        (b"  \n<!-- x --><html>", "html"),
        (b"<html xmlns:x='urn:schemas-microsoft-com:office:excel'>", "office-html"),
        (b"plain", "other"),
        (b"<!-- never closed", "other"),
        (b"", None),
    ],
)
def test_first_bytes_name_a_file(head, kind):
    assert sniff(head) == kind


@pytest.mark.parametrize(
    ("status", "headers", "head", "guard"),
    [
        (521, (("Set-Cookie", "__jsluid_s=1"),), b"", "加速乐"),
        (412, (), b"<script>$_ts={}", "瑞数"),
        (200, (), b"var arg1='x';acw_sc__v2", "阿里云"),
        (200, (), b"acw_sc__v2 \xfe\xff in GBK, of which users define a part", None),
        (403, (("Server", "cloudflare"),), b"", "Cloudflare"),
        (403, (), "您的请求已被网站防火墙拦截".encode("gb18030"), "网站防火墙"),
        (403, (), "<TITLE>SafeDog</TITLE>您的请求已被拦截".encode("gb18030"), "安全狗"),
        (403, (), "<TITLE>SafeDog</TITLE>您的请求已被拦截".encode(), "安全狗"),
        (200, (), "<title>网站安全狗</title>您的请求带有不合法参数，已被网站管理员设置拦截".encode(), "安全狗"),
        (200, (), "您的请求被网站防火墙拦截".encode() + b" " * 9000, None),
        (200, (), b"<html><script>document.cookie='yunsuo_session_verify=1';</script></html>", "云锁"),
        (405, (), "很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。创宇盾".encode(), "创宇盾"),
        (503, (("cf-mitigated", "challenge"),), b"", "Cloudflare"),
        (405, (), "很抱歉，由于您访问的URL有可能对网站造成安全威胁，您的访问被阻断。".encode(), "防火墙"),
        (412, (("Set-Cookie", "FSSB=1"),), b"<html><meta r='m'><script src=/dfe.js r='m'></script></html>", "防火墙"),
        (200, (), b"<title>x</title><script>document.cookie='a=1';location.reload();</script>", "防火墙"),
        (200, (), b"<script>document.cookie='__jsl_clearance=1';location.href=location.href</script>", "加速乐"),
        # an application sets cookies as well, and goes on elsewhere
        (200, (), b"<div id=app></div><script>document.cookie='a=1';if(x)location.reload()</script>", None),
        (200, (), b"<script>document.cookie='a=1';location.href='/index/'</script>", None),
        (405, (), "<h1>405</h1><p>请求方法不被允许</p>".encode(), None),
        (400, (), "<p>您的请求参数不合法</p>".encode(), None),
        # a word is no sign: pages write about firewalls, and missing pages have navigation
        (200, (), "<h1>某局</h1><a href=/1>关于采购网站防火墙的公告</a> 2026-11-29".encode(), None),
        (
            200,
            (),
            "<title>网站安全狗使用说明</title><p>本单位部署了网站安全狗，全年拦截攻击三万次。</p>".encode(),
            None,
        ),
        (200, (), "安全狗".encode(), None),
        (404, (), "<p>页面不存在</p><a href=/1>采购网站防火墙的公告</a>".encode(), None),
        (500, (), "<a href=/>首页</a>".encode() * 9 + "网站防火墙采购公告".encode(), None),
        (503, (("Server", "cloudflare"),), b"busy", None),
        (521, (), b"", None),
        (500, (), b"error", None),
        (None, (), b"", None),
    ],
)
def test_guards_are_known_by_their_answers(status, headers, head, guard):
    assert challenge_of(Response("u", status, headers), head) == guard


REFUSED = "<title>安全狗</title>访问被拦截：{}"


@pytest.mark.parametrize(
    ("link", "guard"),
    [
        ('<a href="/">返回首页</a>', "安全狗"),
        ('<a href="http://404.example/">反馈</a>', "安全狗"),
        ('<a href="javascript:history.back()">返回</a>', "安全狗"),
        ('<a href="/cg/1.html">采购公告</a>', None),
        ("<a href='list.html'>更多</a>", None),
    ],
)
def test_a_challenge_leads_nowhere_on_its_site(link, guard):
    assert challenge_of(Response("u", 200), REFUSED.format(link).encode()) == guard
    assert challenge_of(Response("u", 403), REFUSED.format(link).encode()) == "安全狗"
