"""In time, in the columns that are required, and explained."""

from datetime import date

import pytest

from checks.columns.inventory import assemble
from checks.columns.page_facts import observe
from checks.publication import Interpretations, Punctuality, RequiredColumns
from tests.sites.pages import NOW, document, page_of

HOME = "https://www.example.gov.cn/"


def late(made, published, meta=(), **settings):
    body = f"<p>成文日期：{made}</p><p>发布日期：{published}</p><p>正文</p>"
    return list(Punctuality(**settings).inspect(page_of(document(body, meta=meta), url=HOME + "a.html")))


TERMS = [
    ("2026-08-10", "2026-08-11", False),
    ("2026-08-10", "2026-09-07", False),
    ("2026-08-10", "2026-09-08", True),
    ("2026-01-30", "2026-03-04", False),
    ("2026年6月1日", "2026年9月1日", True),
    ("二〇二六年六月一日", "2026-09-01", True),
    ("2026-09-01", "2026-08-01", False),
    ("2015-01-01", "2020-01-01", False),
]


@pytest.mark.parametrize(("made", "published", "expected"), TERMS)
def test_twenty_working_days(made, published, expected):
    assert bool(late(made, published)) is expected


def test_the_message_counts_working_days():
    (finding,) = late("2026-08-10", "2026-09-08")
    assert finding.rule.say(finding, "zh-CN") == (
        "成文于 2026-08-10，2026-09-08 才公开，相隔 21 个工作日，超过 20 个工作日"
    )


def test_the_operator_names_holidays():
    assert late("2026-08-10", "2026-09-08", calendar={date(2026, 9, 7): False}) == []


CONFLICTS = {
    "another day": ("<p>发布日期：2026-09-04</p>", "2026-09-01 09:00", True),
    "another year": ("<p>发布时间：2025-09-04 09:30</p>", "2026-09-04 09:30", True),
    "the same day at another hour": ("<p>发布时间：2026-09-04 09:30</p>", "2026-09-04 17:00", False),
    "the same day in Chinese": ("<p>发布日期：二〇二六年九月四日</p>", "2026-09-04", False),
    "the same day in double width": ("<p>发布日期：２０２６－０９－０４</p>", "2026-09-04", False),
    "one of two shown": ("<p>发布日期：2026-09-01</p><p>发布日期：2026-09-04</p>", "2026-09-04 09:00", False),
    "from when on it holds": ("<p>时间：2026-09-04</p><p>自公告发布日期：2026年10月1日起施行</p>", "2026-09-04", False),
    "a byline beside another date": (
        "<p>日期：2026-09-04 来源：市水利局</p><p>发布日期：2026-09-01</p>",
        "2026-09-04 09:00",
        False,
    ),
    "a bare date, which may be of anything": ("<p>日期：2026-09-01</p>", "2026-09-04 09:00", False),
    "the day on which it was made": ("<p>成文日期：2026-09-01</p>", "2026-09-04 09:00", False),
    "no date shown": ("<p>正文</p>", "2026-09-04 09:00", False),
    "a tag that is no date": ("<p>发布日期：2026-09-01</p>", "null", False),
}


@pytest.mark.parametrize(("shown", "tagged", "expected"), CONFLICTS.values(), ids=CONFLICTS)
def test_the_date_shown_and_that_of_the_tag_are_of_one_day(shown, tagged, expected):
    page = page_of(document(f"<h1>关于印发方案的通知</h1>{shown}", meta=[("PubDate", tagged)]), url=HOME + "a.html")
    found = [finding for finding in Punctuality().inspect(page) if finding.rule.id == "pubdate-conflict"]
    assert bool(found) is expected


def test_a_conflict_of_dates_names_both():
    body = "<h1>关于印发方案的通知</h1><p>发布日期：2026-09-04</p>"
    page = page_of(document(body, meta=[("PubDate", "2026-09-01 09:00")]), url=HOME + "a.html")
    (finding,) = Punctuality().inspect(page)
    assert finding.rule.say(finding, "zh-CN") == "页面显示发布于 2026-09-04，PubDate 标签为 2026-09-01"


def test_a_page_that_does_not_say_when_it_was_made_is_not_judged():
    page = page_of(document("<p>发布日期：2026-09-08</p><p>正文成文于何时不明</p>"))
    assert list(Punctuality().inspect(page)) == []


