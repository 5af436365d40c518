"""Words that are looked for all at once are found wherever one stands; without them, patterns find nothing."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.reading.scripted import LIST_SCRIPT, LISTING, REPEATED, REPEATING, SIGNS
from checks.reading.word_search import LONGEST, WordSearch, in_any_case

WORDS = ("不存在", "删除", "404", "not found", "Not Found")
PIECES = st.sampled_from(
    ["不存", "不存在", "在", "删", "除", "404", "40", "4", "not ", "Not", "found", "Found", "é", "\0"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_any_of_the_words_is_found_wherever_it_stands(text):
    search = WordSearch(*WORDS)
    assert search.any_in(text.encode()) == any(word in text for word in WORDS)


@pytest.mark.parametrize("length", [LONGEST - 3, LONGEST - 2, LONGEST - 1, LONGEST, LONGEST + 1, 2 * LONGEST - 1])
def test_long_texts_are_searched_as_well(length):
    search = WordSearch("abc", "失效")
    assert not search.any_in(b"-" * length)
    assert search.any_in(b"-" * length + b"abc")
    assert search.any_in(b"-" * length + b"abc" + b"-" * LONGEST)


def test_words_are_written_in_every_mixture_of_cases_once():
    assert in_any_case("-aB") == ("-ab", "-aB", "-Ab", "-AB")


@given(st.from_regex(LIST_SCRIPT.pattern))
def test_a_word_stands_in_every_script_that_draws_lists(html):
    assert LISTING.any_in(html.encode())
    assert SIGNS.any_in(html.encode())


@given(st.from_regex(re.compile(REPEATED.pattern, re.IGNORECASE)))
def test_a_word_stands_in_all_markup_that_is_repeated(html):
    assert REPEATING.any_in(html.encode())
    assert SIGNS.any_in(html.encode())
