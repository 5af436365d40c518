"""A regular expression as a setting."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from monitor.settings.complaints import SettingError


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise SettingError(f"不是正则表达式：{error}", f"not a regular expression: {error}") from None
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
"""A regular expression, searched for anywhere in the absolute URL."""
