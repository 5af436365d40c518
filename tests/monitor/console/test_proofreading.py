"""Proofread in the console: hand in, watch, decide, take along; bounded, of nobody else's, and not kept."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

import httpx
import pytest
from docx import Document

from monitor.beijing import beijing_time
from monitor.console.actions.proofreading_jobs import ProofreadJob
from monitor.console.queries.proofread_view import PART, corrected_text, part_of
from monitor.pages.documents import passages
from monitor.proofreading.proofread_messages import CHARACTERS
from reports.remediation.suppressions import Suppression, SuppressionKind
from tests.monitor.console.bureau import MARKUP, NOW, Bureau, ServedConsole, form_token
from tests.monitor.proofreading.word_files import draft
from tests.monitor.typo_lists import share_lists

UPLOAD = 1024 * 1024
"""Bytes of a file at most, the least that can be set."""

TEXT = f"各单位要认真布署，确保落实。\n{MARKUP}\n会议决定按装监控设备。再次布署。\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory, made):
    """A console whose typo check has its lists and no models; 按装 was called right on the site a."""
    folder = tmp_path_factory.mktemp("desk")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SITEHEALTH_DATA", str(folder / "data"))
        share_lists(folder / "data")
        bureau = Bureau(folder, made, {"upload": UPLOAD})
        judgement = Suppression(
            kind=SuppressionKind.PAIR,
            author="x",
            reason="x",
            made=beijing_time(NOW),
            site="a",
            wrong="按装",
            right="安装",
        )
        bureau.ledger().suppress(judgement)
        with bureau.served() as served:
            yield served
        bureau.close()


@pytest.fixture(scope="module")
def author(desk: ServedConsole):
    with desk.person("mender") as client:
        yield client


def hand_in(client: httpx.Client, *, name: str = "", body: bytes = b"", **fields: str) -> httpx.Response:
    token = form_token(client.get("/proofread").text)
    files = {"file": (name, body)}
    return client.post("/proofread", data={"form_token": token, **fields}, files=files)


def read(client: httpx.Client, **what) -> str:
    """Hand something in and wait until it has been read; return where it is."""
    path = hand_in(client, **what).headers["location"]
    with client.stream("GET", f"{path}/events") as answer:
        assert "event: end" in list(answer.iter_lines())
    return path


def decide(client: httpx.Client, path: str, **fields) -> httpx.Response:
    return client.post(f"{path}/decide", data={"form_token": form_token(client.get("/proofread").text), **fields})


@pytest.fixture(scope="module")
def pasted(author) -> str:
    return read(author, text=TEXT)


def marked(page: str) -> list[str]:
    return [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r'<a id="m\d+"(.*?)</a>', page, re.DOTALL)]


def test_a_text_is_marked_in_place_and_its_markup_is_inert(author, pasted):
    page = author.get(pasted).text
    assert re.findall(r'class="proof (confirmed|suspected)[^"]*"[^>]*><span>([^<]+)<', page) == [
        ("confirmed", "布署"),
        ("suspected", "按装"),
        ("confirmed", "布署"),
    ]
    assert MARKUP not in page
    assert "&lt;script&gt;" in page


def test_marks_are_accepted_rejected_replaced_and_undone(author):
    path = read(author, text=TEXT)
    answer = decide(author, path, mark="0", verdict="accept", right="部署", all="1")
    assert answer.headers["location"].endswith("?at=1#m1")
    decide(author, path, mark="1", verdict="accept", right="装设\0\n")
    assert author.get(f"{path}/text").text.splitlines() == [
        "各单位要认真部署，确保落实。",
        MARKUP,
        "会议决定装设监控设备。再次部署。",
    ]
    decide(author, path, mark="1", verdict="reject")
    assert "按装" in author.get(f"{path}/text").text
    decide(author, path, mark="0", verdict="open")
    decide(author, path, verdict="accept-confirmed")
    assert "再次部署" in author.get(f"{path}/text").text
    assert decide(author, path, mark="99", verdict="accept").status_code == 404
    assert decide(author, path, mark="0", verdict="nonsense").status_code == 422


def test_what_nothing_is_suggested_for_is_never_emptied_by_a_key(author):
    path = read(author, text="会议定于2026年9月31日召开。")
    decide(author, path, mark="0", verdict="accept", right="")
    assert author.get(f"{path}/text").text == "会议定于2026年9月31日召开。\n"
    decide(author, path, mark="0", verdict="accept", right="2026年9月30日")
    assert author.get(f"{path}/text").text == "会议定于2026年9月30日召开。\n"


def test_a_word_file_comes_back_with_tracked_changes_and_comments(author):
    body = draft()
    path = read(author, name="../../通知.docx", body=body)
    page = author.get(path).text
    assert "通知.docx" in page
    number = re.search(r'<a id="m(\d+)"[^>]*><span>布署', page)[1]
    decide(author, path, mark=number, verdict="accept", right="部署")
    answer = author.get(f"{path}/docx")
    assert "%E9%80%9A%E7%9F%A5" in answer.headers["content-disposition"]
    assert "各单位要认真部署，" in next(
        each.text for each in passages(BytesIO(answer.content), "x.docx") if "认真" in each.text
    )
    comments = [comment.text for comment in Document(BytesIO(answer.content)).comments]
    assert any("按装" in text and "疑似" in text for text in comments)


def test_what_a_site_calls_right_is_not_marked_where_it_is_chosen(author):
    path = read(author, text=TEXT, site="a")
    assert "按装" not in "".join(marked(author.get(path).text))
    assert hand_in(author, text=TEXT, site="b").status_code == 404


def test_a_document_is_its_owners_alone_and_gone_when_cleared(desk, author):
    path = read(author, text="你好")
    with desk.person("admin") as other:
        assert other.get(path).status_code == 404
        assert other.get(f"{path}/text").status_code == 404
    assert path in author.get("/proofread").text
    author.post(f"{path}/forget", data={"form_token": form_token(author.get("/proofread").text)})
    assert author.get(path).status_code == 404


def bomb() -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"<a/>" + b" " * 101_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [("稿.docx", bomb, "解开后超过"), ("稿.pdf", lambda: b"%PDF-1.7 x", "PDF 文件读不了")],
    ids=["bomb", "pdf"],
)
def test_what_cannot_be_read_says_why(author, name, body, reason):
    page = author.get(read(author, name=name, body=body())).text
    assert reason in page
    assert "/docx" not in page


def test_nothing_and_too_much_are_refused(author):
    assert hand_in(author, text=" \n").status_code == 422
    assert hand_in(author, name="x.txt", body=b"x" * (UPLOAD + 1)).status_code == 413


def test_a_long_document_is_shown_in_parts_and_a_mark_is_found_in_its_own():
    job = ProofreadJob("x", "x", "x", "", texts=["字" * (PART // 2)] * 5)
    assert [part_of(job, number).parts for number in (0, 1, 9)] == [3, 3, 3]
    assert sum(len(part_of(job, number).paragraphs) for number in (1, 2, 3)) == 5
    assert corrected_text(job).count("字") == 5 * (PART // 2)


def test_what_is_over_the_limit_is_left_and_said(author):
    page = author.get(read(author, name="长.txt", body=("好" * 9_999 + "\n").encode() * (CHARACTERS // 9_999 + 1))).text
    assert "只审校了前" in page
