"""No document makes anything raise or costs more than it may, from its bytes to every report.

A bounded number of inputs, the same on every run; ``make bench BENCH=fuzz`` reads as many as there is time for.
"""

from __future__ import annotations

from functools import cache, partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.cost import assert_bounded
from tests.fuzz.mutate import LARGEST, TOKENS, document
from tests.fuzz.pipeline import Pipeline, seeds

INPUTS = 240
BATCH = 80
MOST_SECONDS = 10.0
"""CPU seconds of one input of 48 KB: an ordinary one takes 20 ms, a quadratic reader of it minutes."""


@cache
def pipeline() -> Pipeline:
    return Pipeline()


@cache
def some_seeds() -> tuple[bytes, ...]:
    return seeds()


@pytest.mark.parametrize("first", range(0, INPUTS, BATCH))
def test_mutated_pages_are_read_judged_and_reported(first):
    for number in range(first, first + BATCH):
        body, kind = document(number, some_seeds())
        try:
            assert_bounded(partial(pipeline().read, body, kind), MOST_SECONDS)
        except Exception as error:
            raise AssertionError(f"input {number}: python bench/fuzz.py --first {number} --inputs 1") from error
    pipeline().report()


@settings(max_examples=60)
@given(st.lists(st.one_of(st.sampled_from(TOKENS), st.binary(max_size=12)), max_size=60))
def test_any_row_of_tokens_is_a_page(tokens):
    pipeline().read(b"".join(tokens), "text/html")


def test_an_input_is_known_by_its_number():
    assert document(7, some_seeds()) == document(7, some_seeds())
    assert all(len(document(number, some_seeds())[0]) <= LARGEST for number in range(50))
