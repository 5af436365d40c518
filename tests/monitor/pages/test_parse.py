"""Pages read from bytes: charset, references, text."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.model import Kind, Response
from checks.model.html_tree import parse_html
from monitor.pages.css import css_urls
from monitor.pages.decoding import decode
from monitor.pages.parse import Parser
from monitor.pages.reference_kinds import kind_of
from monitor.pages.references import UNCOMMON, UNCOMMON_WORDS
from monitor.pages.urls import HrefResolver
from tests.cost import assert_linear

URL = "http://www.qinghe.gov.cn/zwgk/index.html"
NOW = datetime(2026, 9, 7, tzinfo=UTC)
HTML = (("Content-Type", "text/html"),)


def read(body: str | bytes, content_type: str = "text/html", **options):
    data = body.encode() if isinstance(body, str) else body
    response = Response(URL, 200, (("Content-Type", content_type),))
    return Parser(HrefResolver(), **options).parse(URL, response, data, NOW)


def found(body: str) -> list[tuple[str, Kind]]:
    return [(item.url.removeprefix("http://www.qinghe.gov.cn"), item.kind) for item in read(body).references]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<a href="a.html">一</a>', [("/zwgk/a.html", Kind.PAGE)]),
        ("<A HREF=a.html>", [("/zwgk/a.html", Kind.PAGE)]),
        ('<map><area href="/b"></map>', [("/b", Kind.PAGE)]),
        ('<a href="a.pdf">', [("/zwgk/a.pdf", Kind.ATTACHMENT)]),
        ('<a href="a.JPG">', [("/zwgk/a.JPG", Kind.IMAGE)]),
        ('<link rel="stylesheet" href="/a.css">', [("/a.css", Kind.STYLE)]),
        ('<link rel="shortcut icon" href="/f.ico">', [("/f.ico", Kind.IMAGE)]),
        ('<link rel="dns-prefetch" href="//cdn.cn"><link rel=profile href="/p"><link href="/none">', []),
        ('<link rev="made" href="who@lists.example.org">', [("/zwgk/who@lists.example.org", Kind.PAGE)]),
        (
            '<link rel=Help href="/h.html"><link rel=author href="/a.html">',
            [("/h.html", Kind.PAGE), ("/a.html", Kind.PAGE)],
        ),
        ('<link rel=preload as=style href="/p.css"><link rel=preload as=fetch href="/d">', [("/p.css", Kind.STYLE)]),
        ('<link rel=preload as=image imagesrcset="/1.png 1x, /2.png 2x">', [(f"/{n}.png", Kind.IMAGE) for n in "12"]),
        ('<link rel=modulepreload href="/m.js">', [("/m.js", Kind.SCRIPT)]),
        ('<script src="/a.js"></script>', [("/a.js", Kind.SCRIPT)]),
        ('<g><script href="/a.js"></script></g><svg><g><script href="/b.js"></g></svg>', [("/b.js", Kind.SCRIPT)]),
        (
            "<param name=src value=/a.wmv><link rel=icon><link rel=icon style='background:url(/b)'>",
            [("/b", Kind.IMAGE)],
        ),
        ('<img src="/a.png">', [("/a.png", Kind.IMAGE)]),
        ('<img src="/blank.png" data-original="/real.jpg">', [("/blank.png", Kind.IMAGE), ("/real.jpg", Kind.IMAGE)]),
        ('<img srcset="/a.png 1x, /b.png 2x,/c.png">', [(f"/{n}.png", Kind.IMAGE) for n in "abc"]),
        (
            '<picture><source srcset="/a.webp"><img src="/a.png"></picture>',
            [("/a.webp", Kind.IMAGE), ("/a.png", Kind.IMAGE)],
        ),
        (
            '<video src="/v.mp4" poster="/p.jpg"><source src="/w.mp4"></video>',
            [("/v.mp4", Kind.MEDIA), ("/p.jpg", Kind.IMAGE), ("/w.mp4", Kind.MEDIA)],
        ),
        ('<audio src="/a.mp3"></audio>', [("/a.mp3", Kind.MEDIA)]),
        (
            '<bgsound src="/b.mid"><object><param name=Movie value="/m.swf"><param name=loop value="/no"></object>',
            [("/b.mid", Kind.MEDIA), ("/m.swf", Kind.MEDIA)],
        ),
        ('<iframe src="/f.html"></iframe>', [("/f.html", Kind.FRAME)]),
        ('<frameset><frame src="/f.html"></frameset>', [("/f.html", Kind.FRAME)]),
        ('<object data="/o.swf"></object><embed src="/e.swf">', [("/o.swf", Kind.MEDIA), ("/e.swf", Kind.MEDIA)]),
        ('<form action="/s.do">', [("/s.do", Kind.PAGE)]),
        ('<input type="image" src="/go.gif">', [("/go.gif", Kind.IMAGE)]),
        ('<input type="image" src=""><img src=" "><iframe src=""></iframe>', []),
        ('<body background="/bg.gif">', [("/bg.gif", Kind.IMAGE)]),
        ("<div style=\"background: url('/bg.png')\">", [("/bg.png", Kind.IMAGE)]),
        (
            "<style>@import 'p.css'; /* url(no.png) */ .a{background:url(a.png)}</style>",
            [("/zwgk/p.css", Kind.STYLE), ("/zwgk/a.png", Kind.IMAGE)],
        ),
        ('<meta http-equiv="Refresh" content="0; URL=\'/new/\'">', [("/new/", Kind.PAGE)]),
        ('<meta http-equiv="refresh" content="30">', []),
        ('<meta http-equiv="refresh" content="; url=/no"><meta http-equiv="refresh" content="soon;url=/no">', []),
        ('<meta http-equiv="refresh" content=".5;/a.html">', [("/a.html", Kind.PAGE)]),
        ("<meta http-equiv=refresh content='5s;url=/no'><meta http-equiv=refresh content='0;url='>", []),
        ("""<meta http-equiv=refresh content="0; url=/it's.html">""", [("/it's.html", Kind.PAGE)]),
        (
            '<svg><feImage href="/f.png"/><script xlink:href="/s.js"/></svg>',
            [("/f.png", Kind.IMAGE), ("/s.js", Kind.SCRIPT)],
        ),
        ("<script>window.location.href = '/portal/index.html';</script>", [("/portal/index.html", Kind.PAGE)]),
        ("<script>location.href='/a?id=' + id;</script>", []),
        ('<a href="javascript:void(0)"><a href="mailto:a@b.cn">', []),
        ('<!-- <a href="/no.html"> --><script>var s = "<a href=\'/no\'>";</script>', []),
        ("<template><img src=/t.png></template>", []),
        ('<svg><a xlink:href="/a">x</a><a href="/b">y</a><a>z</a></svg>', [("/a", Kind.PAGE), ("/b", Kind.PAGE)]),
        (
            "<svg><area xlink:href=/q /><link xlink:href=/l /><area/></svg><math href=/m><a></a></math>",
            [("/q", Kind.PAGE)],
        ),
        ('<svg><image xlink:href="/a.png"/><image href="/b.png"/></svg>', [(f"/{n}.png", Kind.IMAGE) for n in "ab"]),
        ('<svg><use href="/s.svg#x"/><use xlink:href="#local"/><use/></svg>', [("/s.svg", Kind.IMAGE)]),
        ('<button formaction="/f.do">', [("/f.do", Kind.PAGE)]),
        ('<input type=submit formaction="/f.do"><input src="/no.gif">', [("/f.do", Kind.PAGE)]),
        ('<table><tr background="/r.gif"><th background="/h.gif">', [("/r.gif", Kind.IMAGE), ("/h.gif", Kind.IMAGE)]),
        ('<div style="BACKGROUND: URL(/bg.gif)">', [("/bg.gif", Kind.IMAGE)]),
        (
            '<div style=\'background:image-set("/1.png" 1x, "/2.png" 2x)\'>',
            [("/1.png", Kind.IMAGE), ("/2.png", Kind.IMAGE)],
        ),
        (
            '<iframe src="/no.html" srcdoc="&lt;a href=/in.html>x&lt;/a>&lt;a href=#p>y&lt;/a>"></iframe>',
            [("/in.html", Kind.PAGE)],
        ),
        ('<iframe src="/no.html" srcdoc></iframe>', []),
        (
            '<select><option>友情链接</option><option value="http://a.gov.cn/">省政府</option><option value="/no">'
            '<option value="3"><option value="/yqlj/1.html"></select>',
            [("http://a.gov.cn/", Kind.PAGE), ("/yqlj/1.html", Kind.PAGE)],
        ),
        (
            '<select onchange="window.open(this.value)"><optgroup><option value="/a.html">一'
            '<option value="0"><option value="2.5"><option value="/b"></select>',
            [("/a.html", Kind.PAGE), ("/b", Kind.PAGE)],
        ),
        (
            '<select onchange="location.href=this.value"><option value="c.html"><option value="d.jsp?x=1"></select>',
            [("/zwgk/c.html", Kind.PAGE), ("/zwgk/d.jsp?x=1", Kind.PAGE)],
        ),
        (
            "<a href='%24%7Burl%7D'></a><a href='@Url.Action(x)'></a><a href='a@b'></a>",
            [("", Kind.PAGE), ("", Kind.PAGE), ("/zwgk/a@b", Kind.PAGE)],
        ),
        ("<div onclick=\"window.open('/w.html','_blank')\">x</div>", [("/w.html", Kind.PAGE)]),
        ("<input type=button onclick=\"location.href='/l.html'\">", [("/l.html", Kind.PAGE)]),
        ("<a href=\"javascript:window.open('/j.html')\">x</a>", [("/j.html", Kind.PAGE)]),
        ("<a href='#' onclick=\"window.open('/o.html');return false\">x</a>", [("/o.html", Kind.PAGE)]),
        ("<script>// location.href='/no.html'\n/* location='/no' */ var s = \"location='/no';\"</script>", []),
        (
            '<script type="text/xml"><datastore><nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp"></a>]]>'
            '</nextgroup><recordset><record><![CDATA[<li><a href="/art/2026/9/4/art_1_2.html">题</a></li>]]></record>'
            "</recordset></datastore></script>",
            [("/art/2026/9/4/art_1_2.html", Kind.PAGE)],
        ),
    ],
)
def test_every_way_to_point_somewhere_is_read(body, expected):
    assert found(body) == expected


def test_the_base_moves_every_address_after_it_and_only_the_first_counts():
    page = read('<base href="/b/"><base href="/c/"><a href="x"></a><a href="/y"></a><a href="#z"></a>')
    assert [item.url for item in page.references] == [
        "http://www.qinghe.gov.cn/b/x",
        "http://www.qinghe.gov.cn/y",
        "http://www.qinghe.gov.cn/b/",
    ]


@pytest.mark.parametrize("before", ['<bAsE HREF="/b/">', '<noscript><title></noscript><base href="/b/">'])
def test_a_base_is_heeded_however_it_is_written_and_behind_what_only_browsers_without_scripts_read(before):
    (item,) = read(f'{before}<title></title><a href="x">一</a>').references
    assert item.url == "http://www.qinghe.gov.cn/b/x"


@pytest.mark.parametrize(
    "odd",
    [
        '<p><noscript><base href="/n/"></noscript>',
        '<head><noscript><base href="/n/"></noscript></head>',
        '<head><NoScript data-a=">"><p><base href="/n/"></NOSCRIPT ></head>',
        '<svg><base href="/s/"/></svg>',
        '<template><base href="/t/"></template>',
        '<!-- <base href="/c/"> -->',
        "",
    ],
)
def test_a_base_that_no_browser_heeds_moves_nothing(odd):
    (item,) = read(f'{odd}<a href="x">一</a>').references
    assert item.url == "http://www.qinghe.gov.cn/zwgk/x"


def test_a_link_says_what_its_reader_sees():
    page = read('<a href="a"> 通知 <b>公告</b> </a><a href="b" title="题目"></a><a href="c"><img src="i" alt="图"></a>')
    assert [item.text for item in page.references if item.element == "a[href]"] == ["通知公告", "题目", "图"]


def test_an_address_that_nobody_can_open_is_kept_as_it_was_written():
    (item,) = read('<a href="http://[bad">x</a>').references
    assert (item.href, item.url) == ("http://[bad", "")


@pytest.mark.parametrize(
    ("body", "content_type", "charset", "undecodable"),
    [
        ("政务公开".encode(), None, "utf-8", False),
        ("<meta charset=gb2312>镕".encode("gb18030"), None, "gb18030", False),
        ("<meta charset=gb2312>㛃".encode("gb18030"), "text/html", "gb18030", False),
        ("政务".encode("gb18030"), "text/html; charset=GBK", "gb18030", False),
        ("政务公开".encode("gb18030"), "text/html; charset=utf-8", "gb18030", False),
        ("<meta charset=gbk>政务公开，今天天气".encode(), "text/html; charset=utf-8", "utf-8", False),
        (b"\xef\xbb\xbf" + "政".encode(), "text/html; charset=gbk", "utf-8", False),
        ("政务".encode("utf-16"), "text/html; charset=gbk", "utf-16-le", False),
        (b"\xff\xff\x80abc", "text/html", "utf-8", True),
        ("政务公开".encode()[:-1], "text/html; charset=utf-8", "utf-8", False),
        ("政务".encode(), "text/html; charset=no-such-thing", "utf-8", False),
        ("政务".encode(), "text/html; charset=undefined", "utf-8", False),
        ("<meta charset=idna>政务".encode("gb18030"), "text/html; charset=zip", "gb18030", False),
        ("<meta charset=utf-16>政务".encode(), None, "utf-8", False),
        (
            "<meta charset=undefined><meta charset=gb2312>政务".encode("gbk"),
            "text/html; charset=none",
            "gb18030",
            False,
        ),
        ("政务公开".encode(), "text/html; charset=ISO-8859-1", "utf-8", False),
        ("<?xml version='1.0' encoding='GBK'?>政务".encode("gbk"), None, "gb18030", False),
        (b"\xff\xfe\x00", None, "utf-16-le", False),
        (b"\xff\xfe\x00\x00a", None, "utf-16-le", False),
    ],
)
def test_bytes_are_read_in_the_charset_that_fits_them(body, content_type, charset, undecodable):
    decoded = decode(body, content_type)
    assert (decoded.charset, decoded.undecodable) == (charset, undecodable)


def test_a_claim_that_does_not_fit_is_kept_for_whoever_reports_it():
    page = read("<p>政务公开</p>".encode("gb18030"), "text/html; charset=utf-8")
    assert (page.charset, page.declared_charset) == ("gb18030", "utf-8")
    assert page.blocks[0].text == "政务公开"


@pytest.mark.parametrize(
    ("head", "content_type", "declared"),
    [
        ("<meta charset=GB2312>", None, "GB2312"),
        ("<meta content='text/html; charset=gbk' http-equiv=Content-Type>", "text/html", "gbk"),
        ("<!-- <meta charset=gbk> -->", None, None),
        ("<meta charset=none>", "text/html; charset=undefined", None),
        ("<meta charset=gbk>", 'text/html; charset="utf8"', "utf8"),
    ],
)
def test_a_claim_is_named_as_it_is_written(head, content_type, declared):
    assert decode(head.encode(), content_type).declared == declared


@pytest.mark.parametrize("href", ["{{item.url}}", "http://a.cn/${id}", "<?=el.link?>", "/a/[!--id--]"])
def test_what_a_template_left_unfilled_is_kept_but_leads_nowhere(href):
    (item,) = read(f'<a href="{href}">x</a>').references
    assert (item.href, item.url) == (href, "")


def test_text_is_cut_where_a_reader_sees_a_break_and_nowhere_else():
    page = read(
        "<title>题</title><h1>关于<em>防汛</em>的通知</h1><ul><li>一<li>二</ul><p>甲<br>乙</p><script>no()</script>"
        "<p>丙<o:p>丁</o:p>　</p><noscript>no</noscript>"
    )
    assert [block.text for block in page.blocks] == ["关于防汛的通知", "一", "二", "甲", "乙", "丙丁"]


def test_blocks_know_where_they_start_in_the_text_of_the_page():
    page = read("<p>甲乙</p><p>丙</p>")
    text = "\n".join(block.text for block in page.blocks)
    assert [text[block.start :][: len(block.text)] for block in page.blocks] == ["甲乙", "丙"]


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_characters_without_a_meaning_are_replaced_as_browsers_do(charset):
    page = read('<a href="a\0b">甲</a>'.encode(charset), f"text/html; charset={charset}")
    assert page.html == '<a href="a\ufffdb">甲</a>'


def test_pages_that_cannot_be_read_have_no_text():
    assert read(b"\xff\xff\x80<p>abc").blocks == ()


def test_text_is_left_out_where_nobody_wants_it():
    assert read("<p>甲</p>", text=False).blocks == ()


def test_places_in_a_page_are_ids_and_the_names_of_anchors():
    page = read('<p id="第一章"></p><a name="b"></a><map name="m"></map><input name="no"><div id=""></div>')
    assert page.anchors == {"第一章", "b", "m"}


def test_places_are_told_of_remembered_elements_too():
    parser, body = (
        Parser(HrefResolver(), text=False),
        b'<a name=b href=/ id=a>x</a><img src=/x.png id=i><a name="" href=/c>',
    )
    answer = Response("http://www.qinghe.gov.cn/", 200)
    assert [parser.parse(answer.url, answer, body, NOW).anchors for _ in range(3)] == [{"a", "b", "i"}] * 3


@pytest.mark.parametrize(
    "element",
    [
        "<svg><use href=/d.svg></svg>", "<svg><USE xlink:href=/d.svg></svg>", "<use href=/d.svg>",
        "<div BackGround=/b.png>", "<td background=/b.png>",
        "<div style='background:url(/b.png)'>", "<div style='background:URL(/b.png)'>",
        "<div style='background:&#117;rl(/b.png)'>", "<div style='background:u&#X52;l(/b.png)'>",
        "<div style='background:Image-Set(\"/b.png\" 1x)'>", "<div style='background:image&#45;set(\"/b.png\" 1x)'>",
        "<div onclick=\"location='/c.html'\">", "<div onclick=\"l&#x6f;cation='/c.html'\">",
        "<div OnChange=\"open('/c.html')\">", "<div onclick=\"open&lpar;'/c.html')\">",
        "<div onclick=\"open&#40;'/c.html')\">",
    ],
)  # fmt: skip
def test_what_refers_to_something_is_looked_for_by_words_that_stand_in_it(element):
    assert parse_html(element).select(UNCOMMON) or "td" in element
    assert UNCOMMON_WORDS.any_in(element.encode())


@settings(max_examples=300)
@given(
    st.lists(
        st.sampled_from(
            "<div|<USE|<svg>|<p| style='| onclick='|background|Background=|=|url|uRL|&#117;|rl|image|-set|-SET|&#45;|("
            "|open|&lpar;|&#40;|locat|ion|&#105;|'|\"|>|/| |x".split("|")
        ),
        max_size=12,
    )
)
def test_the_words_stand_in_every_document_in_which_something_uncommon_is_found(parts):
    html = "".join(parts)
    assert UNCOMMON_WORDS.any_in(html.encode()) or not parse_html(html).select(UNCOMMON)


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("http://a.cn/x.doc?v=1.css", Kind.ATTACHMENT),
        ("http://a.cn/", Kind.PAGE),
        ("http://a.cn", Kind.PAGE),
        ("http://a.cn/x.shtml", Kind.PAGE),
        ("http://a.cn/v1.2/list", Kind.PAGE),
        ("a.png", Kind.IMAGE),
    ],
)
def test_a_name_says_what_a_target_is(url, kind):
    assert kind_of(url) is kind


def test_style_sheets_name_what_they_load():
    text = '@import url(a.css); .x{background:url( "b.png" )} .y{background:url(data:image/png;base64,AA)} /*url(c)*/'
    assert list(css_urls(text)) == ["a.css", "b.png"]


FONTS = b"<p>" + b"".join(b"<font size=%d>" % number for number in range(400)) + b"</p>"
"""Open formatting, which every paragraph after it opens again."""


@pytest.mark.parametrize(
    ("page", "size"),
    [
        (lambda n: b"<div>" * n, 100_000),
        (lambda n: b"<b>" * n + b"x", 50_000),
        (lambda n: b"<a href=x>" * n, 100_000),
        (lambda n: b"<" * n, 1_000_000),
        (lambda n: b"<a href=" + b"x" * n + b">", 5_000_000),
        (lambda n: b"<img srcset='" + b"a 1x," * n + b"'>", 200_000),
        (lambda n: b"<style>" + b"url(" * n, 200_000),
        (lambda n: b"<style>" + b"/*" * n, 200_000),
        (lambda n: b"<script>" + b"location=" * n, 100_000),
        (lambda n: b"\0" * n, 1_000_000),
        (lambda n: b"<!--" * n, 200_000),
        (lambda n: b"<p " + b" ".join(b"a%d" % number for number in range(n)) + b">", 200_000),
        (lambda n: b"<p " + b" ".join(b"a%d='>'" % number for number in range(n)) + b">", 100_000),
        (lambda n: b"<select>" + b"<option>x</option>" * n, 50_000),
        (lambda n: b"<select><div>" * n, 50_000),
        (lambda n: b"<span><div></span>" * n, 50_000),
        (lambda n: b"<svg><title>" + b"<div>" * n, 50_000),
        (lambda n: FONTS + b"<p>x</p>" * n, 50_000),
        (lambda n: b"<div style='" + b"url(" * n + b"'>", 100_000),
        (lambda n: b"<style>url(x)" + b"{" * n, 200_000),
        (lambda n: b"<iframe srcdoc='" + b"&lt;iframe srcdoc=" * n + b"'>", 50_000),
    ],
    ids=lambda value: value(1)[:16].decode() if callable(value) else "",
)
def test_a_hostile_page_takes_linear_time(page, size):
    assert_linear(read, page, size, 5)


@settings(max_examples=150)
@given(st.binary(max_size=300))
def test_no_bytes_make_the_parser_fail(body):
    read(body)
    read(b"<a href='" + body + b"'><meta http-equiv=refresh content='" + body + b"'>")


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf", b"\xff\xfe", b"<meta charset=gbk>"])
@given(st.one_of(st.binary(max_size=40), st.text(max_size=20).map(str.encode)), st.sampled_from([b"", b"</p>"]))
def test_the_parser_has_the_document_in_utf_8_whatever_came(mark, body, end):
    page = read(mark + body + end)
    assert page.source == page.html.encode("utf-8", "ignore")
