"""Documents become passages whose places can be trusted."""

from __future__ import annotations

import io
import zipfile

import pytest

from monitor.pages.documents import LONGEST, Passage, UnreadableError, passages

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)


def read(data: bytes, name: str = "稿.txt") -> list[Passage]:
    return list(passages(io.BytesIO(data), name))


def docx(body: str, **parts: str) -> bytes:
    """A Word file with this body; further parts by name."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>")
        for part, xml in parts.items():
            archive.writestr(f"word/{part}.xml", f"<w:root {NAMESPACES}>{xml}</w:root>")
    return written.getvalue()


def paragraph(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs) + "</w:p>"


def test_lines_keep_their_places() -> None:
    text = "第一行\r\n\r\n第三行"
    found = read(text.encode())
    assert [(passage.text, passage.number) for passage in found] == [("第一行", 1), ("", 2), ("第三行", 3)]
    assert all(text[passage.start :].startswith(passage.text) for passage in found)


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_the_charset_is_found_out(charset: str) -> None:
    text = "plain ascii first\n各单位要认真落实。\n㐀扩展字\n"
    assert [passage.text for passage in read(text.encode(charset))] == text.splitlines()


def test_a_file_that_changes_its_charset_is_read_all_the_same() -> None:
    data = "第一行\n".encode() + "第二行\n".encode("gb18030")
    assert [passage.text for passage in read(data)] == ["第一行", "第二行"]


def test_bytes_that_fit_no_charset_are_replaced() -> None:
    (passage,) = read(b"\xe5\x8d\x95\xff\xff\xff\xff\n")
    assert "\ufffd" in passage.text


def test_a_line_without_end_is_cut_at_a_sentence() -> None:
    text = "各单位要认真落实各项工作。" * 5000
    found = read(text.encode())
    assert max(len(passage.text) for passage in found) <= LONGEST
    assert all(passage.text.endswith("。") for passage in found)
    assert "".join(passage.text for passage in found) == text
    assert all(text.startswith(passage.text, passage.start) for passage in found)


def test_markdown_blanks_code_and_keeps_places() -> None:
    text = "# 通知\n见`布署()`与[附件](布署.md)\n```\n布署\n```\n完\n"
    found = read(text.encode(), "readme.md")
    assert [passage.text.strip() for passage in found] == ["# 通知", "见      与[附件", "完"]
    assert text[found[-1].start] == "完"


def test_html_is_read_as_a_reader_sees_it() -> None:
    page = (
        "<html><head><title>题</title><script>布署</script></head><body><p>第<b>一</b>段</p><p>第二段</p></body></html>"
    )
    found = read(page.encode("gb18030"), "-")
    assert [(passage.text, passage.start) for passage in found] == [("第一段", 0), ("第二段", 4)]


def test_word_paragraphs_are_joined_by_line_feeds() -> None:
    found = read(docx(paragraph("各单位", "要认真") + paragraph("落实。")), "稿.docx")
    assert found == [Passage("各单位要认真", 0, 1), Passage("落实。", 7, 2)]


def test_word_leaves_out_deleted_text_and_reads_boxes_once() -> None:
    deleted = (
        "<w:p><w:del><w:r><w:delText>布署</w:delText></w:r></w:del><w:ins><w:r><w:t>部署</w:t></w:r></w:ins></w:p>"
    )
    box = "<w:txbxContent>" + paragraph("框内") + "</w:txbxContent>"
    alternate = (
        f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    )
    found = read(docx(deleted + f"<w:p><w:r><w:t>正文</w:t>{alternate}</w:r></w:p>"), "稿.docx")
    assert [passage.text for passage in found] == ["部署", "正文", "框内"]


def test_word_reads_tables_notes_headers_and_footers() -> None:
    table = f"<w:tbl><w:tr><w:tc>{paragraph('表格')}</w:tc></w:tr></w:tbl>"
    found = read(docx(table, footnotes=paragraph("脚注"), header1=paragraph("页眉")), "稿.docx")
    assert [passage.text for passage in found] == ["表格", "脚注", "页眉"]


def test_word_does_not_open_entities() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        xml = f"{bomb}<w:document {NAMESPACES}><w:p><w:r><w:t>前&a;后</w:t></w:r></w:p></w:document>"
        archive.writestr("word/document.xml", xml)
    (passage,) = read(written.getvalue(), "稿.docx")
    assert passage.text in {"前后", "前"}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"%PDF-1.7", "PDF files cannot be read"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Word and WPS files"),
        (b"PK\x03\x04broken", "broken: not a zip archive"),
        (docx("<w:p>"), "word/document.xml cannot be read"),
    ],
)
def test_what_cannot_be_read_says_what_to_do(data: bytes, message: str) -> None:
    with pytest.raises(UnreadableError, match=message):
        read(data, "稿.docx")


def test_a_zip_archive_is_not_a_word_file() -> None:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("a.txt", "x")
    with pytest.raises(UnreadableError, match=r"document\.xml is missing"):
        read(written.getvalue())
