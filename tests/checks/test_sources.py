"""An article names its source; a reprint leads to its original."""

import pytest

from checks.sources import Sources
from tests.sites.pages import document, page_of

URL = "https://www.example.gov.cn/zwgk/202609/t20260904_1.html"
META = [("ArticleTitle", "通知"), ("PubDate", "2026-09-04")]

CASES = {
    "发布时间：2026-09-04 来源：市政府办公室": [],
    "发布时间：2026-09-04 信息来源：市司法局 字号：大 中 小": [],
    "发布时间：2026-09-04": ["source"],
    "发布时间：2026-09-04 来源：": ["source"],
    "发布时间：2026-09-04 来源：网络": ["source"],
    "发布时间：2026-09-04 来源：null": ["source"],
    "发布时间：2026-09-04 来源：本站": [],
    "发布时间：2026-09-04 发布机构：市财政局": [],
    "发布时间：2026-09-04 作者：党政办 转自：本站 点击数：12": [],
    "发布时间：2026-09-04 来源：新华社": ["address"],
    "发布时间：2026-09-04 来源：网络。": ["source"],
    "发布时间：2026-09-04 来源：（网络）": ["source"],
    "发布时间：2026-09-04 本文转载自网络。": ["source"],
    "发布时间：2026-09-04 来源：本站 转载自互联网": ["source"],
    "发布时间：2026-09-04 来源：互联网整理": ["source"],
    "发布时间：2026-09-04 来源：网友投稿": ["source"],
    "发布时间：2026-09-04 来源：百度": ["source"],
    "发布时间：2026-09-04 来源:微信公众号": ["source"],
    "发布时间：2026-09-04 来源：某网站": ["source"],
    "发布时间：2026-09-04 来源：朋友圈": ["source"],
    "发布时间：2026-09-04 供稿：宣传科": [],
    "发布时间：2026-09-04 来源：清河发布微信公众号": [],
    "发布时间：2026-09-04 来源：市网信办": [],
    "发布时间：2026-09-04 来源：无": ["source"],
    "发布时间：2026-09-04 本文转自网络，侵权请联系删除": ["source"],
    "发布时间：2026-09-04 来源：市网络安全和信息化办公室": [],
    "发布时间：2026-09-04 来源：网络安全局": [],
    "发布时间：2026-09-04 来源：新华社，记者张某": ["address"],
    "发布时间：2026-09-04 转载自《齐风晚报》": ["address"],
    "发布时间：2026-09-04 来源：市政府办公室（转自：齐风发布）": ["address"],
    "发布时间：2026-09-04 摘自某某报，<a href='https://paper.example.com/a/1.html'>原文</a>": [],
    "发布时间：2026-09-04 转载自新华网 http://www.news.cn/a.html": [],
    "发布时间：2026-09-04 转载自新华网 http://www.news.cn/": ["address"],
    "发布时间：2026-09-04 转载自本站": ["source"],
    "发布时间：2026-09-04 来源：市司法局 未经允许不得转载": [],
    "发布时间：2026-09-04 来源：<a href='https://www.news.cn/a/1.html'>新华网</a>": [],
    "发布时间：2026-09-04 来源：<a href='https://www.news.cn/'>新华网</a>": ["address"],
    "时间:2026-09-04<small>来源:</small>未知<small>作者:</small>admin<small>点击:</small>7次": ["source"],
    "时间:2026-09-04<small>来源:</small>市司法局<small>作者:</small>admin": [],
    "发布时间：2026-09-04 来　　源：市司法局": [],
    "发布时间：2026-09-04 【来源】市司法局": [],
    "发布时间：2026-09-04<br>信息来源<span>市司法局</span>": [],
    "Posted: 2026-09-04 Source: Bureau of Justice": [],
    "发布时间：2026-09-04 来源：互联网综合整理": ["source"],
    "发布时间：2026-09-04 稿件来源：某公众号": ["source"],
}


def variants(body, meta=META, url=URL, **settings):
    return [finding.variant for finding in Sources(**settings).inspect(page_of(document(body, meta=meta), url=url))]


@pytest.mark.parametrize(("line", "expected"), CASES.items())
def test_what_an_article_says_about_its_source(line, expected):
    assert variants(f"<h1>通知</h1><p>{line}</p><p>正文。</p>") == expected


def test_a_meta_names_the_source_too():
    assert variants("<p>正文</p>", meta=[*META, ("ContentSource", "市政府办公室")]) == []
    assert variants("<p>正文</p>", meta=[*META, ("ContentSource", "null")]) == ["source"]


def test_a_reprint_without_a_date_is_reported():
    body = "<p>来源：<a href='https://www.news.cn/a/1.html'>新华网</a></p><p>正文</p>"
    assert variants(body, meta=[("ArticleTitle", "通知")]) == ["date"]


def test_the_address_need_not_be_asked_for():
    assert variants("<p>来源：新华社</p>", address=False) == []


def test_lists_and_other_pages_are_no_articles():
    assert variants("<p>正文</p>", meta=()) == []
    assert variants("<p>正文</p>", meta=[("ColumnName", "通知公告")]) == []
    assert variants("<p>发布时间：2026-09-04</p>", url="https://www.example.com/a.html") == []


def test_copies_of_an_article_in_other_columns_are_one_finding_with_it():
    def fingerprint(path, title="通知", day="2026-09-04", says="来源："):
        body = document(f"<h1>{title}</h1><p>发布时间：{day} {says}</p><p>正文。</p>", meta=META)
        (finding,) = Sources().inspect(page_of(body, url=f"https://www.example.gov.cn/{path}"))
        return finding.fingerprint

    for says in ("来源：", "来源：新华社"):
        article = fingerprint("zwgk/1.html", says=says)
        assert article == fingerprint("tzgg/2026/1.html", says=says)
        assert article != fingerprint("zwgk/2.html", day="2026-09-05", says=says)
    titled = [("PubDate", "2026-09-04"), ("ArticleTitle", "另一个通知")]
    (other,) = Sources().inspect(page_of(document("<p>发布时间：2026-09-04</p>", meta=titled), url=URL))
    assert other.fingerprint != fingerprint("zwgk/1.html")
