"""``sitehealth proofread``, run as a person runs it."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.monitor import command_server
from tests.monitor.typo_lists import share_lists

PROGRAM = Path(sys.executable).with_name("sitehealth")

DRAFT = "关于召开会议的通知\n各单位要认真布署，确保落实。\n会议决定按装监控设备。\n"
CLEAN = "关于召开会议的通知\n各单位要认真部署，确保落实。\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder, and no models."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SITEHEALTH_DATA", str(tmp_path / "data"))
    share_lists(tmp_path / "data")
    return tmp_path


def run(*arguments: object, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return command_server.run("proofread", *arguments, input=stdin)


def rows(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_json_gives_places_in_the_plain_text(folder: Path) -> None:
    (folder / "稿.txt").write_text(DRAFT, "utf-8")
    done = run("稿.txt", "--format", "json")
    assert done.returncode == 1
    confirmed, suspected = rows(done)
    assert confirmed == {
        "source": "稿.txt",
        "start": 16,
        "end": 18,
        "wrong": "布署",
        "right": "部署",
        "rule": "typo",
        "confidence": "confirmed",
        "layer": "lexicon",
        "before": "各单位要认真",
        "after": "，确保落实。",
    }
    assert (suspected["wrong"], suspected["confidence"]) == ("按装", "suspected")
    for row in (confirmed, suspected):
        assert DRAFT[row["start"] : row["end"]] == row["wrong"]


@pytest.mark.parametrize("code", ["{{单位名称}}", "${article.date}"])
def test_template_code_in_a_document_is_told(folder: Path, code: str) -> None:
    (folder / "稿.txt").write_text(f"关于召开会议的通知\n现由{code}印发。\n", "utf-8")
    (row,) = rows(run("稿.txt", "--format", "json"))
    assert (row["rule"], row["wrong"]) == ("template-text", code)


def test_text_is_for_eyes(folder: Path) -> None:
    done = run("-", stdin=DRAFT.encode("gb18030"))
    shown = done.stdout.decode()
    assert "第 2 行（段）第 7 字  〔确认〕错别字" in shown
    assert "各单位要认真【布署】，确保落实。" in shown
    assert "“布署”疑为“部署”的同音误字" in shown
    assert "确认 1 处，疑似 1 处" in done.stderr.decode()
    assert "未安装语言模型" in done.stderr.decode()


def test_english_is_available(folder: Path) -> None:
    done = run("-", "--language", "en", stdin=DRAFT.encode())
    assert b"line 2, character 7  [confirmed] Typo" in done.stdout


def test_nothing_confirmed_is_zero(folder: Path) -> None:
    done = run("-", stdin=CLEAN.encode())
    assert (done.returncode, done.stdout) == (0, b"")
    assert "未发现问题" in done.stderr.decode()


def test_a_suspicion_alone_is_zero(folder: Path) -> None:
    assert run("-", stdin="会议决定按装监控设备。".encode()).returncode == 0


def test_processes_give_the_same_in_the_same_order(folder: Path) -> None:
    (folder / "稿.txt").write_text(DRAFT * 2000, "utf-8")
    alone, together = (run("稿.txt", "--format", "json", "--jobs", jobs) for jobs in (1, 2))
    assert alone.stdout == together.stdout
    assert len(rows(alone)) == 4000


def test_results_come_while_the_input_is_still_open(folder: Path) -> None:
    command = [PROGRAM, "proofread", "-", "--format", "json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("认真布署。\n".encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["wrong"] == "布署"
        process.stdin.close()
        process.stdout.read()
    assert process.returncode == 1


def test_settings_and_the_operators_dictionary_count(folder: Path) -> None:
    (folder / "own.txt").write_text("[纠错]\n市民中新 市民中心 严重\n[放行]\n按装监控\n", "utf-8")
    (folder / "config.yaml").write_text("checks: {typos: {dictionary: own.txt}}", "utf-8")
    done = run("-", "--format", "json", stdin="请到市民中新，按装监控。".encode())
    assert [(row["wrong"], row["rule"]) for row in rows(done)] == [("市民中新", "severe-typo")]


def test_a_faulty_dictionary_is_told_by_its_line(folder: Path) -> None:
    (folder / "own.txt").write_text("[纠错]\n市民中新\n", "utf-8")
    done = run("-", "--set", "checks.typos.dictionary=own.txt")
    assert done.returncode == 2
    assert "own.txt:2：一行应为错误写法、正确写法" in done.stderr.decode()


@pytest.mark.parametrize(("name", "data", "code"), [("稿.doc", b"\xd0\xcf\x11\xe0", 3), ("稿.docx", b"PK\x03\x04", 3)])
def test_what_cannot_be_read_is_three(folder: Path, name: str, data: bytes, code: int) -> None:
    (folder / name).write_bytes(data)
    done = run(name)
    assert done.returncode == code
    assert "读不" in done.stderr.decode() or "已损坏" in done.stderr.decode()


def test_a_file_that_is_not_there_is_two(folder: Path) -> None:
    assert run("没有.txt").returncode == 2


# ---- what cannot be read, and folders ------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.bin", bytes(range(256)) * 4, "二进制文件，不是文本".encode()),
        ("a.txt", bytes((7 * n * n + 3 * n) % 256 for n in range(1, 300)), "二进制文件，不是文本".encode()),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 20, "旧的 Word、WPS 文件".encode()),
    ],
)
def test_what_is_no_text_is_refused(folder: Path, name: str, content: bytes, reason: bytes) -> None:
    (folder / name).write_bytes(content)
    done = run(name)
    assert done.returncode == 3
    assert reason in done.stderr
    assert done.stdout == b""


def test_a_spreadsheet_is_called_one(folder: Path) -> None:
    with zipfile.ZipFile(folder / "表.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    done = run("表.xlsx")
    assert done.returncode == 3
    assert "Excel 文件（.xlsx）读不了" in done.stderr.decode()


@pytest.mark.parametrize("charset", ["utf-8", "gb18030", "utf-16"])
def test_text_of_any_charset_is_no_binary_file(folder: Path, charset: str) -> None:
    (folder / "稿.txt").write_bytes(DRAFT.encode(charset))
    assert [row["wrong"] for row in rows(run("稿.txt", "--format", "json"))] == ["布署", "按装"]


def test_a_folder_is_read_whole_and_names_what_it_skipped(folder: Path) -> None:
    (folder / "稿件" / "二月").mkdir(parents=True)
    (folder / "稿件" / "一.txt").write_text(DRAFT, "utf-8")
    (folder / "稿件" / "二月" / "二.md").write_text(DRAFT, "utf-8")
    (folder / "稿件" / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    (folder / "稿件" / ".hidden").write_bytes(b"\0")
    done = run("稿件")
    assert done.returncode == 1
    assert "一.txt 第 2 行" in done.stdout.decode()
    assert "二月/二.md 第 2 行" in done.stdout.decode()
    assert "未审校 图.png：图片读不了" in done.stderr.decode()
    assert "hidden" not in done.stderr.decode()
    found = rows(run("稿件", "--format", "json"))
    assert sorted({row["source"] for row in found if "wrong" in row}) == ["一.txt", "二月/二.md"]
    assert [row["source"] for row in found if "skipped" in row] == ["图.png"]


def test_a_folder_without_any_text_is_an_error(folder: Path) -> None:
    (folder / "图").mkdir()
    (folder / "图" / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    done = run("图")
    assert done.returncode == 3
    assert "其中没有可以审校的文件" in done.stderr.decode()


def test_half_width_marks_throughout_are_one_finding(folder: Path) -> None:
    text = "关于办理的说明\n请于每周二,携带身份证,到窗口办理,不收取费用。\n如有疑问,请来电,我们将及时答复,谢谢。\n"
    (folder / "稿.txt").write_text(text, "utf-8")
    (row,) = rows(run("稿.txt", "--format", "json"))
    assert (row["rule"], row["count"], row["wrong"], row["right"]) == ("half-width-punctuation", 6, ",", "，")
    assert text[row["start"] : row["end"]] == ","
    done = run("稿.txt")
    assert "半角标点共 6 处" in done.stdout.decode()
    assert done.returncode == 0
