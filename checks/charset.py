"""Report pages whose charset is not the one that they declare: browsers show them as garbled text."""

from __future__ import annotations

from collections.abc import Iterator

from checks.model import Check, Finding, Page, Rule, Severity, Text
from checks.reading.charsets import codec_of
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
        "unknown": Text(
            "页面和响应头都没有声明编码，页面中有无法识别的字符",
            "neither page nor header declares a charset, and it holds bytes that none fits",
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

UNDECLARED = Rule(
    id="charset-undeclared",
    family="pages",
    severity=Severity.MINOR,
    title=Text("未声明字符编码", "Charset not declared"),
    message=Text(
        "页面和响应头都没有声明字符编码，实际是 {actual}", "neither page nor header declares a charset; it is {actual}"
    ),
    remedy=Text(
        '在 head 开头加上 <meta charset="utf-8">（按实际编码填写），或在响应头 Content-Type 中写明。',
        'Write <meta charset="utf-8"> (or what it is) at the start of the head, or name it in Content-Type.',
    ),
    basis=GUIDELINES,
    why=Text(
        "浏览器只能猜测编码，猜错时页面显示为乱码。", "Browsers have to guess, and a wrong guess shows garbled text."
    ),
    unverified=True,
)

LABELS = {
    "utf-16-le": "utf-16le",
    "utf-16-be": "utf-16be",
    "cp1252": "windows-1252",
    "big5hkscs": "big5",
    "euc_jp": "euc-jp",
    "cp932": "shift_jis",
    "cp949": "euc-kr",
    "cp1251": "windows-1251",
}
"""How a page would write what it is read as, where Python's name for it is another."""


class Charset(Check[Page], frozen=True):
    """Compare what a page declares with what its bytes are. A template repeats its faults: they are one finding."""

    id = "charset"
    label = Text("网页编码", "Charset")
    rules = (CHARSET, UNDECLARED)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the finding of a page that cannot be read as it says, or that does not say how to read it."""
        declared = subject.declared_charset
        params = {"declared": declared or "?", "actual": LABELS.get(subject.charset, subject.charset)}
        if subject.undecodable:
            yield Finding(CHARSET, subject.url, variant="undecodable" if declared else "unknown", params=params)
        elif declared is None:
            if not subject.html.isascii():
                yield Finding(UNDECLARED, subject.url, key=subject.charset, params=params, placeless=True)
        elif not subject.html.isascii() and codec_of(declared) != subject.charset:
            key = f"{declared.lower()} {subject.charset}"
            yield Finding(CHARSET, subject.url, key=key, variant="mismatch", params=params, placeless=True)
