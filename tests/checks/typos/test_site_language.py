"""How a site writes decides what is a slip there."""

from __future__ import annotations

import pytest

from checks.typos.site_language import Habits, SiteLanguage, SiteReader, runs, spelt

ALIKE = {("镜", "境"), ("俯", "府")}
HABITS = Habits(usual=50, rare=2, ratio=25, established=5)


def alike(wrong: str, right: str) -> bool:
    return (wrong, right) in ALIKE


def usual(copies: int, texts: tuple[str, ...] = ()) -> SiteLanguage:
    language = SiteLanguage()
    for number in range(copies):
        language.add(f"第{number}条 优化营商环境，提高服务水平。")
    for text in texts:
        language.add(text)
    return language


def reader(language: SiteLanguage) -> SiteReader:
    return SiteReader(language, alike, HABITS)


def suspects(language: SiteLanguage, text: str) -> list[tuple[int, str, str]]:
    return [(one.start, one.wrong, one.right) for one in reader(language).suspects(text, bytearray(len(text)))]


def test_a_run_is_four_characters_and_the_end_of_a_phrase_is_one() -> None:
    assert [spelt(run) for run in runs("营商环境，好")] == ["|营商环", "营商环境", "商环境|"]


def test_a_rare_variant_of_a_usual_phrase_is_suspected() -> None:
    text = "大力优化营商环镜，"
    assert suspects(usual(60, (text,)), text) == [(6, "环镜", "环境")]


def test_a_variant_that_several_texts_use_is_not() -> None:
    texts = tuple(f"{number}号通告：大力优化营商环镜，" for number in "甲乙丙丁")
    assert not suspects(usual(60, texts), texts[0])


def test_what_is_not_alike_is_another_word() -> None:
    text = "大力优化营商氛围，"
    assert not suspects(usual(60, (text,)), text)


def test_a_form_of_many_texts_is_established() -> None:
    language = usual(0, tuple(f"{number}村举办开渔节活动" for number in "甲乙丙丁戊"))
    text = "今年的开渔节活动"
    assert reader(language).is_established(text, 3, 5)
    assert not reader(language).is_established("今年的开鱼节活动", 3, 5)


def test_survives_the_store() -> None:
    language = usual(60)
    again = SiteLanguage.from_bytes(language.to_bytes())
    assert (again.texts, again.count("营商环境")) == (60, 60)
    again.add("优化营商环境")
    assert again.count("营商环境") == 61


def test_refuses_what_is_no_model() -> None:
    with pytest.raises(ValueError, match="not a site language model"):
        SiteLanguage.from_bytes(b"SQLite format 3")


def test_texts_learnt_together_count_as_each_alone() -> None:
    texts = ["优化营商环境，优化营商环境", "", "营商\n环境", "优化营商", "a\ud800优化营商环境"]
    together, alone = SiteLanguage(), SiteLanguage()
    together.learn(texts)
    for text in texts:
        alone.add(text)
    assert together.to_bytes() == alone.to_bytes()
    assert (together.texts, together.count("优化营商")) == (5, 3)


def test_only_strange_texts_need_a_second_look() -> None:
    slip, usual_text, other = "大力优化营商环镜，", "大力优化营商环境，", "召开会议。"
    language = usual(60, (slip,))
    assert reader(language).strange([usual_text, slip, other]) == {slip}
    assert not reader(SiteLanguage()).strange([slip])
    assert not reader(language).strange([])
