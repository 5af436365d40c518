"""The text that a reader sees, run by run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.html_tree import Tree, parse_html
from monitor.pages.bounds import bounded
from monitor.pages.visible_text import BEGINNING, has_more_text, text_in, text_of
from tests.cost import assert_bounded, assert_linear


@pytest.mark.parametrize(
    ("html", "runs"),
    [
        ("", []),
        ("<frameset><frame src=a></frameset>", []),
        ("甲<b>乙</b>丙", ["甲乙丙"]),
        ("<a href=/1>工作动态</a><a href=/2>动态信息</a>", ["工作动态 动态信息"]),
        ("<p>见<a href=/1>关于印</a><a href=/1>发的通知</a></p>", ["见关于印发的通知"]),
        ("甲<b> </b>乙", ["甲 乙"]),
        ("<p> <b>甲</b> <i> </i>乙\n\t丙&nbsp; 丁</p>", ["甲 乙 丙 丁"]),
        ("<p>\u3000\u3000甲\u3000乙</p>\ufeff<p>\u200b</p>", ["甲\u3000乙"]),
        ("<p>世外桃&shy;源，滥&#8203;竽充\ufeff数</p>", ["世外桃源，滥竽充数"]),
        ("<p>事实<ruby>罄<rp>(</rp><rt>qìng</rt><rp>)</rp></ruby>竹难书</p>", ["事实罄竹难书"]),
        ("甲<br>乙<!-- 注 -->丙<img>丁", ["甲", "乙", "丙", "丁"]),
        ("<div>甲<p>乙</p>丙</div>丁", ["甲", "乙", "丙", "丁"]),
        ("<a>甲<div>乙</div></a>丙", ["甲", "乙", "丙"]),
        ("<table>甲<tr><td>乙<td>丙</table>", ["甲", "乙", "丙"]),
        ("甲<script>no</script>乙<style>no</style>丙", ["甲乙丙"]),
        ("甲<noscript><p>no</p></noscript>乙<object><b>no</b><p>no</p></object>丙", ["甲乙丙"]),
        ("甲<svg><title>no</title><text>no</text></svg>乙<template><p>no</template>丙", ["甲乙丙"]),
        ("甲<i class=icon></i>乙<span><script>no</script></span>丙", ["甲", "乙", "丙"]),
        ("甲<b><i></i></b>乙", ["甲", "乙"]),
        ("甲<noscript><i></i></noscript>乙<object><div></div>no</object>丙", ["甲乙丙"]),
        ("<p>甲 <script>no</script> 乙</p> <p> 丙</p>", ["甲 乙", "丙"]),
        ("甲<ucap-content>乙</ucap-content>丙", ["甲", "乙", "丙"]),
        ("<p>对齐(<img src=a>)尺寸</p>", ["对齐( )尺寸"]),
        ("<p>点击（<button>保存</button>）提交<input>后</p>", ["点击（保存）提交 后"]),
        ("<p>点击<i class=icon></i>打印，关于<a name=x></a>印发</p>", ["点击 打印，关于印发"]),
        ("<p>见<b><img></b>图</p><td><img>丙", ["见 图", "丙"]),
        ("<p><button>甲</button>乙</p>", ["甲乙"]),
        ("<div>甲<button>乙</button>丙</div>", ["甲", "乙", "丙"]),
        ("<p>请将<code>${name}</code>换成<code>单位名称</code></p>", ["请将 换成单位名称"]),
        ("甲<pre><code># 一\nx=1</code></pre>乙<pre>cd /bin</pre>", ["甲", "乙"]),
        ("<pre>关于印发工作方案的通知</pre>", ["关于印发工作方案的通知"]),
        ("甲<o:p></o:p>乙<st1:date w:st=on>丙</st1:date>", ["甲乙丙"]),
    ],
)
def test_text_is_cut_where_a_block_or_a_drawn_element_stands(html, runs):
    assert text_of(html).split("\n") == (runs or [""])


@pytest.mark.parametrize("unit", ["<b>", "<span>字", "<kbd>字", "<b><script></script>", "<p><u><button>字"])
def test_elements_in_elements_cost_no_more_than_others(unit):
    def parsed(size: int) -> tuple[Tree, str]:
        html = bounded(unit * (size // len(unit)))
        return parse_html(html), html

    assert_linear(lambda made: text_in(*made), parsed, 400_000, 2)


def test_an_element_around_a_whole_page_is_read_for_its_beginning():
    tree = parse_html("<kbd>" * 400 + "字" * 100_000)
    assert_bounded(lambda: text_in(tree, ""), 3)


@pytest.mark.parametrize(
    "html",
    [
        "",
        "<p>正在跳转</p>",
        "<p>正在跳转，请稍候</p>",
        "<p> 正 在 </p>" * 2 + "<!-- 正在跳转，请稍候，请稍候 -->",
        "<script>正在跳转，请稍候，请稍候</script>",
        "<i></i>" * BEGINNING + "<p>正在跳转，请稍候</p>",
        "<p>正在跳转，请稍候</p>" * BEGINNING,
        "<p>正\u200b在\u00ad跳\ufeff转\u2060\u3000\u3000</p>",
        "<code>import this as it is</code>",
        "<p><button>正在跳转，请稍候</button>",
        "<ruby>罄<rt>正在跳转，请稍候</rt></ruby>",
    ],
)
def test_that_there_is_more_text_is_told_as_the_whole_text_tells_it(html):
    tree = parse_html(html)
    assert has_more_text(tree, html, 7) == (len(text_of(html)) > 7)


PIECES = (
    "<p>|</p>|<i>|</i>|<i class=x>|<code>|</code>|<pre>|</pre>|<button>|</button>|<svg>|</svg>|<noscript>|</noscript>"
    "|<br>|<ruby>|<rt>|</ruby>|<a href=/>|</a>|<img>|<table>|<td>|<script>|</script>|<object>|</object>|<!-- 注 -->"
    "|<template>|</template>|甲|乙丙|let x = 1;| |\u3000|\u200b|\u00ad|\x1e"
).split("|")


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.integers(0, 6))
def test_what_a_document_begins_with_promises_no_more_text_than_it_has(html, characters):
    tree = parse_html(html)
    assert has_more_text(tree, html, characters) == (len(text_of(html)) > characters)
