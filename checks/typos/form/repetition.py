"""Find what was typed twice: a character (管管理), a word (进行进行), a whole phrase.

Chinese doubles a lot on purpose: 天天, 研究研究, 扎扎实实, 一个一个; and a word may end one phrase and begin the next
(根据根据地, 自己己见). ``data/doubled.txt`` holds the doublings of clean text with a character to their left or right
(tools/typos/doubled.py); they are rare enough in official writing for one that it lacks to be news.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from importlib import resources

from checks.typos.candidate import Suspect
from checks.typos.form.rule import DOUBTFUL, HAN, LAYER, LIKELY
from checks.typos.lexicon.boundaries import Words, is_han, packaged_words

KIND = "repeated"

UNPROVEN = 0.6
"""Chance that a character is a slip which clean text never doubles but which may be a word: another layer decides."""

EDGE = "|"
"""What stands in the list of doublings for punctuation and the ends of a text."""

STURDY = frozenset(
    (
        "进行 开展 加强 推进 实施 落实 提高 促进 完善 建立 根据 按照 关于 通过 以及 我们 他们 其中 "
        "同时 因此 由于 对于 为了 并且 或者 应当 必须 可以 已经 正在 相关 有关 全面 进一步 具有 成为 "
        "作为 实现 坚持 保障 贯彻 切实 认真 深入 积极 严格 不断 持续 统筹 以上 以下 属于 位于 截至 "
        "及其"
    ).split()
)
"""Words that no one says twice on purpose, and that no clause ends with while the next begins with them."""

TRIED = frozenset(
    (
        "研究 讨论 学习 考虑 商量 了解 参观 锻炼 检查 打听 休息 收拾 准备 介绍 看看 试试 照顾 见识 "
        "总结 教育 帮助 享受 认识 关心 表扬 鼓励 许多 好多 很多 多少 如何 哪里 大片 大块 非常 十分 "
        "特别 仔细 谢谢 再见 加油 努力 欢迎 恭喜 活动 提醒 意思 修理 整理 打扮 打扫 调查 解释 比较 "
        "放松 热闹 高兴 体验 体会 感受 交流 沟通 观察 观摩 回忆 回顾 思考 反思 琢磨 联系 联络 走动 "
        "劳动 练习 复习 温习 尝试 招呼 招待 拜访 请教 批评 教训 管管 比划 比试 掂量 合计 核计 打量 "
        "端详 过问 安慰 开导 劝说 指点 指导 辅导 培养 支持 体谅 理解 宽容 祝贺 庆祝 那么 这么 极少 "
        "老远"
    ).split()
)
"""Words that Chinese does say twice: verbs tried out, amounts, greetings."""

SPOKEN = frozenset("你我他她您咱们")
"""What stands beside a verb that is tried out: 让他活动活动."""

COUNTED = re.compile(
    r"[一几每两多半很最太这那].*|.+[着蓝黑绿红白黄紫灰亮甜香软硬]|[零〇一二三四五六七八九十百千万亿两]+|[上下]来|(.)\1+"
)
"""Doublings that grammar makes: 一个一个, 想着想着, 很远很远, 碧蓝碧蓝."""

BODIES = re.compile(
    ".*(?:[院局会部厅委府处所办校团队站]|单位|企业|公司|中心|机关|机构|社区|银行|大学|部门|项目|工程|课题)"
)
"""What one name ends with and another or a title begins with: 县人民政府|政府信息公开, 二期项目|项目经理."""

GRAMMAR = frozenset("申起提报应可及的在对将等依负批颁设或与未不按根所为是也已向从由须必")
"""Characters that begin no name of a body, so that what stands before them is whole."""

COMPOUND = re.compile(
    "[人员者业物费权品车站点组团队法区线地家率额期证书表量型性类]|机构|对象|单位|企业|中心|组织|机关|部门|合同|协议|制度|办法|条例|工程|工作者|平台"
)
"""What makes one noun with a verb before it: 鉴定|鉴定人, 出租|出租汽车."""

LEADING = frozenset("的对等为和在与及有会将由从以把向是或被而于")
"""Characters that join words, so that a doubling that begins with one is two phrases: 等教育等教育."""

FUNCTION = frozenset("的了是在和及或对被就也都而并为于")
"""Characters that grammar never doubles within a word."""

MEANT = re.compile(
    "目的的|标的的|的的确确|的的士|了了|和和[气美睦平谐]|对对|是是非非|为为|等等|就就|有有|总和和|人和和|饱和和|在在|暖和和|和和过"
)

SPELT = frozenset("甜清黑红白绿黄冷热干湿亮灰蓝空阴暖静懒胖圆香脆辣酸硬软光金银直活乱暗紫轻沉急气笑泪雾水")
"""What a doubled syllable paints: 甜蜜蜜, 黑洞洞."""

AT_EASE = frozenset(
    "喘镀改把享抱逗润伸点动开聊谈读看听说想试走坐写数尝猜念唱跳玩歇擦扫洗拉推敲摸问捅捶揉帮散吹讲练尽过遛鼓拍挥握招点挤压捏"
)
"""Verbs that are doubled before their object: 把把脉, 散散步."""

_CHARACTER = re.compile(rf"([{HAN}])\1(?!\1)")
_WORDS = re.compile(rf"(?P<word>[{HAN}]{{2,12}}?)(?P=word)")
_SENTENCE = re.compile("[，。；]")
_EXCLAIMED = re.compile(f"[“”‘，。！？][{HAN}]+[”’，。！？]")
"""A clause of nothing else than words said twice: “不敢当不敢当！”"""


def repeated_words(text: str) -> Iterator[Suspect]:
    """Yield a word or phrase of two to twelve characters that stands twice in a row."""
    for match in _WORDS.finditer(text):
        word = match["word"]
        if word not in doublings() and not COUNTED.fullmatch(word) and word not in TRIED:
            chance = _chance(text, match.start(), match.end(), word)
            if chance:
                yield Suspect(match.start(), match[0], word, LAYER, KIND, chance)


def _chance(text: str, start: int, end: int, word: str) -> float:
    """Return how likely a word that stands twice is a slip; 0 where other words explain it."""
    words = packaged_words()
    if not _is_unit(word, words) or _shared(text, start, end, word, words):
        return 0.0
    if word not in STURDY and SPOKEN.intersection(text[max(0, start - 1) : start] + text[end : end + 1]):
        return 0.0
    if word not in STURDY and end < len(text) and is_han(text[end]) and text[end] not in GRAMMAR:
        if BODIES.fullmatch(word):
            return 0.0
        if COMPOUND.match(text, end):
            return DOUBTFUL
    if _EXCLAIMED.match(text[max(0, start - 1) : end + 1]):
        return DOUBTFUL
    return LIKELY if _SENTENCE.search(text) or len(word) == len("申报") else DOUBTFUL


def _shared(text: str, start: int, end: int, word: str, words: Words) -> bool:
    """Return whether two words meet: a longer one begins with the second (根据|根据地), or one ends in the first."""
    again = start + len(word)
    if any(text[again : end + more] in words.known for more in (1, 2)) or text.startswith("发展中国家", again):
        return True
    before = range(max(0, start - 3), start)
    whole = any(text[begin:again] in words.known for begin in before)
    return not whole and any(
        text[begin:inside] in words.known for inside in range(start + 1, again) for begin in before
    )


def _is_unit(word: str, words: Words) -> bool:
    """Tell a word or a phrase from characters that happen to come again: 用信|用信息."""
    if len(word) > len("委员会"):
        return True
    parts = (word[:2], word[-2:]) if len(word) == len("委员会") else ()
    return word in words.known or (word[0] not in LEADING and any(part in words.known for part in parts))


def repeated_characters(text: str) -> Iterator[Suspect]:
    """Yield a doubled function word (的的), and a word with one of its characters typed twice (管管理)."""
    for match in _CHARACTER.finditer(text):
        at, char = match.start(), match[0][0]
        if char == "第" or text[at - 1 : at].isdigit():
            continue
        chance = _function(text, at) if char in FUNCTION else _stutter(text, at)
        if chance:
            yield Suspect(at, match[0], char, LAYER, KIND, chance)


def _has_been_seen(text: str, at: int) -> bool:
    """Return whether clean text doubles the character after the same character or before the same."""
    before = text[at - 1] if at and is_han(text[at - 1]) else EDGE
    after = text[at + 2] if at + 2 < len(text) and is_han(text[at + 2]) else EDGE
    twin = text[at : at + 2]
    return before + twin in doublings() or twin + after in doublings()


def _function(text: str, at: int) -> float:
    around = text[max(0, at - 2) : at + 4]
    explained = MEANT.search(around) or packaged_words().straddles(text, at, at + 2)
    return 0.0 if explained else LIKELY


def _stutter(text: str, at: int) -> float:
    """Return how likely XXY or XYY is a slip for the word XY; 0 where a reduplication or a name explains it.

    A character that is hardly ever a word cannot end one phrase and begin the next unless it is part of words on both
    sides, whatever clean text has (支持|持续 does not explain 支持持科); another needs a neighbour that is new.
    """
    words, char = packaged_words(), text[at]
    if words.straddles(text, at, at + 2) or words.in_name(text, at, at + 2) or _reduplicated(text, at, words):
        return 0.0
    before, after = text[max(0, at - 3) : at], text[at + 2 : at + 5]
    follows = any(char + after[:n] in words.known for n in (1, 2, 3) if len(after) >= n)
    precedes = any(before[-n:] + char in words.known for n in (1, 2, 3) if len(before) >= n)
    if follows == precedes or (follows and char in AT_EASE) or (precedes and before[-1] in SPELT):
        return 0.0
    bound, seen = char in bound_characters(), _has_been_seen(text, at)
    if seen:
        return DOUBTFUL if bound else 0.0
    return LIKELY if bound else UNPROVEN if char * 2 not in doublings() else DOUBTFUL


def _reduplicated(text: str, at: int, words: Words) -> bool:
    """Tell AA (天天), 一AA (一次次), AABB (扎扎实实), ABB (红彤彤) and a title (司司长) from a slip."""
    spans = ((max(0, at - 1), at + 2), (at, at + 3), (at, at + 4))
    whole = text[at] in reduplicating() or any(text[begin:end] in words.known for begin, end in spans)
    twin_after = text[at + 2 : at + 3] == text[at + 3 : at + 4] != ""
    twin_before = at > 1 and text[at - 1] == text[at - 2]
    return (
        whole or twin_after or twin_before or text[at - 1 : at] in {"一", "几", "每"} or text[at + 2 : at + 3] == "长"
    )


@cache
def doublings() -> frozenset[str]:
    """Read the doublings of clean text: with a neighbour (人人平), alone (人人), and words that stand twice (研究)."""
    return frozenset(_lines("doubled.txt"))


@cache
def reduplicating() -> frozenset[str]:
    """Return the characters that clean text doubles to a word, in several surroundings: 天天, 常常."""
    surroundings = Counter(each[1] for each in doublings() if len(each) == len("天天|"))
    known = packaged_words().known
    return frozenset(char for char, count in surroundings.items() if count >= SURROUNDINGS and char * 2 in known)


SURROUNDINGS = 4
"""Neighbours, on either side, from which on a doubled character is a word and no accident."""


@cache
def bound_characters() -> frozenset[str]:
    """Read the characters that are hardly ever words of their own (tools/typos/bound.py)."""
    return frozenset(resources.files("checks.typos").joinpath("data/bound.txt").read_text("utf-8").strip())


def _lines(name: str) -> list[str]:
    return resources.files("checks.typos").joinpath("data", name).read_text("utf-8").split()
