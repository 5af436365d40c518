"""Which pages may be notices that something is missing, so that they are read for it: a word in the source says so."""

from datetime import UTC, datetime

import pytest

from checks.model import Page, Response
from monitor.crawl.soft404 import NOTICE_WORDS, SMALL, may_be_notice

URL = "https://www.example.gov.cn/"


def page(html: str) -> Page:
    return Page(URL, Response(URL, 200), html, datetime(2026, 9, 4, tzinfo=UTC))


@pytest.mark.parametrize(
    "html", ["<title>404</title>", "HTTP 404", "404 NOT FOUND", "<h1>Not Found", "页面不存在", "v404", *NOTICE_WORDS]
)
def test_notices_are_known_by_a_word(html):
    assert may_be_notice(page(html))


@pytest.mark.parametrize(
    "html", ["<a href=/art/202404/t20240421_8.html>", "<a href=t20190306_100404.html>", "2404", "找到", ""]
)
def test_the_end_of_another_number_is_no_such_word(html):
    assert not may_be_notice(page(html))


def test_404_is_found_behind_the_end_of_another_number():
    assert may_be_notice(page("<a href=/202404/>上一页</a> 404"))


def test_long_pages_are_no_notices():
    assert not may_be_notice(page("页面不存在" + "字" * SMALL))
