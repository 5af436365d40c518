"""Report what must not be public: numbers of people, and documents marked as secret or internal.

A report never repeats a leak: numbers are masked in everything that leaves here. One finding a rule and page, however
many numbers a table holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from checks.model import Check, Confidence, Document, Excerpt, Finding, Need, Page, Rule, Severity, Text
from checks.privacy.markings import Marking, find_markings
from checks.privacy.personal_numbers import Leak, Sort, find_leaks, mask
from checks.reading.citations import PERSONAL_DATA, STATE_SECRETS
from checks.reading.dates import CHINA

WHY_PERSONAL = Text(
    "泄露公民个人信息属于严重问题，检查中单项否决。",
    "Leaking personal data is a severe fault that fails the whole site.",
)

ID_NUMBER = Rule(
    id="leaked-id-number",
    family="privacy",
    severity=Severity.CRITICAL,
    title=Text("泄露身份证号", "Leaked ID number"),
    message=Text("出现 {count} 个完整的身份证号，如 {masked}", "complete ID numbers ({count}), such as {masked}"),
    remedy=Text(
        "立即撤下或遮盖证件号（保留前几位和末两位即可），并清除搜索引擎快照。",
        "Remove or mask the number at once (the head and two last digits may stay); have search caches cleared.",
    ),
    basis=PERSONAL_DATA,
    why=WHY_PERSONAL,
    unverified=True,
)

PHONE = Rule(
    id="leaked-phone",
    family="privacy",
    severity=Severity.MAJOR,
    title=Text("个人手机号外露", "Personal mobile number"),
    message=Text(
        "出现 {count} 个与姓名相连的手机号，如 {masked}", "mobile numbers beside names ({count}), such as {masked}"
    ),
    remedy=Text(
        "核实是否为个人号码：是则遮盖中间四位；对外联系请改用办公电话。",
        "Find out whether the number is private: if so mask its four middle digits; publish an office line instead.",
    ),
    basis=PERSONAL_DATA,
    why=WHY_PERSONAL,
    unverified=True,
)

BANK_CARD = Rule(
    id="leaked-bank-card",
    family="privacy",
    severity=Severity.CRITICAL,
    title=Text("泄露银行卡号", "Leaked bank card number"),
    message=Text("出现 {count} 个完整的银行卡号，如 {masked}", "complete card numbers ({count}), such as {masked}"),
    remedy=Text("立即撤下或遮盖卡号。", "Remove or mask the number at once."),
    basis=PERSONAL_DATA,
    why=WHY_PERSONAL,
    unverified=True,
)

SECRECY = Rule(
    id="secrecy-marking",
    family="secrecy",
    severity=Severity.CRITICAL,
    title=Text("涉密或不宜公开的标志", "Marked as secret or internal"),
    message={
        "secret": Text("出现密级标志“{mark}”", "it carries the mark of secrecy “{mark}”"),
        "internal": Text("出现“{mark}”字样，可能不宜公开", "it says “{mark}” and may not be meant for the public"),
    },
    remedy=Text(
        "立即撤下，由保密工作机构核查后再作处理。",
        "Take it down at once and let the office of secrecy look at it before anything else.",
    ),
    basis=STATE_SECRETS,
    why=Text("涉密不上网，上网不涉密。", "What is secret must not be online."),
    unverified=True,
)

RULES = {Sort.ID: ID_NUMBER, Sort.PHONE: PHONE, Sort.CARD: BANK_CARD}
CONTEXT = 20
"""Characters on each side of a leak that are quoted."""


class Privacy(Check[Page], frozen=True):
    """Look for leaks in the text of pages."""

    id = "privacy"
    label = Text("个人信息", "Personal data")
    needs = frozenset({Need.TEXT})
    rules = (ID_NUMBER, PHONE, BANK_CARD, SECRECY)

    def inspect(self, subject: Page) -> Iterator[Finding]:
        """Yield one finding for each rule that the page breaks."""
        yield from inspect_text(subject.text, subject.url, subject.fetched.astimezone(CHINA).date())


class DocumentPrivacy(Check[Document], frozen=True):
    """Look for leaks in the text of the site's own PDF, docx and xlsx files; the rules are those of ``privacy``."""

    id = "document-privacy"
    label = Text("附件中的泄露", "Leaks in attachments")
    rules = ()

    def inspect(self, subject: Document) -> Iterator[Finding]:
        """Yield one finding for each rule that the attachment breaks."""
        yield from inspect_text(subject.text, subject.url, subject.fetched.astimezone(CHINA).date())


def inspect_text(text: str, url: str, today: date) -> Iterator[Finding]:
    """Yield what a text gives away."""
    leaks, markings = list(find_leaks(text, today)), list(find_markings(text))
    if not leaks and not markings:
        return
    masked = mask(text, leaks)
    for sort, rule in RULES.items():
        found = [leak for leak in leaks if leak.sort is sort]
        if found:
            yield _leak(rule, url, masked, found)
    if markings:
        yield _marking(url, masked, max(markings, key=lambda marking: marking.secret))


def _leak(rule: Rule, url: str, masked: str, found: list[Leak]) -> Finding:
    first = found[0]
    number = masked[first.start : first.end]
    certain = any(leak.certain for leak in found)
    return Finding(
        rule,
        url,
        params={"count": len(found), "masked": number},
        evidence=_quote(masked, first.start, first.end),
        confidence=Confidence.CONFIRMED if certain else Confidence.SUSPECTED,
        text=_excerpt(masked, first.start, first.end),
    )


def _marking(url: str, masked: str, marking: Marking) -> Finding:
    end = marking.start + len(marking.text)
    return Finding(
        SECRECY,
        url,
        params={"mark": marking.text},
        variant="secret" if marking.secret else "internal",
        evidence=_quote(masked, marking.start, end),
        confidence=Confidence.SUSPECTED,
        text=_excerpt(masked, marking.start, end),
    )


def _quote(text: str, start: int, end: int) -> str:
    return " ".join(text[max(0, start - CONTEXT) : end + CONTEXT].split())


def _excerpt(text: str, start: int, end: int) -> Excerpt:
    before = text[max(0, start - CONTEXT) : start]
    return Excerpt(before, text[start:end], text[end : end + CONTEXT], start)
