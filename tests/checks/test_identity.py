"""The footer of an official homepage, and the one code in three places."""

import pytest

from checks.identity import Identity, site_codes
from tests.sites.pages import document, page_of

FOOTER = {
    "badge": '<script src="//dcs.conac.cn/js/19/300/0000/60476453/CA193000000604764530002.js"></script>',
    "report": '<a href="https://zfwzgl.www.gov.cn/exposure/jiucuo.html?site_code=4401000001">找错</a>',
    "code": "<p>网站标识码：4401000001</p>",
    "organiser": "<p>主办单位：某市人民政府办公室</p>",
    "contact": "<p>联系电话：020-12345678</p>",
    "icp": "<p>粤ICP备12345678号-1</p>",
    "police": "<p>粤公网安备 44010002000001号</p>",
    "map": '<a href="/map/">站点地图</a>',
}
META = [("SiteIDCode", "4401000001")]
HOME = "https://www.example.gov.cn/"


def home(without="", *, meta=META, extra="", url=HOME):
    marks = "".join(mark for name, mark in FOOTER.items() if name != without)
    return page_of(
        document(f"<div>首页</div><div class='footer'>{marks}{extra}</div>", meta=meta), url=url, homepage=True
    )


def faults(page, **settings):
    return [finding.variant for finding in Identity(**settings).inspect(page)]


def test_a_complete_footer_is_clean():
    assert faults(home()) == []


@pytest.mark.parametrize("mark", FOOTER)
def test_each_missing_mark_is_a_finding(mark):
    assert faults(home(without=mark)) == [mark]


BADGES = (
    '<a href="https://bszs.conac.cn/sitename?method=show&id=0ABC">党政机关</a>',
    "<span id='_ideConac'></span>",
)


@pytest.mark.parametrize("badge", BADGES)
def test_a_badge_has_several_forms(badge):
    assert faults(home(without="badge", extra=badge)) == []


CODES = {
    "网站标识码4401000001": "4401000001",
    "网站标识码：</span><em>4401000001</em><span>": "4401000001",
    "标识码: bm56000001": "bm56000001",
    "标 识 码：N440100001": "N440100001",
}


@pytest.mark.parametrize(("footer", "code"), CODES.items())
def test_a_code_has_several_forms(footer, code):
    page = home(without="code", meta=[("SiteIDCode", code)], extra=f"<span>{footer}</span>")
    assert site_codes(page) == {"SiteIDCode": code, "网站标识码": code, "找错": "4401000001"}


def test_the_code_is_the_same_in_three_places():
    (finding,) = Identity().inspect(home(meta=[("SiteIDCode", "4401000002")]))
    assert finding.rule.say(finding, "zh-CN") == (
        "网站标识码不一致：SiteIDCode 4401000002；网站标识码 4401000001；找错 4401000001"
    )


def test_the_old_address_for_errors_is_named():
    old = '<a href="http://121.43.68.40/exposure/jiucuo.html?site_code=4401000001">找错</a>'
    assert faults(home(without="report", extra=old)) == ["old-report"]


def test_only_homepages_of_official_sites_are_judged():
    bare = document("<p>某公司</p>")
    assert faults(page_of(bare, url="https://www.example.com/", homepage=True)) == []
    assert len(faults(page_of(bare, url=HOME, homepage=True))) == 8
    assert faults(page_of(bare, url=HOME + "a.html")) == []
    assert len(faults(page_of(bare, url="https://www.example.com/", homepage=True), official=True)) == 8
    assert faults(page_of(bare, url=HOME, homepage=True), official=True, required=("map",)) == ["map"]
