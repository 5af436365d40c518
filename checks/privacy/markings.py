"""Find the marks that documents not meant for the public carry: 秘密★, 内部文件, 此件不公开 (上网不涉密).

A mark stands by itself: in its own line, or behind the label of its field. The words in a sentence (an annual report
that counts 不予公开, a lesson on how to mark “机密★”) are not one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from checks.late_pattern import late


class Marking(NamedTuple):
    """A mark in a text, where it stands, and whether it is a degree of secrecy (国家秘密) or an internal one."""

    text: str
    start: int
    secret: bool


_SECRET = late(r"(?<![“\"‘'「《（(标注加盖为])(?<!商业)(?:绝密|机密|秘密)\s?★\s?(?:\d{1,2}\s?(?:年|个月)|长期|启用前)?")
_TAILS = (
    r"(?:[\s，,、；;：:。]{0,3}(?:请?(?:注意|妥善)保(?:存|密|管)|不予公开|不得公开|(?:严禁|不得|请勿|切勿|禁止)(?:外传|复制|转发|翻印|扩散|传播|转载|上网|外泄)|"
    r"用后(?:收回|销毁)|阅后(?:收回|销毁)))"
)
"""What is added to an internal mark; often more than one."""

_INTERNAL = late(
    rf"^[\s【\[（(〔]*(?:内部(?:文件|资料|材料|刊物){_TAILS}{{0,4}}"
    rf"|内部(?:使用|掌握|情况(?:通报)?|通报|信息|讲话|传阅|文稿){_TAILS}{{1,4}}|仅供内部(?:使用|参考|交流){_TAILS}{{0,4}}"
    r"|此件不[予宜得]?公开(?:发布)?|不予公开|此件依申请公开|(?:严禁|不得|请勿)外传)[\s】\]）)〕。！!]*$",
    re.MULTILINE,
)
_DEGREE = late(r"(?:密级|保密等级|涉密等级)\s*[:：]\s*(?:绝密|机密|秘密)(?=[\s★。；;]|$)", re.MULTILINE)
"""The field in which a document states its degree; a form that offers several of them states none."""

_FIELD = late(r"公开(?:方式|属性|选项|类别|形式|类型)\s*[:：]\s*(?:不予公开|不公开)(?![，、或/])")
# One rare character each: the engine skips to it twice as fast as it tries four words at every place.
_WORDS = tuple(late(word) for word in ("部(?<=内部)", "件(?<=此件)", "公(?<=[不予]公)开", "传(?<=外传)"))


def find_markings(text: str) -> Iterator[Marking]:
    """Yield the marks of a text."""
    if "★" in text:
        yield from (Marking(found[0], found.start(), secret=True) for found in _SECRET.finditer(text))
    if "密级" in text or "密等级" in text:
        yield from (Marking(found[0], found.start(), secret=True) for found in _DEGREE.finditer(text))
    if any(word.search(text) for word in _WORDS):
        for form in (_INTERNAL, _FIELD):
            yield from (Marking(found[0].strip(), found.start(), secret=False) for found in form.finditer(text))
