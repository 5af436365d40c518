"""Attachments give their text, and hostile ones give nothing and cost little."""

import io
import tracemalloc
import zipfile

import pytest
from docx import Document
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from checks.reading.attachments import AttachmentLimits, Format, read_attachment, sniff
from tests.cost import assert_bounded

TEXT = "公示名单：张伟 13812341234"


def docx_of(*paragraphs, rows=(), footer=""):
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if rows:
        table = document.add_table(len(rows), len(rows[0]))
        for at, row in enumerate(rows):
            for cell, value in zip(table.rows[at].cells, row, strict=True):
                cell.text = value
    document.sections[0].footer.paragraphs[0].text = footer
    return saved(document)


def xlsx_of(*rows, sheets=1):
    workbook = Workbook()
    for _ in range(sheets - 1):
        workbook.create_sheet()
    for sheet in workbook.worksheets:
        for row in rows:
            sheet.append(row)
    return saved(workbook)


def pdf_of(*lines, password=""):
    """Write a PDF, a page a line, in a font whose codes are UTF-16: what Chinese offices' printers produce."""
    writer = PdfWriter()
    for line in lines:
        page = writer.add_blank_page(595, 842)
        font = DictionaryObject({
            NameObject("/Type"): NameObject("/Font"), NameObject("/Subtype"): NameObject("/Type0"),
            NameObject("/BaseFont"): NameObject("/SimSun"), NameObject("/Encoding"): NameObject("/UniGB-UTF16-H"),
        })  # fmt: skip
        fonts = DictionaryObject({NameObject("/F1"): writer._add_object(font)})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        stream = DecodedStreamObject()
        stream.set_data(b"BT /F1 12 Tf 72 720 Td <" + line.encode("utf-16-be").hex().encode() + b"> Tj ET")
        page[NameObject("/Contents")] = writer._add_object(stream)
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def saved(document):
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in parts.items():
            written.writestr(name.replace("__", "/").replace("_xml", ".xml"), content)
    return out.getvalue()


def test_a_pdf_gives_its_text():
    assert read_attachment(pdf_of(TEXT, "第二页")) == (f"{TEXT}\n第二页", Format.PDF, "")


def test_a_docx_gives_paragraphs_tables_and_footers():
    extract = read_attachment(docx_of(TEXT, rows=(("姓名", "电话"), ("李明", "13900000000")), footer="内部资料"))
    assert extract.text.split("\n")[:3] == [TEXT, "姓名\t电话", "李明\t13900000000"]
    assert "内部资料" in extract.text
    assert extract.format is Format.DOCX


def test_an_xlsx_gives_every_sheet_row_by_row():
    extract = read_attachment(xlsx_of(["姓名", "电话"], ["李明", 13900000000], [None, None], sheets=2))
    assert extract.text == "姓名\t电话\n李明\t13900000000\n姓名\t电话\n李明\t13900000000"
    assert extract.format is Format.XLSX


def test_a_password_is_said_and_an_empty_one_is_tried():
    assert read_attachment(pdf_of(TEXT, password="secret"))[1:] == (Format.PDF, "encrypted")


def test_a_scan_has_no_text():
    assert read_attachment(pdf_of("")).reason == "no-text"


LIMITED = {
    "bytes": (lambda: pdf_of(TEXT), AttachmentLimits(body=100), "", "too-large"),
    "unpacked": (lambda: docx_of("字" * 50_000), AttachmentLimits(unpacked=100_000), "", "too-large"),
    "characters": (lambda: docx_of("字" * 100), AttachmentLimits(characters=30), "字" * 30, "truncated"),
    "pages": (lambda: pdf_of("一", "二", "三"), AttachmentLimits(pages=2), "一\n二", ""),
    "rows": (lambda: xlsx_of(["一"], ["二"], ["三"]), AttachmentLimits(rows=2), "一\n二", ""),
}


@pytest.mark.parametrize("limit", LIMITED)
def test_every_limit_holds(limit):
    make, limits, text, reason = LIMITED[limit]
    assert read_attachment(make(), limits)[::2] == (text, reason)


OTHERS = {
    "html": b"<html>",
    "empty": b"",
    "doc": b"\xd0\xcf\x11\xe0" + b"\0" * 600,
    "zip": archive(a="x"),
    "cut": b"PK\x03\x04",
}


@pytest.mark.parametrize("kind", OTHERS)
def test_other_files_are_not_read(kind):
    assert read_attachment(OTHERS[kind]) == ("", None, "")


ENTITIES = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "' + "a" * 1000 + '">'
    + "".join(f'<!ENTITY {name} "{f"&{before};" * 100}">' for before, name in ("ab", "bc", "cd", "de"))
    + "]>"
)  # fmt: skip
PARTS = {
    "[Content_Types]_xml": '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
}
HOSTILE = {
    "broken pdf": lambda: b"%PDF-1.7\n" + b"\0" * 1000,
    "pdf with a loop of pages": lambda: (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]"
        b"/Count 9>>endobj trailer<</Root 1 0 R>>"
    ),
    "docx of nothing": lambda: archive(word__document_xml="<x/>"),
    "docx with entities": lambda: archive(word__document_xml=ENTITIES + "<x>&e;</x>", **PARTS),
    "xlsx with entities": lambda: archive(xl__workbook_xml=ENTITIES + "<x>&e;</x>", **PARTS),
    "xlsx of nothing": lambda: archive(xl__workbook_xml="<x/>"),
    "zip bomb": lambda: archive(word__document_xml=b"\0" * 250_000_000),
    "cut docx": lambda: docx_of(TEXT)[:-40],
    "cut pdf": lambda: pdf_of(TEXT)[:200],
}
"""What makes each file: made at import, they would cost every worker of a run two CPU seconds."""


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_gives_nothing_and_costs_little(kind):
    body = HOSTILE[kind]()
    tracemalloc.start()
    extract = read_attachment(body)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "aaaa" not in extract.text
    assert extract.reason in {"unreadable", "too-large", "no-text", ""}
    assert peak < 60_000_000
    assert_bounded(lambda: read_attachment(body), 2)


def test_the_first_bytes_tell_the_format_not_the_name():
    assert sniff(b"\n\n" + pdf_of(TEXT)) is Format.PDF
    assert sniff(docx_of(TEXT)) is Format.DOCX
    assert sniff(xlsx_of(["x"])) is Format.XLSX
