"""The lines on the terminal."""

from __future__ import annotations

import pytest

from checks.model import Confidence, Severity
from reports.summary import LINE_CHARACTERS, WORST, summary
from tests.factories import at, entry, finding, link, report, rule
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample


def test_the_sample():
    assert summary(sample(), "zh-CN").splitlines()[:9] == [
        "清河县人民政府 · 全站巡检 · 部分完成",
        "在已检查的范围内，有 1 个严重问题，请马上处理",
        "本次检查只完成了一部分：达到网页数上限 5,000",
        "评分 81.5 分 · 单项否决 ×1：严重问题",
        "检查网页 4,812 个、链接 21,377 个，发出请求 26,904 次",
        "严重 1 · 一般 12（另有疑似 2） · 提示 1",
        "与上次相比：新增 7，重新出现 1，仍未解决 8，已修复 2",
        "整改台账：待整改 31，逾期 6，待复核 2",
        "没有安装语言模型，错别字只按词典检查。",
    ]


def test_the_worst_ten_are_listed():
    lines = summary(sample(), "en").splitlines()
    listed = [line for line in lines if line.startswith("  [")]
    assert len(listed) == WORST
    assert listed[0].startswith("  [Critical] “中华人民共合国” should be “中华人民共和国”")
    assert (
        "  [Major] The name zwfw.example-old.cn does not resolve (1,284 pages)  http://zwfw.example-old.cn/" in listed
    )
    assert lines[-1] == "… 6 more in the report."


def test_a_suspicion_is_called_one():
    of = rule("broken-link", Severity.MAJOR)
    made = report(entry(finding(of, target=link(at("/x"), 503), confidence=Confidence.SUSPECTED)))
    assert f"  [一般 疑似] 这里有问题  {at('/x')}" in summary(made, "zh-CN").splitlines()


def test_a_clean_site_gets_few_lines():
    assert summary(report(), "en").splitlines() == [
        "清河县人民政府 · Homepage inspection · Complete",
        "This inspection found nothing wrong",
        "1 page and 187 links checked, 214 requests sent",
        "Critical 0 · Major 0 · Minor 0",
        "This is the first inspection of this scope: there is nothing to compare with.",
    ]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_cannot_steer_the_terminal(text):
    written = summary(hostile_report(text), "zh-CN")
    assert all(line.isprintable() for line in written.split("\n"))
    assert max(map(len, written.split("\n"))) <= LINE_CHARACTERS
    assert len(written.split("\n")) == 14
    written.encode("utf-8")
