"""Pages that are not in the charset they declare."""

import pytest

from checks.charset import Charset
from tests.sites.pages import page_of

TEXT = "关于印发工作要点的通知"


def page(declared, actual, body=TEXT):
    html = f'<html><head><meta charset="{declared}"></head><body>{body}</body></html>'
    return page_of(html.encode(actual), headers=(("content-type", "text/html"),))


CASES = {
    ("utf-8", "utf-8"): [],
    ("UTF8", "utf-8"): [],
    ("gb2312", "gbk"): [],
    ("gbk", "gb18030"): [],
    ("GB18030", "gb18030"): [],
    ("gb2312", "utf-8"): ["mismatch"],
    ("utf-8", "gbk"): ["mismatch"],
    ("utf-9", "utf-8"): [],
}


@pytest.mark.parametrize(("charsets", "expected"), CASES.items())
def test_declared_and_actual(charsets, expected):
    assert [finding.variant for finding in Charset().inspect(page(*charsets))] == expected


def test_bytes_that_no_charset_fits():
    broken = page_of(b'<meta charset="utf-8"><p>' + TEXT.encode() + b"\xff\xfe\xff</p>")
    assert [finding.variant for finding in Charset().inspect(broken)] == ["undecodable"]


def test_ascii_is_every_charset():
    assert list(Charset().inspect(page("gb2312", "ascii", "English only"))) == []


def test_a_page_that_declares_nothing_is_not_judged():
    assert list(Charset().inspect(page_of(TEXT.encode("gbk"), headers=(("content-type", "text/html"),)))) == []
