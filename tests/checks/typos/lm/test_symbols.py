"""What the models count, and the hashes of windows."""

import numpy as np
import pytest

from checks.typos.lm import symbols


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("印发通知", "印发通知"),
        ("2024年", "0年"),
        ("３．５％", "0\x02"),
        ("1,200.5万元", "0万元"),
        ("APP登录", "A登录"),
        ("认真,抓好", "认真，抓好"),
        ("第一条\u3000 总则", "第一条\x01总则"),
        ("\U00020000字", "\x02字"),
    ],
)
def test_numbers_latin_and_blanks_are_one_symbol_each(text, read):
    codes = symbols.read(text).codes
    assert "".join(map(chr, codes[1:-1].tolist())) == read
    assert codes[0] == codes[-1] == symbols.EDGE


def test_a_symbol_knows_where_it_began():
    found = symbols.read("自2024年起")
    assert found.at.tolist() == [0, 0, 1, 5, 6, 7, 7]


def test_a_new_line_keeps_texts_apart():
    codes = symbols.read("甲\n乙").codes.tolist()
    assert codes[1:-1] == [ord("甲"), *[symbols.EDGE] * symbols.APART, ord("乙")]


def test_an_empty_text_is_two_edges():
    assert symbols.read("").codes.tolist() == [symbols.EDGE, symbols.EDGE]


def test_equal_windows_hash_alike_wherever_they_stand():
    codes = symbols.read("总则和附则和总则").codes
    hashes = symbols.mixed(symbols.windows(codes, 2), 2)
    assert hashes[1] == hashes[7]
    assert len(set(hashes.tolist())) == len(hashes) - 2, "总则 and 则和 stand twice"


def test_windows_of_other_lengths_do_not_collide():
    one, two = (symbols.mixed(np.array([7], dtype=np.uint64), length) for length in (1, 2))
    assert one[0] != two[0]


def test_a_text_shorter_than_the_window_has_none():
    assert len(symbols.windows(np.arange(2, dtype=np.uint64), 5)) == 0
