"""Which pages a browser has to draw: those that a script makes, and no other."""

import pytest

from checks.reading.scripted import content_is_scripted
from tests.sites.pages import document, page_of

MENU = "".join(f"<a href=/{name}/>{name}</a> " for name in ("政务公开", "办事服务", "互动交流", "政府信息", "走进清河"))
LONG = "<p>" + "各镇人民政府，县政府各部门：现就做好今年防汛抗旱工作通知如下，请认真贯彻执行。" * 4 + "</p>"
LIST = (
    "<ul>"
    + "".join(f"<li><a href=/a/{n}.html>关于第{n}次会议的通知</a>2026-09-0{n}</li>" for n in range(1, 6))
    + "</ul>"
)
FETCH = "<script>fetch('/api/list').then(r => r.json()).then(d => draw('news-box', d))</script>"

SCRIPTED = {
    "an application of one box": "<div id=app></div><script src=/app.js></script>",
    "an application below a menu": f"{MENU * 4}<div id='app'><noscript>请启用脚本</noscript></div>"
    "<script src=/a.js></script>",
    "an application that says that it loads": f"{MENU * 4}<app-root>加载中…</app-root><script src=/a.js></script>",
    "a box that fetch fills": f"{MENU}<ul id=news-box></ul>{FETCH}",
    "a box that jQuery fills": f"{MENU}<div class='list-con'> <!-- --> </div>"
    "<script>$.getJSON('/l',d=>$('.list-con').html(d))</script>",
    "Vue": f"{MENU}<ul><li v-for='x in rows'>{{{{x.title}}}}</li></ul><script>new Vue({{el:'#x'}})</script>",
    "Angular": f"{MENU}<ul><li ng-repeat='x in rows'>{{{{x.title}}}}</li></ul><script src=/a.js></script>",
}
PLAIN = {
    "an article": f"{MENU}{LONG}",
    "an article with a counter": f"{MENU}{LONG}<span id=hits></span>"
    "<script>$.get('/hits',d=>$('#hits').text(d))</script>",
    "a list": f"{MENU}{LIST}",
    "a list with a script for something else": f"{MENU}{LIST}<div id=news-box></div>{FETCH}",
    "an empty box that no script names": f"{MENU}{LONG}<div id=banner></div><script>fetch('/x')</script>",
    "a page without a script": MENU,
    "a page in a box called app": f"<div id=app>{MENU}{LONG}</div><script src=/a.js></script>",
    "a page that moves its reader on": "<meta http-equiv=refresh content='0;url=/a/'><script>x()</script>",
}


@pytest.mark.parametrize("body", SCRIPTED.values(), ids=SCRIPTED)
def test_what_a_script_makes_is_drawn(body):
    assert content_is_scripted(page_of(document(body), "https://www.example.gov.cn/xw/"))


@pytest.mark.parametrize("body", PLAIN.values(), ids=PLAIN)
def test_what_is_there_already_is_not_drawn(body):
    assert not content_is_scripted(page_of(document(body), "https://www.example.gov.cn/xw/"))


@pytest.mark.parametrize("attribute", ["v-for", "ng-repeat", "x-for", "data-ng-repeat", "ms-for", ":for"])
@pytest.mark.parametrize("spelling", [str, str.upper, str.title])
def test_markup_that_is_repeated_is_known_in_whatever_case(attribute, spelling):
    body = f"{MENU}{LONG}<ul><li {spelling(attribute)} = 'x in rows'></li></ul><script src=/a.js></script>"
    assert content_is_scripted(page_of(document(body), "https://www.example.gov.cn/xw/"))


def test_an_empty_root_is_found_however_its_name_is_written():
    body = f'{MENU * 4}<div id = "app" class=x></div><script src=/a.js></script>'
    assert content_is_scripted(page_of(document(body), "https://www.example.gov.cn/xw/"))
