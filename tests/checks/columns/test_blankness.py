"""A column is blank where nothing stands on it but the template; whatever else a reader finds is content."""

import pytest

from checks.columns.blankness import has_content, says_empty
from checks.columns.lists import may_be_list, read_list
from tests.sites.pages import document, page_of

NAV = "<div id=nav><ul><li><a href='/'>首页</a></li><li><a href='/tzgg/'>通知公告</a></li></ul></div><h2>通知公告</h2>"
FOOT = (
    "<table><tr><td>版权所有：清河县人民政府</td><td>技术支持：某某科技</td></tr></table>"
    "<p>主办：清河县人民政府办公室 地址：清河县武松街1号</p><p>今天是2026年11月30日 星期一</p>"
)

BLANK = [
    "",
    "<ul class=list></ul>",
    "<p>暂无数据</p>",
    "<div>栏目建设中，敬请期待！</div>",
    "<table><tr><th>标题</th><th>日期</th></tr></table><div>共 0 条 第 1/1 页</div>",
    "<form action=/search><input name=q><input type=submit value=搜索></form>",
    "<img src=/images/logo.png alt=清河县人民政府门户网站 width=600 height=90>",
    "<div>您现在的位置：<a href='/'>首页</a> &gt; <a href='/tzgg/'>通知公告</a></div>",
    "<a href='/zt/'><img src=/zt.jpg alt=专题专栏图片 width=300></a>",
    "<table><tr><td><a href='/'>首页</a></td><td><a href='/a/'>动态</a></td><td>通知公告</td></tr></table>",
    "<img src=/dot.gif width=1 height=1><img src=/a.png alt=图>",
    "<img src=/images/p.png alt=暂无数据><p>暂无数据</p>",
    "<img src=/images/no-data.png width=300>",
]


@pytest.mark.parametrize("body", BLANK)
def test_the_template_alone_is_no_content(body):
    page = page_of(document(NAV + body + FOOT, title="通知公告", meta=[("ColumnName", "通知公告")]))
    assert not has_content(page)
    assert read_list(page).form == "empty"


EMPTY = [
    "暂无内容",
    "该栏目下暂无信息！",
    "没有相关记录。",
    "本栏目正在建设中，敬请期待",
    "敬请期待……",
    "共 0 条",
    "第0页",
    "目前尚未发布内容",
    "共0条&nbsp; 0/0&nbsp;",
    "共 <strong>0</strong>页<strong>0</strong>条记录",
    "没有找到任何内容",
    "看起来我们找不到您想要的内容，试试搜索？",
]


@pytest.mark.parametrize("line", EMPTY)
def test_a_page_that_says_that_it_is_empty_is_blank_whatever_its_tags_are(line):
    page = page_of(document(f"{NAV}<p>{line}</p>{FOOT}", title="通知公告"))
    assert read_list(page).form == "empty"


OTHERWISE = [
    "共 10 条",
    "暂无内容的栏目将撤销",
    "没有相关记录的，不予办理。",
    "道路建设中的问题",
    "图书馆建设中心",
    "您没有访问该页面的权限",
]


@pytest.mark.parametrize("line", OTHERWISE)
def test_words_of_emptiness_in_a_sentence_say_nothing(line):
    assert not says_empty(page_of(document(f"{NAV}<p>{line}</p>{FOOT}", title="通知公告")))


def test_a_page_that_waits_for_a_question_is_not_blank():
    assert not says_empty(page_of(document(f"{NAV}<p>暂无数据</p>{FOOT}", title="信息检索")))


CONTENT = [
    "<p>各单位要认真落实有关工作要求，确保各项工作落到实处。县政府办公室将于年底前组织开展专项督查，并通报结果。</p>",
    "<p>依申请公开请登录 <a href='http://zwfw.example/'>省政务服务网</a> 办理</p>",
    "<img src=/zn.jpg alt=办事流程图>",
    "<img src=/upload/1.jpg width=900 height=1200>",
    "<table><tr><td>办公室</td><td>0319-8161234</td></tr><tr><td>人事股</td><td>0319-8161235</td></tr></table>",
    "<form action=/q><input type=text name=no><input type=submit value=查询></form>",
    "<iframe src=/f.pdf></iframe>",
    "<video src=/v.mp4></video>",
]


@pytest.mark.parametrize("body", CONTENT)
def test_what_a_reader_may_have_come_for_is_content(body):
    assert has_content(page_of(document(NAV + body + FOOT, title="通知公告", meta=[("ColumnName", "通知公告")])))


@pytest.mark.parametrize("line", ["暂无信息！", "栏目正在建设中", "共 <strong>0</strong>页<strong>0</strong>条记录"])
def test_an_empty_column_is_seen_whatever_its_address_is(line):
    page = page_of(document(f"{NAV}<p>{line}</p>", title="政策法规"), url="https://www.example.gov.cn/news.asp?c=3")
    assert may_be_list(page)
    assert read_list(page).form == "empty"
