"""What makes a page a column: its metas, breadcrumbs, navigation, the structure of its list; never one sign alone."""

import pytest

from checks.columns.inventory import Correction, assemble
from checks.columns.limits import ColumnLimits
from checks.columns.page_facts import continued, observe
from checks.freshness import Freshness, Homepage
from checks.meta import Meta
from checks.model import Confidence, Listing
from tests.sites.pages import NOW, document, page_of

HOME = "https://www.example.gov.cn/"
SITE = [("SiteName", "某县某局"), ("SiteDomain", "www.example.gov.cn"), ("SiteIDCode", "4401000001")]
DATED = "".join(f"<li><a href='/a/{n}.html'>关于第{n}号工作的通知</a> 2019-09-{n}</li>" for n in range(10, 14))
TITLES = "".join(f"<li><a href='/a/{n}.html'>关于第{n}号工作的通知</a></li>" for n in range(10, 14))


def metas(name):
    return [*SITE, *((f"Column{each}", name) for each in ("Name", "Type", "Description", "Keywords"))]


def page(path, body, meta=SITE, title="某县某局", **more):
    return observe(page_of(document(body, meta=meta, title=title), url=HOME + path, homepage=path == "", **more))


def home(*links, body=""):
    nav = "".join(f"<li><a href='{href}'>{name}</a></li>" for name, href in links)
    return page("", f"<ul>{nav}</ul>{body}")


def site(*pages, corrections=()):
    return assemble(pages, HOME, NOW, corrections)


def stale(inventory):
    return [(f.rule.id, f.confidence) for column in inventory.columns for f in Freshness().inspect(column)]


SURE, DOUBT = ("stale-column", Confidence.CONFIRMED), ("stale-column", Confidence.SUSPECTED)
CRUMB = "<div class='crumb'>当前位置：<a href='/'>首页</a>&gt;<a href='/tz/'>通知</a></div>"

CERTAINTY = [
    ([home(), page("tz/", f"<ul>{DATED}</ul>")], DOUBT),
    ([home(("通知公告", "/tz/")), page("tz/", f"<ul>{DATED}</ul>")], SURE),
    ([home(), page("tz/", f"<ul>{DATED}</ul>", metas("通知公告"))], SURE),
    ([home(), page("tz/", CRUMB + f"<ul>{DATED}</ul>")], SURE),
    ([home(), page("tz/", f"<ul>{DATED}</ul>"), page("a/10.html", CRUMB + "<p>发布时间：2019-09-10</p>")], SURE),
]


@pytest.mark.parametrize(("pages", "expected"), CERTAINTY)
def test_a_stale_column_is_certain_where_signs_agree(pages, expected):
    assert stale(site(*pages)) == [expected]


def test_the_operator_makes_a_column_certain():
    pages = [home(), page("tz/", f"<ul>{DATED}</ul>")]
    assert stale(site(*pages, corrections=[Correction(HOME + "tz/", name="通知公告")])) == [SURE]


def test_an_undated_list_needs_the_word_of_the_site():
    plain = page("manual/part2.html", f"<ul>{TITLES}</ul>")
    assert site(home(("Part 2", "/manual/part2.html")), plain).columns == ()
    assert len(site(home(("通知公告", "/tz/")), page("tz/", f"<ul>{TITLES}</ul>")).columns) == 1
    assert len(site(home(), page("tz/", f"<ul>{TITLES}</ul>", metas("通知公告"))).columns) == 1


def test_only_columns_owe_the_tags_of_columns():
    def owed(*pages):
        return {f.params["name"] for f in Meta(official=True).inspect(site(*pages)) if "Column" in f.params["name"]}

    assert owed(home(), page("a4.html", f"<ul>{DATED}</ul>")) == set()
    assert len(owed(home(("通知公告", "/tz/")), page("tz/", f"<ul>{DATED}</ul>"))) == 4
    assert owed(home(), page("index.html", f"<ul>{DATED}</ul>")) == set()


