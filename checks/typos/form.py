"""Find what is wrong by form alone: repetition, brackets, dates, document numbers, placeholders.

No dictionary of meanings is needed for these, so each rule is an expression and a reading of its match. Rules are a
table, :data:`RULES`; what a rule cannot know for sure it only suspects.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import islice

from checks.typos.boundaries import Words, packaged_words
from checks.typos.candidate import Suspect

LAYER = "form"

SURE, LIKELY, DOUBTFUL = 0.97, 0.92, 0.5
"""Chances that a proofreader signs a hit of a rule, from its hits on clean text (bench/typos.py)."""

WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class FormRule:
    """An expression, how to correct its match (None: the match is fine after all), and how sure that is."""

    kind: str
    expression: re.Pattern[str]
    correct: Callable[[re.Match[str]], str | None]
    probability: float

    def suspects(self, text: str) -> Iterator[Suspect]:
        """Yield the matches that have a correction."""
        for match in self.expression.finditer(text):
            right = self.correct(match)
            if right is not None:
                yield Suspect(match.start(), match[0], right, LAYER, self.kind, self.probability)


ONCE = {"half-width": 1}
"""Kinds of which one in a text says it all: who types one half-width comma types them throughout."""


def suspects(text: str) -> Iterator[Suspect]:
    """Yield everything that the rules find in a text, in no particular order."""
    for rule in RULES:
        yield from islice(rule.suspects(text), ONCE.get(rule.kind))
    yield from unpaired(text)
    yield from repeated_characters(text)


def residues(text: str) -> Iterator[Suspect]:
    """Yield left-over template text only: it shows in any language."""
    for rule in RULES:
        if rule.kind == "template":
            yield from rule.suspects(text)


def _bracketed_year(match: re.Match[str]) -> str:
    return f"〔{match['year']}〕{match['rest']}"


def _chinese_zero(match: re.Match[str]) -> str:
    return re.sub("[0０OoＯ]", "〇", match[0])


def _day(match: re.Match[str]) -> str | None:
    """Return "" for a day that no calendar has; the lunar calendar and fiscal periods are none of ours."""
    year, month, day = int(match["year"] or 2024), int(match["month"]), int(match["day"])
    valid = 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]
    return None if valid else ""


def _clock(match: re.Match[str]) -> str | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    return None if hour <= 24 and minute <= 59 else ""


def _weekday(match: re.Match[str]) -> str | None:
    """Return the weekday that the date had, where the text says another."""
    try:
        actual = WEEKDAYS[date(int(match["year"]), int(match["month"]), int(match["day"])).weekday()]
    except ValueError:
        return None
    said = match["weekday"].replace("天", "日")
    return None if said == actual else f"星期{actual}"


def _once(match: re.Match[str]) -> str | None:
    """Return the word once, where the doubled thing is a known word that no longer word explains (根据根据地)."""
    word, words = match["word"], packaged_words()
    known = word in words.known and not words.touches(match.string, match.start(), match.end())
    explained = _REDUPLICATED.fullmatch(word) or re.fullmatch(STURDY, word)
    return word if known and not explained else None


def _doubled_sturdily(match: re.Match[str]) -> str | None:
    """Return a word that is never said twice, unless a longer one begins where it is said again (根据根据地)."""
    known, again = packaged_words().known, match.start() + len(match["word"])
    longer = any(match.string[again : match.end() + more] in known for more in (1, 2))
    return None if longer else match["word"]


def _full_width(match: re.Match[str]) -> str:
    return {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}[match[0]]


def _first(match: re.Match[str]) -> str:
    return match[0][0]


def _gone(match: re.Match[str]) -> str:  # noqa: ARG001 - the signature of a correction
    return ""


_REDUPLICATED = re.compile(
    "研究|讨论|学习|考虑|商量|了解|参观|锻炼|检查|打听|休息|收拾|准备|介绍|看看|试试|照顾|见识|总结|教育|帮助|享受|认识|关心|表扬|鼓励"
    "|许多|好多|很多|多少|如何|哪里|大片|大块|非常|十分|特别|仔细|谢谢|再见|加油|努力|欢迎|恭喜|[一几每半].+|[上下]来"
)
"""Words that Chinese does say twice: verbs tried out, amounts, greetings, 一个一个."""

STURDY = (
    "进行|开展|加强|推进|实施|落实|提高|促进|完善|建立|根据|按照|关于|通过|以及|我们|他们|其中|同时|因此|由于|对于|为了|并且|或者|应当"
    "|必须|可以|已经|正在|相关|有关|全面|进一步|具有|成为|作为|实现|坚持|保障"
)
"""Words that no one says twice on purpose, and that no clause ends with while the next begins with them."""

RULES = (
    FormRule(
        "document-number",
        re.compile(
            r"(?<=[\u4e00-\u9fff])[\[【［{](?P<year>(?:19|20)\d\d)[\]】］}](?P<rest>\s?第?\d{1,5}号)",
        ),
        _bracketed_year,
        SURE,
    ),
    FormRule(
        "document-number",
        re.compile(r"(?<=[发办函字令规政府])[(（〈<](?P<year>(?:19|20)\d\d)[)）〉>](?P<rest>\s?\d{1,5}号)"),
        _bracketed_year,
        DOUBTFUL,
    ),
    FormRule(
        "document-number",
        re.compile("[一二][一二三四五六七八九0０OoＯ〇○]{2}[一二三四五六七八九0０OoＯ〇○](?=年)"),
        lambda match: _chinese_zero(match) if re.search("[0０OoＯ]", match[0]) else None,
        SURE,
    ),
    FormRule(
        "date",
        re.compile(r"(?<!农历)(?<!阴历)(?<![\d.])(?:(?P<year>(?:19|20)\d\d)年)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"),
        _day,
        SURE,
    ),
    FormRule(
        "weekday",
        re.compile(
            r"(?P<year>(?:19|20)\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日[（(](?:星期|周)(?P<weekday>[一二三四五六日天])[）)]"
        ),
        _weekday,
        SURE,
    ),
    FormRule(
        "date",
        re.compile(r"(?<=日)(?:上午|下午|晚上?)?(?P<hour>\d{1,2})[时:：](?P<minute>\d{2})(?=分|[^\d:：]|$)"),
        _clock,
        SURE,
    ),
    FormRule(
        "remainder",
        re.compile(r"(?<![\d.．%％])\d*[1-9]余(?=[条件人个次名项家户起份篇场所处台辆座部宗])"),
        _gone,
        LIKELY,
    ),
    FormRule(
        "times-less",
        re.compile(r"(?:下降|减少|降低|缩小|缩短|下跌|压缩|回落)了?(?:近|约)?[\d.．一二两三四五六七八九十百]+多?倍"),
        _gone,
        LIKELY,
    ),
    FormRule(
        "approximate",
        re.compile(r"(?:大约|约|近|接近|将近)[\d.．]+[万亿]?余?[\u4e00-\u9fff]{1,3}(?:左右|上下)"),
        _gone,
        DOUBTFUL,
    ),
    FormRule("repeated", re.compile(rf"(?P<word>{STURDY})(?P=word)"), _doubled_sturdily, LIKELY),
    FormRule("repeated", re.compile(r"(?P<word>[\u4e00-\u9fff]{2,3}[^\W院局会部厅委府])(?P=word)"), _once, LIKELY),
    FormRule("repeated", re.compile(r"(?P<word>[\u4e00-\u9fff]{2})(?P=word)"), _once, DOUBTFUL),
    FormRule("doubled", re.compile(r"([，。、；：])[，。、；：]"), _first, LIKELY),
    FormRule("doubled", re.compile(r"《《|》》|““|””(?!”)"), _first, DOUBTFUL),
    FormRule("half-width", re.compile(r"(?<=[\u4e00-\u9fff])[,;?!:](?=[\u4e00-\u9fff])"), _full_width, DOUBTFUL),
    FormRule(
        "template",
        re.compile(
            r"\{\{[^{}]{0,80}\}\}|\$\{[^{}]{0,80}\}|<%.{0,80}?%>|<\?=.{0,80}?\?>|\[object Object\]"
            r"|&(?:nbsp|amp|lt|gt|quot);|\{(?:title|content|date|url|name|\$[\w.]+|dede:[^}]*)\}|Lorem ipsum"
        ),
        _gone,
        SURE,
    ),
    FormRule(
        "template",
        re.compile(
            "[（(【]?此处(?:请?(?:输入|填写|插入)|添加|为)(?:标题|内容|正文|文字|图片|链接)[）)】]?"
            r"|(?:标题|正文|内容)待(?:定|补充)|测试(?:标题|内容|文章|数据)\d*$"
        ),
        _gone,
        LIKELY,
    ),
)
"""The rules that one expression can state."""

PAIRS = {"《": "》", "“": "”", "（": "）", "(": ")", "【": "】", "〔": "〕", "〈": "〉"}
CLOSERS = {closer: opener for opener, closer in PAIRS.items()}
QUOTES = "“”‘’"
TWINS = {"(": "（", ")": "）"}
"""Half-width parentheses pair with full-width ones: mixing them is untidy, not unpaired."""

ENUMERATION = re.compile(r"(?:^|[\s。；;：:，,、（(“])[\w一二三四五六七八九十]{1,3}$")
"""What stands before the parenthesis of 1） and a)."""


def unpaired(text: str) -> Iterator[Suspect]:
    """Yield brackets and quotation marks without a counterpart.

    Only text that ends like a sentence is judged, and nothing that was cut short with dots. A quotation may run on into
    the next paragraph, which opens it again, so an open “ alone is no fault, and a closing one is only suspected.
    """
    if not text.rstrip("”’》）)】 ").endswith(("。", "！", "？", "；")) or "..." in text or "…" in text:
        return
    open_: list[tuple[str, int]] = []
    for at, char in enumerate(text):
        mark = TWINS.get(char, char)
        if mark in PAIRS:
            open_.append((mark, at))
        elif mark in CLOSERS:
            yield from _close(text, at, mark, open_)
    yield from (_bracket(text, at) for opener, at in open_ if opener not in QUOTES)


def _close(text: str, at: int, mark: str, open_: list[tuple[str, int]]) -> Iterator[Suspect]:
    """Pair a closing mark with what is open; yield what it leaves unpaired."""
    if CLOSERS[mark] not in (opener for opener, _ in open_):
        if not (mark == "）" and ENUMERATION.search(text[max(0, at - 4) : at])):
            yield _bracket(text, at)
        return
    while (top := open_.pop())[0] != CLOSERS[mark]:
        yield _bracket(text, top[1])


def _bracket(text: str, at: int) -> Suspect:
    chance = DOUBTFUL if text[at] in QUOTES else LIKELY
    return Suspect(at, text[at], "", LAYER, "unpaired", chance)


FUNCTION = frozenset("的了是在和及或对被就也都而并为于")
"""Characters that grammar never doubles within a word."""

LEGITIMATE = re.compile(
    "目的的|标的的|的的确确|的的士|了了|和和[气美睦平谐]|对对|是是非非|为为|等等|就就|有有|总和和|人和和|饱和和|在在|暖和和|和和过"
)


def repeated_characters(text: str) -> Iterator[Suspect]:
    """Yield a doubled function word (的的), and a word with one of its characters typed twice (管管理)."""
    words = packaged_words()
    for match in _DOUBLE.finditer(text):
        at, char = match.start(), match[0][0]
        around = text[max(0, at - 2) : at + 4]
        if char in FUNCTION:
            if not LEGITIMATE.search(around) and not words.straddles(text, at, at + 2):
                yield Suspect(at, match[0], char, LAYER, "repeated", LIKELY)
        else:
            yield from _stuttered(text, at)


_DOUBLE = re.compile(r"([\u4e00-\u9fff])\1(?!\1)")


def _stuttered(text: str, at: int) -> Iterator[Suspect]:
    """Yield XXY or XYY where XY is a word, X or Y is hardly ever a word alone, and no reduplication explains it."""
    words, char = packaged_words(), text[at]
    if char not in bound_characters() or words.straddles(text, at, at + 2) or _reduplicated(text, at, words):
        return
    before, after = text[max(0, at - 3) : at], text[at + 2 : at + 5]
    follows = any(char + after[:n] in words.known for n in (1, 2, 3) if len(after) >= n)
    precedes = any(before[-n:] + char in words.known for n in (1, 2, 3) if len(before) >= n)
    if follows != precedes:
        yield Suspect(at, char * 2, char, LAYER, "repeated", DOUBTFUL)


def _reduplicated(text: str, at: int, words: Words) -> bool:
    """Tell AA (天天), 一AA (一次次), AABB (扎扎实实), ABB (红彤彤) and a title (司司长) from a slip."""
    whole = text[at : at + 2] in words.known or text[max(0, at - 1) : at + 2] in words.known
    twin_after = text[at + 2 : at + 3] == text[at + 3 : at + 4] != ""
    twin_before = at > 1 and text[at - 1] == text[at - 2]
    return (
        whole or twin_after or twin_before or text[at - 1 : at] in {"一", "几", "每"} or text[at + 2 : at + 3] == "长"
    )


@cache
def bound_characters() -> frozenset[str]:
    """Read the characters that are hardly ever words of their own (tools/typos/bound.py)."""
    return frozenset(resources.files("checks.typos").joinpath("data/bound.txt").read_text("utf-8").strip())
