"""How an element is kept from the reader's eye."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.model.html_tree import parse_html
from checks.security.injection.hiding import MOST_WAYS, Concealment, Way, length, ways
from checks.security.injection.styles import declarations, parse

INLINE = [
    ("display:none", {Way.DISPLAY}),
    ("DISPLAY : NONE ! important ; display:block", {Way.DISPLAY}),
    ("display:none;display:block", set()),
    ("display/**/:/* x */none", {Way.DISPLAY}),
    (r"d\69splay:no\6e e", {Way.DISPLAY}),
    ("visibility:hidden", {Way.VISIBILITY}),
    ("opacity:0", {Way.OPACITY}),
    ("opacity:0.5", set()),
    ("opacity:1%", {Way.OPACITY}),
    ("filter: alpha(opacity=0)", {Way.OPACITY}),
    ("filter: alpha(opacity=80)", set()),
    ("width:1px;height:1px;overflow:hidden", {Way.TINY}),
    ("height:0;overflow:hidden", {Way.COLLAPSED}),
    ("height:0", set()),
    ("height:auto;overflow:hidden", set()),
    ("max-height:1px;overflow-y:scroll", {Way.TINY}),
    ("position:absolute;left:-9999px", {Way.OFF_SCREEN}),
    ("margin-left:-100em", {Way.OFF_SCREEN}),
    ("left:50%;margin-left:-1200px", set()),
    ("margin-bottom:-9999px;padding-bottom:9999px", set()),
    ("left:-100px", set()),
    ("left:99999px", {Way.OFF_SCREEN}),
    ("transform:translateX(-5000px)", {Way.OFF_SCREEN}),
    ("text-indent:-9999px", {Way.INDENT}),
    ("text-indent:2em", set()),
    ("text-indent:-9999px;background:url(a.png)", {Way.READER}),
    ("position:absolute;clip:rect(0 0 0 0);width:1px;height:1px;overflow:hidden", {Way.READER}),
    ("position:absolute;clip:rect(0,0,0,0)", {Way.CLIPPED}),
    ("clip-path:inset(100%)", {Way.CLIPPED}),
    ("transform:scale(0)", {Way.SCALED}),
    ("z-index:-1;position:absolute", {Way.BEHIND}),
    ("z-index:-1", set()),
    ("font-size:0", {Way.FONT}),
    ("font-size:12px", set()),
    ("background:url('a;b.png');display:none", {Way.DISPLAY}),
    ("color:red", set()),
    (";;:;nonsense", set()),
    ("", set()),
]


@pytest.mark.parametrize(("style", "expected"), INLINE)
def test_a_style_attribute_hides_in_known_ways(style, expected):
    assert ways(declarations(style)) == expected


def test_of_equal_rules_the_last_decides():
    same = "<style>.a{display:none}</style><style>.b{display:block}</style><style>.a{display:none}</style>"
    tree = parse_html(f"{same}<p class='a b'>x</p>")
    assert [way for way, _ in Concealment(tree).of(tree.select_one("p"))] == [Way.DISPLAY]


SHEETS = [
    (".a{display:none}", [".a"]),
    ("/* .x{display:none} */ .a , #b{display:none}", [".a", "#b"]),
    ("@media screen and (max-width:9px){.a{display:none}}", [".a"]),
    ("@media print{.a{display:none}}", []),
    ("@media only print , x{.a{display:none}}", [".a"]),
    ("@keyframes k{from{opacity:0}to{opacity:1}}.a{display:none}", [".a"]),
    ("@import url(x.css);@charset 'utf-8';.a{display:none}", [".a"]),
    ("@supports (display:grid){@media all{.a{display:none}}}", [".a"]),
    (".a:hover{display:none}a:link{display:none}", ["a"]),
    ("<!-- .a{display:none} -->", [".a"]),
    (".a{color:red}", []),
    (".a{display:none", []),
    ("}}}.a{display:none}", [".a"]),
]


@pytest.mark.parametrize(("sheet", "selectors"), SHEETS)
def test_the_rules_of_a_style_sheet_are_read(sheet, selectors):
    assert [selector for selector, _ in parse(sheet)] == selectors


DOCUMENTS = [
    ("<div style='display:none'><p><a href=x>x</a></p></div>", [Way.DISPLAY]),
    ("<style>.k{left:-9999px}</style><div class=k><a href=x>x</a></div>", [Way.OFF_SCREEN]),
    ("<style>.k{display:none}</style><div class=k style='display:block'><a href=x>x</a></div>", []),
    ("<section hidden><a href=x>x</a></section>", [Way.ATTRIBUTE]),
    ("<p></p><noscript><a href=x>x</a></noscript>", [Way.NOSCRIPT]),
    ("<marquee width=1><a href=x>x</a></marquee>", [Way.MARQUEE]),
    ("<marquee scrollamount=9999><a href=x>x</a></marquee>", [Way.MARQUEE]),
    ("<marquee scrollamount=3><a href=x>x</a></marquee>", []),
    ("<table width=0 height=0><tr><td><a href=x>x</a></table>", [Way.TINY]),
    ("<div style='font-size:0'><a href=x style='font-size:14px'>x</a></div>", []),
    ("<div style='font-size:0'><a href=x>x</a></div>", [Way.FONT]),
    ("<div style='background:#FFF'><a href=x style='color:white'>x</a></div>", [Way.COLOUR]),
    ("<div style='background:#039'><a href=x style='color:#fff'>x</a></div>", []),
    ("<table bgcolor=red><tr><td><font color='#ff0000'><a href=x>x</a></font></table>", [Way.COLOUR]),
    ("<a href=x style='color:rgba(0,0,0,0)'>x</a>", [Way.COLOUR]),
    ("<a href=x>x</a>", []),
]


@pytest.mark.parametrize(("html", "expected"), DOCUMENTS)
def test_an_element_is_hidden_by_itself_or_an_ancestor(html, expected):
    tree = parse_html(html)
    found = Concealment(tree).of(tree.select_one("a"))
    assert [way for way, _ in found] == expected


@pytest.mark.parametrize(
    "selector", ["a[", "\\", "a b >> c", "*|*|*", "a[href", "[a='\\", "\ud800", "\0", "..a", "(" * 9_999]
)
def test_a_selector_that_is_none_hides_nothing_and_the_rules_beside_it_count(selector):
    tree = parse_html("<div class=k><a href=x>x</a></div>")
    assert [way for way, _ in Concealment(tree, frozenset({selector, ".k"})).of(tree.select_one("a"))] == [Way.SCRIPT]


COSTLY = [
    ("x{} *", "<i>" * 40_000),
    ("*+x{}+*~* .a", ("<div class=a>" + "<p class=a></p>" * 300) * 100),
    (".a" * 5_000 + ".x{}", "<p class=a>" * 3_300),
]


@pytest.mark.parametrize(("selector", "body"), COSTLY, ids=["nested", "siblings", "classes"])
def test_rules_that_are_costly_to_look_for_take_little_time(selector, body):
    sheets = "".join(f"<style>{selector.format(number)}{{display:none}}</style>" for number in range(100))
    tree = parse_html(f"{sheets}{body}<a>")
    begun = process_time()
    assert Concealment(tree).of(tree.select("a")[-1]) == ()
    assert process_time() - begun < 5


def test_what_a_script_hides_is_told():
    tree = parse_html("<div id=z><a href=x>x</a></div>")
    assert [way for way, _ in Concealment(tree, frozenset({"#z", "]bad["})).of(tree.select_one("a"))] == [Way.SCRIPT]


@pytest.mark.parametrize(
    ("text", "pixels"),
    [("1px", 1), ("-2em", -32), ("0", 0), (".5px", 0.5), ("50%", 500), ("auto", None), ("calc(1px)", None), ("", None)],
)
def test_lengths_are_read_in_pixels(text, pixels):
    assert length(text) == pixels


@given(st.text(alphabet=":;{}()@/*\\-'\"a0%!.# ", max_size=80))
def test_arbitrary_css_is_read_without_crashing(text):
    ways(declarations(text))
    parse(text)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<div style=display:none><p><b><i>{}", [Way.DISPLAY]),
        ("<div style=font-size:0><p style=font-size:14px>{}", []),
        ("<div style=font-size:0><p style=display:none>{}", [Way.DISPLAY, Way.FONT]),
        (
            "<div style=font-size:0><p style='font-size:14px;opacity:0'><b style=font-size:1px>{}",
            [Way.FONT, Way.OPACITY],
        ),
        ("<div style=background:red><p><font color=red>{}", [Way.COLOUR]),
        ("<div style=background:red><p style=background:transparent><font color=red>{}", [Way.COLOUR]),
        ("<div style=background:red><p style=background:blue><font color=red>{}", []),
    ],
)
def test_what_is_around_an_element_hides_it_in_whatever_order_is_asked(html, expected):
    links = "<a id=one>甲</a><a id=two>乙</a>"
    for order in ("one", "two"), ("two", "one"):
        tree = parse_html(html.format(links))
        concealment = Concealment(tree)
        for name in order:
            assert [way for way, _ in concealment.of(tree.select(f"#{name}")[0])] == expected


def test_of_many_ways_the_nearest_and_the_outermost_are_told():
    tree = parse_html("<div id=out style=opacity:0>" + "<div style=display:none>" * 100 + "<a>甲")
    hidden = Concealment(tree).of(tree.select("a")[0])
    assert len(hidden) == MOST_WAYS
    assert [way for way, _ in hidden] == [Way.DISPLAY] * (MOST_WAYS - 1) + [Way.OPACITY]
    assert hidden[-1][1].attr("id") == "out"
