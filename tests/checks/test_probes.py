"""What a step must answer, and the probes that every site can be given."""

import pytest

from checks.model import Probe, Request, Response
from checks.probes import Expectation, Probes, Step, feed_steps, search_step, unmet
from tests.sites.pages import document, page_of

URL = "https://www.example.gov.cn/"
PAGE = "<html><body><ul class='hits'><li>关于<em>印发</em>工作要点的通知</li></ul><p>共 1 条</p></body></html>"
DATA = '{"data": {"total": 2, "rows": [{"title": "通知"}]}}'
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><item><title>通知</title></item></channel></rss>'

CASES = [
    (Expectation(), PAGE, []),
    (Expectation(text="关于印发工作要点的通知"), PAGE, []),
    (Expectation(text="另一个通知"), PAGE, ["text"]),
    (Expectation(absent="没有找到"), PAGE, []),
    (Expectation(absent="共1条"), PAGE, ["absent"]),
    (Expectation(selector=".hits li"), PAGE, []),
    (Expectation(selector=".hits li", at_least=2), PAGE, ["selector"]),
    (Expectation(json={"data.total": 2, "data.rows.0.title": "通知"}), DATA, []),
    (Expectation(json={"data.total": 3, "data.rows.5.title": "通知"}), DATA, ["json", "json"]),
    (Expectation(json={"data.total": 2}), PAGE, ["json"]),
    (Expectation(feed=True), RSS, []),
    (Expectation(feed=True), RSS.replace("item", "image"), ["feed"]),
    (Expectation(feed=True), PAGE, ["feed"]),
    (Expectation(text="另", selector="h9", status=201), PAGE, ["status", "text", "selector"]),
]


@pytest.mark.parametrize(("expect", "body", "kinds"), CASES)
def test_what_an_answer_must_be(expect, body, kinds):
    assert [each.kind for each in unmet(expect, Response(URL, 200), body)] == kinds


def test_no_answer_a_wrong_one_and_a_slow_one():
    assert [each.kind for each in unmet(Expectation(), Response(URL, error="timeout"), "")] == ["answer"]
    assert [each.kind for each in unmet(Expectation(), Response(URL, 500), "")] == ["status"]
    assert [each.kind for each in unmet(Expectation(seconds=3), Response(URL, 200, elapsed=3.5), "")] == ["seconds"]
    assert unmet(Expectation(status=None), Response(URL, 500), "") == ()


WORD = "%E9%80%9A%E7%9F%A5"
HIDDEN = '<input type="hidden" name="col" value="9">'
FORMS = {
    '<form action="/search/"><input name="q"><button>搜索</button></form>': Request(f"{URL}search/?q={WORD}"),
    f'<form action="/s?site=1" class="search">{HIDDEN}<input name="keyword"></form>': Request(
        f"{URL}s?site=1&col=9&keyword={WORD}"
    ),
    '<form action="/jsearch" method="POST"><input name="wd" type="search"></form>': Request(
        f"{URL}jsearch", (("wd", "通知"),)
    ),
    '<form action="/login"><input name="user"><input type="password" name="q"></form>': None,
    '<form action="javascript:go()" id="search"><input name="q"></form>': None,
    '<form id="search"><input name="q"></form>': None,
    "<p>没有搜索</p>": None,
}


@pytest.mark.parametrize(("form", "request_"), FORMS.items())
def test_the_search_of_a_site_is_found_on_its_homepage(form, request_):
    step = search_step(page_of(document(form), url=URL, homepage=True), "通知")
    assert step == (request_ and Step(request_, Expectation(link="通知")))


def test_a_search_is_asked_in_the_charset_of_its_page():
    html = '<meta charset="gbk"><form action="/search"><input name="q"></form><p>搜索</p>'
    page = page_of(html.encode("gbk"), url=URL, headers=(("content-type", "text/html"),))
    assert search_step(page, "通知").request.url.endswith("?q=%CD%A8%D6%AA")


def test_feeds_are_announced():
    feed = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    head = f'{feed}<link rel="alternate" hreflang="en" href="/en/">'
    assert [step.request.url for step in feed_steps(page_of(document(head=head), url=URL))] == [URL + "rss.xml"]


TITLE = "关于印发工作要点的通知"
RESULTS = {
    f'<a href="1.html">{TITLE}</a>': True,
    '<a href="1.html">关于<em>印发</em>工作要点的通知</a>': True,
    f'<a href="1.html" title="{TITLE}">关于…</a>': True,
    '<a href="1.html">关于印发工作要点...</a>': True,
    '<a href="1.html">关于印发...</a>': False,
    f'<input name="q" value="{TITLE}"><p>没有找到“{TITLE}”</p>': False,
    '<a href="1.html">另一个通知</a>': False,
}


@pytest.mark.parametrize(("results", "found"), RESULTS.items())
def test_a_search_must_link_to_what_was_asked_for(results, found):
    assert (unmet(Expectation(link=TITLE), Response(URL, 200), document(results)) == ()) is found


def test_a_failed_probe_says_which_step_and_why():
    failed = Probe("站内搜索", URL, 2, Response(URL, 200), unmet(Expectation(text="通知"), Response(URL, 200), ""))
    (finding,) = Probes().inspect(failed)
    assert finding.rule.say(finding, "zh-CN") == "“站内搜索”第 2 步的结果中没有“通知”"
    assert list(Probes().inspect(Probe("站内搜索", URL, 2, Response(URL, 200)))) == []


@pytest.mark.parametrize(
    ("error", "said"),
    [
        ("timeout", "“登录”第 1 步：在限定时间内没有应答完"),
        ("protocol", "“登录”第 1 步：服务器的应答不符合 HTTP 规范"),
        ("too-large", "“登录”第 1 步没有应答：too-large"),
    ],
)
def test_a_step_without_an_answer_says_why(error, said):
    """An answer that breaks off is none, whatever its status."""
    for status in (None, 200):
        response = Response(URL, status, error=error)
        (finding,) = Probes().inspect(Probe("登录", URL, 1, response, unmet(Expectation(), response, "")))
        assert finding.rule.say(finding, "zh-CN") == said
