"""Find what is wrong by form alone: repetition, punctuation, dates, numbers, placeholders, traditional characters.

No dictionary of meanings is needed for these, so most rules are an expression and a reading of its match, in tables
(:data:`RULES`); what a rule cannot know for sure it only suspects.
"""

from __future__ import annotations

from collections.abc import Iterator

from checks.late_pattern import late
from checks.reading.template_code import CODE
from checks.typos.candidate import Suspect
from checks.typos.form import brackets, clashes, numbers, punctuation, repetition, stutter, traditional
from checks.typos.form.rule import LIKELY, SURE, FormRule, gone

TEMPLATES = (
    FormRule("code", CODE, gone, SURE, "<#{[@N"),
    FormRule(
        "template",
        late(
            # A text that speaks of “&nbsp;” has it alone between quotation marks.
            r"""\[object Object\]|(?!(?<=["“‘'「『`])&\w+;["”’'」』`])&(?:nbsp|amp|lt|gt|quot);"""
            r"|(?<![{$#])\{(?:title|content|date|url|name)\}|Lorem ipsum"
        ),
        gone,
        SURE,
        "[&{L",
    ),
    FormRule(
        "template",
        late(
            "[（(【]?此处(?:请?(?:输入|填写|插入)|添加|为)(?:标题|内容|正文|文字|图片|链接)[）)】]?"
            r"|(?:标题|正文|内容)待(?:定|补充)|测试(?:标题|内容|文章|数据)\d*$|(?:单击|双击|点击)此处(?:添加|编辑|输入)[\u4e00-\u9fff]{0,6}"
        ),
        gone,
        LIKELY,
        "此待测",
        late("此处|待定|待补充|测试"),
    ),
)
"""Left-over template text."""

RULES = (*numbers.RULES, *punctuation.RULES, *TEMPLATES)


def suspects(text: str) -> Iterator[Suspect]:
    """Yield everything that the rules find in a text, in no particular order."""
    chars = frozenset(text)
    for rule in RULES:
        if rule.may_match(chars):
            yield from rule.suspects(text)
    yield from brackets.suspects(text)
    yield from punctuation.half_width(text)
    yield from punctuation.spaced(text)
    yield from repetition.suspects(text)
    yield from stutter.suspects(text)
    yield from clashes.clashes(text)
    yield from traditional.suspects(text)


def residues(text: str) -> Iterator[Suspect]:
    """Yield left-over template text only: it shows in any language."""
    for rule in TEMPLATES:
        yield from rule.suspects(text)
