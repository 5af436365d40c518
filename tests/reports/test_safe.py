"""Text of a site is shown, never obeyed."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.safe import cell, clip, one_line, readable, visible, web_address
from tests.reports.hostile import HOSTILE

any_text = st.text(st.characters(codec=None))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("清河县人民政府 2026", "清河县人民政府 2026"),
        ("全角　空格 与\u00a0空格", "全角　空格 与\u00a0空格"),
        ("a\x1b[31mb", "a␛[31mb"),
        ("a\x00b", "a␀b"),
        ("gpj\u202eexe", "gpj[U+202E]exe"),
        ("零\u200b宽", "零[U+200B]宽"),
        ("half \ud83d", "half [U+D83D]"),
        ("\x7f\x9b", "[U+007F][U+009B]"),
        ("两\n行\t制表", "两\n行\t制表"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


@given(any_text)
def test_nothing_visible_acts_or_hides(text):
    shown = visible(text)
    shown.encode("utf-8")
    assert {unicodedata.category(character) for character in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"} <= {"Cc"}
    assert {character for character in shown if unicodedata.category(character) == "Cc"} <= {"\n", "\t"}


@given(any_text)
def test_visible_keeps_what_was_visible(text):
    assert visible(visible(text)) == visible(text)


def test_one_line_has_no_line_ends():
    assert one_line("  一\r\n 二\u2028三\x0b\x1c四 ") == "一 二 三 四"


@pytest.mark.parametrize(("text", "kept"), [("四个汉字", "四个汉字"), ("五个汉字呀", "五个汉…"), ("", "")])
def test_clip(text, kept):
    assert clip(text, 4) == kept


def test_a_cell_holds_what_excel_holds():
    assert len(cell(HOSTILE["long"])) == 32_767
    assert len(cell("\x9b" * 32_767)) == 32_767


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://www.example.gov.cn/a?b=1&c=2#d", "https://www.example.gov.cn/a?b=1&c=2#d"),
        ("http://xn--fiqs8s.cn/", "http://xn--fiqs8s.cn/"),
        ("https://a.cn/%E4%B8%AD", "https://a.cn/%E4%B8%AD"),
        ("https://a.cn/中 文", "https://a.cn/%E4%B8%AD%20%E6%96%87"),
        ('https://a.cn/"><script>', "https://a.cn/%22%3E%3Cscript%3E"),
        ("https://a.cn/\ud83d", "https://a.cn/?"),
        ("javascript:alert(1)", None),
        ("JaVaScRiPt:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("//a.cn/", None),
        ("/art/1.html", None),
        ("http://", None),
        ("http://[::1", None),
        ("", None),
    ],
)
def test_web_address(url, address):
    assert web_address(url) == address


@given(any_text)
def test_an_address_is_plain_ascii_of_http(text):
    for url in (text, f"http://{text}", f"https://a.cn/{text}"):
        address = web_address(url)
        assert address is None or (
            address.isascii() and address.isprintable() and not set(address) & set(' "<>\\^`{|}')
        )


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://xn--fiqs8s.xn--fiqs8s/", "http://中国.中国/"),
        ("https://a.cn/zwgk/%E6%95%99%E8%82%B2/", "https://a.cn/zwgk/教育/"),
        ("https://a.cn/%E4%B8", "https://a.cn/%E4%B8"),
        ("https://a.cn/%3Cb%3E", "https://a.cn/%3Cb%3E"),
        ("https://a.cn/100%25", "https://a.cn/100%25"),
        ("https://a.cn/%E2%80%AEfdp.exe", "https://a.cn/[U+202E]fdp.exe"),
        ("http://xn--\u202e/", "http://xn--[U+202E]/"),
        ("http://[::1", "http://[::1"),
    ],
)
def test_readable(url, shown):
    assert readable(url) == shown


@given(any_text)
def test_readable_never_fails(text):
    for url in (text, f"http://{text}", f"http://xn--{text}/%E4{text}"):
        assert visible(readable(url)) == readable(url)
