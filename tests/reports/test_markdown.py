"""The short form, for work items and chats."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from checks import RULES
from reports import FORMATS
from reports.markdown import SHOWN, escaped, linked
from tests.factories import at, entry, finding, report, rule
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample


def lines(made, language="zh-CN"):
    return FORMATS["markdown"].render(made, language).decode("utf-8").splitlines()


def test_it_starts_with_the_verdict():
    written = lines(sample())
    assert written[0] == "# 清河县人民政府 · 网站健康检查报告"
    assert "**在已检查的范围内，有 1 个严重问题，请马上处理**" in written
    assert "| 一般 | 12 | 2 | 7 |" in written
    assert "与上次相比：新增 7，重新出现 1，仍未解决 8，已修复 2" in written


def test_the_veto_stands_beside_the_score():
    written = lines(sample())
    at = written.index("评分：81.5 分")
    assert written[at + 2] == "**单项否决 ×1：严重问题**"


def test_a_first_run_counts_nothing_as_new():
    assert "新增" not in "".join(lines(replace(sample(), previous=None)))


def test_rules_stand_worst_first():
    titles = [line for line in lines(sample(), "en") if line.startswith("## ")]
    assert titles == [
        "## What was not checked",
        "## Critical · Severe wording error · 1 place",
        "## Major · Broken link · 10 places",
        "## Major · Typo · 3 places",
        "## Major · Stale column · 1 place",
        "## Minor · No Content-Security-Policy · 1 place",
        "## Fixed",
    ]


def test_our_own_remedies_are_shown_and_their_code_can_be_copied():
    charset, framing = RULES["charset-undeclared"], RULES["x-frame-options"]
    written = lines(report(entry(finding(charset)), entry(finding(framing))))
    assert any(r'\<meta charset="utf-8"\>' in line for line in written)
    outside = [line for at, line in enumerate(written) if sum(each.startswith("```") for each in written[:at]) % 2 == 0]
    assert not re.search(r"(?<!\\)<(?!https?:)", "\n".join(outside))
    assert '    <add name="X-Frame-Options" value="SAMEORIGIN" />' in written


def test_long_lists_are_cut_and_say_so():
    made = report(*(entry(finding(rule("many"), key=str(number), params={"n": number})) for number in range(SHOWN + 1)))
    assert "另有 1 处未在此列出，请看 Excel 表或 JSON 文件。" in lines(made)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_breaks_no_table_and_makes_no_markup(text):
    written = lines(hostile_report(text))
    tables = [line for line in written if line.startswith("| ")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} <= {4, 8}
    assert not [line for line in written if re.search(r"(?<!\\)<(?!https?://)", line)]
    assert not [line for line in written if re.search(r"(?<!\\)\]\((?!<https?://)", line)]
    assert sum(line.startswith("#") for line in written) == 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a | b\nc", r"a \| b c"),
        ("[x](y)", r"\[x\](y)"),
        ("<b>", r"\<b\>"),
        ("\\|", r"\\\|"),
        ("\x1b[0m", r"␛\[0m"),
        ("见http://a.cn/与WWW.b.cn", r"见http\://a.cn/与WWW\.b.cn"),
    ],
)
def test_escaped(text, shown):
    assert escaped(text) == shown


def test_linked():
    assert linked(at("/a_b")) == rf"[{at('/a')}\_b](<{at('/a_b')}>)"
    assert linked("javascript:alert(1)") == "javascript:alert(1)"
