"""Columns are put together from what the pages say, typed, and corrected by the operator."""

from datetime import datetime, timedelta

import pytest

from checks.columns.inventory import Correction, Memory, assemble
from checks.columns.kinds import column_type, is_exempt
from checks.columns.page_facts import continued, observe
from checks.model import ColumnType, Item, Listing, Request
from checks.reading.dates import CHINA
from tests.sites.pages import NOW, document, page_of

HOME = "https://www.example.gov.cn/"

TYPES = {
    "要闻动态": "news",
    "政务要闻": "news",
    "工作动态": "news",
    "部门动态": "news",
    "领导活动": "news",
    "统计新闻": "news",
    "新闻发布会": "news",
    "通知公告": "notice",
    "公示公告": "notice",
    "通告": "notice",
    "政策文件": "policy",
    "规范性文件": "policy",
    "政策法规": "policy",
    "政府规章": "policy",
    "人事任免": "personnel",
    "人事任免公告": "personnel",
    "公务员招考": "personnel",
    "规划计划": "planning",
    "发展规划": "planning",
    "财政预决算": "finance",
    "三公经费": "finance",
    "财政信息": "finance",
    "统计数据": "statistics",
    "数据发布": "statistics",
    "统计公报": "statistics",
    "领导之窗": "leaders",
    "机构职能": "organisation",
    "内设机构": "organisation",
    "互动交流": "interaction",
    "市长信箱": "interaction",
    "意见征集": "interaction",
    "办事指南": "service",
    "便民服务": "service",
    "政策解读": "other",
    "政府信息公开年报": "other",
    "公开指南": "other",
    "党史学习教育专题": "other",
    "友情链接": "other",
}


@pytest.mark.parametrize(("name", "expected"), TYPES.items())
def test_a_name_says_what_a_column_is_for(name, expected):
    assert column_type(name) == expected


def test_the_name_comes_before_the_meta_and_the_meta_before_the_parents():
    assert column_type("通知公告", "工作动态") is ColumnType.NOTICE
    assert column_type("本局", "工作动态", ("政策文件",)) is ColumnType.NEWS
    assert column_type("2026年", "", ("政务公开", "规划计划")) is ColumnType.PLANNING


def test_special_topics_and_archives_are_exempt():
    assert is_exempt("历史专题")
    assert is_exempt("2019年", ("专题专栏",))
    assert not is_exempt("通知公告")


def list_page(path, *rows, name="", body="", **more):
    items = "".join(f'<li><a href="{href}">{title}</a><span>{date}</span></li>' for href, title, date in rows)
    meta = [("ColumnName", name)] if name else []
    return page_of(
        document(f'<ul class="list">{items}</ul>{body}', meta=meta, title="某市人民政府"), url=HOME + path, **more
    )


def test_the_pages_of_a_list_are_one_column():
    paging = "<script>createPageHTML(2, {}, 'index', 'html')</script>"
    first = list_page("tzgg/", ("1.html", "通知第一号", "2026-09-04"), name="通知公告", body=paging.format(0))
    second = list_page("tzgg/index_1.html", ("2.html", "通知第二号", "2026-08-04"), body=paging.format(1))
    for facts in ([first, second], [second, first]):
        (column,) = assemble([observe(page) for page in facts], HOME, NOW).columns
        assert (column.name, column.type, column.url) == ("通知公告", ColumnType.NOTICE, HOME + "tzgg/")
        assert [item.title for item in column.items] == ["通知第一号", "通知第二号"]
        assert column.complete
        assert column.newest == datetime(2026, 9, 4, tzinfo=CHINA)


def test_a_list_whose_rest_was_not_read_is_not_complete():
    paging = "<script>createPageHTML(2, 0, 'index', 'html')</script>"
    page = list_page("tzgg/", ("1.html", "通知第一号", "2026-09-04"), body=paging)
    assert not assemble([observe(page)], HOME, NOW).columns[0].complete


def test_two_lists_with_numbered_names_stay_two():
    pages = [list_page(f"node_{number}.htm", ("1.html", "通知第一号", "2026-09-04")) for number in (1, 2)]
    assert len(assemble(map(observe, pages), HOME, NOW).columns) == 2


def test_the_answers_of_an_interface_belong_to_their_page():
    head = observe(list_page("tzgg/", name="通知公告", body="<script>axios.get('/api')</script>"))
    assert assemble([head], HOME, NOW).columns[0].needs_rendering
    answer = continued(head, Request(HOME + "api?page=1"), Listing((Item(HOME + "1.html", "通知", NOW),), "json"))
    (column,) = assemble([head, answer], HOME, NOW).columns
    assert (column.url, column.name, len(column.items), column.needs_rendering) == (head.url, "通知公告", 1, "")


