"""What an answer says besides its page: where the header ``Refresh`` sends the reader."""

from __future__ import annotations

import pytest

from checks.model import Response
from monitor.crawl.context import is_signpost
from monitor.crawl.page_reader import is_html, refresh_header

PAGE = "http://a.cn/x/y.html"


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("0; url=/index.html", "http://a.cn/index.html"),
        ("5;URL='z.html'", "http://a.cn/x/z.html"),
        ("3,//b.cn/", "http://b.cn/"),
        ("600", None),
        ("", None),
        ("0; url=http://[", ""),
    ],
)
def test_the_header_refresh_is_read_as_browsers_read_it(value, url):
    references = refresh_header(Response(PAGE, 200, headers=(("Refresh", value),)))
    assert [reference.url for reference in references] == ([] if url is None else [url])
    assert all(map(is_signpost, references))


@pytest.mark.parametrize(
    ("kind", "html"),
    [
        (None, True),
        ("", True),
        ("text/html;charset=gbk", True),
        ("application/xhtml+xml", True),
        ("charset=utf-8", True),
        ("; charset=utf-8", True),
        ("unknown/unknown", True),
        ("*/*", True),
        ("text/plain", False),
        ("application/octet-stream", False),
    ],
)
def test_an_answer_without_a_type_that_is_one_is_known_by_its_bytes(kind, html):
    headers = () if kind is None else (("Content-Type", kind),)
    assert is_html(Response(PAGE, 200, headers=headers), b"<!DOCTYPE html><title>a</title>") is html
    assert not is_html(Response(PAGE, 200, headers=headers), b"\x89PNG\r\n") or (kind and "html" in kind)
