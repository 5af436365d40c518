"""What an office puts around its reports stands in all that people read, and lets nothing else in."""

from __future__ import annotations

import io
import re

import pytest
from msgspec.structs import replace
from openpyxl import load_workbook

from reports import FORMATS
from reports.letterhead import Letterhead
from tests.reports.sample import sample

PNG = b"\x89PNG\r\n\x1a\n rest"
OFFICE = Letterhead("县政府办公室<b>", "张敏 & 李强，0311-8800000", PNG, columns=("owner", "column"))


def page(letterhead):
    return FORMATS["html"].render(replace(sample(), letterhead=letterhead), "zh-CN").decode()


def test_the_page_has_logo_office_and_contact():
    shown = page(OFFICE)
    assert 'src="data:image/png;base64,iVBORw0KGgogcmVzdA=="' in shown
    assert "<bdi>县政府办公室&lt;b&gt;</bdi> · <bdi>张敏 &amp; 李强，0311-8800000</bdi>" in shown


@pytest.mark.parametrize(("letterhead", "images"), [(OFFICE, True), (Letterhead(), False)])
def test_only_a_page_with_a_logo_may_show_images_and_those_of_its_own(letterhead, images):
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page(letterhead))[1]
    assert policy.startswith("default-src &#39;none&#39;; ")
    assert ("img-src data:" in policy) is images
    assert ("<img" in page(letterhead)) is images


@pytest.mark.parametrize(
    ("content", "kind"), [(PNG, "image/png"), (b"\xff\xd8\xff\xe0", "image/jpeg"), (b"<svg/>", ""), (b"", "")]
)
def test_a_logo_is_known_by_its_first_bytes(content, kind):
    assert Letterhead(logo=content).logo_type == kind
    assert bool(Letterhead(logo=content).logo_address) is bool(kind)


def test_markdown_has_the_office_and_its_columns():
    lines = FORMATS["markdown"].render(replace(sample(), letterhead=OFFICE), "zh-CN").decode().splitlines()
    assert "- 发送单位: 县政府办公室\\<b\\>" in lines
    tables = [line for line in lines if line.startswith("| 整改 |")]
    assert tables
    assert all(line.endswith(("| 栏目 | 责任人 |", "| 责任人 | 栏目 |")) for line in tables)
    rows = [line for line in lines if line.startswith("| 编号 ")]
    assert any("| 张敏 |" in line for line in rows)


def test_the_workbook_has_the_office():
    book = load_workbook(io.BytesIO(FORMATS["xlsx"].render(replace(sample(), letterhead=OFFICE), "zh-CN")))
    facts = {row[0]: row[1] for row in book["总览"].iter_rows(values_only=True) if row[0]}
    assert (facts["发送单位"], facts["联系方式"]) == ("县政府办公室<b>", "张敏 & 李强，0311-8800000")
