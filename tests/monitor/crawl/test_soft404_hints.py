"""Which pages may be notices that something is missing, so that they are read for it: a word in the source says so."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.crawl.soft404 import HINT, HINT_WORDS


@pytest.mark.parametrize(
    "html", ["<title>404</title>", "HTTP 404", "404 NOT FOUND", "<h1>Not Found", "页面不存在", "v404"]
)
def test_notices_are_known_by_a_word(html):
    assert HINT.search(html)


@pytest.mark.parametrize("html", ["<a href=/art/202404/t20240421_8.html>", "<a href=t20190306_100404.html>", "2404"])
def test_the_end_of_another_number_is_no_such_word(html):
    assert not HINT.search(html)


@given(st.from_regex(HINT.pattern))
def test_every_such_word_is_found_by_all_words_at_once(html):
    assert HINT_WORDS.any_in(html.encode())
