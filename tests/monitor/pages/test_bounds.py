"""Documents in which formatting elements would be opened anew without end, and those that only look so."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.model.html_tree import parse_html
from monitor.pages import bounds
from monitor.pages.bounds import DEPTH, MOST, bounded
from tests.cost import assert_linear

FEW = 3_000
"""Elements opened anew that are let pass where tests are to be cheap."""

ADOPTED = 40
"""Elements that a tag may make of its own (HTML, the adoption agency: 8 rounds of 4 elements, and implied ones)."""


def opened(count: int, name: str = "font") -> str:
    return "".join(f"<{name} id=f{number}>" for number in range(count))


def elements(html: str) -> int:
    return sum(1 for _ in parse_html(html).iter_elements())


@pytest.mark.parametrize(
    "html",
    [
        "<p>" + opened(30) + "<p>政务公开</p>" * 9_000,
        "<b>粗</b>" * 20_000,
        "".join(f"<I class='icon i{number}'></I ><br>" for number in range(20_000)),
        "<p><font color=red>" * 20_000,
        "<strong><em><a href=x>一</a></em></strong>" * 20_000,
        "<li><a id=a class=b>一</a><body><center><span>" * 20_000,
        "<div>" * 100_000,
        "<p " + " ".join(f"a{number}" for number in range(50_000)) + ">",
        "<p title='" + "<b>粗</b>" * 9_000 + "'>",
    ],
    ids=lambda html: html[:20],
)
def test_a_large_ordinary_document_stays_as_it_is(html):
    assert bounded(html) is html


def test_nothing_is_looked_for_in_a_document_of_few_tags():
    html = opened(DEPTH) + "<p>一</p>" * (MOST // DEPTH - DEPTH)
    assert bounded(html) is html
    assert bounded(html + "<p>") != html + "<p>"


@pytest.mark.parametrize("name", "b big code em font i nobr s small strike strong tt u FONT".split())
def test_formatting_that_is_never_closed_is_not_opened_anew_without_end(name):
    html = bounded("<p>" + opened(400, name) + "</p>" + "<p>一</p>" * 3_000)
    assert elements(html) == 3 + 1 + 400 + 3_000
    assert len(parse_html(html).select("span[id]")) == 400


@pytest.mark.parametrize(
    "kept",
    [
        "<!-- <b x> -->",
        "<!--><br>-->",
        "<! <b x>",
        "<script>if (a<b) '<b x>' </script >",
        "<STYLE><b x></style>",
        "<title><b x></title>",
        "<textarea><b x></textarea>",
        "<p title='a>b <b x>' alt=\"<b x>\" c=<b>",
        "<br><body><big-font x><a href='<i>'>",
        "</ <b>>",
    ],
)
def test_nothing_but_tags_of_formatting_elements_is_changed(monkeypatch, kept):
    monkeypatch.setattr(bounds, "_is_costly", lambda html: "<font" in html)
    assert (
        bounded(f"{kept}<font title='<b>'/>一</font x><b>{kept}") == f"{kept}<span title='<b>'/>一</span x><span>{kept}"
    )


@pytest.mark.parametrize(
    "hiding", ["<svg><style>", "<script><!--<script></script><!--</script>", "<svg><title>", "<math><textarea>"]
)
def test_what_is_a_tag_to_the_parser_alone_is_bounded_too(hiding):
    html = bounded(hiding + "<p>" + opened(400) + "</p>" + "<p>一</p>" * 3_000)
    assert elements(html) < 4_000
    assert len(parse_html(html).select("span[id]")) == 400


@pytest.mark.parametrize("odd", ["<b a='>{}'>一</b>", "<b a='<{}'>", "<b a=b'{}>", "<b a='{}'>一</bb>"])
def test_a_tag_counts_where_it_may_be_open_or_unlike_others(odd):
    html = "<p>" + "".join(odd.format(number) for number in range(DEPTH)) + "<p>一" * 3_000
    assert bounded(html) != html


PIECES = (
    "<b>|</b>|<b id=1 href=/1>|<i id='2'>|<font id=3 color=\"red\">|</font>|<nobr>|<u a='>'>|<em/>|<a href=/2>|</a>"
    "|<p>|</p>|<div>|</div>|<table>|<tr>|<td id=4>|</td>|</table>|<li>|<span>|</span>|<svg>|<title>|</title>|<style>"
    "|</style>|<script>|</script>|<foreignObject>|</svg>|<select>|<option>|</select>|<object>|</object>|<!--|-->|'|一| "
    "|<p>一|<li>一|</div>一|<tr>一|<td>一|<table>一|</span>一"
).split("|")


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from([1, 1, 2, 300])), max_size=20), st.integers(0, 400))
@example([("<p>一", 300)], 400)
@example([("<svg>", 1), ("<style>", 1), ("<p>一", 300)], 400)
def test_no_row_of_tags_has_more_opened_anew(pieces, unclosed):
    html = "<p>" + opened(unclosed, "i") + "".join(piece * count for piece, count in pieces)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "MOST", FEW)
        html = bounded(html)
    assert elements(html) <= FEW + ADOPTED * (html.count("<") + 1)


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join))
def test_no_text_place_or_link_is_lost(html):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bounds, "MOST", 0)
        before, after = parse_html(html), parse_html(bounded(html))
    for attribute in ("id", "href"):
        assert {node.attr(attribute) for node in before.select(f"[{attribute}]")} == {
            node.attr(attribute) for node in after.select(f"[{attribute}]")
        }
    assert before.root.text.count("一") == after.root.text.count("一")


@pytest.mark.parametrize(
    "unit",
    ["<b>", "<b ", '<b a="', "<b a=b' >", "<b a='>'>", "<b a=", "<b / ", "<!--", "<title>", "<b></b", "<p a='x\"'>"],
)
def test_looking_through_a_document_takes_linear_time(unit):
    hostile = "<p>" + opened(600) + "<p>" * 3_000
    assert_linear(bounded, lambda size: hostile + unit * (size // len(unit)), 400_000, 1)
