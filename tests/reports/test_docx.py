"""The notice, read back by other programs: its parts in their order, its layout, whatever template an office has."""

from __future__ import annotations

import gc
import io
import re
import shutil
import subprocess
from functools import cache

import pytest
from docx import Document
from docx.shared import Pt
from lxml import etree
from msgspec.structs import replace

from checks.model import Confidence, Text
from reports import FORMATS
from reports.letterhead import Letterhead
from reports.notice import of_run
from reports.notice.template import NoticeTemplateError, check
from reports.outline import by_severity
from tests.factories import entry, finding, report, rule
from tests.reports.hostile import HOSTILE, hostile_report
from tests.reports.sample import sample

EAST_ASIA = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}eastAsia"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def opened(made, language="zh-CN"):
    return Document(io.BytesIO(FORMATS["docx"].render(made, language)))


@cache
def sample_notice(language="zh-CN"):
    return opened(sample(), language)


def texts(document, style):
    return [each.text for each in document.paragraphs if each.style.name == style]


def all_text(document):
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(each.text for each in document.paragraphs), *cells])


# ---- what it says --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "title", "headings"),
    [
        (
            "zh-CN",
            "关于清河县人民政府网站检查情况的通报",
            ["一、检查依据", "二、总体情况", "三、主要问题", "四、整改要求"],
        ),
        (
            "en",
            "Notice on the inspection of the website of 清河县人民政府",
            ["1. Basis", "2. Overview", "3. Main problems", "4. What is to be done"],
        ),
    ],
)
def test_its_parts_stand_in_their_order(language, title, headings):
    document = sample_notice(language)
    assert document.core_properties.title == title
    assert texts(document, "公文标题")[0] == title
    assert texts(document, "一级标题") == headings


def test_the_worst_problem_comes_first_with_its_places():
    document = sample_notice()
    assert texts(document, "二级标题")[:2] == ["（一）严重表述错误（严重，1 处）", "（二）链接打不开（一般，10 处）"]
    text = all_text(document)
    assert "【中华人民共合国】" in text
    assert "https://www.qinghe.gov.cn/art/2026/8/21/art_12_4471.html" in text
    assert "单项否决 ×1：严重问题。" in text


def test_each_department_has_what_it_owes_and_until_when():
    head, *rows = ([cell.text for cell in row.cells] for row in sample_notice().tables[0].rows)
    assert head == ["责任处室", "问题数", "其中严重", "已逾期", "最早期限"]
    assert rows[0] == ["信息中心", "10", "0", "5", "2026-08-29"]
    assert sum(int(row[1]) for row in rows) == len(sample().findings)


def test_the_list_is_attached_with_the_columns_that_an_office_adds():
    made = replace(sample(), letterhead=Letterhead(columns=("owner", "column")))
    head, *rows = ([cell.text for cell in row.cells] for row in opened(made).tables[-1].rows)
    assert head == [
        "问题编号",
        "等级",
        "问题描述",
        "页面 URL",
        "页面位置",
        "修改建议",
        "责任处室",
        "整改期限",
        "责任人",
        "栏目",
    ]
    assert len(rows) == len(sample().findings)
    assert rows[0][:2] == ["22", "严重"]


def test_a_list_that_is_too_long_says_what_it_leaves_out():
    many = of_run.LISTED + 7
    made = report(*(entry(finding(url=f"https://a.cn/{number}")) for number in range(many)))
    document = opened(made)
    assert len(document.tables[-1].rows) == 1 + of_run.LISTED
    assert texts(document, "公文正文")[-1] == "另有 7 处未列入本表，见整改台账（Excel）。"


def test_it_is_signed_by_the_office():
    made = replace(sample(), letterhead=Letterhead(office="县政府办公室", contact="张敏，0311-8800000"))
    document = opened(made)
    assert texts(document, "署名") == ["县政府办公室", "2026年9月7日"]
    assert "（联系方式：张敏，0311-8800000）" in all_text(document)
    assert texts(sample_notice(), "署名")[0] == "清河县人民政府"


def test_the_chart_has_the_figures_of_the_report():
    (part,) = (part for part in sample_notice().part.package.iter_parts() if "chart" in part.content_type)
    series = etree.fromstring(part.blob).iter(f"{CHART}ser")
    sums = [sum(int(value.text) for value in each.find(f"{CHART}val").iter(f"{CHART}v")) for each in series]
    assert sums == [figures.confirmed for figures in by_severity(sample()).values()]


def test_without_a_confirmed_finding_there_is_no_chart():
    made = report(entry(finding(confidence=Confidence.SUSPECTED)))
    assert not [part for part in opened(made).part.package.iter_parts() if "chart" in part.content_type]


# ---- how it looks (GB/T 9704-2012) ---------------------------------------------------------------


