"""The report of a period has the ledger's figures in every format, and no text of a site acts in any."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from docx import Document
from jsonschema import Draft202012Validator
from openpyxl import load_workbook

from checks.model import Confidence
from reports.period import PERIOD_FORMATS
from reports.period.period_report import Period, quarter_of
from reports.wording import LANGUAGES
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.period_sample import of_groups, of_many, period_of
from tests.reports.sample import sample

SCHEMA = json.loads(Path(__file__).parents[3].joinpath("docs", "period.schema.json").read_text("utf-8"))
TEXT = ("html", "json", "markdown")


@cache
def made():
    return period_of(sample().findings)


def text_of(name, report, language="zh-CN"):
    return PERIOD_FORMATS[name].render(report, language).decode()


# ---- periods -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2026Q1", date(2026, 1, 1), date(2026, 3, 31)),
        ("2026q3", date(2026, 7, 1), date(2026, 9, 30)),
        ("2024-Q4", date(2024, 10, 1), date(2024, 12, 31)),
    ],
)
def test_quarters(text, start, end):
    assert (quarter_of(text).start, quarter_of(text).end) == (start, end)


@pytest.mark.parametrize("text", ["", "2026", "2026Q0", "2026Q5", "26Q3", "2026Q31", "Q3 2026"])
def test_what_is_no_quarter(text):
    with pytest.raises(ValueError, match="is no quarter; write it as 2026Q3"):
        quarter_of(text)


def test_months_cover_the_period_and_none_that_is_yet_to_come():
    months = list(Period(date(2025, 12, 15), date(2026, 3, 2)).months(date(2026, 2, 10)))
    assert [(month.start, month.end) for month in months] == [
        (date(2025, 12, 15), date(2025, 12, 31)),
        (date(2026, 1, 1), date(2026, 1, 31)),
        (date(2026, 2, 1), date(2026, 2, 10)),
    ]


# ---- formats -------------------------------------------------------------------------------------

BUILT = [name for name in PERIOD_FORMATS if name != "pdf"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILT)
def test_the_same_report_gives_the_same_bytes(name, language):
    assert PERIOD_FORMATS[name].render(made(), language) == PERIOD_FORMATS[name].render(made(), language)


@pytest.mark.parametrize("name", BUILT)
def test_a_period_in_which_nothing_happened(name):
    assert PERIOD_FORMATS[name].render(replace(period_of(()), runs=(), months=()), "en")


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    report = period_of(hostile_report(text).findings, site=text, url=text or "http://")
    for name in BUILT:
        PERIOD_FORMATS[name].render(report, "zh-CN")
    page = text_of("html", report)
    assert "<script" not in page
    assert not re.search(r"<[^>]*\son\w+=", page)
    book = load_workbook(io.BytesIO(PERIOD_FORMATS["xlsx"].render(report, "zh-CN")))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
        "inlineStr",
    }


def test_json_follows_its_schema_and_its_parts_add_up():
    document = json.loads(text_of("json", made()))
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    assert (document["from"], document["to"], document["over"]) == ("2026-07-01", "2026-09-30", True)
    for figure in ("found", "closed", "reopened"):
        for parts in (
            *(document[key].values() for key in ("severities", "families", "departments")),
            document["months"],
        ):
            assert sum(part[figure] for part in parts) == document["total"][figure]
    assert document["total"]["open"] == len(document["open"]) == len(sample().findings)
    assert document["total"]["overdue"] == sum(entry["overdue"] for entry in document["open"]) > 0


def test_the_page_shows_figures_charts_runs_and_what_is_open():
    page = text_of("html", made())
    total = made().figures.total
    assert f"发现 {total.found} 处，销号 1 处" in page
    assert "整改天数中位数 3.0" in page
    assert "2026年第三季度" in page
    assert page.count("<svg") == 3
    assert page.count("单项否决 ×1") == 2
    assert "未能完成" in page


def test_markdown_has_a_row_for_each_part_and_for_the_total():
    lines = text_of("markdown", made(), "en").splitlines()
    assert lines[0] == "# 清河县人民政府 · Inspections and what was mended (third quarter of 2026)"
    assert len([line for line in lines if line.startswith("| Total |")]) == 4


def test_the_workbook_has_its_charts_and_what_is_open():
    book = load_workbook(io.BytesIO(PERIOD_FORMATS["xlsx"].render(made(), "zh-CN")))
    assert book.sheetnames == ["数量统计", "检查记录", "待整改问题"]
    assert len(book["数量统计"]._charts) == 4
    assert book["待整改问题"].max_row == 1 + len(sample().findings)
    values = {row[0]: row[1] for row in book["数量统计"].iter_rows(values_only=True) if row[0]}
    assert values["合计"] == made().figures.total.found
    medians = [row[6] for row in book["数量统计"].iter_rows(values_only=True) if isinstance(row[6], float)]
    assert [round(median, 1) for median in medians] == medians


def test_the_notice_speaks_of_the_period_and_of_what_is_open():
    document = Document(io.BytesIO(PERIOD_FORMATS["docx"].render(made(), "zh-CN")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "关于2026年第三季度清河县人民政府网站检查情况的通报"
    assert any("2026年7月1日至2026年9月30日对清河县人民政府进行了3次检查" in line for line in lines)
    assert any("期内有 1 次检查未能完成。" in line for line in lines)
    assert len(document.tables[-1].rows) == 1 + len(sample().findings)


def test_a_period_that_is_not_over_says_so():
    running = quarter_of("2026Q4")
    assert "统计期尚未结束" in text_of("markdown", period_of((), period=running))
    assert "统计期尚未结束" not in text_of("markdown", made())


def test_a_suspicion_is_open_too():
    suspected = [entry for entry in sample().findings if entry.finding.confidence is Confidence.SUSPECTED]
    assert json.loads(text_of("json", period_of(suspected)))["total"]["open"] == len(suspected)


# ---- many sites ----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", BUILT)
def test_many_sites_are_one_report_in_every_format(name, language):
    assert PERIOD_FORMATS[name].render(of_many(), language) == PERIOD_FORMATS[name].render(of_many(), language)


def test_what_was_not_seen_comes_first_then_vetoes_then_the_lowest_score():
    assert [site.id for site in of_many().sites] == ["c", "b", "a", "d"]


def test_the_sites_of_a_report_add_up_to_its_total_in_json():
    document = json.loads(text_of("json", of_many("教育系统")))
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    assert (document["group"], document["site"], document["unlisted"]) == ("教育系统", "", 0)
    for figure in ("found", "closed", "reopened", "open", "overdue"):
        assert sum(site[figure] for site in document["sites"]) == document["total"][figure]
    assert {site["id"]: site["open"] for site in document["sites"] if site["open"]} == {
        site: sum(entry["site"] == site for entry in document["open"]) for site in "ab"
    }


def test_the_page_ranks_the_sites_and_shows_the_worst_of_each():
    page = text_of("html", of_many())
    table = BeautifulSoup(page, "html.parser").find(id="ranking").find_next("table")
    cells = [[cell.get_text(strip=True) for cell in row.find_all(["th", "td"])] for row in table.tbody.find_all("tr")]
    rows = [(name.removesuffix("局"), remark) for _, name, _, remark, *_ in cells[:-1]]
    assert rows == [
        ("c", "最近一次检查未能完成"),
        ("b", "单项否决 ×2"),
        ("a", ""),
        ("d", "期内没有检查"),
    ]
    assert page.count('<h3 id="site-') == 2
    assert "有单项否决的网站 1 个：b局" in page


def test_markdown_names_the_site_of_each_fault():
    lines = text_of("markdown", of_many("教育系统"), "en").splitlines()
    assert lines[0] == "# 教育系统 · Inspections and what was mended (third quarter of 2026)"
    assert "| Site |" in text_of("markdown", of_many("教育系统"), "en")
    assert len([line for line in lines if line.startswith(("| a局 |", "| b局 |"))]) == len(sample().findings)


def test_the_workbook_of_many_sites_begins_with_their_ranking():
    book = load_workbook(io.BytesIO(PERIOD_FORMATS["xlsx"].render(of_many(), "zh-CN")))
    assert book.sheetnames == ["各网站情况", "数量统计", "待整改问题"]
    rows = list(book["各网站情况"].iter_rows(values_only=True))
    assert [row[:2] for row in rows[1:]] == [(1, "c局"), (2, "b局"), (3, "a局"), (4, "d局"), ("", "合计")]
    at = rows[0].index("待整改")
    assert sum(row[at] for row in rows[1:-1]) == rows[-1][at] == len(sample().findings)
    assert {row[0] for row in book["待整改问题"].iter_rows(min_row=2, values_only=True)} == {"a局", "b局"}
    assert len(book["各网站情况"]._charts) == 1


def test_the_notice_of_many_sites_has_their_ranking_as_its_annex():
    document = Document(io.BytesIO(PERIOD_FORMATS["docx"].render(of_many("教育系统"), "zh-CN")))
    lines = [paragraph.text for paragraph in document.paragraphs]
    assert lines[0] == "关于2026年第三季度教育系统各网站检查情况的通报"
    assert any("对 4 个网站进行了 5 次检查" in line for line in lines)
    assert any("最近一次检查未能完成的网站 1 个：c局" in line for line in lines)
    assert [row.cells[1].text for row in document.tables[-1].rows] == ["网站", "c局", "b局", "a局", "d局", "合计"]


def test_every_format_ranks_the_groups_before_the_sites():
    report = of_groups()
    document = json.loads(text_of("json", report))
    Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    ranked = [(each["name"], each["score"], each["sites"]) for each in document["groups"]]
    assert ranked == [("", 91.5, ["c"]), ("深圳市", 93.2, ["a", "b"]), ("珠海市", None, ["d"])]
    for figure in ("found", "open", "overdue", "closed"):
        assert sum(group[figure] for group in document["groups"]) == document["total"][figure]
    names = ["其他网站", "深圳市", "珠海市"]
    table = BeautifulSoup(text_of("html", report), "html.parser").find(id="groups").find_next("table")
    assert [row.th.get_text() for row in table.tbody.find_all("tr")] == names
    shenzhen = table.tbody.find_all("tr")[1].find_all("td")
    assert [cell.get_text() for cell in shenzhen[1:6]] == ["2", "93.2", "0", "1", "0"]
    assert re.search("平均分最低的分组：其他网站 91.5 分.深圳市 93.2 分", text_of("markdown", report))
    assert "| 2 | 深圳市 | 2 | 93.2 | 0 | 1 | 0 |" in text_of("markdown", report)
    book = load_workbook(io.BytesIO(PERIOD_FORMATS["xlsx"].render(report, "zh-CN")))
    assert book.sheetnames == ["各分组情况", "各网站情况", "数量统计", "待整改问题"]
    assert [row[1] for row in book["各分组情况"].iter_rows(min_row=2, values_only=True)] == names
    notice = Document(io.BytesIO(PERIOD_FORMATS["docx"].render(report, "zh-CN")))
    assert any("平均分最低的分组：其他网站 91.5 分" in paragraph.text for paragraph in notice.paragraphs)


def test_a_hostile_name_of_a_group_stays_text():
    text = "<script>alert(1)</script>|[x](javascript:y)"
    report = replace(of_groups(), groups=tuple(replace(group, name=text) for group in of_groups().groups))
    assert "<script" not in text_of("html", report)
    assert not re.search(r"(?<!\\)<script", text_of("markdown", report))
    for name in BUILT:
        PERIOD_FORMATS[name].render(report, "zh-CN")


def test_what_is_left_out_of_a_report_is_counted():
    cut = replace(of_many(), entries=of_many().entries[:3])
    left = len(sample().findings) - 3
    assert f"另有 {left} 处未列出" in text_of("html", cut)
    assert json.loads(text_of("json", cut))["unlisted"] == left


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_name_of_a_site_stays_text(text):
    report = replace(of_many(text), sites=tuple(replace(site, name=text, url=text) for site in of_many().sites))
    for name in BUILT:
        PERIOD_FORMATS[name].render(report, "zh-CN")
    assert "<script" not in text_of("html", report)
