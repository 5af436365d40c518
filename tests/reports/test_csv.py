"""The table that Excel and WPS open from a double click."""

from __future__ import annotations

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from reports import FORMATS, finding_rows
from reports.csv import FORMULA, inert
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample


def table(made, language="zh-CN"):
    return list(csv.reader(io.StringIO(FORMATS["csv"].render(made, language).decode("utf-8-sig"), newline="")))


def test_it_begins_with_a_byte_order_mark_and_the_headings():
    assert FORMATS["csv"].render(sample(), "zh-CN").startswith(codecs.BOM_UTF8)
    assert table(sample())[0][:6] == ["序号", "问题编号", "网站名称", "检查编号", "大类", "规则"]
    assert table(sample(), "en")[0][:3] == ["No.", "Finding ID", "Site"]


def test_one_line_a_finding_worst_first():
    heading, *lines = table(sample())
    assert len(lines) == len(sample().findings)
    first = dict(zip(heading, lines[0], strict=True))
    assert (first["等级"], first["错误内容"], first["首次发现"]) == ("严重", "中华人民共合国", "2026-09-07 02:00")


def test_a_first_run_calls_no_finding_new():
    heading, *lines = table(replace(sample(), previous=None))
    assert {dict(zip(heading, line, strict=True))["与上次相比"] for line in lines} == {"", "仍未解决", "重新出现"}
    assert "新增" in {dict(zip(heading, line, strict=True))["与上次相比"] for line in table(sample())[1:]}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("+86 10", "'+86 10"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1", "'＝1"),
        (" =1", "' =1"),
        ("\t=1", "'\t=1"),
        ("a=1", "a=1"),
        ("正常", "正常"),
        ("", ""),
    ],
)
def test_inert(text, shown):
    assert inert(text) == shown


@given(st.text(st.characters(codec=None)))
def test_no_cell_starts_like_a_formula(text):
    assert inert(text)[:1] not in FORMULA - {""}
    assert inert(text).lstrip()[:1] not in FORMULA


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_in_its_cell(text):
    heading, *lines = table(hostile_report(text))
    assert len(lines) == 4
    assert {len(line) for line in lines} == {len(heading)} == {len(finding_rows.COLUMNS) + 1}
    assert not [cell for line in lines for cell in line if cell.lstrip()[:1] in FORMULA]