def test_paper_and_margins():
    section = sample_notice().sections[0]
    edges = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(edge.mm) for edge in edges] == [37, 35, 28, 26]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert sample_notice().settings.odd_and_even_pages_header_footer
    paragraph = section.footer.paragraphs[0]
    assert paragraph.text == "— 1 —"
    assert paragraph._p.xpath("string(.//w:instrText)") == "PAGE"


@pytest.mark.parametrize(
    ("style", "font", "size"),
    [
        ("公文标题", "方正小标宋简体", Pt(22)),
        ("公文正文", "仿宋_GB2312", Pt(16)),
        ("一级标题", "黑体", Pt(16)),
        ("二级标题", "楷体_GB2312", Pt(16)),
    ],
)
def test_fonts_are_named(style, font, size):
    made = sample_notice().styles[style]
    assert (made.element.rPr.rFonts.get(EAST_ASIA), made.font.size) == (font, size)


def test_lines_are_28_points_apart():
    assert sample_notice().styles["公文正文"].paragraph_format.line_spacing == Pt(28)


# ---- what a site wrote ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(text):
    document = opened(hostile_report(text))
    assert not [rel for rel in document.part.rels.values() if rel.is_external]
    assert texts(document, "一级标题") == ["一、检查依据", "二、总体情况", "三、主要问题", "四、整改要求"]


@pytest.mark.parametrize("text", ["{{ 7 * 7 }}", "{{7*7}}", "{% raw %}", "{#x#}", "<w:p/>&amp;", "=cmd|'", "😀"])
def test_what_looks_like_a_template_is_shown(text):
    quoting = rule(message=Text("出现 {wrong}", "found {wrong}"))
    assert f"出现 {text}" in all_text(opened(report(entry(finding(quoting, params={"wrong": text})))))


# ---- the template of an office -------------------------------------------------------------------


def template(*paragraphs):
    """Return a docx file of some paragraphs."""
    document, out = Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    document.save(out)
    return out.getvalue()


def test_an_office_may_lay_the_notice_out_anew():
    own = template(
        "红头文件", "{{ title }}", "{%p for problem in problems %}", "{{ problem.heading }}", "{%p endfor %}"
    )
    made = replace(sample(), letterhead=Letterhead(template=own))
    lines = [each.text for each in opened(made).paragraphs]
    assert lines[:3] == ["红头文件", "关于清河县人民政府网站检查情况的通报", "（一）严重表述错误（严重，1 处）"]


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", "no docx file"),
        (b"PK\x03\x04 not a zip", "no docx file"),
        (template("{{ titel }}"), "'titel' is undefined"),
        (template("{%p for problem in problems %}", "{{ problem.nmae }}", "{%p endfor %}"), "'nmae'"),
        (template("前文", "{% if %}"), "near: 前文 / {% if %}"),
        (template("{%p for line in overview %}", "{{ line }}"), "not Jinja"),
        (template("{{ ''.__class__.__mro__ }}"), "unsafe"),
        (template("{{ labels.update({'a': 1}) }}"), "unsafe"),
        (template("{% include 'x' %}"), "no loader"),
        (template("{{ 1 // 0 }}"), "cannot be filled"),
    ],
)
def test_a_template_that_cannot_be_filled_says_why(content, error):
    with pytest.raises(NoticeTemplateError, match=re.escape(error)):
        check(content)


# ---- LibreOffice ---------------------------------------------------------------------------------

OFFICE, PDFTOTEXT = shutil.which("soffice"), shutil.which("pdftotext")


def trees():
    """The documents of libxml2 that are alive, in C memory that the collector does not count."""
    return sum(type(each).__name__ == "_Document" for each in gc.get_objects())


def test_a_notice_leaves_no_trees_to_the_collector():
    opened(sample())  # what is read once and kept
    gc.collect()
    gc.disable()
    try:
        before = trees()
        for _ in range(3):
            FORMATS["docx"].render(sample(), "zh-CN")
        assert trees() - before <= 3  # of a dozen each: that of the text, which python-docx's own objects hold
    finally:
        gc.enable()


@pytest.mark.skipif(OFFICE is None or PDFTOTEXT is None, reason="needs libreoffice-writer-nogui and poppler-utils")
def test_libreoffice_lays_it_out(tmp_path):
    (tmp_path / "notice.docx").write_bytes(FORMATS["docx"].render(sample(), "zh-CN"))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    convert = [OFFICE, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path, tmp_path / "notice.docx"]
    subprocess.run(convert, check=True, capture_output=True, timeout=300)
    shown = subprocess.run(
        [PDFTOTEXT, "-layout", tmp_path / "notice.pdf", "-"], check=True, capture_output=True, text=True
    )
    pages = shown.stdout.split("\f")
    assert "关于清河县人民政府网站检查情况的通报" in pages[0]
    assert "各类确认问题数量" in shown.stdout
    assert re.findall(r"—\s*(\d+)\s*—", shown.stdout) == [str(at) for at in range(1, len(pages))]
    assert any("问题清单" in page for page in pages[-4:])
