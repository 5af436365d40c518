"""Function words that never stand side by side, and words that contain the same characters."""

from __future__ import annotations

import pytest

from checks.typos.form.clashes import clashes


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("身份证和以及户口簿", "和以及", "以及"),
        ("请将把材料送到窗口", "请将把", "请将"),
        ("应当的按时缴纳", "应当的", "应当"),
        ("已建成或的在建项目", "或的", "或"),
        ("截至到5月底", "截至到", "截至"),
        ("现定于在5月10日召开", "定于在", "定于"),
        ("应当必须提交申请", "应当必须", "应当"),
        ("根据按照有关规定", "根据按照", "根据"),
    ],
)
def test_finds(text: str, wrong: str, right: str) -> None:
    (suspect,) = clashes(text)
    assert (suspect.wrong, suspect.right, suspect.start) == (wrong, right, text.index(wrong))


@pytest.mark.parametrize(
    "text",
    [
        "参与和支持",
        "身份证以及户口簿",
        "供应可靠",
        "不的士",
        "应该的，相应可以",
        "是否对于对方不利",
        "以及和他相似的人",
        "关于关塔那摩",
        "获得的能够识别个人的资料",
        "应当应申请人的请求",
    ],
)
def test_leaves_alone_what_words_explain(text: str) -> None:
    assert not list(clashes(text))
