"""Find half-width marks between Chinese characters: 结合实际,认真落实 (GB/T 15834).

Who types one among full-width ones slipped, and that is a typo of its text. Who types them throughout has a habit:
that is one thing to mend for a whole site, which ``checks/punctuation_habit.py`` reports. Only prose counts: the label
of a form (当前位置:), a text with English, and one with a gap where a sample of code stood have their own marks.
"""

from __future__ import annotations

import re

from checks.late_pattern import late

HAN = "\u4e00-\u9fff"

FULL_WIDTH = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。", "．": "。"}

STOPS = ".．"

SLIPS = 2
"""Full-width marks for each half-width one from which on the half-width ones are slips and no habit."""

ANY = late("[,;?!:.．]")
"""A mark that :data:`MARK` may match: most texts have none, and to look for it takes a tenth of the time."""

MARK = late(rf"(?<=[{HAN}）》”])(?:[,;?!:](?=[{HAN}（《“])|[.．](?=\s*$))")
"""A half-width mark with Chinese on both sides, or at the end of a text."""

PROSE = late("[，。；]")
"""What prose has: labels of forms and templates (当前位置:, 字体:) have none."""

CLAUSE = late("[，、；：]")
"""What a sentence has that ends with a full stop; a heading or a single phrase may end with anything."""

FULL = late("[，。；：？！]")

TECHNICAL = late(rf"[A-Za-z]{{2}}|[{HAN}，。]\s[{HAN}]|[“”\"'（(]\s|\s[“”\"'）)]")
"""English words, or a gap where a sample of code or an icon was left out."""

QUESTION = late("[吗呢么什哪谁多几怎何否]")
"""What a question has before its mark; a ? elsewhere stands for a character that was lost: 阿卜杜拉希?尤素福."""

QUESTION_CHARACTERS = 30
"""Characters before a question mark that are looked at."""


def marks(text: str) -> list[re.Match[str]]:
    """Return the half-width marks of Chinese prose; none of technical text."""
    if not ANY.search(text):
        return []
    found = [match for match in MARK.finditer(text) if _is_meant_full(text, match)]
    return [] if found and TECHNICAL.search(text) else found


def slip(text: str) -> re.Match[str] | None:
    """Return the first half-width mark of a text that writes full-width ones otherwise."""
    found = marks(text)
    return found[0] if found and not _is_habit(text, found) else None


def habitual(text: str) -> list[re.Match[str]]:
    """Return the marks of a text that writes half-width ones by habit; of one in which it is a slip, none."""
    found = marks(text)
    return found if found and _is_habit(text, found) else []


def _is_habit(text: str, found: list[re.Match[str]]) -> bool:
    if len(found) == 1 and found[0][0] in STOPS:
        return False  # the commas before it, without which it would be no sentence, are full-width
    return len(FULL.findall(text)) < SLIPS * len(found)


def _is_meant_full(text: str, match: re.Match[str]) -> bool:
    """Return whether a mark belongs to a sentence: not so the colon of a label, nor a ? for a lost character."""
    mark, at = match[0], match.start()
    if mark == "?":
        return bool(QUESTION.search(text[max(0, at - QUESTION_CHARACTERS) : at]))
    if mark == ":":
        return bool(PROSE.search(text))
    return mark not in STOPS or bool(CLAUSE.search(text))
