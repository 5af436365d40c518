"""When an article was published: which of its dates counts."""

from datetime import UTC, datetime

import pytest

from checks.model import Page, Response
from checks.reading.dates import CHINA
from checks.reading.published import DateSource, conflicting_date, made_date, publication
from tests.sites.pages import document, page_of

NOW = datetime(2026, 9, 10, 10, 0, tzinfo=CHINA)


def article(*lines, meta=(), url="https://www.example.gov.cn/zwgk/index.html"):
    return Page(
        url=url,
        response=Response(url, 200),
        html="",
        fetched=NOW,
        meta=meta,
        text="\n".join(lines),
    )


def published(page, listed=None):
    found = publication(page, listed)
    return (f"{found.stamp.day:%Y-%m-%d}", found.source) if found else None


LABELLED = {
    ("发布时间：2026-09-04 09:30　来源：市政府办公室　字号：大 中 小",): "2026-09-04",
    ("来源：市政府办公室 发布日期：2026年9月4日 浏览次数：",): "2026-09-04",
    ("来源：市政府办公室发布时间：2026-09-04",): "2026-09-04",
    ("发布时间", "2026-09-04"): "2026-09-04",
    ("【发布日期】 2026-09-04",): "2026-09-04",
    ("发 布 时 间 ： 2026-09-04",): "2026-09-04",
    ("发布 日期：二〇二六年九月四日",): "2026-09-04",
    ("日期：2026-09-04",): "2026-09-04",
    ("日 期：2026-09-04 来源：本站",): "2026-09-04",
    ("时间：2026-09-04 09:30 来源：市司法局",): "2026-09-04",
    ("时间：2026-09-04",): "2026-09-04",
    ("公开日期：2026-09-04",): "2026-09-04",
    ("2026-09-04 09:30　来源：市政府办公室　浏览次数：12",): "2026-09-04",
    ("来源：市政府办公室 2026-09-04 【字体：大 中 小】",): "2026-09-04",
    ("索引号：000/2026-001", "成文日期：2026-08-01", "发布日期：2026-09-04"): "2026-09-04",
    ("成文日期：2026年08月01日 发布日期：2026年09月04日",): "2026-09-04",
    ("发布时间：2026-09-03T23:30:00Z",): "2026-09-04",
    ("发布时间：2026-09-04 下午3:30",): "2026-09-04",
    ("发布时间：Fri Sep 04 09:30:00 CST 2026",): "2026-09-04",
    ("发布时间：[2026-09-04]",): "2026-09-04",
    # traps
    ("成文日期：2026-08-01",): None,
    ("印发日期：2026-08-01",): None,
    ("Copyright © 2026-01-01 市政府 版权所有",): None,
    ("© 2016-2026 市政府办公室",): None,
    ("2026年9月4日，全市经济工作会议召开。",): None,
    ("关于2026年9月4日道路施工的通告",): None,
    ("时间：2026年9月20日", "地点：市政府三楼会议室"): None,
    ("时间：2026年9月20日 地点：市政府三楼会议室",): None,
    ("会议时间：2026年9月20日",): None,
    ("报名日期：2026年9月20日",): None,
    ("施行日期：2026-10-01",): None,
    ("拟发布时间：2026-10-01",): None,
    ("发布时间：每月15日前后",): None,
    ("发布时间：",): None,
    ("发布时间：2026-02-30",): None,
    ("本办法自2026年10月1日起施行。", "发布时间：2026-09-04"): "2026-09-04",
    ("2024-05-01 至 2024-06-01 来源：统计局",): None,
    ("ICP备12345678号 2026-01-01",): None,
}


@pytest.mark.parametrize(("lines", "expected"), LABELLED.items())
def test_the_label_says_when(lines, expected):
    assert published(article(*lines)) == ((expected, DateSource.LABEL) if expected else None)


METAS = {
    "2026-09-04": "2026-09-04",
    "2026-09-04 09:30": "2026-09-04",
    "2026/09/04 09:30": "2026-09-04",
    "2026-09-04 09:30:00": "2026-09-04",
    "2026-09-03T18:30:00Z": "2026-09-04",
    "Fri Sep 04 09:30:00 CST 2026": "2026-09-04",
    "20260904": "2026-09-04",
    "null": None,
    "": None,
    "2026": None,
    "{{pubdate}}": None,
    "0000-00-00": None,
}


