"""What is not proofread."""

from __future__ import annotations

import pytest

from checks.typos.masks import DOCUMENT_NUMBER, FIXED, NAME, YEAR_IN_BRACKETS, is_foreign, mask
from tests.cost import assert_linear


@pytest.mark.parametrize(
    ("text", "covered", "value"),
    [
        ("请访问https://www.example.gov.cn/a.html查询", "https://www.example.gov.cn/a.html", FIXED),
        ("来信请寄bgs@example.gov.cn。", "bgs@example.gov.cn", FIXED),
        ("依据闽政办〔2018〕12号", "闽政办", FIXED),
        ("依据闽政办 [ 1998】12号", "闽政办", FIXED),
        ("拟录用人员：陈珺、赵昇、钱煜、孙玥。", "陈珺、赵昇、钱煜、孙玥", NAME),
        ("记者 王建社 报道", "王建社", NAME),
        ("决定任命陈翀为局长", "陈翀", NAME),
        ("综治委主任任建新在会上说", "任建新", NAME),
        ("调度室胡主任介绍", "胡", NAME),
        ("甲文标题很长很长的新闻", "甲文", NAME),
        ("1. 丙稿由规划科起草", "丙稿", NAME),
    ],
)
def test_masks(text: str, covered: str, value: int) -> None:
    masked = mask(text)
    at = text.index(covered)
    assert set(masked[at : at + len(covered)]) == {value}


@pytest.mark.parametrize("year", ["〔2018〕", "（1998)", "[ 2018 ]", "〔1898〕", "2018", "〔2018年〕", "【2018"])
def test_numbers_are_looked_for_where_there_is_a_year_in_brackets(year: str) -> None:
    text = f"依据闽政办{year}12号"
    assert bool(DOCUMENT_NUMBER.search(text)) is bool(YEAR_IN_BRACKETS.search(text)) is (FIXED in mask(text))


def test_masks_no_prose() -> None:
    assert not any(mask("金融、石油、服务等行业要加强管理、提高效率。"))


def test_masks_what_the_operator_protects() -> None:
    assert mask("与布署科技公司签约", ["布署科技"])[1:5] == bytes([FIXED]) * 4


def test_masks_quotations_only_where_asked() -> None:
    assert not any(mask("他说：“按装设备。”"))
    assert FIXED in mask("他说：“按装设备。”", quotations=True)


@pytest.mark.parametrize(
    ("text", "foreign"),
    [
        ("The people's government", True),
        ("関連情報はこちらをご覧ください", True),
        ("縣政府辦公室關於開展執法檢查的通知", True),
        ("关于开展执法检查的通知", False),
        ("GDP增长5.2%，CPI上涨0.3%", False),
        ("2024-01-05", True),
    ],
)
def test_tells_text_that_is_not_simplified_chinese(text: str, foreign: bool) -> None:  # noqa: FBT001
    assert is_foreign(text) is foreign


@pytest.mark.parametrize("unit", ["二〇二六年", "9", "a.", "a-", "来源PubDate", "a(", "www.", "<a", "“"])
def test_a_long_run_without_punctuation_takes_linear_time(unit):
    assert_linear(lambda text: mask(text, quotations=True), lambda size: unit * (size // len(unit)), 200_000, 5)
