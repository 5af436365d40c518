"""Where on a page a link stands: HTML's own words, ARIA roles, and the names that the systems of Chinese sites use."""

import pytest

from checks.model import Kind, Region, Response
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from tests.cost import assert_linear
from tests.factories import MONDAY, at


def parse(body):
    html = f"<html><head><title>清河县</title></head><body>{body}</body></html>"
    return Parser(HrefResolver()).parse(at("/"), Response(at("/"), 200), html.encode(), MONDAY)


def regions(body):
    """Return where each link stands, by the words of the link."""
    return {each.text: each.region for each in parse(body).references if each.kind is Kind.PAGE}


LINK = "<a href=/a.html>甲</a>"


class TestWordsOfHtml:
    @pytest.mark.parametrize(
        ("around", "region"),
        [
            ("<header>{}</header>", Region.HEADER),
            ("<header><nav><ul><li>{}</ul></nav></header>", Region.MENU),
            ("<nav>{}</nav>", Region.MENU),
            ("<nav class=breadcrumb aria-label=当前位置>{}</nav>", Region.BREADCRUMBS),
            ("<main><article><p>{}</article></main>", Region.BODY),
            ("<main><aside>{}</aside></main>", Region.SIDEBAR),
            ("<main><article><header><h1>{}</h1></header></article></main>", Region.BODY),
            ("<article><footer>{}</footer></article>", Region.BODY),
            ("<footer><nav>{}</nav></footer>", Region.FOOTER),
            ("<div role=banner>{}</div>", Region.HEADER),
            ("<div role=navigation>{}</div>", Region.MENU),
            ("<div role=main>{}</div>", Region.BODY),
            ("<div role=complementary>{}</div>", Region.SIDEBAR),
            ("<div role=contentinfo>{}</div>", Region.FOOTER),
        ],
    )
    def test_say_where_a_link_stands(self, around, region):
        assert regions(around.format(LINK)) == {"甲": region}


class TestNames:
    @pytest.mark.parametrize(
        ("around", "region"),
        [
            ('<div class="header w1200"><div class="logo">{}</div></div>', Region.HEADER),
            ('<div id="Top">{}</div>', Region.HEADER),
            ('<div class="topBar">{}</div>', Region.HEADER),
            ('<table id="head"><tr><td>{}</table>', Region.HEADER),
            ('<div class="header"><div class="mainNav"><ul><li>{}</ul></div></div>', Region.MENU),
            ('<ul id="nav2"><li>{}</ul>', Region.MENU),
            ('<div class="navbar-collapse"><ul class="navbar-nav"><li>{}</ul></div>', Region.MENU),
            ('<div class="daohang">{}</div>', Region.MENU),
            ('<div class="dqwz">当前位置：{}</div>', Region.BREADCRUMBS),
            ('<div class="main"><p class="position">{}</p></div>', Region.BREADCRUMBS),
            ('<div class="cur_pos">{}</div>', Region.BREADCRUMBS),
            ('<div class="footer"><ul class="footNav"><li>{}</ul></div>', Region.FOOTER),
            ('<div id="bottom"><p>{}</div>', Region.FOOTER),
            ('<div class="copyright">{}</div>', Region.FOOTER),
            (
                '<div class="footer"><div class="friendLink"><select><option>…</select>{}</div></div>',
                Region.FRIEND_LINKS,
            ),
            ('<div id="yqlj">{}</div>', Region.FRIEND_LINKS),
            ('<div class="content"><div class="leftNav"><ul><li>{}</ul></div></div>', Region.SIDEBAR),
            ('<div class="side-bar">{}</div>', Region.SIDEBAR),
            ('<div class="TRS_Editor"><p>{}</p></div>', Region.BODY),
            ('<div id="zoom"><div class="top">{}</div></div>', Region.BODY),
            ('<div id="UCAPCONTENT">{}</div>', Region.BODY),
            ('<div class="main-content"><ul class="list"><li>{}</ul></div>', Region.BODY),
        ],
    )
    def test_say_it_where_html_does_not(self, around, region):
        assert regions(around.format(LINK)) == {"甲": region}

    @pytest.mark.parametrize(
        "around",
        [
            '<div class="box-top">{}</div>',
            '<div class="news-header">{}</div>',
            '<div class="stopgap">{}</div>',
            '<div class="topic">{}</div>',
            '<div class="page-nav">{}</div>',
            '<a class="to-top" href=#><b>{}</b></a>',
            "<div>{}</div>",
        ],
    )
    def test_of_parts_of_a_box_tell_nothing(self, around):
        assert set(regions(around.format(LINK)).values()) == {Region.UNKNOWN}

    def test_of_a_container_around_everything_leave_header_and_footer_what_they_are(self):
        page = (
            '<div class="main"><div class="header"><a href=/1>甲</a></div><div class="con"><div class="header">'
            '<a href=/2>乙</a></div></div><div class="footer"><a href=/3>丙</a></div></div>'
        )
        assert regions(page) == {"甲": Region.HEADER, "乙": Region.BODY, "丙": Region.FOOTER}

    def test_that_are_missing_below_a_header_make_it_the_body(self):
        page = "<div><a href=/0>零</a></div><div class=header><a href=/1>甲</a></div><div><a href=/2>乙</a></div>"
        assert regions(page) == {"零": Region.UNKNOWN, "甲": Region.HEADER, "乙": Region.BODY}

    def test_survive_a_header_that_is_never_closed(self):
        page = (
            '<div class="head"><a href=/1>甲</a><article><a href=/2>乙</a></article><div class="foot"><a href=/3>丙</a>'
        )
        assert regions(page) == {"甲": Region.HEADER, "乙": Region.BODY, "丙": Region.FOOTER}


class TestOtherReferences:
    def test_in_the_head_are_in_the_code(self):
        html = b"<head><link rel=stylesheet href=/a.css><script src=/a.js></script></head><body><p>"
        page = Parser(HrefResolver()).parse(at("/"), Response(at("/"), 200), html, MONDAY)
        assert [each.region for each in page.references] == [Region.HEAD, Region.HEAD]

    def test_in_the_document_of_a_frame_stand_where_the_frame_does(self):
        inner = "&lt;div class=footer&gt;&lt;a href=/a.html&gt;甲&lt;/a&gt;&lt;/div&gt;"
        assert regions(f'<aside><iframe srcdoc="{inner}"></iframe></aside>') == {"甲": Region.SIDEBAR}

    def test_of_a_list_kept_in_a_script_stand_where_the_script_does(self):
        record = "<record><![CDATA[<a href=/a.html>甲</a>]]></record>"
        body = f'<div class=content><script type="text/xml"><datastore>{record}</datastore></script></div>'
        assert regions(body) == {"甲": Region.BODY}


@pytest.mark.parametrize(
    "unit",
    ['<div class="c{0}"><a href=/{0}>甲</a>', "<b><a href=/{0}>甲", "<em><i><a href=/{0}>甲"],
)
def test_elements_inside_each_other_cost_no_more_than_their_length(unit):
    def make(n):
        return "".join(map(unit.format, range(n)))

    assert_linear(parse, make, 2_000, seconds=0.5)
