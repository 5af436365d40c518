"""Lines read from a picture become passages: paragraphs joined, marks as they are written, zeros put back."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from checks.model import Box, Confidence, Excerpt, Finding, PictureText, ReadCharacter
from checks.read_pictures import Pictures, as_read
from checks.reading.picture_lines import passages_of
from tests.factories import rule

SIZE = 20
NOW = datetime(2026, 11, 30, tzinfo=UTC)


def line(text: str, top: int = 0, left: int = 0, *, certainty: float = 1.0, page: int = 0):
    """Characters side by side; a blank is a place where nothing was read."""
    places = ((left + number * SIZE, each) for number, each in enumerate(text))
    return tuple(
        ReadCharacter(each, certainty, Box(at, top, at + SIZE, top + SIZE, page)) for at, each in places if each != " "
    )


def column(text: str, left: int):
    return tuple(
        ReadCharacter(each, 1.0, Box(left, n * SIZE, left + SIZE, n * SIZE + SIZE)) for n, each in enumerate(text)
    )


def texts(*lines) -> list[str]:
    return [passage.text for passage in passages_of(lines)]


FULL = "各单位要按照既定部署做好防汛准备"


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ((line(FULL), line("工作，确保安全。", 34)), [FULL + "工作，确保安全。"]),
        ((line(FULL[:-1] + "。"), line("二、其他事项", 34)), [FULL[:-1] + "。", "二、其他事项"]),
        ((line("通知"), line(FULL, 34)), ["通知", FULL]),
        ((line(FULL), line("落款单位", 120)), [FULL, "落款单位"]),
        ((line(FULL), line("第二页", 34, page=2)), [FULL, "第二页"]),
        ((line(f"  {FULL[2:]}"), line(FULL, 34)), [FULL[2:] + FULL]),
    ],
    ids=["goes on", "ended", "heading", "far below", "next page", "indented"],
)
def test_a_line_goes_on_with_the_one_above_that_was_full(lines, expected):
    assert texts(*lines) == expected


def test_what_is_wrong_in_a_column_is_never_certain():
    (passage,) = passages_of([column("请登陆网站查询并且下载", 0)])
    assert passage.is_column
    assert as_read(typo(passage, "登陆"), passage).confidence is Confidence.SUSPECTED
    assert as_read(typo(passage, "登陆", confidence=Confidence.SUSPECTED), passage) is None


def test_columns_are_read_from_the_right():
    assert texts(column("登陆网站查询", 0), column(FULL, 40)) == [FULL + "登陆网站查询"]


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ("二 二六年度工作", "二〇二六年度工作"),  # the circle is passed over
        ("二○二六年", "二〇二六年"),
        ("张伟   李明同志好", "张伟 李明同志好"),  # two cells of a table
        ("联系人:张三,电话", "联系人：张三，电话"),
        ("10:30 a.m.", "10:30a.m."),
        ("共１２个", "共12个"),
    ],
)
def test_what_a_reader_of_characters_gets_wrong_is_put_right(read, expected):
    assert texts(line(read)) == [expected]


def typo(passage, wrong: str, rule_id: str = "typo", confidence=Confidence.CONFIRMED) -> Finding:
    at = passage.text.index(wrong)
    return Finding(rule(rule_id), "http://a.cn/a.png", text=Excerpt("", wrong, "", at), confidence=confidence)


@pytest.mark.parametrize(
    ("certainty", "confidence", "stands"),
    [
        (0.99, Confidence.CONFIRMED, Confidence.CONFIRMED),
        (0.99, Confidence.SUSPECTED, Confidence.SUSPECTED),
        (0.8, Confidence.CONFIRMED, Confidence.SUSPECTED),
        (0.8, Confidence.SUSPECTED, None),
        (0.3, Confidence.CONFIRMED, None),
    ],
)
def test_the_reading_bounds_what_is_said_of_a_wording(certainty, confidence, stands):
    (passage,) = passages_of([line("请登陆网站") + line("查询结果", left=5 * SIZE, certainty=certainty)])
    finding = as_read(typo(passage, "登陆", confidence=confidence), passage)
    assert (finding.confidence if finding else None) is stands
    if finding:
        assert finding.picture.box == Box(SIZE, 0, 3 * SIZE, SIZE)


def test_marks_are_not_judged():
    (passage,) = passages_of([line("请登陆网站")])
    assert as_read(typo(passage, "登陆", "punctuation"), passage) is None


def judged(*lines) -> list[Finding]:
    return list(Pictures().inspect(PictureText("http://a.cn/a.png", lines, NOW)))


def test_an_id_number_is_found_where_it_stands_and_masked():
    (leak,) = judged(line("名单"), line("李明440106199003076235", 60))
    assert (leak.rule.id, leak.confidence, leak.picture.box.top) == ("leaked-id-number", Confidence.CONFIRMED, 60)
    assert "19900307" not in str(leak)
    (doubtful,) = judged(line("李明440106199003076235", certainty=0.4))
    assert doubtful.confidence is Confidence.SUSPECTED


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("二〇二七年三月十二日", True),
        ("2027年3月12日", True),
        ("二〇二六年三月十二日", False),
        ("二〇二七年二月三十日", False),
    ],
)
def test_a_closing_date_that_is_still_to_come_is_suspected(written, found):
    dates = [each for each in judged(line("关于开会的通知"), line(written, 90)) if each.rule.id == "future-date"]
    assert [each.confidence for each in dates] == [Confidence.SUSPECTED] * found
