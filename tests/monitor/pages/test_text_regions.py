"""Where on a page a text stands, or an address, that a check quoted."""

import pytest

from checks.model import Region, Response
from monitor.pages.parse import Parser
from monitor.pages.text_regions import region_of_evidence, region_of_text
from monitor.pages.urls import HrefResolver
from tests.cost import assert_bounded, assert_linear
from tests.factories import MONDAY, at


def parse(body):
    html = f"<html><head><title>清河县</title></head><body>{body}</body></html>"
    return Parser(HrefResolver()).parse(at("/"), Response(at("/"), 200), html.encode(), MONDAY)


PAGE = (
    '<div class="header"><b>清河县</b></div><div class="main"><p>请登陆<b>帐号</b>\n办理</p><a href=/x.html>多</a>'
    '</div><div class="footer"><p>版权所有 清河县</p></div>'
)


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("请登陆帐号 办理", Region.BODY),
        ("版权所有 清河县", Region.FOOTER),
        ("清河县", Region.HEADER),
        ("不在页面", Region.UNKNOWN),
        ("", Region.UNKNOWN),
    ],
)
def test_texts_stand_where_they_are_read_first(text, region):
    assert region_of_text(parse(PAGE), text) is region


def test_what_quotes_an_address_stands_where_it_is_linked():
    page = parse(PAGE)
    assert region_of_evidence(page, "/x.html") is region_of_evidence(page, at("/x.html")) is Region.BODY
    assert region_of_evidence(page, "版权所有") is Region.FOOTER
    assert region_of_evidence(page, "") is Region.UNKNOWN


def test_an_address_that_is_linked_in_several_regions_stands_in_none():
    page = parse("<nav><a href=/x.html>甲</a></nav><footer><a href=/x.html>乙</a></footer>")
    assert region_of_evidence(page, "/x.html") is Region.UNKNOWN


MENU, BODY, FOOTER = (
    "<nav><b>菜</b>单</nav>",
    "<main><div><p>正<i>文</i></p></div></main>",
    "<footer>页<b>脚</b></footer>",
)


@pytest.mark.parametrize(
    ("body", "regions"),
    [
        (
            f"<div>{MENU}{BODY}{FOOTER}</div>",
            # What spans two parts stands in what is around both, which nothing names: below a menu, that is the body.
            {"菜单": Region.MENU, "单正": Region.BODY, "正文": Region.BODY, "文页": Region.BODY, "页脚": Region.FOOTER},
        ),
        (
            f"<div>{FOOTER}{BODY}{MENU}</div>",
            {"页脚": Region.FOOTER, "脚正": Region.UNKNOWN, "文菜": Region.BODY, "菜单": Region.MENU},
        ),
        (
            f"<footer>版权{MENU}所有</footer>",
            {"版权": Region.FOOTER, "权菜": Region.FOOTER, "单所": Region.FOOTER, "版权菜单所有": Region.FOOTER},
        ),
    ],
)
def test_a_text_across_several_parts_stands_in_what_holds_them_together(body, regions):
    page, again = parse(body), parse(body)
    assert {text: region_of_text(page, text) for text in regions} == regions
    assert {text: region_of_text(again, text) for text in reversed(regions)} == regions  # the order tells nothing


def test_what_nobody_reads_has_no_place():
    page = parse("<main><script>var a='赌场'</script><style>.赌{}</style><!--赌球--><p>正文</p></main>")
    assert {region_of_text(page, text) for text in ("赌场", "赌", "赌球")} == {Region.UNKNOWN}
    assert region_of_text(page, "正文") is Region.BODY


@pytest.mark.parametrize("unit", ["<div>文{0}", "<b>文{0}<a href=/{0}>甲", "<p>文{0}</p>"])
def test_many_texts_cost_no_more_than_the_page_is_long(unit):
    def look(body):
        page = parse(body)
        for number in range(300):
            region_of_text(page, f"文{number}")
            region_of_evidence(page, f"没有{number}")

    assert_linear(look, lambda n: "".join(map(unit.format, range(n))), 2_000, seconds=0.5)


def test_three_hundred_texts_of_a_deep_page_cost_less_than_the_page():
    page = parse("<div>" * 400 + "".join(f"<p>第{number}段{'公告' * 60}</p>" for number in range(300)))

    def look():
        for number in range(300):
            region_of_text(page, f"第{number}段公告")

    assert_bounded(look, 0.1)
