"""An article is told from a list by its build, and its date is read; related links and pagers are furniture."""

import pytest

from checks.columns.lists import read_list
from checks.columns.page_facts import observe
from tests.sites.pages import document, page_of

URL = "https://www.example.gov.cn/a4.html"
TEXT = "市里召开会议部署今年的重点工作，要求各单位明确责任、抓好落实，切实提高服务群众的水平。" * 4
LATIN = "The server writes the pages of a table in the order in which they were changed, and not otherwise. " * 4
DATED = "".join(f"<li><a href='{n}.html'>关于开展第{n}号工作的通知</a> 2019-09-{n}</li>" for n in range(10, 20))
FEW = "".join(f"<li><a href='{n}.html'>文章标题很长很长的新闻</a> 2019-09-{n}</li>" for n in (26, 30))
ABSTRACTS = "".join(
    f"<li><h3><a href='{n}.html'>关于开展第{n}号工作的通知</a></h3><p>{TEXT[:60]}</p><span>2019-09-{n}</span></li>"
    for n in range(10, 20)
)
PICTURES = "".join(
    f"<p><a href='p{n}.jpg'><img src='p{n}.jpg' alt='图{n}'></a></p><p>图{n}为某县冬日美景</p>" for n in range(9)
)
BREAKS = DATED.replace("<li>", "").replace("</li>", "<br>")
HEAD = "<h1>丁文标题</h1><div>{}</div>"

ARTICLES = {
    "byline and a share button": HEAD.format("2020年02月18日 10:00 来源：某日报 <a href='s1.html'>分享到微信</a>")
    + f"<p>{TEXT}</p>",
    "pager": HEAD.format("2020年02月18日 10:00 来源：某日报")
    + f"<p>{TEXT}</p><a href='a1.html'>上一篇</a> <a href='a3.html'>下一篇</a>",
    "trail": "<div><a href='/'>首页</a> &gt; <a href='/yw/'>要闻</a></div>"
    + HEAD.format("2020年02月18日 10:00 <a href='src.html'>来源网站名称一览</a>")
    + f"<p>{TEXT}</p>",
    "two related": HEAD.format("2020年02月18日 10:00") + f"<p>{TEXT}</p><h3>相关新闻</h3><ul>{FEW}</ul>",
    "ten related": HEAD.format("2020年02月18日 10:00") + f"<p>{TEXT}</p><h3>相关新闻</h3><ul>{DATED}</ul>",
    "ten related before it": f"<ul>{DATED}</ul>" + HEAD.format("2020年02月18日 10:00") + f"<p>{TEXT}</p>",
    "labelled": HEAD.format("发布时间：2020-02-18") + f"<p>{TEXT}</p><ul>{DATED}</ul>",
    "pictures and what else to read": HEAD.format("发布时间：2020-02-18")
    + PICTURES
    + f"<div class='rec'><h3>推荐阅读</h3>{BREAKS}</div>",
    "a film and others": HEAD.format("2020-02-18")
    + "<video src='v.mp4'></video><div><div><span>往期回顾</span><a href='/more/'>更多</a></div>"
    + f"<div><ul>{DATED}</ul></div></div>",
    "short and related": HEAD.format("2020-02-18") + f"<p>定于明日停水。</p>【相关新闻】<ul>{DATED}</ul>",
    "pictures and the most read": HEAD.format("2020-02-18")
    + PICTURES
    + f"<dl><dt>点击排行榜</dt><dd><ul>{DATED}</ul></dd></dl>",
    "short": HEAD.format("2020-02-18") + "<p>定于明日停水。</p>",
}


@pytest.mark.parametrize("name", ARTICLES)
@pytest.mark.parametrize("url", [URL, "https://www.example.gov.cn/tzgg/list_1.html"])
def test_an_article_without_metas_is_no_list_and_has_its_date(name, url):
    facts = observe(page_of(document(ARTICLES[name], title="a4标题"), url=url))
    assert (facts.listing, facts.article, f"{facts.published:%Y-%m-%d}") == (None, True, "2020-02-18")


