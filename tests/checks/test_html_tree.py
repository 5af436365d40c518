"""The tree of a document: what browsers make of it, in time that grows with its length alone."""

import pytest

from checks.model.html_tree import TextNode, body_of, first_child, parent_of, parse_html, stripped_text
from tests.cost import assert_linear


def test_what_stands_in_a_template_is_left_out_unless_it_is_one_of_a_drawing():
    tree = parse_html(
        "<template><a href=/a>甲</a><template><p id=b></template></template><TEMPLATE><p id=c></TEMPLATE>"
        "<svg><template><foreignObject><a href=/d>丁</a></foreignObject></template></svg>"
    )
    assert [link.attr("href") for link in tree.select("a[href]")] == ["/d"]
    assert tree.select("[id]") == []


def test_a_declared_shadow_is_a_template():
    tree = parse_html("<div><template shadowrootmode=open><a href=/a>甲</a></template><p>乙</p></div>")
    assert tree.select("a") == []
    assert tree.root.text == "乙"


@pytest.mark.parametrize(("scripting", "links"), [(False, 1), (True, 0)])
def test_noscript_is_text_where_scripts_run(scripting, links):
    assert len(parse_html("<noscript><a href=/a>甲</a></noscript>", scripting=scripting).select("a")) == links


@pytest.mark.parametrize(
    "html", ["", "甲", "<p>", "</html>", "<frameset><frame src=/a>", "<!-- ", "\ufffd", "<a\ufffd>"]
)
def test_whatever_the_text_is_it_has_a_root_and_mostly_a_body(html):
    tree = parse_html(html)
    assert tree.root.tag == "html"
    assert (body_of(tree) is None) == ("frameset" in html)


def test_nodes_know_their_neighbours():
    (link,) = parse_html("<p><a> 甲 <b>乙</b>\n</a></p>").select("a")
    text = first_child(link)
    assert isinstance(text, TextNode)
    assert parent_of(text) == link
    assert stripped_text(link) == "甲乙"
    root = parse_html("").root
    assert parent_of(root) is None
    assert first_child(body_of(parse_html(""))) is None


@pytest.mark.parametrize(
    "unit",
    [
        "<div>",
        "<a href=x>",
        "<b><div>",
        "<table><tr><td>",
        "<svg><g>",
        "<template>",
        "<select><option>",
        "<li>甲",
        "&notit;",
    ],
)
def test_elements_in_elements_cost_no_more_than_others(unit):
    assert_linear(parse_html, lambda size: unit * (size // len(unit)), 400_000, 1)


DEEPEST = 520
"""Elements that stand in one another at most: 512, as in Chromium, and a few that tables imply."""


@pytest.mark.parametrize(
    "unit", ["<div>", "<span><div></span>", "<b><div></b>", "<svg><g>", "<section><p>", "<div><table></div>", "<x-y>"]
)
def test_nothing_nests_deeper_than_browsers_let_it(unit):
    innermost = (node for node in parse_html(unit * 5_000).iter_elements() if not len(node))
    assert max(sum(1 for _ in node.ancestors) for node in innermost) <= DEEPEST


def test_what_nests_too_deep_keeps_its_places_text_and_links():
    tree = parse_html("".join(f"<div id=d{number}>" for number in range(5_000)) + "<a href=x>题</a>")
    assert len(tree.select("[id]")) == 5_000
    assert tree.select_one("a[href=x]") is not None
    assert tree.root.text == "题"


def test_elements_keep_all_their_attributes_and_menus_all_their_choices():
    tree = parse_html("<p " + " ".join(f"a{number}" for number in range(5_000)) + "><select>" + "<option>一" * 5_000)
    assert len(tree.select_one("p").attrs) == len(tree.select("option")) == 5_000


def test_attributes_of_one_element_cost_no_more_than_those_of_many():
    assert_linear(parse_html, lambda n: "<p " + " ".join(f"a{number}" for number in range(n)) + ">", 60_000, 1)
