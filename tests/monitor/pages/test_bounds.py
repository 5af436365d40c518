"""Documents that would cost their parser too much, and those that only look so."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checks.model.html_tree import parse_html
from monitor.pages import bounds
from monitor.pages.bounds import DEPTH, LONG_TAG, MANY_TAGS, MOST_ATTRIBUTES, bounded, has_long_tag
from tests.fuzz.mutate import document
from tests.fuzz.pipeline import seeds

FILLER = "<p>政务公开</p>" * 12_000
"""Enough to have any document scanned."""


def depth(html: str) -> int:
    innermost = (node for node in parse_html(html).iter_elements() if not len(node))
    return max(sum(1 for _ in node.ancestors) for node in innermost)


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 300 + "x" + "</div>" * 300 + FILLER,
        "<svg>" + '<circle r="1"/>' * 20_000 + "</svg><h2 id=x>题</h2>" + FILLER,
        "<br><hr><img src=x>" * 20_000,
        "<ul>" + "<li>一" * 20_000 + "</ul>",
        "<table>" + "<tr><td>一" * 20_000 + "</table>",
        "<script>" + "if (a<b) { '<div>' }" * 10_000 + "</script>" + FILLER,
        "<!-- " + "<div>" * 30_000 + " -->",
        "<b>粗</b>" * 20_000,
        "<p title='" + "a>b " * 30_000 + "'>一</p>",
        "<img src='data:image/png;base64," + "A" * 200_000 + "'>",
        "<div><span>一</div>" * 20_000,
    ],
    ids=lambda html: html[:20],
)
def test_a_large_ordinary_document_stays_as_it_is(html):
    assert bounded(html) is html


@pytest.mark.parametrize(
    "unit", ["<div>", "<span><div></span>", "<b><div></b>", "<svg><g>", "<section><p>", "<div><table></div>", "<x-y>"]
)
def test_nothing_nests_deeper_than_browsers_let_it(unit):
    html = bounded(unit * 20_000)
    assert depth(html) <= DEPTH + 10


def test_what_nests_too_deep_keeps_its_places_text_and_links():
    html = bounded("".join(f"<div id=d{number}>" for number in range(20_000)) + "<a href=x>题</a>")
    tree = parse_html(html)
    assert len(tree.select("[id]")) == 20_000
    assert tree.select_one("a[href]") is not None
    assert tree.root.text == "题"


def test_headings_after_drawings_keep_their_places_and_hidden_blocks_their_style():
    html = "<svg>" + '<circle r="1"/>' * 600 + "</svg><h2 id=x>题</h2><div style='display:none'>" + FILLER
    tree = parse_html(bounded(html))
    assert tree.select_one("h2[id=x]") is not None
    assert tree.select_one("div[style]") is not None


def test_an_element_keeps_its_first_attributes():
    html = bounded("<p " + " ".join(f"a{number}" for number in range(50_000)) + "><a href=x>题</a>")
    tree = parse_html(html)
    assert len(tree.select_one("p").attrs) == MOST_ATTRIBUTES
    assert tree.select_one("a").attrs == {"href": "x"}


def test_a_menu_keeps_its_choices():
    html = bounded("<select name=s>" + "<option value=1>一" * 12_000 + "</select>")
    assert len(parse_html(html).select("option")) == 12_000


def test_formatting_that_is_never_closed_is_not_opened_anew_without_end():
    opened = "<p>" + "".join(f"<font size={number}>" for number in range(400)) + "</p>"
    html = bounded(opened + "<p>一</p>" * 50_000)
    nodes = sum(1 for _ in parse_html(html).iter_elements())
    assert nodes < 500_000


def test_no_document_is_called_ordinary_that_the_thorough_look_would_change():
    documents, ordinary = seeds(), 0
    for number in range(400):
        html = document(number, documents)[0].decode("utf-8", "replace")
        if bounds._is_ordinary(html):
            ordinary += 1
            assert bounds._Scan(html).run().replace(" multiple", "") == html.replace(" multiple", ""), number
    assert ordinary > 200


@pytest.mark.parametrize(
    "html",
    [
        "<div>" * 600,
        "<DIV>" * 600,
        "<span><div></span>" * 600,
        "<b>" * 5 + "<p>" * 100,
        "<p " + "a " * 1_100 + ">",
        "<p a='>' " + "b='<' " * 1_100 + ">",
        "<script " + "a " * 1_100 + "></script>",
        "<select>" + "<option>" * 1_100,
        "<svg><title>" + "<div>" * 600 + "</title></svg>",
        "<sVg><title>" + "<div>" * 600 + "</title></sVg>",
        "<!-- <p a=' --><div>" * 600,
        "<script>'<p a=\"'</script><div>" * 600,
        "<textarea></TEXTAREA><div>" * 600,
    ],
    ids=lambda html: html[:20],
)
def test_what_may_be_costly_is_never_called_ordinary(html):
    assert not bounds._is_ordinary(html)


def test_documents_are_looked_through_as_soon_as_they_can_hold_many_tags():
    assert not bounds._is_large("<b>" * MANY_TAGS)
    assert bounds._is_large("<b>" * (MANY_TAGS + 1))


@given(st.lists(st.sampled_from([0, 1, LONG_TAG // 2, LONG_TAG - 1, LONG_TAG, LONG_TAG + 1]), max_size=5))
@example([LONG_TAG // 2 - 1, LONG_TAG + 1, LONG_TAG // 2])
def test_a_long_tag_is_found_wherever_it_stands(lengths):
    html = ">".join("x" * length for length in lengths)
    assert has_long_tag(html) == (max(map(len, html.split(">"))) > LONG_TAG)
