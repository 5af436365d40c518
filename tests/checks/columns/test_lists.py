"""Lists of every CMS form: titles, addresses and dates come out right, menus and footers stay out."""

import json

import pytest

from checks.columns.interfaces import read_answer
from checks.columns.lists import may_be_list, read_list
from checks.reading.published import visible_date
from tests.sites.pages import NOW, document, page_of

MENU = (
    '<div class="nav"><ul><li><a href="/zwgk/">政务公开</a></li><li><a href="/zwfw/">政务服务大厅</a></li>'
    '<li><a href="/hdjl/">互动交流</a></li></ul></div>'
)
FOOTER = (
    '<div class="footer"><ul><li><a href="/about/">关于我们网站说明</a></li><li><a href="/map/">网站地图导航</a></li>'
    '<li><a href="/contact/">联系我们办公电话</a></li></ul><p>Copyright © 2026-01-01 版权所有</p></div>'
)

ROWS = (
    {
        "title": "关于印发2025年工作要点的通知",
        "href": "a.html",
        "date": "2026-09-04",
        "short": "09-04",
        "han": "二〇二六年九月四日",
        "day": "04",
        "month": "2026-09",
    },
    {
        "title": "关于公布2026年8月1日起施行事项的公告",
        "href": "b.html",
        "date": "2026-08-31",
        "short": "08-31",
        "han": "二〇二六年八月三十一日",
        "day": "31",
        "month": "2026-08",
    },
)
LINK = '<a href="{href}">{title}</a>'
UL = '<ul class="list">{rows}</ul>'
TABLE = "<table><tr><th>标题</th><th>日期</th></tr>{rows}</table>"

FORMS = {
    "ul, date right": (UL, f"<li>{LINK}<span>{{date}}</span></li>"),
    "ul, date left": (UL, f"<li><span>{{date}}</span>{LINK}</li>"),
    "ul, date in brackets": (UL, f"<li>·{LINK}[{{date}}]</li>"),
    "ul, month and day": (UL, f"<li>{LINK} [{{short}}]</li>"),
    "ul, date inside the link": (UL, '<li><a href="{href}">{title}<span>{date}</span></a></li>'),
    "ul, date at the end of the words": (UL, '<li><a href="{href}">{title} {date}</a></li>'),
    "ul, 中文数字": (UL, f"<li>{LINK}<em>{{han}}</em></li>"),
    "ul, day above month": (UL, f"<li><div><b>{{day}}</b><i>{{month}}</i></div>{LINK}</li>"),
    "ul, with a time and a source": (UL, f"<li>{LINK}<span>市财政局</span><span>{{date}} 09:30</span></li>"),
    "ul, title cut, whole in the attribute": (UL, '<li><a href="{href}" title="{title}">关于…</a>{date}</li>'),
    "ul, picture and title": (UL, f'<li><a href="{{href}}"><img src="a.jpg" alt=""></a>{LINK}<i>{{date}}</i></li>'),
    "ul in pieces": ("<div>{rows}</div>", f'<ul class="five"><li>{LINK}<span>{{date}}</span></li></ul>'),
    "table": (TABLE, f"<tr><td>{LINK}</td><td>{{date}}</td></tr>"),
    "table of documents": (
        TABLE,
        f"<tr><td>{LINK}</td><td>粤府〔2026〕9号</td><td>成文日期：2026-07-01 发布日期：{{date}}</td></tr>",
    ),
    "table with an interpretation": (
        TABLE,
        f'<tr><td>{LINK}</td><td><a href="j1.html">图解</a></td><td>{{date}}</td></tr>',
    ),
    "dl": ('<div class="news">{rows}</div>', f"<dl><dt>{LINK}</dt><dd>{{date}}</dd></dl>"),
    "one dl": ("<dl>{rows}</dl>", f"<dt>{LINK}</dt><dd>{{date}}</dd>"),
    "one dl, with abstracts": (
        "<dl>{rows}</dl>",
        f'<dt>{LINK}</dt><dd>摘要文字。<a href="{{href}}">[详细]</a></dd><dd>{{date}}</dd>',
    ),
    "headings": ("<div>{rows}</div>", f"<h4>{LINK}</h4><p>摘要文字。</p><div>发布时间：{{date}}</div>"),
    "div": ('<div class="news">{rows}</div>', f"<div><h3>{LINK}</h3><p>摘要文字。</p><p>{{date}}</p></div>"),
    "lines": ('<div class="txt">{rows}</div>', f"{LINK} {{date}}<br>"),
}


