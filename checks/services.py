"""Judge what an office offers: letters that are answered, guides that say everything."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from checks.columns.limits import start_of
from checks.late_pattern import late
from checks.model import Check, Column, Finding, Need, Page, Rule, Severity, Text
from checks.reading.citations import VETO

LETTER = Rule(
    id="unanswered-letter",
    family="services",
    severity=Severity.CRITICAL,
    title=Text("留言超期未答复", "Letter not answered"),
    message=Text(
        "{asked} 的来信至今没有答复，已 {days} 天", "the letter of {asked} is still not answered, {days} days later"
    ),
    remedy=Text(
        "尽快答复；不属于本单位职责的，也要说明并转办。",
        "Answer it; where another office is responsible, say so and pass it on.",
    ),
    basis=VETO,
    why=Text(
        "一年内有效留言超过三个月未答复，整站单项否决。",
        "A letter left unanswered for three months fails the whole site.",
    ),
)

GUIDE = Rule(
    id="incomplete-guide",
    family="services",
    severity=Severity.MINOR,
    title=Text("办事指南要素不全", "Incomplete guide"),
    message=Text("办事指南缺少 {count} 类要素：{missing}", "the guide lacks {count} elements: {missing}"),
    remedy=Text("补齐所缺要素。", "Complete the guide."),
    basis=VETO,
    why=Text(
        "每缺一类要素扣 2 分；5 个以上指南缺 4 类以上要素，整站单项否决。",
        "Each element missing costs 2 points; five guides that lack four fail the site.",
    ),
    unverified=True,
)

ELEMENTS = {
    "事项名称": "(?:事项|项目|服务)名称|(?:办理|审批|服务)事项",
    "设定依据": "(?:设定|法律|法定|办理|实施|政策|审批)依据",
    "申请条件": "(?:申请|受理|办理|申报|准予|审批)条件|(?:办理|服务|适用)对象|适用范围",
    "办理材料": "(?:申请|办理|申报|所需|提交|提供)(?:的)?材料|材料(?:清单|目录)|申请人需提交",
    "办理地点": "(?:办理|受理|办公|服务)(?:地点|地址|窗口)|地\\s*址|窗口地址",
    "办理时间": "(?:办理|办公|工作|受理|服务)(?:时间|时限|期限)|(?:法定|承诺)(?:办结)?(?:时限|期限)",
    "联系电话": "(?:联系|咨询|服务|办公|监督|投诉)(?:电话|方式)|电\\s*话",
    "办理流程": "(?:办理|办事|服务|审批|受理)(?:流程|程序|步骤|方式)|流程图?",
}
"""The element classes of a guide, and the labels under which they stand."""

_LABELS = {
    name: late(
        # Within a line, and never tried twice: a page may hold nothing but lines of signs.
        rf"^(?:[^\w\n]|_)*+(?:第?[一二三四五六七八九十\d]{{1,3}}[、.．)）:：]?[^\S\n]*+)?(?:{words})",
        re.MULTILINE,
    )
    for name, words in ELEMENTS.items()
}
_GUIDE = late(r"办事指南|服务指南|办理指南")
_WORDS = ("依据", "条件", "材料", "流程", "地点", "指南")


class Letters(Check[Column], frozen=True):
    """Look for letters whose answer is overdue, where the list shows which are answered."""

    id = "letters"
    label = Text("留言答复", "Letters")
    rules = (LETTER,)

    term: str = "3m"
    """The time to answer: ``90d``, ``3m``, ``1y``."""
    within: str = "1y"
    """The age beyond which letters are no longer counted."""

    def inspect(self, subject: Column) -> Iterator[Finding]:
        """Yield each letter that is overdue."""
        due, oldest = start_of(self.term, subject.seen), start_of(self.within, subject.seen)
        for item in subject.items:
            if item.answered is False and item.published and oldest <= item.published < due:
                params = {"asked": f"{item.published:%Y-%m-%d}", "days": (subject.seen - item.published).days}
                yield Finding(LETTER, item.url, key=item.title, params=params, evidence=item.title, column=subject.name)


class Guides(Check[Page], frozen=True):
    """Look for the elements of a guide by their labels; a label whose cell is left blank says nothing."""

    id = "guides"
    label = Text("办事指南", "Service guides")
    needs = frozenset({Need.TEXT})
    rules = (GUIDE,)

    severe: int = 4
    """How many missing elements make it a major fault."""

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield the finding of a guide that lacks elements."""
        text = subject.text
        named = "指南" in subject.title
        if not named and ("材料" not in text or sum(word in text for word in _WORDS) < 3):
            return
        present = {name for name, label in _LABELS.items() if label.search(text)}
        if not _is_guide(subject, len(present)):
            return
        present -= set(_left_blank(subject))
        missing = [name for name in ELEMENTS if name not in present]
        if not missing:
            return
        yield Finding(
            GUIDE,
            subject.url,
            params={"count": len(missing), "missing": "、".join(missing)},
            evidence=subject.title,
            severity=Severity.MAJOR if len(missing) >= self.severe else None,
        )


def _left_blank(page: Page) -> Iterator[str]:
    """Yield the elements that have a label in a table and nothing in the cell beside it.

    Guides are typed into tables by hand, often broken ones: BeautifulSoup reads them as they were meant, and there are
    few enough of them to afford it.
    """
    for row in page.soup.find_all("tr"):
        for label, value in pairwise(row.find_all(["th", "td"], recursive=False)):
            if not value.get_text(strip=True) and value.find(["img", "a", "input", "iframe"]) is None:
                words = label.get_text(strip=True)
                yield from (name for name, pattern in _LABELS.items() if pattern.search(words))


def _is_guide(page: Page, present: int) -> bool:
    """Return whether a page is a guide and no news or list of guides: it has labels, by its title two, else five."""
    return not page.homepage and present >= (2 if _GUIDE.search(page.title) else 5)
