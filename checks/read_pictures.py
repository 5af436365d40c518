"""Judge what was read from pictures and scanned pages: what must not be public, and dates that cannot be.

What a reader of characters says is never as sure as what stands in a page, so how sure it was bounds how sure a finding
is. Wordings are judged by the typo check; ``as_read`` says which of its findings stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec.structs import replace

from checks.dates import FUTURE
from checks.late_pattern import late
from checks.model import Check, Confidence, Finding, PicturePlace, PictureText, Text
from checks.privacy import inspect_text
from checks.reading.dates import CHINA
from checks.reading.picture_lines import PicturePassage, passages_of

CERTAIN = 0.97
"""How sure the least sure character of a wording and around it has to be for a typo in it to be confirmed."""

LIKELY = 0.6
"""The same for a typo to be shown at all, and for a leak to be confirmed: the last digit of an ID number proves it."""

WORDINGS = frozenset({"severe-typo", "typo", "repeated-text", "impossible-date"})
"""Rules that are judged in pictures. How wide a mark is, and which of two alike ones, no reader of characters tells."""

CLOSING_DATE = late(
    r"(\d{4}|[〇零一二三四五六七八九]{4})年(\d{1,2}|[一二三四五六七八九十]{1,2})月(\d{1,2}|[一二三四五六七八九十]{1,3})日"
)
"""The date below a notice, alone in its line."""

DIGITS = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}


class Pictures(Check[PictureText], frozen=True):
    """Judge the text of pictures and scans; the rules are those of ``privacy``, ``typos`` and ``dates``."""

    id = "pictures"
    label = Text("图片和扫描件中的文字", "Text in pictures and scans")
    rules = ()

    def inspect(self, subject: PictureText) -> Iterator[Finding]:
        """Yield what the picture gives away, and a date below it that is still to come; typos come from their check."""
        passages, today = passages_of(subject.lines), subject.fetched.astimezone(CHINA).date()
        text = "\n".join(passage.text for passage in passages)
        for finding in inspect_text(text, subject.url, today):
            place = _place(passages, finding)
            sure = place.certainty >= LIKELY
            yield replace(finding, picture=place, confidence=finding.confidence if sure else Confidence.SUSPECTED)
        yield from _to_come(subject.url, passages, today)


def as_read(finding: Finding, passage: PicturePassage) -> Finding | None:
    """Return what stands of a finding of the typo check about a passage; None where the reading may be to blame.

    A wording is wrong for certain only where every character of it and around it was read for certain, and never in a
    column: there old forms are read for new ones (眞 for 真), and a column is passed over, with certainty.
    """
    if finding.text is None or finding.rule.id not in WORDINGS:
        return None
    start = finding.text.start
    place = passage.place(start, start + len(finding.text.wrong))
    if place.certainty >= CERTAIN and not passage.is_column:
        return replace(finding, picture=place)
    if place.certainty >= LIKELY and finding.confidence is Confidence.CONFIRMED:
        return replace(finding, picture=place, confidence=Confidence.SUSPECTED)
    return None


def _place(passages: Sequence[PicturePassage], finding: Finding) -> PicturePlace:
    """Return where a finding stands whose excerpt counts from the start of all passages, a line each."""
    start, wrong = (finding.text.start, finding.text.wrong) if finding.text else (0, "")
    for passage in passages:
        if start < len(passage.text):
            return passage.place(start, start + len(wrong))
        start -= len(passage.text) + 1
    return passages[-1].place(0, 1)


def _to_come(url: str, passages: Sequence[PicturePassage], today: date) -> Iterator[Finding]:
    """Yield the date that stands alone below a text, where it is later than the day on which it was published."""
    for passage in passages[-2:]:
        match = CLOSING_DATE.fullmatch("".join(passage.text.split()))
        day = _day(*match.groups()) if match else None
        if day is not None and day > today:
            yield Finding(
                FUTURE,
                url,
                params={"date": day.isoformat()},
                evidence=passage.text,
                confidence=Confidence.SUSPECTED,
                picture=passage.place(0, len(passage.text)),
            )


def _day(*written: str) -> date | None:
    try:
        return date(*(int(part) if part.isdecimal() else _number(part) for part in written))
    except ValueError:
        return None


def _number(written: str) -> int:
    """Return a number below a hundred, or a year digit by digit."""
    if "十" not in written:
        return int("".join(str(DIGITS[each]) for each in written))
    tens, _, ones = written.partition("十")
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