def list_of(form, rows=ROWS):
    """Write a list in one of the forms."""
    frame, row = FORMS[form]
    return frame.format(rows="".join(row.format(**each) for each in rows))


@pytest.mark.parametrize("form", FORMS)
def test_a_list_of_any_form_is_read(form):
    listing = read_list(page_of(document(MENU + list_of(form) + FOOTER)))
    assert [(item.title, item.url.rpartition("/")[2], f"{item.published:%Y-%m-%d}") for item in listing.items] == [
        (row["title"], row["href"], row["date"]) for row in ROWS
    ]


RECORD = '<record><![CDATA[<li><a href="{href}" title="{title}">{title}</a><span>{date}</span></li>]]></record>'
PROXY = "/module/web/jpage/dataproxy.jsp"
DATASTORE = (
    '<div id="123"><script type="text/xml"><datastore><nextgroup><![CDATA['
    f'<a href="{PROXY}?page=1&amp;webid=3&amp;path=/&amp;columnid=45&amp;unitid=67"></a>]]></nextgroup>'
    f"<recordset>{''.join(RECORD.format(**row) for row in ROWS)}</recordset>"
    "<totalrecord>7</totalrecord><totalpage>4</totalpage></datastore></script></div>"
    f"<script>$('#123').jpage({{perPage:2, proxyUrl:'{PROXY}'}})</script>"
)


def test_the_records_of_a_datastore_are_the_list_and_the_rest_is_asked_for():
    listing = read_list(page_of(document(MENU + DATASTORE + FOOTER)))
    assert [(item.title, f"{item.published:%m-%d}") for item in listing.items] == [
        (row["title"], row["short"]) for row in ROWS
    ]
    assert listing.form == "datastore"
    assert [dict(request.form)["startrecord"] for request in listing.following] == ["3", "5", "7"]
    assert listing.following[0].url == "https://www.example.gov.cn/module/web/jpage/dataproxy.jsp"
    named = {"webid": "3", "path": "/", "columnid": "45", "unitid": "67"}
    assert dict(listing.following[0].form) == named | {"startrecord": "3", "endrecord": "4", "perpage": "2"}


PAGING = {
    "<script>createPageHTML(4, 0, 'index', 'html');</script>": ["index_1.html", "index_2.html", "index_3.html"],
    "<script>createPageHTML(4, 2, 'index', 'html');</script>": ["index_3.html"],
    "<script>createPageHTML('page_div',3, 1,'list','shtml',41);</script>": ["list_2.shtml", "list_3.shtml"],
    "<a href='index_2.html'>下一页</a>": ["index_2.html"],
    "<a href='?page=2'>下一页&gt;</a>": ["index.html?page=2"],
    "<a href='javascript:;'>下一页</a>": [],
    "<a href='index.html'>下一页</a>": [],
    "": [],
}


@pytest.mark.parametrize(("paging", "expected"), PAGING.items())
def test_the_rest_of_a_list_is_named(paging, expected):
    listing = read_list(page_of(document(list_of("ul, date right") + paging)))
    assert [request.url.rpartition("/")[2] for request in listing.following] == expected


UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
SCRIPTED = {
    "大汉": f"<script url='{UNIT}' queryData=\"{{'webId':'1','tagId':'x'}}\"></script>",
    "Vue": '<ul id="app"><li v-for="item in list"><a :href="item.url"></a></li></ul><script>new Vue({})</script>',
    "ajax": '<ul id="list"></ul><script>$.ajax({url: "/api/list"})</script>',
}


@pytest.mark.parametrize("form", SCRIPTED)
def test_a_list_that_a_script_draws_is_never_blank(form):
    page = page_of(document(MENU + SCRIPTED[form] + FOOTER, meta=[("ColumnName", "通知公告")]))
    listing = read_list(page)
    assert listing.items == ()
    assert listing.needs_rendering


def test_an_empty_list_without_a_script_is_empty():
    listing = read_list(page_of(document(MENU + '<ul class="list"></ul>' + FOOTER, meta=[("ColumnName", "通知公告")])))
    assert (listing.items, listing.needs_rendering) == ((), "")


def test_undated_titles_make_a_list_and_menus_do_not():
    items = "".join(f'<li><a href="{number}.html">{ROWS[0]["title"]}</a></li>' for number in range(4))
    assert len(read_list(page_of(document(f'{MENU}<ul class="list">{items}</ul>{FOOTER}'))).items) == 4
    assert read_list(page_of(document(MENU + FOOTER))) is None


@pytest.mark.parametrize("code", ["<script>const d = '2026-08-11'</script>", "<style>/* 2026-08-11 */</style>"])
def test_a_date_in_code_beside_a_link_is_no_date_of_it(code):
    menu = "".join(f"<a href=/{at}/>办事服务之{at}</a> " for at in range(5))
    for body in (
        f"{menu}{code}",
        f"<ul>{''.join(f'<li><a href=/{at}/>办事服务之{at}</a>{code}</li>' for at in range(5))}</ul>",
    ):
        listing = read_list(page_of(document(body), "https://www.example.gov.cn/fw/"))
        assert not any(item.published for item in (listing.items if listing else ()))


def test_a_date_above_a_heading_is_not_taken_for_that_of_the_one_before():
    row = "<em>2026-09-0{number}</em><h4><a href=a{number}.html>全市第{number}次工作会议召开</a></h4>"
    rows = "".join(row.format(number=number) for number in range(1, 9))
    items = read_list(page_of(document(f"<div>{rows}</div>", title="要闻"))).items
    assert {item.published for item in items} == {None}


def test_abstracts_below_headings_make_no_article():
    abstract = "市里召开会议部署今年的重点工作，要求各单位明确责任、抓好落实，切实提高服务群众的水平。" * 3
    form = f"<h3>{LINK}</h3><p>{abstract}</p><p>发布时间：{{date}}</p>"
    rows = [{**ROWS[0], "href": f"a{number}.html", "title": f"第{number}次会议召开"} for number in range(8)]
    page = page_of(document(f"<div>{''.join(form.format(**row) for row in rows)}</div>", title="要闻"))
    assert len(read_list(page).items) == 8


def test_an_article_is_not_read_as_a_list():
    text = "<div class='TRS_Editor'><p>2026-01-01、2026-02-01、2026-03-01</p></div>"
    url = "https://www.example.gov.cn/zwgk/202609/t20260904_1.html"
    assert not may_be_list(page_of(document(text), url=url))
    assert not may_be_list(page_of(document(text, meta=[("ArticleTitle", "通知")])))
    assert may_be_list(page_of(document(text, meta=[("ColumnName", "通知")])))


LETTERS = (
    "<table><tr><td><a href='1.html'>关于公交线路调整的咨询</a></td><td>2026-05-01</td><td>已答复</td></tr>"
    "<tr><td><a href='2.html'>关于噪声扰民的投诉</a></td><td>2026-05-02</td><td>办理中</td></tr>"
    "<tr><td><a href='3.html'>关于社保转移的咨询</a></td><td>来信时间：2026-05-03 答复时间：2026-05-09</td></tr>"
    "</table>"
)


