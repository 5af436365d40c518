"""Corrections in a Word file: what a reviewer would see, what was there before, and what programs that read it say."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from io import BytesIO

import pytest
from docx import Document
from lxml import etree

from monitor.pages.documents import WORD, UnreadableError, passages
from monitor.proofreading.proofread_messages import TextCorrection
from monitor.proofreading.tracked_changes import PARTS, UNPACKED, corrected, refuse_bomb
from tests.monitor.proofreading.word_files import draft

OFFICE = shutil.which("soffice")
AT = datetime(2027, 1, 15, 8, tzinfo=UTC)


def texts(body: bytes) -> list[str]:
    return [passage.text for passage in passages(BytesIO(body), "稿.docx")]


def at(body: bytes, wrong: str, right: str | None, remark: str = "") -> TextCorrection:
    """The correction of the first place of a wording."""
    number, text = next((number, text) for number, text in enumerate(texts(body)) if wrong in text)
    start = text.index(wrong)
    return TextCorrection(number, start, start + len(wrong), right, remark)


def part(body: bytes, name: str = "word/document.xml") -> etree._Element:
    return etree.fromstring(zipfile.ZipFile(BytesIO(body)).read(name))


def before(body: bytes, name: str = "word/document.xml") -> list[str]:
    """The paragraphs as they read with every change of ours rejected."""
    found = []
    for paragraph in part(body, name).iter(f"{WORD}p"):
        nodes = [
            node
            for node in paragraph.iter(f"{WORD}t", f"{WORD}delText")
            if not any(
                each.tag == f"{WORD}ins" and each.get(f"{WORD}author") == "王五" for each in node.iterancestors()
            )
        ]
        found.append("".join(node.text or "" for node in nodes))
    return found


def write(body: bytes, *corrections: TextCorrection) -> bytes:
    return corrected(body, corrections, "王五", AT)


def test_a_wording_over_two_runs_is_replaced_with_the_look_of_its_first_character():
    body = draft()
    done = write(body, at(body, "布署", "部署"), at(body, "按装", "安装"))
    assert texts(done)[1] == "各单位要认真部署，确保落实。会议决定安装监控设备。"
    assert before(done)[1] == "各单位要认真布署，确保落实。会议决定按装监控设备。"
    root = part(done)
    inserted = root.find(f".//{WORD}ins[@{WORD}author='王五']")
    assert inserted.get(f"{WORD}date") == "2027-01-15T08:00:00Z"
    assert inserted.find(f".//{WORD}b") is not None
    assert [node.text for node in root.iter(f"{WORD}delText")] == ["布", "署", "按装"]
    numbers = [each.get(f"{WORD}id") for each in root.iter(f"{WORD}ins", f"{WORD}del")]
    assert len(set(numbers)) == len(numbers) == 6


def test_tables_headers_and_insertions_of_others_are_corrected_where_they_stand():
    body = draft()
    inserted = next(number for number, text in enumerate(texts(body)) if text.startswith("请认真"))
    header = next(number for number, text in enumerate(texts(body)) if text.startswith("清河县"))
    done = write(
        body,
        at(body, "帐号", "账号"),
        TextCorrection(inserted, 3, 5, "部署"),
        TextCorrection(header, 3, 5, "部署"),
        TextCorrection(header, 5, 6, None, "批注"),
    )
    assert {"凭身份证\t登录账号办理", "请认真部署。", "清河县部署会"} <= set(texts(done))
    theirs = part(done).find(f".//{WORD}ins[@{WORD}author='李四']")
    assert theirs.find(f"{WORD}del") is not None
    assert theirs.find(f"{WORD}ins") is None
    assert "word/comments.xml" not in zipfile.ZipFile(BytesIO(done)).namelist()  # a header can have none


def test_what_is_taken_out_is_marked_and_nothing_is_put_in_its_place():
    body = draft()
    done = write(body, at(body, "，确保落实", ""))
    assert texts(done)[1] == "各单位要认真布署。会议决定按装监控设备。"
    assert part(done).find(f".//{WORD}ins[@{WORD}author='王五']") is None


def test_what_nobody_decided_is_a_comment_and_the_text_stays():
    body = draft()
    once = write(body, at(body, "按装", None, "疑为“安装”<b>&"))
    twice = write(once, at(once, "落实", None, "第二条"))
    assert texts(twice) == texts(body)
    document = Document(BytesIO(twice))
    assert [(each.author, each.text) for each in document.comments] == [("王五", "疑为“安装”<b>&"), ("王五", "第二条")]
    assert len({each.get(f"{WORD}id") for each in part(twice).iter(f"{WORD}commentRangeStart")}) == 2


def test_a_wording_with_a_tab_in_it_is_left_alone():
    body = draft()
    assert texts(write(body, at(body, "证\t登", "证登"))) == texts(body)


def test_parts_without_corrections_are_copied_byte_for_byte():
    body = draft()
    done = write(body, at(body, "布署", "部署"))
    first, second = (zipfile.ZipFile(BytesIO(each)) for each in (body, done))
    assert first.namelist() == second.namelist()
    assert [name for name in first.namelist() if first.read(name) != second.read(name)] == ["word/document.xml"]


@pytest.mark.skipif(OFFICE is None, reason="needs LibreOffice: tools/install-debian.sh libreoffice-writer")
def test_libreoffice_opens_it_and_counts_the_changes(tmp_path):
    body = draft()
    done = write(body, at(body, "布署", "部署"), at(body, "按装", None, "疑为“安装”"))
    (tmp_path / "稿.docx").write_bytes(done)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = [
        OFFICE,
        profile,
        "--headless",
        "--convert-to",
        "fodt",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "稿.docx"),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=300, env={**os.environ, "HOME": str(tmp_path)})
    flat = (tmp_path / "稿.fodt").read_text("utf-8")
    assert flat.count("<text:changed-region") == 3  # a deletion, an insertion, and what 李四 inserted before
    assert "疑为“安装”" in flat
    assert "部署" in flat


def test_bombs_and_broken_files_are_refused_before_they_are_unpacked():
    for size, count in [(UNPACKED + 1, 1), (0, PARTS + 1)]:
        out = BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(count):
                archive.writestr(f"word/{number}.xml", b"\0" * size)
        assert len(out.getvalue()) < 1_000_000
        with pytest.raises(UnreadableError, match="unpacks"):
            refuse_bomb(out.getvalue())
    with pytest.raises(UnreadableError, match="broken"):
        refuse_bomb(b"PK\x03\x04 and nothing else")
    refuse_bomb(b"plain text")


def test_a_part_that_is_no_xml_is_refused():
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:p")
    with pytest.raises(UnreadableError, match="cannot be read"):
        corrected(out.getvalue(), [], "王五", AT)