LISTS = {
    "dated": f"<h1>通知公告</h1><ul>{DATED}</ul>",
    "dates first": "<h1>通知公告</h1><ul>"
    + "".join(f"<li><span>2019-09-{n}</span> <a href='{n}.html'>第{n}号通知</a></li>" for n in range(10, 20))
    + "</ul>",
    "abstracts": f"<h1>通知公告</h1><ul>{ABSTRACTS}</ul>",
    "introduction": f"<h1>通知公告</h1><p>{TEXT[:90]}</p><ul>{DATED}</ul>",
    "a long introduction": f"<h1>通知公告</h1><p>{TEXT[:120]}</p><ul>{DATED}{DATED.replace('.html', '-2.html')}</ul>",
    "dated, and under a heading for related files": "<p>更新时间：2020-02-18</p><h1>通知公告</h1>"
    f"<ul>{DATED}</ul><h3>相关文件</h3><ul>{FEW}</ul>",
    "two items": f"<h1>通知公告</h1><ul>{FEW}</ul>",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_stays_a_list(name):
    facts = observe(page_of(document(LISTS[name], title="通知公告")))
    assert facts.listing.form == "markup"
    assert facts.published is None


MANUALS = {
    "chapter": f"<h1>Chapter 3</h1><p>{LATIN}</p><a href='ch02.html'>Prev</a> <a href='ch04.html'>Next</a>",
    "contents": "<h1>Part 2</h1><ul>"
    + "".join(f"<li><a href='s{n}.html'>3.{n}. Configuring the server</a></li>" for n in range(9))
    + "</ul><a href='ch04.html'>Next</a>",
}


@pytest.mark.parametrize("name", MANUALS)
def test_the_next_chapter_of_a_manual_continues_no_list(name):
    facts = observe(page_of(document(MANUALS[name], title="Chapter 3"), url="https://docs.example.org/ch03.html"))
    assert facts.listing is None or facts.listing.following == ()
    assert facts.published is None


BLOG_AUTHOR = '<span>作者 <a href="/author/office/">县政府办</a></span>'
BLOG_ASIDE = "<aside><ul>" + "".join(
    f'<li><a href="/2021/0{n}/1/a-{n}/">关于做好第{n}项重点工作的通知</a> 2021-0{n}-01</li>' for n in range(1, 7)
)


def blog_entry(number: int) -> str:
    """One entry of an archive as blog software writes it: title, author, abstract and a link to go on reading."""
    url = f"/2021/0{number}/1/a-{number}/"
    return (
        f'<article><header><h2><a href="{url}">关于做好第{number}项重点工作的通知</a></h2><div>'
        f"<time>2021年{number}月1日</time>{BLOG_AUTHOR}</div></header><div><p>{SENTENCE}</p>"
        f'<a href="{url}">继续阅读</a></div></article>'
    )


SENTENCE = "各单位要高度重视，认真组织实施，确保各项工作落到实处。"


def test_an_archive_is_a_list_though_every_entry_links_to_its_author_too():
    page = page_of(document("".join(map(blog_entry, range(1, 7))) + BLOG_ASIDE, title="通知公告"))
    listing = read_list(page)
    assert [(item.title[:5], item.published.month) for item in listing.items] == [
        ("关于做好第", number) for number in range(1, 7)
    ]


def test_an_article_that_links_to_its_column_is_no_list_nor_is_what_stands_beside_it():
    article = (
        "<article><h1>关于做好秋粮收购工作的通知</h1><div><time>2021年9月4日</time> "
        f'<a href="/tzgg/">通知公告</a></div><p>{SENTENCE * 6}</p></article>'
    )
    assert read_list(page_of(document(article + BLOG_ASIDE, title="关于做好秋粮收购工作的通知"))) is None
