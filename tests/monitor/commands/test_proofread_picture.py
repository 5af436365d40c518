"""``sitehealth proofread`` of a picture and of a scan, run as a person runs it."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from monitor.cli import main
from monitor.ocr.line_reader import MISSING, why_not_read
from tests.monitor.typo_lists import share_lists
from tests.painted import Look, faces, paint, painting, scanned_pdf

pytestmark = [
    pytest.mark.skipif(not faces(), reason="needs fonts: tools/install-debian.sh fonts-noto-cjk"),
    pytest.mark.skipif(why_not_read() is not None, reason=f"NOT TESTED: text in pictures: {why_not_read()}"),
]

FACE = faces()[0] if faces() else ""
ID_NUMBER = "440106199003076235"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Files to proofread, and no models."""
    made = tmp_path_factory.mktemp("pictures")
    share_lists(made / "data")
    notice = ["请登陆市应急管理局网站下载表格。", f"李明，身份证号：{ID_NUMBER}。"]
    (made / "notice.png").write_bytes(paint(notice, Look(FACE)))
    sheets = [painting(["各单位要按照既定布署做好准备。"], Look(FACE, 33)) for _ in range(2)]
    (made / "scan.pdf").write_bytes(scanned_pdf(sheets))
    (made / "broken.jpg").write_bytes(paint(notice, Look(FACE, quality=60))[:3000])
    return made


def proofread(folder, name, *options):
    command = ["proofread", str(folder / name), *options]
    return CliRunner(env={"SITEHEALTH_DATA": str(folder / "data")}).invoke(main, command, catch_exceptions=False)


def test_what_is_wrong_in_a_picture_has_its_place(folder):
    done = proofread(folder, "notice.png", "--format=json")
    assert done.exit_code == 1
    leak, typo = (json.loads(line) for line in done.stdout.splitlines())
    assert (leak["rule"], leak["confidence"]) == ("leaked-id-number", "confirmed")
    assert ID_NUMBER not in done.output
    assert (typo["rule"], typo["wrong"], typo["source"]) == ("typo", "请登陆", "notice.png")
    place = typo["picture"]
    assert (place["page"], place["left"] < place["right"], place["top"] < place["bottom"]) == (0, True, True)
    assert 56 - 8 < place["left"] < 56 + 8  # it is the first word of its line, behind a margin of two characters
    assert place["certainty"] > 0.9


def test_the_pages_of_a_scan_are_read_up_to_the_limit(folder):
    done = proofread(folder, "scan.pdf", "--set=ocr.pages=1", "--language=zh-CN")
    assert done.exit_code == 1
    assert "scan.pdf 第 1 页，左上角" in done.stdout
    assert "按照既定【布署】做好准备" in done.stdout
    assert "scan.pdf 共 2 页，只读了前 1 页（ocr.pages）" in done.stderr
    assert "确认 1 处，疑似 0 处" in done.stderr


def test_what_cannot_be_read_is_said(folder):
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n")
    for name in ("broken.jpg", "broken.pdf"):
        done = proofread(folder, name, "--language=zh-CN")
        assert (done.exit_code, done.stdout) == (3, "")
        assert f"{name}：读不出来（损坏或格式不支持）" in done.stderr
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("monitor.ocr.line_reader.LIBRARIES", ("not-installed-anywhere",))
        without = proofread(folder, "notice.png", "--language=zh-CN")
    assert without.exit_code == 3
    assert MISSING.zh in without.stderr
