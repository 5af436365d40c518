"""What Pydantic finds wrong in a configuration has its Chinese."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, Field, ValidationError

from checks.model import Text
from monitor.settings.complaints import CHINESE, complaint


class Sample(BaseModel):
    """A setting of each kind that the configuration has."""

    needed: int
    number: Annotated[float, Field(ge=1, le=9)] = 1
    above: Annotated[int, Field(gt=1, lt=9)] = 2
    switch: bool = True
    text: Annotated[str, Field(min_length=1, max_length=3, pattern="a")] = "a"
    names: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("a",)
    each: list[str] = []
    table: dict[str, int] = {}
    within: Literal["a", "b"] = "a"
    day: date = date(2026, 12, 1)


WRONG = [
    ({}, "缺少这一项"),
    ({"needed": "x"}, "应为整数"),
    ({"needed": 1.5}, "应为整数"),
    ({"number": "x"}, "应为数字"),
    ({"number": 0}, "应不小于 1.0"),
    ({"number": 10}, "应不大于 9.0"),
    ({"above": 1}, "应大于 1"),
    ({"above": 9}, "应小于 9"),
    ({"switch": "perhaps"}, "应为 true 或 false"),
    ({"text": 5}, "应为文字"),
    ({"text": ""}, "至少 1 个字"),
    ({"text": "aaaa"}, "最多 3 个字"),
    ({"text": "b"}, "应符合 a"),
    ({"names": []}, "至少要有 1 项"),
    ({"names": ["a", "b", "c"]}, "最多 2 项"),
    ({"each": "a"}, "应为列表"),
    ({"table": []}, "应为一组“名称: 值”"),
    ({"within": "c"}, "应为以下之一：'a', 'b'"),
    ({"day": "soon"}, "应为日期，如 2026-12-01"),
]


@pytest.mark.parametrize(("given", "chinese"), WRONG)
def test_a_fault_is_said_in_chinese_with_what_is_allowed(given, chinese):
    with pytest.raises(ValidationError) as caught:
        Sample.model_validate({"needed": 1, **given} if given else given)
    (fault,) = caught.value.errors()
    said = complaint(fault)
    assert said.zh == chinese
    assert said.en == fault["msg"]


def test_what_pydantic_says_of_an_unknown_fault_stands_as_it_is():
    fault = {"type": "of_another_version", "msg": "no {value} of {0}, {", "ctx": {}}
    assert complaint(fault) == Text(fault["msg"], fault["msg"])


def test_every_text_is_chinese():
    assert all(re.search("[一-鿿]", text) for text in CHINESE.values())
