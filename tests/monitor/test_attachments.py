"""Attachments: read once a run, in a process that a hostile file may kill, and judged for what must not be public."""

from __future__ import annotations

import io

import pytest
from docx import Document
from openpyxl import Workbook

from checks.attachments import Format
from monitor.engines.attachments import Reader
from monitor.store import Store
from tests.monitor.official import Office
from tests.monitor.web import links, web

ID_NUMBER = "440106199003076235"


def docx(*paragraphs):
    document, out = Document(), io.BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(out)
    return out.getvalue()


def xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return out.getvalue()


class Served:
    def __init__(self, site):
        self.home = f"{site.url}/"


LEAK = xlsx(("姓名", "身份证号"), ("李明", ID_NUMBER))
FILES = {
    "/a/mingdan.xlsx": LEAK,
    "/a/tongzhi.docx": docx("关于召开会议的通知", "秘密★1年"),
    "/a/hao.docx": docx("没有问题的通知"),
    "/a/huai.pdf": b"%PDF-1.4 nothing of a PDF",
}


@pytest.fixture
def office(tmp_path):
    return Office(tmp_path)


def inspect(office, site):
    return office.inspect(Served(site), checks="document-privacy")


def test_leaks_and_marks_in_files_are_found(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        report = inspect(office, site)
        found = {each["url"].removeprefix(site.url): each["rule"] for each in report["findings"]}
    assert found == {"/a/mingdan.xlsx": "leaked-id-number", "/a/tongzhi.docx": "secrecy-marking"}
    assert ID_NUMBER not in str(report)
    assert report["notices"] == ["1 个附件没有读出文字（加密、扫描件、过大、损坏或没有下载成功），没有检查"]


def test_the_same_bytes_are_judged_once_and_found_again(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        first, second = inspect(office, site), inspect(office, site)
    assert {each["id"] for each in first["findings"]} == {each["id"] for each in second["findings"]}
    assert {each["baseline"] for each in second["findings"]} == {"unchanged"}
    assert [check["findings"] for check in second["checks"]] == [2]


def test_a_file_that_was_replaced_is_a_fault_fixed(office):
    files = dict(FILES)
    with web({"/": links(*files), **files}).running() as site:
        inspect(office, site)
    files["/a/mingdan.xlsx"] = xlsx(("姓名",), ("李明",))
    with web({"/": links(*files), **files}, port=site.port).running() as site:
        assert [each["rule"] for each in inspect(office, site)["fixed"]] == ["leaked-id-number"]


def test_a_file_that_cannot_be_read_any_more_is_not_called_fixed(office):
    files = dict(FILES)
    with web({"/": links(*files), **files}).running() as site:
        inspect(office, site)
    files["/a/mingdan.xlsx"] = b"PK\x03\x04 damaged"
    with web({"/": links(*files), **files}, port=site.port).running() as site:
        report = inspect(office, site)
    assert (report["fixed"], [each["rule"] for each in report["unverified"]]) == ([], ["leaked-id-number"])


def test_files_are_left_alone_where_nobody_wants_them_read(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        office.inspect(Served(site), checks="links")
        ranges = {headers.get("range") for path in FILES for _, headers in site.asked(path)}
    assert ranges == {"bytes=0-1023"}


def test_another_sites_files_are_not_fetched(office):
    with web(FILES).running() as other, web({"/": links(f"{other.url}/a/mingdan.xlsx")}).running() as site:
        report = office.inspect(Served(site), checks="document-privacy", exclude=[])
    assert report["findings"] == []


async def test_the_reader_reads_file_after_file():
    reader = Reader()
    try:
        assert ID_NUMBER in (await reader.read(LEAK)).text
        assert (await reader.read(b"plain text")).format is None
        assert (await reader.read(docx("你好"))).format is Format.DOCX
    finally:
        await reader.close()


async def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read():
    reader = Reader(seconds=0.01)
    try:
        assert (await reader.read(LEAK)).reason == "timeout"
        reader.seconds = 30
        assert ID_NUMBER in (await reader.read(LEAK)).text
    finally:
        await reader.close()


def test_verdicts_are_kept_by_bytes_and_version(office):
    with web({"/": links(*FILES), **FILES}).running() as site:
        inspect(office, site)
    with Store(office.store) as store, store.engine.connect() as connection:
        kept = connection.exec_driver_sql("SELECT count(*) FROM verdicts WHERE \"check\" = 'document-privacy'").scalar()
    assert kept == 3
