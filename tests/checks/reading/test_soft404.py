"""Pages that say "not here" with status 200, and pages that only speak of such."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from checks.reading.soft404 import Sight, signals

LONG = "全市政府网站检查发现，部分网站存在页面不存在、链接打不开等问题。" * 30


def seen(title: str = "", text: str = "", final: str = "http://a.cn/x.html", *, redirected: bool = False) -> Sight:
    return Sight(200, final, title, text, f"{title}{text}", redirected)


@pytest.mark.parametrize(
    "sight",
    [
        seen("页面不存在", "抱歉，您访问的页面不存在或已删除，3 秒后返回首页。"),
        seen("404", "您要查看的内容已被删除"),
        seen("404 Not Found", "404 Not Found nginx"),
        seen("提示信息", "您访问的页面不存在或已删除！", "http://a.cn/404.htm", redirected=True),
        seen("出错了", "找不到您要的页面"),
        seen("微信公众平台", "此内容已被发布者删除", "http://mp.weixin.qq.com/error/x", redirected=True),
        seen("无法找到该页", "对不起，您请求的页面未找到", "http://a.cn/error/404.html", redirected=True),
        seen("错误", "您所访问的网址不存在"),
        seen("Error", "The requested page could not be found: page not found"),
    ],
)
def test_a_notice_shows_two_signals(sight):
    assert len(set(signals(sight))) >= 2


@pytest.mark.parametrize(
    "sight",
    [
        seen("清河县人民政府", "政务公开 通知公告"),
        seen("关于整治页面不存在等问题的通知", LONG),
        seen("我市通报网站链接 404 等问题", LONG),
        seen("某镇 404 号文件", "某某街道 404 号"),
        seen("关于删除部分内容的公告", "经研究，现将有关事项公告如下。"),
        seen("首页", "欢迎", "http://a.cn/error-report/list.html", redirected=True),
    ],
)
def test_a_page_with_something_to_say_never_shows_two(sight):
    assert len(set(signals(sight))) < 2


def test_sameness_with_a_random_path_is_a_signal():
    a, b = seen("首页", "欢迎", "http://a.cn/", redirected=True), seen("", "", "http://a.cn/", redirected=True)
    assert "same-as-random" in set(signals(a, b))
    assert "same-as-random" not in set(signals(a, replace(b, status=404)))
    assert "same-as-random" not in set(signals(a, replace(b, final="http://a.cn/404")))
