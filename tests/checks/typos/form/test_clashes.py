"""Function words that never stand side by side, and words that contain the same characters."""

from __future__ import annotations

import pytest

from checks.typos.form.clashes import clashes


@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("身份证以及和户口簿", "以及和", "以及"),
        ("对于对违规行为", "对于对", "对于"),
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


@pytest.mark.parametrize("text", ["参与和支持", "身份证以及户口簿", "供应可靠", "不的士", "应该的，相应可以"])
def test_leaves_alone_what_words_explain(text: str) -> None:
    assert not list(clashes(text))
