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
}


@pytest.mark.parametrize(("charsets", "expected"), CASES.items())
def test_declared_and_actual(charsets, expected):
    assert [finding.variant for finding in Charset().inspect(page(*charsets))] == expected


def test_bytes_that_no_charset_fits():
    broken = page_of(b'<meta charset="utf-8"><p>' + TEXT.encode() + b"\xff\xfe\xff</p>")
    assert [finding.variant for finding in Charset().inspect(broken)] == ["undecodable"]


def test_ascii_is_every_charset():
    assert list(Charset().inspect(page("gb2312", "ascii", "English only"))) == []


def test_a_page_that_declares_nothing_leaves_browsers_to_guess():
    (finding,) = Charset().inspect(page_of(TEXT.encode("gbk"), headers=(("content-type", "text/html"),)))
    assert (finding.rule.id, finding.params["actual"]) == ("charset-undeclared", "gb18030")


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (TEXT.encode(), "text/html; charset=utf-8"),
        (b"\xef\xbb\xbf" + TEXT.encode(), "text/html"),
        (b"English", "text/html"),
    ],
)
def test_a_header_or_a_byte_order_mark_declares_and_ascii_needs_nothing(body, content_type):
    assert list(Charset().inspect(page_of(body, headers=(("content-type", content_type),)))) == []


@pytest.mark.parametrize("label", ["undefined", "idna", "none", "zip", "utf-9"])
def test_a_word_that_is_no_charset_declares_nothing(label):
    (finding,) = Charset().inspect(page(label, "utf-8"))
    assert finding.rule.id == "charset-undeclared"


def test_the_charset_is_named_as_the_template_has_it():
    (finding,) = Charset().inspect(page("GB2312", "utf-8"))
    assert (finding.params["declared"], finding.params["actual"]) == ("GB2312", "utf-8")


def test_a_fault_of_a_template_is_one_finding():
    first, second = (next(Charset().inspect(page("GB2312", "utf-8", TEXT + str(number)))) for number in range(2))
    assert first.fingerprint == second.fingerprint


def test_bytes_that_no_charset_fits_are_not_said_to_be_declared():
    broken = page_of(TEXT.encode() + b"\xff\xfe\xff", headers=(("content-type", "text/html"),))
    (finding,) = Charset().inspect(broken)
    assert (finding.rule.id, finding.variant) == ("charset-mismatch", "unknown")


@pytest.mark.parametrize(("charset", "label"), [("euc-kr", "euc-kr"), ("windows-949", "euc-kr")])
def test_what_browsers_call_korean_is_declared_rightly(charset, label):
    text = "우리 시는 시민의 안전을 위하여 다음과 같이 공고하오니 담당 부서로 문의하시기 바랍니다."
    assert list(Charset().inspect(page(charset, "cp949", text))) == []
    (finding,) = Charset().inspect(page("utf-8", "cp949", text))
    assert finding.params == {"declared": "utf-8", "actual": label}
