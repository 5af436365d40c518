"""What every format reads from a finding."""

from __future__ import annotations

import pytest

from checks.model import Referrer, Region, Text
from reports import facts
from reports.wording import words
from tests.factories import at, excerpt, finding, link, rule, run

ZH, EN = words("zh-CN"), words("en")


@pytest.mark.parametrize(
    ("variant", "status", "error", "kind", "shown"),
    [
        ("http-404", 404, None, "http-4xx", "404"),
        ("http-5xx", 503, None, "http-5xx", "503"),
        ("dns", None, "dns", "dns", "域名解析失败"),
        ("timeout", None, "timeout", "timeout", "超时"),
        ("protocol", None, "header-flood", "header-flood", "header-flood"),
        ("not-a-document", 200, None, "not-a-document", "不是文件而是网页"),
        ("redirect-broken", 302, None, "redirect-broken", "跳转后打不开"),
        ("moved", 200, None, None, "200"),
        ("wall", 521, None, "http-5xx", "521"),
    ],
)
def test_error_and_answer(variant, status, error, kind, shown):
    found = finding(variant=variant, target=link(at("/x"), status, error=error))
    assert facts.error(found) == kind
    assert facts.answer(found, ZH) == shown


def test_a_page_finding_has_no_target():
    found = finding()
    assert facts.error(found) is None
    assert facts.answer(found, EN) == facts.target_url(found) == facts.link_text(found) == ""
    assert facts.place(found) == at("/")
    assert facts.referrer_count(found) == 0


def test_a_finding_in_a_file_is_where_the_file_is_linked():
    pages = (Referrer(at("/a"), ""), Referrer(at("/b"), "拟聘人员名单"))
    found = finding(url=at("/mingdan.xlsx"), referrers=pages, referrer_count=7)
    assert facts.place(found) == at("/a")
    assert facts.target_url(found) == at("/mingdan.xlsx")
    assert facts.link_text(found) == "拟聘人员名单"
    assert facts.referrer_count(found) == 7
    assert facts.answer(found, ZH) == ""


@pytest.mark.parametrize(
    ("target", "url"),
    [
        (link(at("/x")), at("/x")),
        (link(at("/x"), fragment="top"), at("/x#top")),
        (link(at("/x#top"), fragment="top"), at("/x#top")),
        (link("", None, error="malformed", href="http:// x"), "http:// x"),
    ],
)
def test_target_url(target, url):
    assert facts.target_url(finding(target=target)) == url


def test_link_text_is_the_first_there_is():
    target = link(referrers=((at("/a"), " "), (at("/b"), "办事指南")))
    assert facts.link_text(finding(target=target)) == "办事指南"
    assert facts.place(finding(url=at("/c"), target=target)) == at("/a")


def test_message_and_remedy_speak_the_readers_language():
    of = rule(message={"gone": Text("已不存在：{status}", "gone: {status}")})
    found = finding(of, variant="gone", params={"status": 404})
    assert facts.message(found, "zh-CN") == "已不存在：404"
    assert facts.message(found, "en-GB") == "gone: 404"
    assert facts.remedy(found, "en") == "Put it right"
    assert facts.remedy(finding(suggestion="帐号→账号"), "en") == "帐号→账号"


@pytest.mark.parametrize(("variant", "params"), [("unheard-of", {}), ("gone", {})])
def test_a_stored_finding_that_no_longer_fits_its_rule_is_still_reported(variant, params):
    of = rule(message={"gone": Text("已不存在：{status}", "gone: {status}")})
    assert facts.message(finding(of, variant=variant, params=params), "en") == "Sample problem"


def test_wording_marks_the_wrong_part():
    assert facts.wording(finding(text=excerpt("请登录", "帐号", "\n办理"))) == "请登录【帐号】 办理"
    assert facts.wording(finding(evidence=" 原文 ")) == "原文"


@pytest.mark.parametrize(
    ("found", "place"),
    [
        (finding(target=link(referrers=((at("/a"), "办事指南", Region.FOOTER),))), ("页脚", "footer")),
        (
            finding(target=link(referrers=((at("/a"), "办事指南", Region.FOOTER),), referrer_count=90)),
            ("页脚（模板）", "footer (template)"),
        ),
        (finding(target=link(referrer_count=90)), ("模板", "template")),
        (finding(text=excerpt(), region=Region.BODY), ("正文", "content")),
        (finding(text=excerpt(), region=Region.MENU, count=90), ("导航菜单（模板）", "menu (template)")),
        (finding(), ("", "")),
    ],
)
def test_where_on_the_page_it_stands(found, place):
    assert tuple(facts.where(found, run(pages=100), say) for say in (ZH, EN)) == place