def test_letters_say_whether_they_were_answered():
    items = read_list(page_of(document(LETTERS))).items
    assert [(item.answered, f"{item.published:%m-%d}") for item in items] == [
        (True, "05-01"), (False, "05-02"), (True, "05-03")
    ]  # fmt: skip
    assert f"{items[2].replied:%m-%d}" == "05-09"


def test_letters_need_no_link():
    rows = "<tr><td>噪声扰民</td><td>2026-05-02</td><td></td><td>待答复</td></tr>"
    rows += "<tr><td>社保转移</td><td>2026-05-03</td><td>2026-05-09</td><td>已答复</td></tr>"
    page = page_of(document(f"<table><tr><th>标题</th><th>来信</th><th>答复</th><th>状态</th></tr>{rows}</table>"))
    assert [(item.title, item.answered, f"{item.published:%m-%d}") for item in read_list(page).items] == [
        ("噪声扰民", False, "05-02"),
        ("社保转移", True, "05-03"),
    ]


def test_a_page_of_many_small_lists_is_a_portal():
    modules = (
        f'<div class="m{number}"><a href="/c{number}/">更多&gt;&gt;</a>{list_of("ul, date right")}</div>'
        for number in range(3)
    )
    assert read_list(page_of(document(MENU + "".join(modules) + FOOTER))).form == "portal"


ANSWERS = {
    "build-unit": json.dumps({"success": True, "data": {"html": list_of("ul, date right")}}),
    "json": json.dumps(
        {"articles": [{"title": row["title"], "url": row["href"], "first_publish_time": row["date"]} for row in ROWS]}
    ),
    "datastore": f"<datastore><recordset>{''.join(RECORD.format(**row) for row in ROWS)}</recordset></datastore>",
}


@pytest.mark.parametrize("form", ANSWERS)
def test_the_answer_of_an_interface_is_a_list(form):
    base = "https://www.example.gov.cn/zwgk/"
    listing = read_answer(ANSWERS[form], f"{base}api?page=1", base, NOW)
    assert listing.form == form
    assert [(item.title, item.url, f"{item.published:%Y-%m-%d}") for item in listing.items] == [
        (row["title"], base + row["href"], row["date"]) for row in ROWS
    ]


def test_numbered_answers_go_on_until_one_is_empty():
    url = "https://www.example.gov.cn/gkmlpt/api/all/12?page=1&sid=3"
    assert read_answer(ANSWERS["json"], url, url, NOW).following[0].url.endswith("?page=2&sid=3")
    assert read_answer('{"articles": []}', url, url, NOW).following == ()


@pytest.mark.parametrize("text", ["", "<html>", "[]", "null", '{"code": 500}', '{"data": "x"}', '"x"', "[" * 20_000])
def test_other_answers_hold_no_articles(text):
    listing = read_answer(text, "https://www.example.gov.cn/api", "https://www.example.gov.cn/", NOW)
    assert listing is None or listing.items == ()


def test_interfaces_date_in_seconds_and_milliseconds():
    rows = [{"title": "通知", "url": "1", "date": 1788490800}, {"title": "公告", "url": "2", "date": 1788490800000}]
    items = read_answer(json.dumps(rows), "https://www.example.gov.cn/api", "https://www.example.gov.cn/", NOW).items
    assert [f"{item.published:%Y-%m-%d %H:%M}" for item in items] == ["2026-09-04 11:00"] * 2


def test_gkmlpt_is_asked_by_category_and_site():
    page = page_of(
        document('<script>window._CONFIG = {"SID": "200001", "CATEGORY_ID": 5678}; var api = "gkmlpt";</script>'),
        url="https://www.example.gov.cn/gkmlpt/index",
    )
    listing = read_list(page_of(page.html + "<script>axios.get(x)</script>", url=page.url))
    assert [request.url for request in listing.following] == [
        "https://www.example.gov.cn/gkmlpt/api/all/5678?page=1&sid=200001"
    ]
    assert listing.needs_rendering