def statuses(*pages):
    return {column.name: str(ColumnLimits().stand(column).status) for column in site(*pages).columns}


TWO = (
    "<ul class='list'><li><a href='/a/2.html'>某县主要经济指标</a></li>"
    "<li><a href='/a/3.html'>某县统计公报之二</a></li></ul>"
)
LANDING = "<ul><li><a href='/gk/zn.html'>公开指南</a></li><li><a href='/sj/'>统计数据</a></li></ul>"
DATASTORE = (
    "<script type='text/xml'><datastore><nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1'></a>]]>"
    "</nextgroup><totalrecord>{}</totalrecord><recordset></recordset></datastore></script>"
)
BLANKS = [
    ("gk/", "政务公开", LANDING, None),
    ("gk/", "政务公开", "", None),  # other pages lie in its folder
    ("map.html", "网站地图", "<p><a href='/gk/'>政务公开</a></p>", None),
    ("sj/", "统计数据", TWO, "stale"),
    ("jy/", "建议提案", "<h3>建议提案</h3>", "blank"),
    ("jy/", "建议提案", "<h3>建议提案</h3><p>暂无信息</p>", "blank"),
    ("jy/", "建议提案", DATASTORE.format(0), "blank"),
    ("jy/", "建议提案", DATASTORE.format(3), "needs-rendering"),
    (
        "jy/",
        "机构职能",
        "<p>本局负责全县农业农村工作，拟订并组织实施农业发展规划，指导农村改革和产业发展。</p>" * 2,
        None,
    ),
    ("jy/", "依申请公开", "<form><textarea name='q'></textarea></form>", None),
]


@pytest.mark.parametrize(("path", "name", "body", "status"), BLANKS)
def test_only_a_column_without_anything_is_blank(path, name, body, status):
    others = [home(("政务公开", "/gk/"), ("建议提案", "/jy/"), ("统计数据", "/sj/")), page("gk/zn.html", "<p>指南</p>")]
    found = statuses(*others, page(path, body, metas(name)))
    assert found == ({name: status} if status else {})


def test_a_landing_page_is_none_though_all_that_it_links_to_stands_on_the_homepage():
    columns = (("政务公开", "/gk/"), ("通知公告", "/tz/"), ("工作动态", "/dt/"), ("建议提案", "/jy/"))
    lists = [page(path, f"<ul>{DATED}</ul>", metas(name)) for path, name in (("tz/", "通知公告"), ("dt/", "工作动态"))]
    links = "<ul><li><a href='/tz/'>通知公告</a></li><li><a href='/dt/'>工作动态</a></li></ul>"
    assert "政务公开" not in statuses(home(*columns), *lists, page("gk/", links, metas("政务公开")))
    # A menu that every list has leads nowhere in particular.
    menu = "".join(f"<a href='{path}'>{name}</a> " for name, path in columns)
    lists = [
        page(path, f"{menu}<ul>{DATED}</ul>", metas(name)) for path, name in (("tz/", "通知公告"), ("dt/", "工作动态"))
    ]
    assert (
        statuses(home(*columns), *lists, page("jy/", f"{menu}<h3>建议提案</h3>", metas("建议提案")))["建议提案"]
        == "blank"
    )


COLUMNS = [("通知公告", "/tz/"), ("工作动态", "/dt/"), ("领导之窗", "/ld/"), ("清河概况", "/gk/")]
NAV = "".join(f"<a href='{path}'>{name}</a> " for name, path in COLUMNS)
LISTS = [("tz/", "通知公告"), ("dt/", "工作动态"), ("gk/", "清河概况")]


def below_a_menu(path, name, body):
    crumb = f"<div class=crumb>当前位置：<a href='/'>首页</a>&gt;<a href='/{path}'>{name}</a></div>"
    return page(path, f"{NAV}{crumb}{body}", metas(name), title=name)


