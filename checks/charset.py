"""Report pages whose charset is not the one that they declare: browsers show them as garbled text."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass

from checks.model import Check, Finding, Page, Rule, Severity, Text
from checks.reading.citations import GUIDELINES

CHARSET = Rule(
    id="charset-mismatch",
    family="pages",
    severity=Severity.MAJOR,
    title=Text("字符编码不符", "Charset mismatch"),
    message={
        "mismatch": Text("声明的编码是 {declared}，实际是 {actual}", "it declares {declared} but is {actual}"),
        "undecodable": Text(
            "声明的编码是 {declared}，但页面中有无法识别的字符",
            "it declares {declared} but holds bytes that no charset fits",
        ),
    },
    remedy=Text(
        "统一页面、HTTP 响应头和 meta 中的编码，建议全站使用 UTF-8。",
        "Let the page, its HTTP header and its meta agree; UTF-8 throughout is best.",
    ),
    basis=GUIDELINES,
    why=Text("编码不符时页面显示为乱码。", "Readers see garbled text."),
    unverified=True,
)

FAMILIES = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8", "hz": "gb18030"}
"""Charsets that browsers read as another one (WHATWG Encoding), by Python's names."""


@dataclass(frozen=True, slots=True)
class Charset(Check[Page]):
    """Compare what a page declares with what its bytes are."""

    id = "charset"
    label = Text("网页编码", "Charset")
    rules = (CHARSET,)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the finding of a page that cannot be read as it says."""
        declared = subject.declared_charset
        params = {"declared": declared or "?", "actual": subject.charset}
        if subject.undecodable:
            yield Finding(CHARSET, subject.url, variant="undecodable", params=params)
        elif declared and _name(declared) != _name(subject.charset):
            yield Finding(CHARSET, subject.url, variant="mismatch", params=params)


def _name(charset: str) -> str:
    name = codecs.lookup(charset).name
    return FAMILIES.get(name, name)