def test_a_menu_and_a_breadcrumb_in_tables_are_no_items():
    menu = "<table><tr>" + "".join(f"<td><a href='/l/{n}'>镇务要闻{n}</a></td>" for n in range(5)) + "</tr></table>"
    crumb = "<tr><td>您的位置：<a href='/'>首页</a>-><a href='/l/2'>镇务要闻</a></td></tr>"
    own = "<tr><td>栏目：<a href='/l/9'>政府公告栏</a></td></tr>"
    rows = "".join(f"<tr><td><a href='/a/{n}'>关于第{n}号的公告</a></td><td>9-{n}</td></tr>" for n in range(1, 4))
    page = page_of(document(f"{menu}<table>{crumb}{own}{rows}</table>"), url="https://www.example.gov.cn/l/9")
    assert [item.title for item in read_list(page).items] == [f"关于第{n}号的公告" for n in range(1, 4)]


@pytest.mark.parametrize("shown", ["3个月前", "2026年8月", "26-09-04", "03/04/2026"])
def test_a_date_that_is_not_read_is_told_from_none(shown):
    rows = "".join(f"<li><a href='/a/{n}'>关于第{n}号工作的通知</a><i>{shown}</i></li>" for n in range(3))
    inner = "".join(f"<li><a href='/a/{n}'>关于第{n}号工作的通知<i>{shown}</i></a></li>" for n in range(3))
    none = "".join(f"<li><a href='/a/{n}'>关于第{n}号工作（2026年8月）的通知</a><i>办公室</i></li>" for n in range(3))
    for body, unread in ((rows, True), (inner, True), (none, False)):
        items = read_list(page_of(document(f"<ul>{body}</ul>"), url="https://www.example.gov.cn/tz/")).items
        assert [(item.published, item.unread) for item in items] == [(None, unread)] * 3


@pytest.mark.parametrize(("total", "form"), [("totalRecord:0,perPage:20", "empty"), ("totalRecord:7", "script")])
def test_a_datastore_without_records_is_blank_where_its_script_says_so(total, form):
    store = "<script type='text/xml'><datastore><recordset></recordset></datastore></script>"
    script = f"<script>$('#9').jpage({{{total},proxyUrl:'/module/web/jpage/dataproxy.jsp'}})</script>"
    page = page_of(document(f"<div id=9>{store}{script}</div>", meta=[("ColumnName", "人事信息")]))
    assert read_list(page).form == form


def blog(count):
    """Write entries as WordPress does: the title in a header, its author beside it, the latest at the side."""
    entries = "".join(
        f"<article id=post-{n}><header><h2><a href='/?p={n}'>关于做好第{n}项工作的通知</a></h2><div>"
        f"<a href='/?p={n}'><time datetime='2026-08-0{n}T09:30:00+08:00'>2026年8月{n}日</time></a>"
        f"<a href='/author/admin/'>admin</a></div></header><p>摘要</p></article>"
        for n in range(1, count + 1)
    )
    latest = "".join(f"<li><a href='/?p={n}'>关于做好第{n}项工作的通知</a></li>" for n in range(1, count + 1))
    return page_of(
        document(f"<main>{entries}</main><aside><ul>{latest}</ul></aside>"),
        url="https://www.example.gov.cn/category/news/",
    )


@pytest.mark.parametrize("count", [3, 4, 6])
def test_the_entries_of_a_blog_are_a_list_with_their_dates(count):
    items = read_list(blog(count)).items
    assert [(item.url.rpartition("?")[2], item.published.day) for item in items] == [
        (f"p={n}", n) for n in range(1, count + 1)
    ]


def test_one_entry_of_a_blog_does_not_make_the_page_an_article():
    assert visible_date(blog(1)) is None