def test_a_landing_page_is_none_that_has_other_names_for_what_the_menu_has():
    lists = [below_a_menu(path, name, f"<ul>{DATED}</ul>") for path, name in LISTS]
    tree = "<dl><dt>机构信息</dt><dd><a href='/gk/'>机构职能</a></dd><dd><a href='/tz/'>规划信息</a></dd></dl>"
    assert "主动公开" not in statuses(home(*COLUMNS), *lists, below_a_menu("zd/", "主动公开", tree))
    assert statuses(home(*COLUMNS), *lists, below_a_menu("zd/", "主动公开", ""))["主动公开"] == "blank"


def test_a_page_of_portraits_leads_to_the_persons_whose_breadcrumbs_name_but_themselves():
    lists = [below_a_menu(path, name, f"<ul>{DATED}</ul>") for path, name in LISTS]
    persons = [("ld/zhang/", "张某某"), ("ld2/li/", "李某")]
    portraits = "".join(f"<li><a href='/{path}'><img src=/p.png alt={name}></a></li>" for path, name in persons)
    leaders = [below_a_menu(path, name, f"<ul>{DATED}</ul>") for path, name in persons]
    assert "领导之窗" not in statuses(home(*COLUMNS), *lists, *leaders, below_a_menu("ld/", "领导之窗", portraits))
    # Empty columns that stand side by side in their own menu are no landing pages.
    pair = [("ld/", "领导之窗"), ("jg/", "机构设置")]
    beside = "".join(f"<li><a href='/{path}'>{name}</a></li>" for path, name in [*pair, ("ry/", "人员名单")])
    empty = [below_a_menu(path, name, beside) for path, name in [*pair, ("ry/", "人员名单")]]
    found = statuses(home(*COLUMNS), *lists, *empty)
    assert found["机构设置"] == found["人员名单"] == "blank"


def test_an_undated_list_of_columns_is_no_column_itself():
    names = ["政府信息公开指南", "政府信息公开制度", "法定主动公开内容"]
    below = [page(f"gk/{n}/", f"<ul>{DATED}</ul>", metas(name)) for n, name in enumerate(names)]
    links = "".join(f"<li><a href='/gk/{n}/'>{name}</a></li>" for n, name in enumerate(names))
    assert "政务公开" not in statuses(home(), *below, page("gk/", f"<ul>{links}</ul>", metas("政务公开")))


def test_a_column_that_only_says_that_it_is_empty_is_suspected():
    pages = (home(("建议提案", "/jy/")), page("jy/", "<h3>建议提案</h3><p>暂无信息</p>", title="建议提案"))
    (column,) = site(*pages).columns
    assert not column.certain
    assert site(home(), page("jy/", "<h3>建议提案</h3><p>暂无信息</p>", title="建议提案")).columns == ()


def test_an_interface_that_answers_nothing_makes_a_column_blank():
    head = page("gkmlpt/gs/", "<script>axios.get('/gkmlpt/api/all/77')</script>", metas("行政执法"))
    answer = continued(head, type("R", (), {"address": HOME + "gkmlpt/api/all/77"})(), Listing((), "json"))
    assert statuses(home(("行政执法", "/gkmlpt/gs/")), head) == {"行政执法": "needs-rendering"}
    assert statuses(home(("行政执法", "/gkmlpt/gs/")), head, answer) == {"行政执法": "blank"}


NEWS = "<ul><li><a href='/a/1.html'>某县召开统计工作会议</a><span>2026-09-09</span></li></ul>"


@pytest.mark.parametrize(
    ("head", "body"),
    [
        ('<meta http-equiv="refresh" content="0;url=/main/index.shtml">', ""),
        ("<script>window.location.href='/main/index.shtml'</script>", "正在跳转，请稍候"),
        ("<script>location.replace('/main/index.shtml')</script>", ""),
    ],
)
def test_a_stub_and_its_target_are_the_homepage(head, body):
    stub = observe(page_of(document(body, head=head), url=HOME, homepage=True))
    found = site(stub, page("main/index.shtml", NEWS))
    assert found.homepage.url == HOME + "main/index.shtml"
    assert list(Homepage().inspect(found)) == []
    assert list(Meta(official=True).inspect(found)) == []
    assert found.columns == ()


