"""Messages say what they should in HTML, text and Markdown, fit where they go, and nothing from a page acts in them."""

from __future__ import annotations

import re

import pytest

from checks.model.html_tree import parse_html
from reports.messages.bodies import chat_markdown, chat_text, fitted, html_body, inert, shortened, text_body
from reports.messages.message import (
    Message,
    MessageLink,
    MessageRow,
    MessageSection,
    message_from_json,
    message_to_json,
)

BODIES = (html_body, text_body, chat_text, chat_markdown)
TAGS = {*"html head meta title body h1 h2 p table tbody tr td b br span a".split()}
SPELLED = {"\u202e": "[U+202E]", "\x00": "␀", "\ud800": "[U+D800]", "\u2066": "[U+2066]", "\x1b": "␛"}
HOSTILE = [
    "<script>alert(1)</script>",
    "{{1234577*7}}{% raw %}",
    "=cmd|' /C calc'!A0",
    "[点我](https://evil.example/)",
    "![](https://evil.example/x.png)",
    '<@all> @all @所有人 <at user_id="all">a</at> <!channel>',
    "**加粗** `code` ~~x~~ # 标题",
    "a\u202eb\u0000c\ud800d\u2066e\x1b[31m",
    "https://evil.example/ www.evil.example",
    "> 引用\n- 列表\r\n1. x\n| a | b |",
]


def message(*texts: str, **fields) -> Message:
    rows = tuple(MessageRow("严重", text, text, "https://www.example.gov.cn/a_(b).html?x=1&y=*") for text in texts)
    given = {"key": "run-1/办公室", "language": "zh-CN", "subject": "清河县：新增 2", "figures": ("首页检查：新增 2",)}
    sections = (MessageSection("新发现的问题", rows, len(rows)),)
    links = (MessageLink("打开报告", "https://check.example.gov.cn/a.html"),)
    return Message(**{**given, "sections": sections, "links": links, **fields})


@pytest.mark.parametrize("write", BODIES)
def test_a_body_says_what_what_where_and_its_key(write):
    body = write(message("链接打不开"))
    for part in ("清河县：新增 2", "首页检查：新增 2", "新发现的问题（1）", "严重", "链接打不开", "run-1/办公室"):
        assert part in body
    assert "https://check.example.gov.cn/a.html" in body


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_of_a_page_is_a_tag_or_a_link_in_html(text):
    body = html_body(message(text, subject=text, figures=(text,)))
    tree = parse_html(body)
    assert {node.tag for node in tree.iter_elements()} <= TAGS
    links = [node.attr("href") or "" for node in tree.select("a")]
    assert [link for link in links if "evil" in link] == []
    assert str(1234577 * 7) not in body
    assert not re.search("[\u202e\u2066\x00\x1b\ud800]", body)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [chat_text, chat_markdown])
def test_nothing_of_a_page_is_markup_or_a_call_in_a_chat(write, text):
    body = write(message(text, subject=text, figures=(text,), links=()))
    ours = body.replace("](https://www.example.gov.cn/a_%28b%29.html?x=1&y=*)", "").replace("[所在网页", "")
    ours = re.sub(r"^(### |- \*\*严重\*\*|\*\*新发现的问题（\d+）\*\*)", "", ours, flags=re.MULTILINE)
    assert re.findall(r"[<>@`~!*\[\]#|{}\\]", ours) == []
    assert "evil.example" not in re.findall(r"https?://\S+|www\.\S+", ours)
    assert re.findall(r"://evil", ours) == []
    body.encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_mail_text_is_exact_but_for_what_would_act(text):
    body = text_body(message(text))
    shown = " ".join(text.split())
    for character, instead in {
        "\u202e": "[U+202E]",
        "\x00": "␀",
        "\ud800": "[U+D800]",
        "\u2066": "[U+2066]",
        "\x1b": "␛",
    }.items():
        shown = shown.replace(character, instead)
    assert shown in body


@pytest.mark.parametrize("size", [300, 600, 1500, 4096, 20_000])
@pytest.mark.parametrize("write", BODIES[1:])
def test_what_does_not_fit_is_counted(write, size):
    whole = message(*(f"第 {number} 个问题：{'文' * 60}" for number in range(40)))
    body = fitted(whole, write, size)
    assert len(body.encode()) <= size
    listed = len(set(re.findall(r"第 (\d+) 个问题", body)))
    more = re.search(r"另有 (\d+) 条没有列出", body)
    assert listed + (int(more[1]) if more else 0) == 40
    assert "run-1/办公室" in body
    assert "https://check.example.gov.cn/a.html" in body


def test_as_many_rows_as_fit_are_listed():
    whole = message(*(f"第 {number} 个问题" for number in range(40)))
    for size in (1000, 2000, 3000):
        body = fitted(whole, chat_markdown, size)
        one = len(chat_markdown(whole.with_rows(2)).encode()) - len(chat_markdown(whole.with_rows(1)).encode())
        assert size - 2 * one < len(body.encode()) <= size


def test_a_message_that_fits_nowhere_is_cut_between_characters():
    body = fitted(message("文" * 300, subject="文" * 300), chat_markdown, 100)
    assert len(body.encode()) <= 100
    assert body.endswith("…")


@pytest.mark.parametrize(
    ("text", "characters", "short"),
    [
        ("很短", 5, "很短"),
        ("这是一段很长的文字", 5, "这是一段…"),
        ("some longer words here", 15, "some longer…"),
        ("averyveryverylongword", 10, "averyvery…"),
        ("网页 index.html 打不开", 12, "网页 index.htm…"[:11] + "…"),
    ],
)
def test_a_text_is_shortened_at_a_word(text, characters, short):
    assert shortened(text, characters) == short
    assert len(short) <= characters


def test_inert_text_still_reads_the_same():
    assert inert("2026-11-30 10:30 “帐号”，3.5 MB，a/b?c=d") == "2026-11-30 10:30 “帐号”，3.5 MB，a/b?c=d"


def test_a_message_comes_out_of_the_store_as_it_went_in():
    whole = message("一", "二", reports=(1, 2))
    assert message_from_json(message_to_json(whole)) == whole


def test_english_counts_in_english():
    body = text_body(message("a", "b", language="en").with_rows(1))
    assert "1 more is not listed" in body
