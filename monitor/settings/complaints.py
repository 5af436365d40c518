"""Say in both languages what is wrong with a setting: by our own validators, and by Pydantic's.

Pydantic speaks English alone. What it finds wrong in a configuration has its Chinese here, by the type of the fault; a
type that is missing is said in English in both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checks.model import Text, WordedError


class SettingError(WordedError, ValueError):
    """A setting cannot be meant; the reason says why, or what is allowed."""


CHINESE: Mapping[str, str] = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这一项",
    "bool_parsing": "应为 true 或 false",
    "bool_type": "应为 true 或 false",
    "int_parsing": "应为整数",
    "int_type": "应为整数",
    "int_from_float": "应为整数",
    "float_parsing": "应为数字",
    "float_type": "应为数字",
    "finite_number": "应为有限的数字",
    "string_type": "应为文字",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "set_type": "应为列表",
    "frozen_set_type": "应为列表",
    "dict_type": "应为一组“名称: 值”",
    "mapping_type": "应为一组“名称: 值”",
    "model_type": "应为一组“名称: 值”",
    "model_attributes_type": "应为一组“名称: 值”",
    "path_type": "应为文件路径",
    "date_type": "应为日期，如 2026-12-01",
    "date_parsing": "应为日期，如 2026-12-01",
    "date_from_datetime_parsing": "应为日期，如 2026-12-01",
    "date_from_datetime_inexact": "应为日期，如 2026-12-01",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "too_short": "至少要有 {min_length} 项",
    "too_long": "最多 {max_length} 项",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "最多 {max_length} 个字",
    "string_pattern_mismatch": "应符合 {pattern}",
    "literal_error": "应为以下之一：{expected}",
    "enum": "应为以下之一：{expected}",
    "no_url": "{url} 不是网址，请写成 https://www.example.gov.cn",
    "same_name": "有两个网站都叫 {name}，请各给一个 id",
}
"""Type of a fault → what is said of it, with what Pydantic knows of it."""


def complaint(fault: Mapping[str, Any]) -> Text:
    """Return what is wrong, of a fault as Pydantic lists it."""
    known = fault.get("ctx", {})
    error = known.get("error")
    if isinstance(error, WordedError):
        return error.reason
    english = str(fault["msg"]).removeprefix("Value error, ")
    chinese = CHINESE.get(str(fault["type"]))
    if chinese is None:  # what Pydantic says may hold braces of a value
        return Text(english, english)
    return Text(chinese.format(**known | {"expected": str(known.get("expected", "")).replace(" or ", ", ")}), english)