def test_a_homepage_of_one_frame_is_what_the_frame_shows():
    frames = "<html><head><title>清河县</title></head><frameset><frame src='/main/index.shtml'></frameset></html>"
    found = site(observe(page_of(frames, url=HOME, homepage=True)), page("main/index.shtml", NEWS))
    assert found.homepage.url == HOME + "main/index.shtml"
    assert list(Meta(official=True).inspect(found)) == []


def test_a_page_with_text_of_its_own_is_no_stub_whatever_its_script_does_on_phones():
    text = "<p>本局是县人民政府工作部门，负责全县统计工作的组织实施和监督检查，拟订统计制度。" * 2
    script = "<script>if (/Mobile/.test(navigator.userAgent)) location.href='/m/'</script>"
    assert observe(page_of(document(text, head=script), url=HOME, homepage=True)).refresh == ""


def test_a_homepage_that_only_points_on_takes_no_date_from_what_it_points_to():
    guide = page("zn/index.html", "<h1>公开指南</h1><p>发布时间：2026-01-13</p><p>本指南说明公开范围。</p>")
    front = home(("工作动态", "/xw/"), ("政府信息公开指南", "/zn/index.html"))
    assert list(Homepage().inspect(site(front, guide, page("xw/", NEWS)))) == []


def test_a_viewer_of_files_owes_no_tags():
    viewer = page("pdfjs/web/viewer.html?file=/a.pdf", "<div id=viewer></div>", meta=[])
    other = page("a.html", "<p>正文</p>", meta=[])
    assert (viewer.meta_faults, len(other.meta_faults)) == ((), 3)


@pytest.mark.parametrize("name", ["第{}章 使用说明与操作", "{}.1 安装与初始设置的步骤", "Chapter {}: how it works"])
def test_the_contents_of_a_book_are_no_column(name):
    chapters = "".join(f"<li><a href='/doc/{n}.html'>{name.format(n)}</a></li>" for n in range(1, 9))
    assert statuses(home(("用户手册", "/doc/")), page("doc/", f"<ol>{chapters}</ol>")) == {}


@pytest.mark.parametrize("path", ["author/admin/", "author/admin/page/2/", "tag/zhengwu/"])
def test_what_a_blog_lists_by_author_or_word_is_no_column(path):
    assert statuses(home(("综合科", f"/{path}")), page(path, f"<ul>{DATED}</ul>")) == {}


@pytest.mark.parametrize(
    ("name", "status"), [("2019 年 9 月", "exempt"), ("2019年", "exempt"), ("2019年工作要点", "stale")]
)
def test_a_month_of_an_archive_does_not_grow_stale(name, status):
    assert statuses(home((name, "/2019/09/")), page("2019/09/", f"<ul>{DATED}</ul>")) == {name: status}


def cover(link, body=""):
    return page("", f"<p>{link}</p>{body}")


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/portal/'><img src=/enter.jpg alt=进入网站></a>",
        "<a href='/portal/'>点击进入</a>",
        "<a href='/portal/'>Enter</a>",
    ],
)
def test_behind_a_cover_with_one_door_is_the_homepage(link):
    inventory = site(cover(link), page("portal/", f"<ul>{DATED}</ul>"))
    assert inventory.columns == ()
    assert len(inventory.homepage.listing.items) == 4
    assert not any(name == "ColumnName" for each in inventory.pages for name, _, _ in each.meta_faults)


@pytest.mark.parametrize(
    "homepage",
    [
        cover("<a href='/portal/'>通知公告</a>"),
        cover("<a href='/portal/'>进入通知公告</a>", "<a href='/b/'>动态</a>"),
    ],
)
def test_a_homepage_with_ways_into_its_columns_is_no_cover(homepage):
    assert not homepage.refresh
