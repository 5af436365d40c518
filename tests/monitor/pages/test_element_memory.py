"""Elements of templates are read once for all pages, and say the same as if each had been read by itself."""

import pickle
import random

import pytest

from checks.model import Region, Response
from checks.model.html_tree import parse_html
from monitor.pages.element_memory import KEPT, SEEN, ElementMemory
from monitor.pages.parse import Parser
from monitor.pages.urls import HrefResolver
from tests.factories import MONDAY, at

HREFS = (
    "", "#", "#p", "?p=2", "/", "/a/b.html", "//www.other.gov.cn/", "http://www.other.gov.cn/a.pdf#p", "HTTP://A.CN/",
    "b.html", "./b.html", "../b.html", "../../b.jpg", " b.html ", "javascript:void(0)", "JavaScript:open('/s.html')",
    "tel:a/../b#c", "mailto:",
    "mailto:a@b.cn", "http://", "http://[", "x:y", "/${url}", "%24%7Burl%7D", "/办事.html?q=办", "/a;jsessionid=1?b=2",
)  # fmt: skip
ATTRIBUTES = (
    "", "title=题", "title=''", "alt=图", "style='background:url(/bg.png)'", "onclick=\"location.href='/c.html'\"",
    "onchange=\"open('/d.html')\"",
    "onclick=show(1)", "style=color:red", "data-toggle=tab", "class=x", "data-href='\"<&'", "xlink:href=/x",
)  # fmt: skip
WORDS = (
    "", "首页", " 首 页 ", "a&amp;b&lt;c", "<b>粗</b>体", "<img alt=标>", "<!-- 注 -->", "首<!-- -->页",
    "<a href=/in>内</a>", "<img src=/i.png>", "<span> 一 </span><span>二</span>", "<i></i>图", "<div>块</div>",
    "<img src=1.png alt=' 图 '><p>图</p>", "<xmp><img alt=x></xmp>", "<style>a</style>", "<span>一</span>" * 9,
)  # fmt: skip
OTHERS = (
    "<img src=/a.png>", "<img src='' data-src=b.png title=图>", "<img srcset='a.png 1x, /b.png 2x'>", "<img>",
    "<link rel=stylesheet href=../s.css>", "<link rel=preload as=image imagesrcset='/1.png'>", "<link rel=icon>",
    "<script src=/a.js></script>", "<script src=/a.js>a</script>", "<script href=/b.js></script>",
    "<img src=x.png style='background:url(y.png)' onclick=\"location='/z.html'\">",
)  # fmt: skip
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


class NoMemory(ElementMemory):
    """Has every element read by itself."""

    def read(self, _):
        return None


def documents(seed: int) -> list[tuple[str, bytes]]:
    """Return pages of a site, where each stands and its bytes: their elements repeat, as few are drawn from."""
    draw = random.Random(seed)
    links = [
        f'<a href="{draw.choice(HREFS)}" {draw.choice(ATTRIBUTES)}>{draw.choice(WORDS)}</a>' for _ in range(40)
    ] + [*OTHERS, "<a>无</a>", "<a href>空</a>", "<a xlink:href=/y>图</a>"]
    pages = []
    for _ in range(20):
        body = "".join(draw.choice(AROUND).format("".join(draw.choices(links, k=6))) for _ in range(8))
        charset = draw.choice(("utf-8", "gb18030"))
        html = f"<meta charset={charset}>{draw.choice(HEADS)}{body}"
        pages.append((at(draw.choice(PLACES)), html.encode(charset)))
    return pages


def parsed(parser: Parser, url: str, body: bytes):
    return parser.parse(url, Response(url, 200), body, MONDAY).references


@pytest.mark.parametrize("seed", range(10))
def test_what_is_remembered_of_an_element_is_what_is_read_of_it(seed):
    remembering = Parser(HrefResolver())
    for url, body in documents(seed):
        reading = Parser(HrefResolver(), memory=NoMemory())
        assert parsed(remembering, url, body) == parsed(reading, url, body)
    assert len(remembering.memory._known) > 20


def test_an_element_is_remembered_from_its_second_time_on_and_is_the_same_one_wherever_it_stands():
    memory, link = ElementMemory(), "<a href=/a.html>甲</a>"
    nodes = parse_html(f"{link}<p><a href='/a.html'>甲</a></p><a href=/a.html>乙</a>{link}").select("a")
    first, second, other, third = map(memory.read, nodes)
    assert first is None
    assert other is None
    assert second is not None
    assert second is third
    assert [written.text for written in second.written] == ["甲"]


@pytest.mark.parametrize(
    "link",
    [
        f"<a href=/>{'<span>一</span>' * 9}</a>",
        "<a href=/><div>块</div></a>",
        "<svg><a href=/><a href=/in></a></a></svg>",
    ],
)
def test_links_that_hold_much_or_what_their_markup_does_not_tell_are_none_that_are_remembered(link):
    memory, tree = ElementMemory(), parse_html(link * 3)
    assert all(memory.read(node) is None for node in tree.select("a[href='/']"))


def test_a_telephone_is_the_same_in_every_folder_and_is_resolved_once():
    parser, link = Parser(HrefResolver()), "<a href=tel:12345>热线</a>" * 2
    for place in ("/a/", "/b/c.html"):
        assert parsed(parser, at(place), link.encode()) == ()
    (remembered,) = parser.memory._known.values()
    assert [written.resolved_at for written in remembered.written] == [at("/").rstrip("/")]


def test_one_link_has_a_place_of_its_own_on_each_page():
    parser, link = Parser(HrefResolver()), "<a href=/a.html>甲</a>"
    first = parsed(parser, at("/"), f"<nav>{link}</nav><footer>{link}</footer>".encode())
    again = parsed(parser, at("/b/"), f"<footer>{link}</footer>".encode())
    assert [each.region for each in (*first, *again)] == [Region.MENU, Region.FOOTER, Region.FOOTER]


def test_what_is_remembered_is_bounded_and_stays_in_its_process():
    memory = ElementMemory()
    tree = parse_html("".join(f"<a href=/{number}>x</a>" for number in range(KEPT + 10)))
    for node in tree.select("a") * 2:
        memory.read(node)
    assert len(memory._known) == 10
    tree = parse_html("".join(f"<a href=/{number}>y</a>" for number in range(SEEN + 10)))
    for node in tree.select("a"):
        memory.read(node)
    assert 0 < len(memory._seen) <= SEEN
    assert pickle.loads(pickle.dumps(memory)) == ElementMemory()
    memory.forget()
    assert memory == ElementMemory()
