"""What a link says: its own words, and none of the links that stand in it."""

import pytest

from checks.model.html_tree import parse_html
from checks.reading.link_text import link_text, texts
from tests.cost import assert_linear


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<a>通知</a>后", "通知"),
        ("<a> 关于 <b>做好</b>\n<i><u>工作</u></i>的通知 </a>", "关于做好工作的通知"),
        ("<a><img alt=图></a>后", ""),
        ("<a></a>后", ""),
        ("<a><div><p>甲</p></div><p>乙</p></a>", "甲乙"),
        ("<svg><a>外<a>内</a>后</a></svg>", "外后"),
    ],
)
def test_of_a_link_is_what_stands_between_its_tags(html, text):
    assert link_text(parse_html(html).select("a")[0]) == text


def test_of_an_item_are_in_the_order_of_the_page():
    item = parse_html("<ul><li><a>甲<b>乙</b></a> <span>丙</span></li></ul>").select("li")[0]
    assert list(texts(item, within_links=True)) == ["甲", "乙", " ", "丙"]
    assert list(texts(item, within_links=False)) == [" ", "丙"]


def test_of_links_in_links_is_read_once():
    def read(n):
        return [link_text(link) for link in parse_html("<svg>" + "<a>通知" * n).select("a")]

    assert_linear(read, lambda n: n, 4_000, seconds=0.3)
