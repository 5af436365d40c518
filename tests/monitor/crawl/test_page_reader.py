"""What an answer says besides its page: where the header ``Refresh`` sends the reader."""

from __future__ import annotations

import pytest

from checks.model import Response
from monitor.crawl.context import is_signpost
from monitor.crawl.page_reader import refresh_header

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