NAMES = "公开指南 公开目录 政府信息公开年报 权责清单 财政预决算 政策解读 互动交流 依申请公开".split()


def required(*names, titles=(), url=HOME, **settings):
    links = "".join(f'<a href="/{at}/">{name}</a>' for at, name in enumerate(names))
    pages = [page_of(document(links), url=url, homepage=True)]
    pages += [page_of(document("正文", title=title), url=f"{url}{title}.html") for title in titles]
    found = RequiredColumns(**settings).inspect(assemble(map(observe, pages), url, NOW))
    return [finding.params["column"] for finding in found]


def test_required_columns_are_found_in_the_navigation_and_by_titles():
    assert required(*NAMES) == []
    assert required(*NAMES[1:], titles=["某市政府信息公开指南"]) == []


@pytest.mark.parametrize("name", NAMES)
def test_each_missing_column_is_a_finding(name):
    assert required(*(each for each in NAMES if each != name)) == [name]


def test_the_list_is_data_and_is_for_official_sites():
    assert required("首页", url="https://www.example.com/") == []
    assert required("首页", required={"市长信箱": "信箱"}) == ["市长信箱"]


def test_no_homepage_no_verdict():
    assert list(RequiredColumns().inspect(assemble([], HOME, NOW))) == []


def linked(document_links="", reading_links="", reading_title="《某市养老服务条例》解读"):
    meta = [("PubDate", "2026-09-04")]
    law = document(f"<p>正文</p>{document_links}", title="某市养老服务条例", meta=meta)
    reading = document(f"<p>正文</p>{reading_links}", title=reading_title, meta=meta)
    pages = [page_of(law, url=HOME + "law.html"), page_of(reading, url=HOME + "reading.html")]
    found = Interpretations().inspect(assemble(map(observe, pages), HOME, NOW))
    return [(finding.url.removeprefix(HOME), finding.variant) for finding in found]


BACK = '<a href="reading.html">相关解读</a>'
THERE = '<a href="law.html">《某市养老服务条例》</a>'


def test_a_document_and_its_interpretation_link_both_ways():
    assert linked(BACK, THERE) == []
    assert linked("", THERE) == [("law.html", "interpretation")]
    assert linked(BACK, "") == [("reading.html", "document")]
    assert linked("", '<a href="https://www.gov.cn/1.html">《某条例》原文</a>') == []
    assert linked("", '<a href="law.pdf">《某市养老服务条例》</a>') == []


def test_the_body_of_an_interpretation_may_link_in_any_words():
    assert linked(BACK, '<div id="zoom"><a href="law.html">全文</a></div>') == []
    assert linked(BACK, '<div id="side"><a href="law.html">全文</a></div>') == [("reading.html", "document")]


def test_an_interpretation_of_something_else_asks_for_no_link_back():
    assert linked("", THERE, reading_title="一图读懂就业政策") == []


WAYS_THERE = [
    '<dl><dt>关联文件</dt><dd><a href="law.html">某市人民政府关于施行某市养老服务条例的公告</a></dd></dl>',
    '<div class="box"><h3>相关政策</h3><ul><li><a href="law.html">关于施行某市养老服务条例的公告</a></li></ul></div>',
    '<table><tr><td>原文：</td><td><a href="law.html">点击查看</a></td></tr></table>',
    '<a href="javascript:void(0)" onclick="window.open(\'law.html\')">政策原文</a>',
    '<a href="law.html"><img src="a.png" alt="政策原文"></a>',
]
WAYS_BACK = [
    '<table><tr><td>政策解读：</td><td><a href="reading.html">详情</a></td></tr></table>',
    "<span onclick=\"location.href='reading.html'\">政策解读</span>",
    '<a href="reading.html"><img src="a.png" alt="一图读懂"></a>',
]


@pytest.mark.parametrize("there", WAYS_THERE)
def test_an_interpretation_leads_to_its_document_in_any_layout(there):
    assert linked(BACK, there) == []


@pytest.mark.parametrize("back", WAYS_BACK)
def test_a_document_leads_back_in_any_layout(back):
    assert linked(back, THERE) == []