@pytest.mark.parametrize(("content", "expected"), METAS.items())
def test_pubdate_is_read_in_every_spelling(content, expected):
    assert published(article(meta=(("PubDate", content),))) == ((expected, DateSource.META) if expected else None)


def test_each_source_yields_to_the_better_one():
    url = "https://www.example.gov.cn/art/2026/9/1/art_1_2.html"
    listed = datetime(2026, 9, 2, tzinfo=CHINA)
    label, meta = "发布时间：2026-09-03", (("PubDate", "2026-09-04"),)
    assert published(article(url=url)) == ("2026-09-01", DateSource.URL)
    assert published(article(url=url), listed) == ("2026-09-02", DateSource.LIST)
    assert published(article(label, url=url), listed) == ("2026-09-03", DateSource.LABEL)
    assert published(article(url=url, meta=meta), listed) == ("2026-09-04", DateSource.META)
    assert published(article(label, url=url, meta=meta), listed) == ("2026-09-03", DateSource.LABEL)
    assert published(article("日期：2026-09-03", meta=meta), listed) == ("2026-09-04", DateSource.META)
    timed = publication(article(label, meta=(("PubDate", "2026-09-03 09:30"),)))
    assert (timed.source, timed.stamp.timed) == (DateSource.META, True)


def test_a_broken_meta_yields_to_the_label():
    assert published(article("发布时间：2026-09-03", meta=(("PubDate", "null"),))) == ("2026-09-03", DateSource.LABEL)


def test_the_day_a_document_was_made_stands_apart():
    text = "成文日期：2026-08-01\n发布日期：2026-09-04"
    assert made_date(text, NOW).at == datetime(2026, 7, 31, 16, tzinfo=UTC)
    assert made_date("发布日期：2026-09-04", NOW) is None


HEADED = {
    "发表于 2026-09-04": "2026-09-04",
    "更新时间：2026年9月4日": "2026-09-04",
    "编辑：李明 　　 2026-09-04": "2026-09-04",
    "供稿单位：县司法局 2026-09-04": "2026-09-04",
    "<time datetime='2026-09-03T23:30:00Z'>9月4日</time>": "2026-09-04",
    # traps
    "更新至 2026-09-04": None,
    "生成日期 2026-09-04": None,
    "<time datetime='2026-09-04'>9月4日</time><time datetime='2026-09-05'>9月5日</time>": None,
    "<time datetime='下周'>下周</time>": None,
}


@pytest.mark.parametrize("line", HEADED)
def test_what_stands_below_a_heading_may_be_its_date(line):
    page = page_of(document(f"<h1>关于做好秋粮收购工作的通知</h1><p>{line}</p><p>各单位要认真落实，确保见效。</p>"))
    found = publication(page)
    assert (f"{found.stamp.day:%Y-%m-%d}" if found else None) == HEADED[line]


def conflict(*lines, tagged="2026-08-17", title="关于做好冬季防火工作的通知"):
    """Return the days that a page of some lines below its title shows and has in its tag, None where they agree."""
    body = "".join(f"<div>{line}</div>" for line in (title, *lines))
    dates = conflicting_date(page_of(document(body, title=title, meta=[("PubDate", tagged)])))
    return dates and tuple(str(stamp.day) for stamp in dates)


@pytest.mark.parametrize(
    "lines", [("来源：某县某局", "时间：2026-09-04 08:30"), ("日期：2026年9月4日", "作者：综合科")]
)
def test_a_bare_label_in_a_byline_is_sure(lines):
    assert conflict(*lines) == ("2026-09-04", "2026-08-17")
    assert conflict(*lines, tagged="2026-09-04") is None


@pytest.mark.parametrize(
    "lines",
    [
        ("时间：2026-09-04 08:30", "地点：三楼会议室", "来源：某县某局"),
        ("来源：某县某局", "时间：2026年9月4日", "参加人员：各科室负责人"),
        ("时间：2026-09-04",),
    ],
)
def test_when_a_meeting_is_says_nothing_of_when_it_was_announced(lines):
    assert conflict(*lines) is None
