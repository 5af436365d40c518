"""Report a site that writes half-width marks in its Chinese by habit: 请于每周二,携带身份证,到窗口办理.

Each mark is wrong by GB/T 15834, and there are hundreds on such a page: nobody mends them one by one. So a site has one
finding with its pages, for who writes there to decide on. A half-width mark among full-width ones is a slip, and
the check ``typos`` suspects it (checks/reading/half_width.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from checks.model import Block, Check, Confidence, Excerpt, Finding, Need, Page, Rule, Severity, Text
from checks.reading.half_width import FULL_WIDTH, habitual

AROUND = 20
"""Characters shown on either side of the example."""

HALF_WIDTH = Rule(
    id="half-width-punctuation",
    family="typos",
    severity=Severity.MINOR,
    title=Text("习惯使用半角标点", "Half-width punctuation by habit"),
    message=Text(
        "中文正文习惯使用半角标点（如“{wrong}”，应为“{right}”），多个页面如此的只列一条",
        "Chinese text has half-width marks by habit (“{wrong}” for “{right}”); one finding for all pages",
    ),
    remedy=Text(
        "今后发稿使用全角标点；旧稿可在内容管理系统中批量替换，数字、英文和代码中的半角标点不要改。",
        "Write full-width marks from now on. The CMS can replace them in older articles; those of figures, English and"
        " code stay as they are.",
    ),
    basis=Text("GB/T 15834—2011《标点符号用法》", "GB/T 15834-2011"),
    why=Text("全文半角标点不合国家标准，版面也显得零乱。", "It is against the national standard and looks untidy."),
)


class HalfWidth(Check[Page], frozen=True):
    """Half-width marks between Chinese characters in running prose, as a habit: one finding a site, with its pages.

    Not looked at: titles and labels, English, figures, code, and texts in which full-width marks prevail.
    """

    id: ClassVar[str] = "half-width"
    label: ClassVar[Text] = Text("半角标点", "Half-width punctuation")
    needs: ClassVar[frozenset[Need]] = frozenset({Need.TEXT})
    rules: ClassVar[tuple[Rule, ...]] = (HALF_WIDTH,)

    least: int = 3
    """Marks on a page from which on they are a habit."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield at most one finding, the same for every page of the site."""
        marked = [(block, habitual(block.text)) for block in subject.blocks]
        habits = [(block, found) for block, found in marked if found]
        if sum(len(found) for _, found in habits) >= self.least:
            block, (mark, *_) = habits[0]
            yield _finding(subject.url, block, mark.start())


def _finding(url: str, block: Block, at: int) -> Finding:
    text = block.text
    excerpt = Excerpt(text[max(0, at - AROUND) : at], text[at], text[at + 1 : at + 1 + AROUND], at)
    right = FULL_WIDTH[text[at]]
    return Finding(
        HALF_WIDTH,
        url,
        key="habit",
        params={"wrong": text[at], "right": right},
        evidence=excerpt.before + excerpt.wrong + excerpt.after,
        suggestion=right,
        confidence=Confidence.SUSPECTED,
        text=excerpt,
        placeless=True,
    )
