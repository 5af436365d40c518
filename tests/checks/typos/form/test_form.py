"""Slips of form: what is reported, and the look-alikes that are not."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from checks.typos import form
from tests.checks.typos.form.suspected import assert_suspected


def kinds(text: str) -> set[tuple[str, str]]:
    return {(suspect.kind, suspect.wrong) for suspect in form.suspects(text)}


@pytest.mark.parametrize(
    ("text", "kind", "wrong", "right"),
    [
        ("闽政办[2018]12号", "document-number", "[2018]12号", "〔2018〕12号"),
        ("国发2026〕5号", "document-number", "2026〕5号", "〔2026〕5号"),
        ("国发[2026]5 号", "document-number", "[2026]5 号", "〔2026〕5 号"),
        ("国发【2020】3号文件", "document-number", "【2020】3号", "〔2020〕3号"),
        ("二0一八年全市", "document-number", "二0一八", "二〇一八"),
        ("定于2023年2月29日召开", "date", "2023年2月29日", ""),
        ("4月31日截止", "date", "4月31日", ""),
        ("13月5日前报送", "date", "13月5日", ""),
        ("2024年3月5日（星期三）上午", "weekday", "2024年3月5日（星期三）", "星期二"),
        ("5月8日下午15:75开会", "date", "下午15:75", ""),
        ("共受理153余件", "remainder", "153余", "153"),
        ("同比下降2.5倍", "times-less", "下降2.5倍", ""),
        ("要继续进行进行整改", "repeated", "进行进行", "进行"),
        ("负责的的主管人员", "repeated", "的的", "的"),
        ("加强领导，，落实责任", "doubled", "，，", "，"),
        ("根据《办法的规定。", "unpaired", "《办法", "《办法》"),
        ("（一）加强领导）的有关要求。", "unpaired", "加强领导）", "（加强领导）"),
        ("加强领导,落实责任，确保安全。", "half-width", ",", "，"),
        ("欢迎访问{{site.title}}", "code", "{{site.title}}", ""),
        ("发布时间：${article.date}", "code", "${article.date}", ""),
        ("版权所有&nbsp;某局", "template", "&nbsp;", ""),
        ("“&nbsp;通知”已印发", "template", "&nbsp;", ""),
    ],
)
def test_finds(text: str, kind: str, wrong: str, right: str) -> None:
    assert_suspected(text, kind, wrong, right)


@pytest.mark.parametrize(
    "text",
    [
        "闽政办〔2018〕12号",
        "二〇一八年",
        "2024年2月29日（星期四）",
        "农历2月30日",
        "受理1500余件、3万余人次、10余个",
        "上涨2倍，下降20%",
        "目的的确定、标的的交付、的的确确",
        "根据根据地的经验",
        "一个一个地解决，研究研究再说，许多许多",
        "扎扎实实、高高兴兴、一次次、红彤彤",
        "1）名称；2）地址；a)附件。",
        "“第一段还没有说完。",
        "关于印发《某某办法》的通知",
        "关于印发《某某办法…",
        "（根据《某某条例》第三条（二）项）处理。",
        "财政司司长、宣传科科长",
        "比分3:2，时间12:30",
        'Convert "&lt;" to "<".',
        "网页中的空格写作“&nbsp;”。",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not kinds(text)


SIGNIFICANT = (
    "国办发年月日时分号第条款项元万亿个人余约倍下降左右上午下星期周三十二〔〕[]（）()《》“”，。、；：？！"
    ",.;:?!-/ 0123456789%％等此处输入标题待定测试{}$&nbsp<>#@N"
)


@settings(max_examples=500)
@given(st.text(SIGNIFICANT, max_size=30))
def test_no_rule_is_skipped_on_a_text_that_it_matches(text: str) -> None:
    skipped = [rule for rule in form.RULES if not rule.may_match(set(text))]
    assert not [rule for rule in skipped if any(True for _ in rule.suspects(text))]


OUTLINED = [rule for rule in form.RULES if rule.outline is not None]


@settings(max_examples=500)
@given(st.text("包括刘书画、，等近5左右上下（2024）号此处填写标题待定测试\n", max_size=30))
@example("书画、篆刻，摄影等")
@example("刘书、包括，刘书画、书画")
@example("近5个左右")
@example("约3万余人上下")
@example("（教基（2024）3号）")
@example("单击此处添加标题")
@example("正文待补充")
@example("测试标题1")
def test_what_a_rule_matches_has_its_outline(text: str) -> None:
    for rule in OUTLINED:
        assert rule.outline
        assert not rule.expression.search(text) or rule.outline.search(text)
