"""Plain links are read once for all pages, and say the same as if each had been read by itself."""

import pickle
import random

import pytest
from selectolax.lexbor import LexborHTMLParser

from checks.model import Region, Response
from monitor.pages.parse import Parser
from monitor.pages.plain_links import KEPT, PlainLinks
from monitor.pages.urls import HrefResolver
from tests.factories import MONDAY, at

HREFS = (
    "", "#", "#p", "?p=2", "/", "/a/b.html", "//www.other.gov.cn/", "http://www.other.gov.cn/a.pdf#p", "HTTP://A.CN/",
    "b.html", "./b.html", "../b.html", "../../b.jpg", " b.html ", "javascript:void(0)", "JavaScript:open('/s.html')",
    "mailto:a@b.cn", "http://", "http://[", "x:y", "/${url}", "%24%7Burl%7D", "/办事.html?q=办", "/a;jsessionid=1?b=2",
)  # fmt: skip
ATTRIBUTES = (
    "", "title=题", "title=''", "alt=图", "style='background:url(/bg.png)'", "onclick=\"location.href='/c.html'\"",
    "onchange=\"open('/d.html')\"", "data-toggle=tab", "class=x", "data-href='\"<&'", "xlink:href=/x",
)  # fmt: skip
WORDS = (
    "",
    "首页",
    " 首 页 ",
    "a&amp;b&lt;c",
    "<b>粗</b>体",
    "<img alt=标>",
    "<!-- 注 -->",
    "首<!-- -->页",
    "<a href=/in>内</a>",
)
AROUND = (
    "<p>{}</p>",
    "<nav>{}</nav>",
    "<header>{}</header>",
    "<footer><ul><li>{}</ul></footer>",
    "<svg>{}</svg>",
    "<table>{}",
)
PLACES = ("/", "/a/", "/a/b/c.html", "/办/x.html", "/a/b/d.html?p=1")
HEADS = ("", "<base href=/base/dir/>", "<base href=http://www.third.gov.cn/>")


class NoPlainLinks(PlainLinks):
    """Has every link read by itself."""

    def read(self, _):
        return None


def documents(seed: int) -> list[tuple[str, bytes]]:
    """Return pages of a site, where each stands and its bytes: their links are drawn from few, so that they repeat."""
    draw = random.Random(seed)
    links = [
        f'<a href="{draw.choice(HREFS)}" {draw.choice(ATTRIBUTES)}>{draw.choice(WORDS)}</a>' for _ in range(40)
    ] + ["<a>无</a>", "<a href>空</a>", "<a xlink:href=/y>图</a>"]
    pages = []
    for _ in range(20):
        body = "".join(draw.choice(AROUND).format("".join(draw.choices(links, k=4))) for _ in range(8))
        charset = draw.choice(("utf-8", "gb18030"))
        html = f"<meta charset={charset}>{draw.choice(HEADS)}{body}"
        pages.append((at(draw.choice(PLACES)), html.encode(charset)))
    return pages


def parsed(parser: Parser, url: str, body: bytes):
    return parser.parse(url, Response(url, 200), body, MONDAY).references


@pytest.mark.parametrize("seed", range(10))
def test_what_is_remembered_of_a_link_is_what_is_read_of_it(seed):
    remembering = Parser(HrefResolver())
    for url, body in documents(seed):
        reading = Parser(HrefResolver(), plain_links=NoPlainLinks())
        assert parsed(remembering, url, body) == parsed(reading, url, body)


def test_a_link_of_words_alone_is_plain_and_the_same_one_wherever_it_stands():
    links = PlainLinks()
    nodes = LexborHTMLParser("<a href=/a.html>甲</a><p><a href='/a.html'>甲</a><a href=/a.html>乙</a>").css("a")
    first, again, other = map(links.read, nodes)
    assert first is not None
    assert first is again
    assert first is not other


def test_one_link_has_a_place_of_its_own_on_each_page():
    parser, link = Parser(HrefResolver()), "<a href=/a.html>甲</a>"
    first = parsed(parser, at("/"), f"<nav>{link}</nav><footer>{link}</footer>".encode())
    again = parsed(parser, at("/b/"), f"<footer>{link}</footer>".encode())
    assert [each.region for each in (*first, *again)] == [Region.MENU, Region.FOOTER, Region.FOOTER]


def test_what_is_remembered_is_bounded_and_stays_in_its_process():
    links = PlainLinks()
    tree = LexborHTMLParser("".join(f"<a href=/{number}>x</a>" for number in range(KEPT + 10)))
    for node in tree.css("a"):
        links.read(node)
    assert len(links._known) == 10
    assert pickle.loads(pickle.dumps(links)) == PlainLinks()
    links.forget()
    assert links == PlainLinks()