def test_names_come_from_breadcrumbs_and_navigation():
    links = '<a href="/">首页</a>&gt;<a href="/zwgk/">政务公开</a>&gt;<a href="./">人事信息</a>'
    crumbs = f'<div class="crumb">当前位置：{links}</div>'
    named = list_page("zwgk/rsxx/", ("1.html", "任免通知第一号", "2026-09-04"), body=crumbs)
    unnamed = list_page("tjxx/", ("1.html", "月度数据第一号", "2026-09-04"))
    home = page_of(document('<a href="/tjxx/">统计信息</a>'), url=HOME, homepage=True)
    columns = assemble(map(observe, [named, unnamed, home]), HOME, NOW).columns
    assert [(column.name, column.type) for column in columns] == [("统计信息", "statistics"), ("人事信息", "personnel")]


def test_a_column_is_not_named_by_a_breadcrumb_that_names_nothing():
    crumbs = '<div class="crumb">当前位置：<a href="/">首页</a>&gt;<a href="/{}/">{}</a></div>'
    lists = [list_page(f"{path}/", ("1.html", "通知第一号", "2026-09-04")) for path in ("tzgg", "rsxx")]
    articles = [
        page_of(document(crumbs.format("tzgg", "栏目") + "<p>正文</p>"), url=HOME + "tzgg/1.html"),
        page_of(document(crumbs.format("rsxx", "返回列表") + "<p>正文</p>"), url=HOME + "rsxx/1.html"),
    ]
    home = page_of(document('<a href="/tzgg/">通知公告</a><a href="/rsxx/">人事信息</a>'), url=HOME, homepage=True)
    columns = assemble(map(observe, [*lists, *articles, home]), HOME, NOW).columns
    assert sorted(column.name for column in columns) == ["人事信息", "通知公告"]


@pytest.mark.parametrize(
    "title", ["通知公告_某县人民政府", "某县人民政府-通知公告", "某县人民政府｜通知公告", "通知公告"]
)
def test_a_column_that_nothing_else_names_is_named_by_its_part_of_the_title(title):
    listed = page_of(
        document("<ul><li><a href='1.html'>通知第一号</a> 2026-09-04</li></ul>", title=title), url=HOME + "a/"
    )
    home = page_of(document(title="某县人民政府"), url=HOME, homepage=True)
    (column,) = assemble(map(observe, [listed, home]), HOME, NOW).columns
    assert column.name == "通知公告"


def test_the_date_of_the_article_beats_that_of_the_list_and_the_list_that_of_the_url():
    page = list_page("tzgg/", ("t20260901_1.html", "通知第一号", ""), ("t20260901_2.html", "通知第二号", "2026-09-02"))
    article = page_of(document(meta=[("PubDate", "2026-09-03")]), url=HOME + "tzgg/t20260901_2.html")
    undated = page_of(document("<p>正文</p>"), url=HOME + "tzgg/t20260901_1.html")
    (column,) = assemble(map(observe, [page, undated]), HOME, NOW).columns
    assert [item.published.day for item in column.items] == [1, 2]
    (column,) = assemble(map(observe, [page, undated, article]), HOME, NOW).columns
    assert [item.published.day for item in column.items] == [1, 3]


def test_a_date_to_come_does_not_keep_a_column_alive():
    page = list_page("tzgg/", ("1.html", "通知第一号", "2027-01-01"), ("2.html", "通知第二号", "2026-01-01"))
    assert assemble([observe(page)], HOME, NOW).columns[0].newest == datetime(2026, 1, 1, tzinfo=CHINA)


def test_the_operator_corrects_and_ignores():
    pages = [list_page(f"{path}/", ("1.html", "文字第一号", "2026-09-04"), name="通知公告") for path in ("a", "b")]
    corrections = [
        Correction(f"{HOME}a/index.html", name="公告", type=ColumnType.NEWS, limit_days=7, exempt=True),
        Correction(f"{HOME}b/", ignore=True),
    ]
    (column,) = assemble(map(observe, pages), HOME, NOW, corrections).columns
    assert (column.name, column.type, column.limit_days, column.exempt) == ("公告", ColumnType.NEWS, 7, True)


def test_memory_says_when_an_item_was_not_there():
    page = list_page("tzgg/", ("1.html", "通知第一号", "2026-09-04"))
    before = NOW - timedelta(days=90)
    (column,) = assemble([observe(page)], HOME, NOW, memory=Memory({HOME + "tzgg/1.html": before})).columns
    assert column.items[0].absent_at == before
