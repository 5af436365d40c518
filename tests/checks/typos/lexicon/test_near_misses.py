"""A slip in a set wording is found by what surrounds it."""

from __future__ import annotations

import pytest

from checks.typos.lexicon.boundaries import ShortWords
from checks.typos.lexicon.character_runs import Filter, Index, codes_of, numbers
from checks.typos.lexicon.near_misses import Source, Wording, Wordings, packaged_wordings

WORDINGS = Wordings(
    {
        "政策解读": Wording(Source.REVIEWED),
        "合同终止": Wording(Source.FREQUENT),
        "一丝不苟": Wording(Source.IDIOM),
        "公平竞争": Wording(Source.FREQUENT, frozenset({"公平竟争"})),
        "莲花县": Wording(Source.PLACE),
        "联系方式": Wording(Source.REVIEWED),
    },
    ShortWords(frozenset({"中止", "终止", "解毒", "县长"})),
)


def found(text: str, wordings: Wordings = WORDINGS) -> list[tuple[int, str, str, bool]]:
    return [(m.start, m.wrong, m.right, m.doubtful) for m in wordings.near_misses(text, codes_of(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发布政策解毒稿", (2, "政策解毒", "政策解读", False)),  # a person vouches for it, though 解毒 is a word
        ("劳动合同中止", (2, "合同中止", "合同终止", True)),  # 中止 may be meant
        ("工作一丝不荀", (2, "一丝不荀", "一丝不苟", False)),
        ("江西省连花县", (3, "连花县", "莲花县", False)),
        ("参观连花县", (2, "连花县", "莲花县", True)),  # no larger place goes before it
    ],
)
def test_finds(text: str, expected: tuple[int, str, str, bool]) -> None:
    assert found(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "政策解读",
        "政策解答",  # 答 is not like 读
        "公平竟争",  # listed as right as well
        "联系方是公司",  # 是 begins something else
        "莲花现",  # what sort of place it is is never the slip
        "莲花县长",  # 县长 crosses the edge
        "",
    ],
)
def test_leaves_alone(text: str) -> None:
    assert not found(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("现将政策解毒如下", "政策解毒"),
        ("因公式期内有异议", "公式期内"),
        ("要一如继往地支持", "一如继往"),
        ("湖南省郴洲市", "郴洲市"),
        ("办理居民身份正的", "居民身份正"),
    ],
)
def test_packaged_wordings_find(text: str, wrong: str) -> None:
    assert any(wrong in found_wrong or found_wrong in wrong for _, found_wrong, *_ in found(text, packaged_wordings()))


@pytest.mark.parametrize(
    "text", ["申请办事的流程", "不得办事的人员", "专门办事窗口", "上市公示制度", "法律使用中的问题"]
)
def test_packaged_wordings_leave_words_of_web_sites_alone(text: str) -> None:
    """The statutes often write 申请从事 and never 申请办事, which the pages of an office do."""
    assert not found(text, packaged_wordings())


@pytest.mark.parametrize(("text", "doubtful"), [("打造数智经济发展高地", True), ("打造数治经济发展高地", False)])
def test_a_new_word_of_todays_writing_may_be_meant(text: str, *, doubtful: bool) -> None:
    assert {miss[3] for miss in found(text, packaged_wordings()) if "经济" in miss[1]} == {doubtful}


def test_misspelt_idioms_of_a_dictionary_are_no_usage() -> None:
    for text in ("争分夺妙", "如原以偿", "大工告成"):
        assert found(text, packaged_wordings()), text


def test_packaged_wordings_do_not_accuse_each_other() -> None:
    listed = packaged_wordings()
    accused = [wording for wording in list(listed.known)[::50] if found(wording, listed)]
    assert not [wording for wording in accused if any(m[1] == wording for m in found(wording, listed))]


def test_index_finds_every_run_of_every_length() -> None:
    index = Index.of(["乙丙", "丁戊己", "甲乙丙丁"])
    text = "甲乙丙丁戊己"
    assert {(text[start : start + size], place) for start, size, place in index.places(codes_of(text))} == {
        ("乙丙", 0),
        ("丁戊己", 1),
        ("甲乙丙丁", 2),
    }
    assert not list(index.places(codes_of("甲")))


def test_filter_forgets_nothing_and_invents_little() -> None:
    put, others = "".join(map(chr, range(0x4E00, 0x8E00))), "".join(map(chr, range(0x8E00, 0x9E00)))
    runs = Filter()
    runs.put(numbers(codes_of(put), 2))
    assert len(runs.passing(numbers(codes_of(put), 2))) == len(put) - 1
    assert len(runs.passing(numbers(codes_of(others), 2))) < 10
