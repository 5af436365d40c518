"""The workbook, read back as a person's spreadsheet reads it."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from functools import cache

import pytest
from openpyxl import load_workbook

from checks.model import Severity
from reports import FORMATS
from reports.safe import CELL_CHARACTERS
from reports.workbooks import tables
from tests.factories import at, entry, finding, report
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample


def workbook(made, language="zh-CN"):
    return load_workbook(io.BytesIO(FORMATS["xlsx"].render(made, language)))


@cache
def sample_book():
    return workbook(sample())


def rows(sheet):
    """Return the rows below the heading as dictionaries by heading."""
    names, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(names, line, strict=True)) for line in lines]


def test_sheets():
    assert sample_book().sheetnames == [
        "总览",
        "问题清单",
        "按字词汇总",
        "引用页面",
        "已修复",
        "栏目",
        "评分",
        "扣分明细",
    ]
    assert workbook(sample(), "en").sheetnames == [
        "Overview",
        "Findings",
        "By wording",
        "Referrers",
        "Fixed",
        "Columns",
        "Score",
        "Behind the score",
    ]


def test_the_sheet_of_columns_says_how_each_stands():
    rows = list(sample_book()["栏目"].iter_rows(values_only=True))
    assert rows[0] == ("栏目", "类型", "条数", "最近更新", "更新期限", "状态", "网址")
    assert len(rows) == 1 + len(sample().columns)
    assert {row[5] for row in rows[1:]} & {"超期未更新", "空白栏目"}


def test_the_sheet_of_points_says_what_cost_them_and_what_is_left_to_a_person():
    cells = [value for row in sample_book()["评分"].iter_rows(values_only=True) for value in row if value is not None]
    score = sample().score
    for text in [item.title.zh for item in score.items] + [each.evidence.zh for each in score.veto]:
        assert text in cells
    assert [text.zh for text in score.unjudged] == cells[-len(score.unjudged) :]


def test_everything_behind_a_deduction_has_a_row_that_can_be_found_again():
    book = sample_book()
    head, *rows = book["扣分明细"].iter_rows(values_only=True)
    assert head == ("扣分项", "问题编号", "名称", "问题描述", "网址")
    assert [row[0] for row in rows] == ["严重问题", *["首页链接不能打开"] * 5, "栏目不更新"]
    numbers = {row[1] for row in book["问题清单"].iter_rows(min_row=2, values_only=True)}
    assert {row[1] for row in rows if row[1]} <= numbers
    assert rows[-1][2:4] == ("人事信息", "超期未更新，最近更新 2025-03-18")


def test_the_overview_has_the_verdict_and_the_figures():
    lines = [
        tuple(value for value in line if value is not None)
        for line in sample_book()["总览"].iter_rows(values_only=True)
    ]
    assert lines[0] == ("清河县人民政府 · 网站健康检查报告",)
    assert lines[1] == ("在已检查的范围内，有 1 个严重问题，请马上处理",)
    assert lines[3] == ("评分 81.5 分", "单项否决 ×1：严重问题")
    assert ("一般", 12, 2, 7) in lines
    assert ("已修复", 2) in lines
    assert ("检查时间", datetime(2026, 9, 7, 2, 0, 12)) in lines  # noqa: DTZ001 - a sheet knows no zones
    assert ("没有安装语言模型，错别字只按词典检查。",) in lines
    assert ("首页链接不能打开", -3, 3, "链接可用性") in lines


def test_the_overview_draws_its_figures_over_the_cells_that_have_them():
    sheet = sample_book()["总览"]
    shown = [list(row) for row in sheet.iter_rows(values_only=True)]
    drawn = {}
    for chart in sheet._charts:
        title = "".join(run.t for paragraph in chart.title.tx.rich.p for run in paragraph.r)
        for series in chart.series:
            cells = series.val.numRef.f
            (first, last), column = re.findall(r"\$(\d+)", cells), re.search(r"\$([A-Z])", cells)
            at = ord(column[1]) - ord("A")
            heading = shown[int(first) - 2][at]
            drawn[title, heading] = [row[at] for row in shown[int(first) - 1 : int(last)]]
    severities = [("严重", Severity.CRITICAL), ("一般", Severity.MAJOR), ("提示", Severity.MINOR)]
    for label, severity in severities:
        found = sum(entry.finding.weight is severity for entry in sample().findings)
        assert sum(drawn["各类问题", label]) == found
        points = [None if each.status == "failed" else each.confirmed.get(severity, 0) for each in sample().trend]
        assert drawn["各次检查确认的问题", label] == points
    assert sum(drawn["各处室待整改", "逾期"]) == sum(entry.overdue and entry.is_open for entry in sample().findings)
    assert drawn["评分变化", "评分"] == [each.score for each in sample().trend]


def test_a_report_with_nothing_to_compare_has_no_chart():
    assert workbook(report(entry(finding())))["总览"]._charts == []


def test_each_finding_says_whose_it_is_until_when_and_how_it_stands():
    found = rows(sample_book()["问题清单"])
    (late,) = (row for row in found if row["问题编号"] == "12")
    told = [late[name] for name in ("状态", "责任处室", "责任人", "整改期限", "是否逾期")]
    assert told == ["待整改", "信息中心", "张敏", datetime(2026, 8, 29), "逾期"]  # noqa: DTZ001 - a sheet knows no zones
    assert {row["是否逾期"] for row in found} == {"逾期", None}


def test_one_row_a_finding_worst_first():
    found = rows(sample_book()["问题清单"])
    assert len(found) == len(sample().findings)
    assert [row["序号"] for row in found] == list(range(1, len(found) + 1))
    first = found[0]
    assert first["等级"] == "严重"
    assert first["置信度"] == "确认"
    assert first["错误内容"] == "中华人民共合国"
    assert first["修改建议"] == "中华人民共和国"
    assert first["定位/上下文"].startswith("为深入贯彻落实《【中华人民共合国】")
    assert first["首次发现"] == datetime(2026, 9, 7, 2, 0)  # noqa: DTZ001
    dead = next(row for row in found if row["引用页数"] == 1284)
    assert dead["HTTP 状态/原因"] == "域名解析失败"
    assert dead["问题链接"] == "http://zwfw.example-old.cn/"
    assert dead["连续次数"] == 5


def test_referrers_and_fixed_have_their_own_sheets():
    referrers = rows(sample_book()["引用页面"])
    assert sum(row["问题链接"] == "http://zwfw.example-old.cn/" for row in referrers) == 20
    numbers = {row["问题编号"] for row in rows(sample_book()["问题清单"])}
    assert {row["问题编号"] for row in referrers} <= numbers
    assert [row["与上次相比"] for row in rows(sample_book()["已修复"])] == ["已修复", "已修复"]


@pytest.mark.parametrize("name", ["问题清单", "引用页面", "已修复"])
def test_lists_can_be_filtered_under_a_fixed_heading(name):
    sheet = sample_book()[name]
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.auto_filter.ref.endswith(str(sheet.max_row))
    assert all(sheet.column_dimensions[cell.column_letter].width > 5 for cell in sheet[1])


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_nothing_a_site_writes_is_a_formula_or_a_strange_link(text):
    made = workbook(hostile_report(text))
    for sheet in made:
        for line in sheet.iter_rows():
            for cell in line:
                assert cell.data_type in {"s", "n", "d", "inlineStr"}
                assert not isinstance(cell.value, str) or len(cell.value) <= CELL_CHARACTERS
                assert cell.hyperlink is None or cell.hyperlink.target.startswith(("http://", "https://"))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_the_file_holds_data_only(text):
    names = zipfile.ZipFile(io.BytesIO(FORMATS["xlsx"].render(hostile_report(text), "zh-CN"))).namelist()
    assert not [name for name in names if "vba" in name.lower() or "externalLink" in name or "connections" in name]


def test_pages_can_be_opened_from_the_sheet():
    sheet = sample_book()["问题清单"]
    place = [cell.value for cell in sheet[1]].index("页面 URL") + 1
    assert sheet.cell(2, place).hyperlink.target == at("/art/2026/8/21/art_12_4471.html")


def test_an_address_longer_than_excel_follows_is_text():
    long = at("/" + "a" * tables.LINK_CHARACTERS)
    sheet = workbook(report(entry(finding(url=long))))["问题清单"]
    assert [cell.value for cell in sheet[2] if cell.hyperlink] == []
    assert long in [cell.value for cell in sheet[2]]


def test_links_stop_before_excel_does(monkeypatch):
    monkeypatch.setattr(tables, "LINKS", 2)
    sheet = workbook(report(*(entry(finding(key=str(number))) for number in range(4))))["问题清单"]
    assert sum(cell.hyperlink is not None for line in sheet.iter_rows() for cell in line) == 2


def test_a_sheet_that_is_full_goes_on_on_another(monkeypatch):
    monkeypatch.setattr(tables, "SHEET_ROWS", 3)
    book = workbook(report(*(entry(finding(key=str(number), url=at(f"/{number}.html"))) for number in range(7))))
    names = [name for name in book.sheetnames if name.startswith("问题清单")]
    assert names == ["问题清单", "问题清单 2", "问题清单 3"]
    listed = [row["序号"] for name in names for row in rows(book[name])]
    assert listed == list(range(1, 8))
    assert sum(cell.hyperlink is not None for name in names for line in book[name] for cell in line) == 7


@pytest.mark.parametrize(("name", "height"), [("总览", None), ("栏目", 0), ("评分", 0)])
def test_short_sheets_print_one_page_wide_and_the_first_on_one(name, height):
    sheet = sample_book()[name]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", height)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


@pytest.mark.parametrize("name", ["问题清单", "按字词汇总", "引用页面", "已修复", "扣分明细"])
def test_lists_print_on_paper_with_headings_on_every_page(name):
    sheet = sample_book()[name]
    assert (sheet.page_setup.orientation, sheet.page_setup.fitToHeight) == ("landscape", 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
