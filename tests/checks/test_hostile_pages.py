"""Pages made to be slow: half a megabyte of one thing costs no check more than a second or two, and none fails.

What is judged between the requests of others, a page below the weight at which it is handed over, costs half a second.
"""

import pytest

from checks import CHECKS as ALL
from checks.charset import Charset
from checks.columns.page_facts import observe
from checks.identity import Identity
from checks.model import Page
from checks.privacy import Privacy
from checks.publication import Punctuality
from checks.services import Guides
from checks.sources import Sources
from checks.templates import Templates
from monitor.inspection.large_pages import LARGE
from monitor.pages.offload import SHORT, TAG, weight
from tests.cost import assert_bounded, assert_linear
from tests.sites.pages import document, page_of

CHECKS = (Privacy(), Identity(official=True), Sources(official=True), Charset(), Templates(), Punctuality(), Guides())
SIZE = 500_000
UNITS = (
    "13812345678 张伟\n",
    "11010519491231002X 13812345678 张伟\n",
    "发布时间：2026-09-04 ",
    "成文日期：2026-01-01 发布日期：2026-09-04<br>",
    "来源：<br>",
    "公开方式：",
    "内部文件 ",
    "{{ ${ <% <?= [!--",
    "<p>——",
    "<p>材料 条件 流程<p>。。",
    "09-04 ",
    "二〇二六年",
    "<div class=crumb><a href=x>首页一</a>",
    "<tr><td><a href='{}'>一二三四五</a>2026-01-01",
    "<table><tr><td><a href=1>一二三四五</a></td><td>2026-01-01</td></tr></table>",
    "<table><tr><td>一</td><td>2026-01-01 待答复</td>",
    "<li><span><a href='1'>一二三四五</a></span>2026-01-01",
    "<script type='text/xml'><datastore><record><![CDATA[",
    "<div><p><a href=1>一二三四五六七八</a>",
    "createPageHTML(",
)


@pytest.mark.parametrize("unit", UNITS)
def test_half_a_megabyte_of_anything(unit):
    def made(size: int) -> Page:
        body = f"<div class='box'>{unit * (size // len(unit))}</div>"
        return page_of(document(body, title="解读办事指南", meta=[("ColumnName", "通知公告")]))

    assert_linear(judge, made, SIZE, 4)


def judge(page: Page) -> None:
    observe(page)
    for check in CHECKS:
        list(check.inspect(page))


LINK = '<a class=zz href="http://bc88.example/">澳门赌场</a>'
COSTLY = (
    *UNITS,
    "<svg><a xlink:href='/a'>关于做好工作的通知<image href=i.png><lin ",
    f"<style>.zz{{display:none}}</style><b>{LINK}",
    f"<div style='display:none'>{LINK}</div>",
    f"<div style='display:none'>{LINK}",
    f"<style>.zz{{color:red}}</style><font color=red><div>{LINK}",
    "<script>document.write('<a href=http://b.example/>澳门赌场</a>')</script>",
    "<code>公告",
    "<font color=red><p>公告",
    "<img src=http://10.1.2.3/a.png>",
)
PAGE_CHECKS = tuple(check() for check in ALL if check.subject is Page)


@pytest.mark.parametrize("unit", COSTLY)
def test_a_page_that_is_not_handed_over_costs_half_a_second(unit):
    """Parsed, its columns read, and judged by every check; in half a second of the machine where that was measured."""
    count = min(LARGE // len(unit.encode()), LARGE // TAG // max(1, unit.count("<"))) - 20
    html = document(unit * count, title="解读办事指南")
    assert weight(html) < LARGE

    def read() -> None:
        page = page_of(html)
        observe(page)
        for check in PAGE_CHECKS:
            list(check.inspect(page))

    assert_bounded(read, 0.5)


def test_a_page_made_of_tags_is_handed_over_however_few_bytes_it_has():
    assert weight("<b>" * 11_000) >= LARGE > weight("政" * 11_000)
    assert weight(b"<b>" * 11_000) >= LARGE


def test_a_page_whose_tags_are_not_counted_is_not_made_of_enough_of_them():
    assert weight("<b>" * (SHORT // 3)) >= SHORT
    assert TAG * (SHORT // 3) < LARGE
