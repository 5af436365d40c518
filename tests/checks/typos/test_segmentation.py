"""The likeliest way to cut Chinese into words, and what each word costs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.typos.segmentation import OUTSIDE, UNKNOWN, Vocabulary, vocabulary


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("关系缓和和稳定", "关系 缓和 和 稳定"),
        ("作为东道主主持会议", "作为 东道主 主持会议"),
        ("使中方不得不得出结论", "使 中方 不得不 得出结论"),
        ("竞赛赛事", "竞赛 赛事"),
        ("2026年，", "2 0 2 6 年 ，"),
    ],
)
def test_cuts_where_words_meet(text: str, words: str) -> None:
    assert vocabulary().cut(text).words == words.split()


def test_what_is_no_word_costs_most() -> None:
    assert vocabulary().cut("齉").cost == UNKNOWN
    assert vocabulary().cut("A").cost == OUTSIDE
    common, rare = vocabulary().costs(["的", "醚"])
    assert common is not None
    assert common < 5
    assert rare is None or rare > 12


@given(
    st.text(st.one_of(st.sampled_from("关系缓和稳定不得出结论\0\ud8002A，"), st.characters()), min_size=1, max_size=20)
)
def test_a_cut_is_of_the_whole_text_and_costs_what_its_words_cost(text: str) -> None:
    cut = vocabulary().cut(text)
    assert "".join(cut.words) == text
    known = vocabulary().costs(cut.words)
    alone = [UNKNOWN if "\u4e00" <= word <= "\u9fff" else OUTSIDE for word in cut.words]
    costs = [other if cost is None else cost for cost, other in zip(known, alone, strict=True)]
    assert cut.cost == pytest.approx(sum(costs))
    assert all(cost is not None or len(word) == 1 for cost, word in zip(known, cut.words, strict=True))


def test_finds_the_word_over_a_place() -> None:
    cut = vocabulary().cut("面对面对话")
    assert [cut.word_at(place) for place in range(5)] == [(0, 3), (0, 3), (0, 3), (3, 5), (3, 5)]


def test_reads_what_it_wrote(tmp_path: Path) -> None:
    packaged = vocabulary()
    again = Vocabulary.of(packaged.packed())
    assert (again.words == packaged.words).all()
    assert (again.steps == packaged.steps).all()
