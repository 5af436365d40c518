"""Documents of JSON come back as they were written, those of unusual readers' trouble as well."""

from __future__ import annotations

import json
import math

import pytest

from checks.model import Kind
from monitor.store.json_text import JsonText, decode_json, encode_json, encode_text_lists


@pytest.mark.parametrize(
    "value",
    [
        {"text": "帐号\ud800", "url": "http://例子.cn/\udfff"},  # half of a pair of surrogates, as pages have them
        {"nul": "a\0b", "": [], "n": None, "t": [True, False]},
        [0.1, 1e300, 5e-324, -0.0, 2**80, -(2**63), math.inf],
        "文",
        None,
    ],
)
@pytest.mark.parametrize("given", [JsonText, str, str.encode])  # as it was written; as SQLite and PostgreSQL have it
def test_a_document_is_what_it_was(value, given):
    assert decode_json(given(encode_json(value))) == value


def test_a_document_may_be_nested_as_deeply_as_json_reads_it():
    deep = "[" * 500 + "]" * 500
    assert decode_json(deep) == json.loads(deep)


def test_what_is_no_document_is_refused():
    with pytest.raises(ValueError, match="Expecting"):
        decode_json("{")


@pytest.mark.parametrize("lists", [[], [()], [('通知\n“\0\x1f"\\/公告”', None, ""), (Kind.PAGE, "𠮷", "\u2028")]])
def test_lists_of_texts_are_written_as_json_writes_them(lists):
    assert encode_text_lists(lists) == json.dumps(lists, ensure_ascii=False, separators=(",", ":")).encode()


def test_half_of_a_pair_of_surrogates_leaves_a_question_mark():
    assert decode_json(encode_text_lists([("帐号\ud800", None)])) == [["帐号?", None]]
