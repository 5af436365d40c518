"""Return whether a number stands beside a person's name.

No dictionary of people: a name is two or three characters between separators that begin with a surname and are no
common word, a surname with a form of address, or whatever follows a label such as 姓名.
"""

from __future__ import annotations

import re

from checks.packaged import packaged_text

SURNAMES = frozenset("".join(packaged_text("checks.privacy", "data/surnames.txt").split()))
"""Surnames of some 95 % of the population."""

_COMPOUND = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "慕容",
    "令狐",
    "端木",
    "夏侯",
    "长孙",
)

WORDS = frozenset(packaged_text("checks.privacy", "data/words.txt").split())
"""Words that begin like a surname."""

_ADDRESS = r"(?:先生|女士|同志|小姐|老师|医生|主任|科长|处长|局长|所长|股长|书记|经理|师傅|阿姨|工)"
_TITLED = re.compile(rf"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{{1,3}}?){_ADDRESS}(?![\u4e00-\u9fff])")
_LABELLED = re.compile(
    r"(?:姓\s*名|联\s*系\s*人|申\s*请\s*人|代\s*表\s*人|负\s*责\s*人|经\s*办\s*人|当\s*事\s*人|户\s*主|家\s*长|学\s*生|患\s*者|业\s*主|本\s*人)"
    r"\s*[:：]?\s*([\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff] [\u4e00-\u9fff])(?![\u4e00-\u9fff])"
)
_RUN = re.compile(r"[\u4e00-\u9fff·]+")


def find_name(text: str) -> str | None:
    """Return a person's name in a few words of text, None when there is none."""
    labelled = _LABELLED.search(text)
    if labelled and labelled[1][0] in SURNAMES and labelled[1] not in WORDS:
        return labelled[1]
    titled = next((found for found in _TITLED.finditer(text) if found[1][0] in SURNAMES), None)
    if titled:
        return titled[0]
    return next((run for run in _RUN.findall(text) if is_name(run)), None)


def is_name(word: str) -> bool:
    """Return whether a whole word reads like a name: a surname and one or two characters more, and no common word."""
    if word in WORDS:
        return False
    if word.startswith(_COMPOUND):
        return len(word) in {3, 4}
    return len(word) in {2, 3} and word[0] in SURNAMES and word[:2] not in WORDS
